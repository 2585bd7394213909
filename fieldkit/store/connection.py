"""SQLite connections as every part of fieldkit opens them, and database errors as fieldkit's own.

The quick path stands on this module: it imports sqlite3 and nothing else.
"""

from __future__ import annotations

import errno
import sqlite3

from fieldkit.errors import DiskFull, IndexDamaged, StoreError, StoreLocked, StoreUnreadable, StoreUnwritable

TYPE_CHECKING = False  # `typing` costs the quick path more than the whole insert
if TYPE_CHECKING:
    from typing import Any

    Row = dict[str, Any]

BUSY_SECONDS = 30.0
_LOCKED = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_UNREADABLE = (
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_AUTH,
    sqlite3.SQLITE_IOERR,
)
_NO_INDEX = ("no such table: search_", "no such table: names_")
_NO_PLACE = (errno.EACCES, errno.EPERM, errno.EROFS, errno.EEXIST, errno.ENOTDIR, errno.EISDIR)
_NO_ROOM = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))  # Windows knows no quota error


def open_reader(path: str) -> sqlite3.Connection:
    """A connection that can only read, with rows as dicts. A missing file is StoreUnreadable, never created."""
    with Guarded(path):
        connection = _connect(path, "ro")
        connection.row_factory = as_dict
        return connection


def open_writer(path: str) -> sqlite3.Connection:
    """A connection for local tables, in autocommit: group statements with `Transaction`. A missing file is StoreUnreadable."""
    return _writer(path, "rw")


def create(path: str) -> sqlite3.Connection:
    """As `open_writer`, making the file where it is missing."""
    return _writer(path, "rwc")


def _writer(path: str, mode: str) -> sqlite3.Connection:
    with Guarded(path):
        connection = _connect(path, mode)
        connection.row_factory = as_dict
        try:
            prepare_writer(connection)
        except BaseException:
            connection.close()
            raise
        return connection


def prepare_writer(connection: sqlite3.Connection) -> None:
    """The pragmas of every connection that writes: what it acknowledged outlives a power cut, what it erased is gone."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA fullfsync=ON")
    connection.execute("PRAGMA secure_delete=ON")


def _connect(path: str, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        _uri(path, mode), uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    connection.execute("PRAGMA trusted_schema=OFF")
    return connection


def _uri(path: str, mode: str) -> str:
    quoted = path.replace("%", "%25").replace("?", "%3f").replace("#", "%23").replace("\\", "/")
    drive = "/" if quoted[1:2] == ":" else ""
    return f"file:{drive}{quoted}?mode={mode}"


def as_dict(cursor: sqlite3.Cursor, row: tuple[Any, ...]) -> Row:
    """A row factory: column name → stored value."""
    return {column[0]: value for column, value in zip(cursor.description, row, strict=True)}


class Transaction:
    """`with Transaction(connection):` begins at once as the one writer, commits at the end, rolls back on an error."""

    __slots__ = ("_connection",)

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is None:
            self._connection.execute("COMMIT")
        elif self._connection.in_transaction:
            self._connection.execute("ROLLBACK")


class Guarded:
    """`with Guarded(path):` turns what the database raises inside into StoreError; anything else passes."""

    __slots__ = ("_path",)

    def __init__(self, path: str) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        failure = store_error(error, self._path)
        if failure is not None:
            raise failure from error


def store_error(error: BaseException | None, path: str) -> StoreError | None:
    """What an error of sqlite3, of SQLAlchemy over it, or of the disk means for the store; None for any other error."""
    cause = getattr(error, "orig", None) or error
    if isinstance(cause, OSError) and cause.errno in _NO_ROOM:
        return DiskFull(path=path)
    if isinstance(cause, OSError) and cause.errno in _NO_PLACE:
        return StoreUnwritable(path=path, detail=cause)
    if not isinstance(cause, sqlite3.Error):
        return None
    extended = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    if extended == sqlite3.SQLITE_CORRUPT_VTAB or str(cause).replace("main.", "", 1).startswith(_NO_INDEX):
        return IndexDamaged(path=path, detail=str(cause))
    code = extended & 0xFF
    if code in _LOCKED:
        return StoreLocked(path=path)
    if code == sqlite3.SQLITE_FULL:
        return DiskFull(path=path)
    if code == sqlite3.SQLITE_READONLY:
        return StoreUnwritable(path=path, detail=str(cause))
    if code in _UNREADABLE:
        return StoreUnreadable(path=path, detail=str(cause))
    return None
