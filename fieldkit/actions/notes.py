"""Keep a typed line, and say what it is read as."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldkit import ids
from fieldkit.capture import read
from fieldkit.errors import NoteEmpty, NoteTooLong
from fieldkit.store import inbox, names
from fieldkit.store.connection import Guarded

if TYPE_CHECKING:
    from datetime import date

    from fieldkit.capture import Reading
    from fieldkit.store.store import Store

LIMIT = 50_000
"""Characters of one line; a record on the wire holds 256 KiB, and a character up to four bytes."""


def keep_note(store: Store, text: str, *, line_id: str = "", company_id: str = "", day: date | None = None) -> str:
    """Keep a line to be filed; its id, which is the visit's once it is filed. On return it is on disk.

    `line_id` turns that draft into the line. `company_id` and `day` are what the place where it was typed already says.
    Raises NoteEmpty, NoteTooLong, StoreError.
    """
    if not text.strip():
        raise NoteEmpty
    if len(text) > LIMIT:
        raise NoteTooLong(length=len(text), limit=LIMIT, kept=store.path)
    note_id = line_id or ids.new_id(store.clock)
    with Guarded(store.path):
        connection = store.writer()
        try:
            inbox.put(connection, note_id, text, store.clock(), company_id=company_id, day=day)
        finally:
            connection.close()
    return note_id


def read_line(store: Store, text: str) -> Reading:
    """What `text` would be read as now, with the names that the store knows. Nothing is written."""
    with names.opened(store.path) as known:
        return read(text, store.clock(), known)
