"""Keep a typed line, and say what it is read as."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from fieldkit import ids
from fieldkit.capture import read
from fieldkit.errors import NoteEmpty, NoteTooLong
from fieldkit.store import inbox
from fieldkit.store.connection import Guarded
from fieldkit.store.names import KnownNames

if TYPE_CHECKING:
    from datetime import date

    from fieldkit.capture import Reading
    from fieldkit.store.store import Store


def keep_note(store: Store, text: str, *, line_id: str = "", company_id: str = "", day: date | None = None) -> str:
    """Keep a line to be filed; its id, which is the visit's once it is filed. On return it is on disk.

    `line_id` turns that draft into the line. `company_id` and `day` are what the place where it was typed already says.
    Raises NoteEmpty, NoteTooLong, StoreError.
    """
    if not text.strip():
        raise NoteEmpty
    if len(text) > inbox.LIMIT:
        raise NoteTooLong(length=len(text), limit=inbox.LIMIT, kept=store.path)
    note_id = line_id or ids.new_id(store.clock)
    with Guarded(store.path), closing(store.writer()) as connection:
        inbox.put(connection, note_id, text, store.clock(), company_id=company_id, day=day)
    return note_id


def read_line(store: Store, text: str) -> Reading:
    """What `text` would be read as now, with the names that the store knows. Nothing is written."""
    with closing(store.reader()) as connection:
        return read(text, store.clock(), KnownNames(connection))
