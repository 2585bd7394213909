"""Upkeep of the search index, the names index and the order of names, in the transaction of the record itself.

An indexed text goes by the number (rowid) of its record, which is never given twice: when the text changes, the record
moves to the next number, so that the order of numbers is the order of change. What the index still has under the old
number (it holds no copy of the text and therefore cannot forget it word by word) is unreachable until `reindex` leaves
it behind; so is what belongs to a deleted record, which is ready should that come back.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from fieldkit.store import merged_names, name_order
from fieldkit.store.documents import FIELDS, NAMES, Document

if TYPE_CHECKING:
    from sqlalchemy import Connection

_BATCH = 1000


def observe(connection: Connection, table: str, ids: Sequence[str]) -> None:
    """`update` as an observer of `sync`: called in the transaction in which the records changed."""
    if table in FIELDS:
        update(cast(sqlite3.Connection, connection.connection.driver_connection), table, ids)


def update(connection: sqlite3.Connection, kind: str, ids: Sequence[str]) -> None:
    """Bring the index up to what the records of these ids say now; records deleted or gone leave it.

    Where they were merged into others, those go by their names and are brought up too.
    """
    ids = merged_names.with_survivors(connection, kind, ids)
    for start in range(0, len(ids), _BATCH):
        _update(connection, kind, ids[start : start + _BATCH])
    name_order.update(connection, kind, ids)


def _update(connection: sqlite3.Connection, kind: str, ids: Sequence[str]) -> None:
    current = documents(connection, kind, "id", ids)
    last = last_number(connection)
    fresh = [number for number in current if number > last or not holds(connection, kind, number, current[number])]
    numbers = _renumbered(connection, kind, fresh, last)
    put(connection, kind, [(number, current[old]) for old, number in zip(fresh, numbers, strict=True)])


def documents(
    connection: sqlite3.Connection, kind: str, column: str, values: Sequence[str | int]
) -> dict[int, Document]:
    """number → what the index is to hold of the record, for those with these ids (or rowids) that are not deleted, in
    their order.
    """
    fields = FIELDS[kind]
    found = _tuples(
        connection,
        f"SELECT rowid, id, {', '.join(fields)} FROM {kind}"  # noqa: S608 - names from our own table
        f" WHERE deleted = 0 AND {column} IN (SELECT value FROM json_each(?)) ORDER BY {column}",
        (json.dumps(list(values)),),
    )
    also = merged_names.of(connection, kind, [row[1] for row in found])
    return {row[0]: Document(kind, dict(zip(fields, row[2:], strict=True)), also.get(row[1], ())) for row in found}


def holds(connection: sqlite3.Connection, kind: str, number: int, document: Document) -> bool:
    """Whether the words under this number are those of `document`."""
    seal = " AND ".join(f'"{token}"' for token in document.seal)
    return bool(
        _tuples(connection, f"SELECT 1 FROM search_{kind} WHERE search_{kind} MATCH ? AND rowid = ?", (seal, number))  # noqa: S608
    )


def last_number(connection: sqlite3.Connection) -> int:
    """The last number that was given to an indexed text."""
    given = _tuples(connection, "SELECT max(number) FROM search_last", ())
    return int(given[0][0] or 0)


def give_out(connection: sqlite3.Connection, last: int) -> None:
    """Count the numbers up to `last` as given."""
    connection.execute("DELETE FROM search_last")
    connection.execute("INSERT INTO search_last (number) VALUES (?)", (last,))


def _renumbered(connection: sqlite3.Connection, kind: str, numbers: Sequence[int], last: int) -> list[int]:
    """The numbers to which these records have moved; those beyond the last that was given are new and stay."""
    if not numbers:
        return []
    ((highest,),) = _tuples(connection, f"SELECT max(rowid) FROM {kind}", ())  # noqa: S608 - names from our own table
    old = [number for number in numbers if number <= last]
    first = max(last, highest) + 1
    connection.executemany(
        f"UPDATE {kind} SET rowid = ? WHERE rowid = ?",  # noqa: S608 - names from our own table
        list(enumerate(old, first)),
    )
    moved = dict(zip(old, range(first, first + len(old)), strict=True))
    given = [moved.get(number, number) for number in numbers]
    give_out(connection, max(given))
    return given


def put(connection: sqlite3.Connection, kind: str, numbered: Sequence[tuple[int, Document]], beside: str = "") -> None:
    """Write documents of `kind` under their numbers; `beside` ends the names of the tables."""
    connection.executemany(
        f"INSERT INTO search_{kind}{beside} (rowid, words) VALUES (?, ?)",  # noqa: S608 - names from our own table
        [(number, document.words) for number, document in numbered],
    )
    if kind in NAMES:
        connection.executemany(
            f"INSERT OR IGNORE INTO names_{kind}{beside} (key, number) VALUES (?, ?)",  # noqa: S608 - names from our own table
            [(key, number) for number, document in numbered for key in sorted(document.keys)],
        )
    if kind == "contacts":
        connection.executemany(
            f"INSERT OR IGNORE INTO search_phones{beside} (backwards, number) VALUES (?, ?)",  # noqa: S608 - names from our own table
            [(backwards, number) for number, document in numbered for backwards in sorted(document.phones)],
        )


def _tuples(connection: sqlite3.Connection, statement: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
    cursor = connection.cursor()
    cursor.row_factory = None
    return cursor.execute(statement, values).fetchall()
