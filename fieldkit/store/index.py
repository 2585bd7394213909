"""Upkeep of the search index, the names index and the order of names, in the transaction of the record itself.

An indexed text has a number (`entry`) that is never used again: when the text changes it gets the next one, so that
the order of entries is the order of change. What the other tables still have under the old number (the full-text ones
hold no copy of the text and therefore cannot forget it word by word) is unreachable until `reindex` leaves it behind.
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
    current = documents(connection, kind, ids)
    known = _entries(connection, kind, ids)
    _remove(
        connection,
        [entry for record_id, (entry, digest) in known.items() if _differs(current.get(record_id), digest)],
    )
    fresh = {
        record_id: document
        for record_id, document in current.items()
        if record_id not in known or document.digest != known[record_id][1]
    }
    _add(connection, kind, fresh)


def _differs(document: Document | None, digest: int) -> bool:
    return document is None or document.digest != digest


def documents(connection: sqlite3.Connection, kind: str, ids: Sequence[str]) -> dict[str, Document]:
    """id → what the index is to hold of the record, for those of these ids that are not deleted."""
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
    connection.executemany("DELETE FROM search_entries WHERE entry = ?", [(entry,) for entry in entries])


def _add(connection: sqlite3.Connection, kind: str, found: dict[str, Document]) -> None:
    first = last_entry(connection) + 1
    put(connection, kind, [(entry, record_id, found[record_id]) for entry, record_id in enumerate(found, first)])


def last_entry(connection: sqlite3.Connection) -> int:
    """The last number that was given."""
    given = _tuples(connection, "SELECT seq FROM sqlite_sequence WHERE name = 'search_entries'", ())
    return int(given[0][0]) if given else 0


def put(
    connection: sqlite3.Connection, kind: str, numbered: Sequence[tuple[int, str, Document]], beside: str = ""
) -> None:
    """Write documents of `kind` under their numbers, (number, id, document); `beside` ends the names of the tables."""
    connection.executemany(
        f"INSERT INTO search_entries{beside} (entry, kind, record_id, digest) VALUES (?, ?, ?, ?)",  # noqa: S608
        [(entry, kind, record_id, document.digest) for entry, record_id, document in numbered],
    )
    connection.executemany(
        f"INSERT INTO search_{kind}{beside} (rowid, words) VALUES (?, ?)",  # noqa: S608 - names from our own table
        [(entry, document.words) for entry, _, document in numbered],
    )
    connection.executemany(
        f"INSERT INTO names{beside} (key, entry) VALUES (?, ?)",  # noqa: S608 - names from our own table
        [(key, entry) for entry, _, document in numbered for key in sorted(document.keys)],
    )
    connection.executemany(
        f"INSERT INTO search_phones{beside} (backwards, entry) VALUES (?, ?)",  # noqa: S608 - names from our own table
        [(number, entry) for entry, _, document in numbered for number in sorted(document.phones)],
    )


def _tuples(connection: sqlite3.Connection, statement: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
    cursor = connection.cursor()
    cursor.row_factory = None
    return cursor.execute(statement, values).fetchall()
