"""A note being written. It is an inbox line from its first half second on, so a crash costs at most that."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING

from fieldkit import ids
from fieldkit.store import inbox, query
from fieldkit.store.connection import Guarded

if TYPE_CHECKING:
    import sqlite3

    from fieldkit.store.store import Store

PATIENCE = 200  # milliseconds that keeping a draft waits for another writer; the next try comes with the next word


class Draft:
    """Its id (the inbox line's), words, and the company and day taken from the row that was selected."""

    def __init__(self, store: Store, *, company_id: str = "", company_name: str = "", day: date | None = None) -> None:
        self._store = store
        self.today = store.clock().date()
        self.id = ids.new_id(store.clock)
        self.text = ""
        self.finished = False
        self.company_id = company_id
        self.company_name = company_name
        self.day = day
        self.named: tuple[str, str] | None = None

    def forget_context(self) -> None:
        """The note is not about the selected row."""
        self.company_id, self.company_name, self.day = "", "", None

    def keep(self) -> None:
        """Write it to disk as it is now. Raises StoreError."""
        with Guarded(self._store.path), closing(self._store.writer()) as connection:
            connection.execute(f"PRAGMA busy_timeout={PATIENCE}")
            if self.text.strip():
                now = self._store.clock()
                inbox.draft(connection, self.id, self.text, now, company_id=self.company_id, day=self.day)
            elif inbox.get(connection, self.id):
                inbox.drop(connection, self.id)
                self.id = ids.new_id(self._store.clock)

    def finish(self) -> None:
        """Make it a line to be filed; on return that is on disk. Raises NoteError, StoreError."""
        from fieldkit.actions.notes import keep_note

        keep_note(self._store, self.text, line_id=self.id, company_id=self.company_id, day=self.day)
        self.finished = True

    def next(self) -> Draft:
        """An empty one for the same company: the one that the note names, where that is known, before the row's."""
        if self.named:
            known, name = self.named
            return Draft(self._store, company_id=known, company_name=name if known else "", day=self.day)
        return Draft(self._store, company_id=self.company_id, company_name=self.company_name, day=self.day)


def last_draft(store: Store, connection: sqlite3.Connection) -> Draft | None:
    """The draft that was written last and neither saved nor emptied."""
    found = inbox.lines(connection, inbox.DRAFT)
    if not found:
        return None
    line = found[-1]
    company = query.rows(connection, "companies", [line["company_id"]]) if line["company_id"] else []
    draft = Draft(store, company_id=line["company_id"], company_name=company[0]["title"] if company else "")
    draft.id, draft.text = line["id"], line["text"]
    draft.day = date.fromisoformat(line["day"]) if line["day"] else None
    return draft
