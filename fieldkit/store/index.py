"""Upkeep of the search index, the names index and the order of names, in the transaction of the record itself.

An indexed text has a number (`entry`) that is never used again: when the text changes it gets the next one, so that
the order of entries is the order of change, and what the old number still has in the full-text tables (which hold no
copy of the text and therefore cannot forget it word by word) is unreachable.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, cast

from fieldkit.store import name_order
from fieldkit.store.documents import FIELDS, Document

if TYPE_CHECKING:
    from sqlalchemy import Connection

_BATCH = 1000


def observe(connection: Connection, table: str, ids: Sequence[str]) -> None:
    """`update` as an observer of `sync`: called in the transaction in which the records changed."""
    if table in FIELDS:
        update(cast(sqlite3.Connection, connection.connection.driver_connection), table, ids)


def update(connection: sqlite3.Connection, kind: str, ids: Sequence[str]) -> None:
    """Bring the index up to what the records of these ids say now; records deleted or gone leave it."""
    for start in range(0, len(ids), _BATCH):
        _update(connection, kind, ids[start : start + _BATCH])
    name_order.update(connection, kind, ids)


def _update(connection: sqlite3.Connection, kind: str, ids: Sequence[str]) -> None:
    documents = _documents(connection, kind, ids)
    known = _entries(connection, kind, ids)
    _remove(
        connection,
        [entry for record_id, (entry, digest) in known.items() if _differs(documents.get(record_id), digest)],
    )
    fresh = {
        record_id: document
        for record_id, document in documents.items()
        if record_id not in known or document.digest != known[record_id][1]
    }
    _add(connection, kind, fresh)


def _differs(document: Document | None, digest: int) -> bool:
    return document is None or document.digest != digest


def _documents(connection: sqlite3.Connection, kind: str, ids: Sequence[str]) -> dict[str, Document]:
    fields = FIELDS[kind]
    found = _tuples(
        connection,
        f"SELECT id, {', '.join(fields)} FROM {kind}"  # noqa: S608 - names from our own table
        " WHERE deleted = 0 AND id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(ids)),),
    )
    return {row[0]: Document(kind, dict(zip(fields, row[1:], strict=True))) for row in found}


def _entries(connection: sqlite3.Connection, kind: str, ids: Sequence[str]) -> dict[str, tuple[int, int]]:
    found = _tuples(
        connection,
        "SELECT record_id, entry, digest FROM search_entries WHERE kind = ? AND record_id IN (SELECT value FROM json_each(?))",
        (kind, json.dumps(list(ids))),
    )
    return {row[0]: (row[1], row[2]) for row in found}


def _remove(connection: sqlite3.Connection, entries: Iterable[int]) -> None:
    numbers = [(entry,) for entry in entries]
    for table in ("search_entries", "names", "search_phones"):
        connection.executemany(f"DELETE FROM {table} WHERE entry = ?", numbers)  # noqa: S608 - names from our own table


def _add(connection: sqlite3.Connection, kind: str, documents: dict[str, Document]) -> None:
    if not documents:
        return
    last = _tuples(connection, "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'search_entries'", ())[
        0
    ][0]
    numbered = list(enumerate(documents.items(), last + 1))
    connection.executemany(
        "INSERT INTO search_entries (entry, kind, record_id, digest) VALUES (?, ?, ?, ?)",
        [(entry, kind, record_id, document.digest) for entry, (record_id, document) in numbered],
    )
    connection.executemany(
        f"INSERT INTO search_{kind} (rowid, words) VALUES (?, ?)",  # noqa: S608 - names from our own table
        [(entry, document.words) for entry, (_, document) in numbered],
    )
    connection.executemany(
        "INSERT INTO names (key, entry) VALUES (?, ?)",
        [(key, entry) for entry, (_, document) in numbered for key in sorted(document.keys)],
    )
    connection.executemany(
        "INSERT INTO search_phones (backwards, entry) VALUES (?, ?)",
        [(number, entry) for entry, (_, document) in numbered for number in sorted(document.phones)],
    )


def _tuples(connection: sqlite3.Connection, statement: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
    cursor = connection.cursor()
    cursor.row_factory = None
    return cursor.execute(statement, values).fetchall()
