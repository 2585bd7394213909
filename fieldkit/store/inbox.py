"""Inbox lines: what a person typed, durably, before anything is filed. Plain sqlite3; no word is ever dropped.

A line is `draft` (being written in the composer), `waiting` (to be filed), `filed` (stands as a visit) or `dropped`
(taken back by the person); rows are never deleted.
"""

from __future__ import annotations

from fieldkit.clock import instant_text
from fieldkit.store.connection import Guarded, as_dict, open_reader, open_writer

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from datetime import date, datetime

    from fieldkit.store.connection import Row

LIMIT = 50_000
"""Characters of one line; a record on the wire holds 256 KiB, and a character up to four bytes."""
DRAFT, WAITING, FILED, DROPPED = "draft", "waiting", "filed", "dropped"
_PUT = """
    INSERT INTO inbox (id, text, written_at, state, company_id, day) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET text = excluded.text, state = excluded.state,
        company_id = excluded.company_id, day = excluded.day
    WHERE inbox.state IN ('draft', 'waiting')"""


def keep(path: str, line_id: str, text: str, written_at: datetime) -> None:
    """Write one waiting line to the store at `path`; on return it is on disk.

    The store must be current (`schema.ensure_current`). Raises StoreLocked, DiskFull, StoreUnwritable, StoreUnreadable.
    """
    standing = open_reader(path)
    try:
        keep_beside(standing, path, line_id, text, written_at)
    finally:
        standing.close()


def keep_beside(standing: sqlite3.Connection, path: str, line_id: str, text: str, written_at: datetime) -> None:
    """As `keep`, beside a reader of the same store, which the caller closes afterwards.

    While a read-only connection stands, and it closes last, SQLite leaves the log as it is: one fsync instead of three.
    """
    with Guarded(path):
        standing.execute("SELECT 1 FROM inbox LIMIT 1").fetchone()
        connection = open_writer(path)
        try:
            put(connection, line_id, text, written_at)
        finally:
            connection.close()


def put(
    connection: sqlite3.Connection,
    line_id: str,
    text: str,
    written_at: datetime,
    *,
    state: str = WAITING,
    company_id: str = "",
    day: date | None = None,
) -> None:
    """Write or rewrite a line that is still a draft or waiting; a filed or dropped one stays as it is.

    `company_id` and `day` are what the composer knew from the selected row.
    """
    values = (line_id, text, instant_text(written_at), state, company_id, day.isoformat() if day else "")
    connection.execute(_PUT, values)


def draft(
    connection: sqlite3.Connection,
    line_id: str,
    text: str,
    written_at: datetime,
    *,
    company_id: str = "",
    day: date | None = None,
) -> None:
    """Keep what the composer holds now; `put` with the state waiting makes it a line to be filed."""
    put(connection, line_id, text, written_at, state=DRAFT, company_id=company_id, day=day)


def get(connection: sqlite3.Connection, line_id: str) -> Row | None:
    """One line: id, text, written_at, state, company_id, day."""
    cursor = connection.cursor()
    cursor.row_factory = as_dict
    row: Row | None = cursor.execute("SELECT * FROM inbox WHERE id = ?", (line_id,)).fetchone()
    return row


def waiting(connection: sqlite3.Connection) -> list[Row]:
    """The lines to be filed, oldest first."""
    return lines(connection, WAITING)


def waiting_count(connection: sqlite3.Connection) -> tuple[int, str]:
    """How many lines are to be filed, and when the oldest was written (stored instant, empty where there is none)."""
    cursor = connection.cursor()
    cursor.row_factory = None
    row = cursor.execute("SELECT count(*), min(written_at) FROM inbox WHERE state = ?", (WAITING,)).fetchone()
    return row[0], row[1] or ""


def lines(connection: sqlite3.Connection, state: str) -> list[Row]:
    """The lines in `state`, oldest first."""
    return connection.execute("SELECT * FROM inbox WHERE state = ? ORDER BY written_at, id", (state,)).fetchall()


def mark_filed(connection: sqlite3.Connection, line_id: str) -> None:
    """The line now stands as a visit of the same id."""
    connection.execute("UPDATE inbox SET state = ? WHERE id = ?", (FILED, line_id))


def drop(connection: sqlite3.Connection, line_id: str) -> None:
    """The person took the line back; its words stay on disk."""
    connection.execute("UPDATE inbox SET state = ? WHERE id = ?", (DROPPED, line_id))


def take_up(connection: sqlite3.Connection, line_id: str) -> None:
    """A line that was dropped waits again."""
    connection.execute("UPDATE inbox SET state = ? WHERE id = ? AND state = ?", (WAITING, line_id, DROPPED))
