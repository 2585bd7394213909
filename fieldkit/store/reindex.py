"""The search index made anew from the records, beside the one in use: others read and write all the while.

Every step is a short transaction, so that whoever wants to write waits a moment; the last one takes in what changed
meanwhile and puts the new tables in the place of the old ones. Until then the old index is whole and in use, so the
work may be broken off anywhere; what it leaves is removed by the next one. What the old tables could not forget is gone.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from fieldkit.store import index, name_order
from fieldkit.store.alone import Alone
from fieldkit.store.connection import Guarded, Transaction, open_writer
from fieldkit.store.documents import FIELDS

Progress = Callable[[int, int], None]
"""Called with the records done and all of them."""
_BESIDE = "_anew"
_BATCH = 1000
_CACHE = 64_000  # kB; names come in no order, and each has a page of its own to go to
_PAGES = 500  # of the index that are merged in one transaction
_PLAIN = ("search_entries", "names", "search_phones")
_TABLES = (*_PLAIN, *(f"search_{kind}" for kind in FIELDS))
Plan = list[tuple[str, list[tuple[int, str]]]]
"""kind → (number, id) of its records, the number that each has or is to have."""


def reindex(path: str, progress: Progress) -> int:
    """Rebuild the index of the store at `path`; how many records it holds. Raises StoreError."""
    with Guarded(path), Alone(f"{path}.reindexing"):
        connection = open_writer(path)
        connection.execute(f"PRAGMA cache_size = -{_CACHE}")
        try:
            return _reindex(connection, progress)
        finally:
            connection.close()


def fill_if_empty(connection: sqlite3.Connection) -> None:
    """Index every record where the index holds none, as a revision leaves it that lays it out anew; the caller commits."""
    if _tuples(connection, "SELECT 1 FROM search_entries LIMIT 1"):
        return
    for kind in FIELDS:
        ids = [row[0] for row in _tuples(connection, f"SELECT id FROM {kind} WHERE deleted = 0 ORDER BY id")]  # noqa: S608
        index.update(connection, kind, ids)


def _reindex(connection: sqlite3.Connection, progress: Progress) -> int:
    with Transaction(connection):
        _drop(connection, _BESIDE)
        _create_beside(connection)
        plan, last = _planned(connection)
    total = sum(len(numbered) for _, numbered in plan)
    done = 0
    for kind, numbered in plan:
        for start in range(0, len(numbered), _BATCH):
            batch = numbered[start : start + _BATCH]
            with Transaction(connection):
                _write(connection, kind, batch)
            done += len(batch)
            progress(done, total)
        for _step in _merged(connection, f"search_{kind}{_BESIDE}"):
            progress(done, total)
    with Transaction(connection):
        _catch_up(connection, last)
        _swap(connection)
    _order_names(connection)
    return total


def _order_names(connection: sqlite3.Connection) -> None:
    """The order of names, which stays in use meanwhile: only what is wrong in it is written."""
    for kind, ids in name_order.all_records(connection):
        for start in range(0, len(ids), _BATCH):
            with Transaction(connection):
                name_order.update(connection, kind, ids[start : start + _BATCH])


def _create_beside(connection: sqlite3.Connection) -> None:
    for table in _TABLES:
        ((made,),) = _tuples(connection, "SELECT sql FROM sqlite_master WHERE name = ?", table)
        connection.execute(re.sub(rf'"?\b{table}\b"?', table + _BESIDE, made, count=1))


def _planned(connection: sqlite3.Connection) -> tuple[Plan, int]:
    """Every record under the number it has, or the next ones; and the last number that is planned."""
    last = index.last_entry(connection)
    plan: Plan = []
    for kind in FIELDS:
        found = _tuples(
            connection,
            f"SELECT e.entry, r.id FROM {kind} r LEFT JOIN search_entries e ON e.record_id = r.id AND e.kind = ?"  # noqa: S608
            " WHERE r.deleted = 0 ORDER BY e.entry IS NULL, e.entry, r.id",
            kind,
        )
        numbered = []
        for entry, record_id in found:
            last += entry is None
            numbered.append((last if entry is None else entry, record_id))
        plan.append((kind, numbered))
    _give_out(connection, "search_entries", last)
    return plan, last


def _give_out(connection: sqlite3.Connection, table: str, last: int) -> None:
    """Count the numbers up to `last` as given."""
    connection.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
    connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, last))


def _write(connection: sqlite3.Connection, kind: str, numbered: Sequence[tuple[int, str]]) -> None:
    found = index.documents(connection, kind, [record_id for _, record_id in numbered])
    rows = [(entry, record_id, found[record_id]) for entry, record_id in numbered if record_id in found]
    index.put(connection, kind, rows, _BESIDE)


def _merged(connection: sqlite3.Connection, table: str) -> Iterator[None]:
    """Merge the pieces in which a full-text table was written into one, some pages at a time."""
    pages = -_PAGES
    while True:
        before = connection.total_changes
        with Transaction(connection):
            connection.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('merge', ?)", (pages,))  # noqa: S608
        if connection.total_changes - before < 2:
            return
        pages = _PAGES
        yield


def _catch_up(connection: sqlite3.Connection, last: int) -> None:
    """Take in what was changed, made or deleted since the plan."""
    for kind in FIELDS:
        changed = _tuples(
            connection, "SELECT entry, record_id FROM search_entries WHERE kind = ? AND entry > ?", kind, last
        )
        ids = json.dumps([record_id for _, record_id in changed])
        connection.execute(
            f"DELETE FROM search_entries{_BESIDE} WHERE kind = ? AND (record_id IN (SELECT value FROM json_each(?))"  # noqa: S608
            f" OR NOT EXISTS (SELECT 1 FROM {kind} r WHERE r.id = record_id AND r.deleted = 0))",
            (kind, ids),
        )
        _write(connection, kind, changed)


def _swap(connection: sqlite3.Connection) -> None:
    last = index.last_entry(connection)
    _drop(connection, "")
    for table in _TABLES:
        connection.execute(f"ALTER TABLE {table}{_BESIDE} RENAME TO {table}")
    _give_out(connection, "search_entries", last)


def _drop(connection: sqlite3.Connection, beside: str) -> None:
    for table in _TABLES:
        connection.execute(f"DROP TABLE IF EXISTS {table}{beside}")


def _tuples(connection: sqlite3.Connection, statement: str, *values: object) -> list[tuple[Any, ...]]:
    cursor = connection.cursor()
    cursor.row_factory = None
    return cursor.execute(statement, values).fetchall()
