"""Which version a laptop's store has. Read with plain sqlite3; `fieldkit.store.migrate` (alembic) is loaded only when it is behind."""

from __future__ import annotations

import os
import sqlite3

from fieldkit.errors import StoreNewer, StoreUnreadable
from fieldkit.store.connection import Guarded, open_reader

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009")
"""Every revision that this fieldkit knows, oldest first; the last one is what it reads and writes."""


_HEADER = b"SQLite format 3\0"


def is_current(path: str) -> bool:
    """Whether the store at `path` can be used as it is; False where it is missing or older.

    Raises StoreNewer for a newer fieldkit's, StoreUnreadable for anything that is not a store.
    """
    return found_revision(path) == REVISIONS[-1]


def ensure_current(path: str) -> None:
    """Make or migrate the store at `path` where it is missing or older; as quick as `is_current` where it is neither."""
    if not is_current(path):
        from fieldkit.store.migrate import migrate_laptop

        migrate_laptop(path)


def open_current(path: str) -> sqlite3.Connection | None:
    """A reader of the store at `path` where it can be used as it is, else None. Raises as `is_current` does."""
    if not os.path.exists(path) or not os.path.getsize(path):
        return None
    connection = open_reader(path)
    try:
        current = _revision(connection, path) == REVISIONS[-1]
    except BaseException:
        connection.close()
        raise
    if current:
        return connection
    connection.close()
    return None


def found_revision(path: str) -> str:
    """The revision of the store at `path`, `""` for none yet. Raises as `is_current` does."""
    if not os.path.exists(path) or not os.path.getsize(path):
        return ""
    connection = open_reader(path)
    try:
        return _revision(connection, path)
    finally:
        connection.close()


def _revision(connection: sqlite3.Connection, path: str) -> str:
    with Guarded(path):
        found = read_revision(connection)
    if found is None or (not found and not _is_database(path)):
        raise StoreUnreadable(path=path, detail="no schema version")
    if found and found not in REVISIONS:
        raise StoreNewer(path=path, found=found)
    return found


def _is_database(path: str) -> bool:
    """Whether the file begins as SQLite's do; SQLite itself takes a short file of anything for an empty database."""
    with open(path, "rb") as file:
        return file.read(len(_HEADER)) == _HEADER


def read_revision(connection: sqlite3.Connection) -> str | None:
    """The revision an open database tells, `""` for an empty one, None for one that is not ours."""
    try:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.OperationalError as error:
        if "no such table" not in str(error):
            raise
        tables = connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
        return None if tables else ""
    return str(row["version_num"]) if row else None
