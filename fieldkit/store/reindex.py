"""The search index made anew from the records, beside the one in use: others read and write all the while.

Every step is a short transaction, so that whoever wants to write waits a moment; the last one takes in what changed
meanwhile and puts the new tables in the place of the old ones. Until then the old index is whole and in use, so the
work may be broken off anywhere; what it leaves is removed by the next one. What the old tables could not forget is gone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from fieldkit.store import index, layout, name_order
from fieldkit.store.alone import Alone
from fieldkit.store.connection import Guarded, Transaction, open_writer
from fieldkit.store.documents import FIELDS

Progress = Callable[[int, int], None]
"""Called with the records done and all of them."""
_BESIDE = "_anew"
_BATCH = 1000
_CACHE = 64_000  # kB; names come in no order, and each has a page of its own to go to
_PIECES = 4  # as SQLite does where nothing else is said
_PAGES = 500  # of the index that are merged in one transaction
_TABLES = tuple(layout.statements(""))
_NEW = ((1, b""), (10, bytes(7)))
"""The sums and the structure of a full-text table that holds nothing."""
_SHOWN = "SELECT {} FROM {} WHERE deleted = 0 ORDER BY 1"


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
    """Index every record where no number was ever given, as a revision leaves it that lays the index out anew; the caller
    commits. The records get their numbers in the order in which they were made.
    """
    if index.last_number(connection):
        return
    made = sorted((record_id, kind) for kind in FIELDS for record_id in _column(connection, _SHOWN.format("id", kind)))
    index.give_out(connection, max(_highest(connection, kind) for kind in FIELDS))
    for start in range(0, len(made), _BATCH):
        for kind in FIELDS:
            index.update(connection, kind, [record_id for record_id, of in made[start : start + _BATCH] if of == kind])


def _reindex(connection: sqlite3.Connection, progress: Progress) -> int:
    with Transaction(connection):
        _drop(connection, _BESIDE)
        _create_beside(connection)
        plan = {kind: _column(connection, _SHOWN.format("rowid", kind)) for kind in FIELDS}
    total = sum(map(len, plan.values()))
    done = 0
    for kind, numbers in plan.items():
        for start in range(0, len(numbers), _BATCH):
            batch = numbers[start : start + _BATCH]
            with Transaction(connection):
                _write(connection, kind, batch)
            done += len(batch)
            progress(done, total)
        for _step in _merged(connection, f"search_{kind}{_BESIDE}"):
            progress(done, total)
    with Transaction(connection):
        _catch_up(connection, plan)
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
    connection.execute(layout.LAST)
    for made in layout.statements(_BESIDE).values():
        connection.execute(made)
    for kind in FIELDS:
        _merge_by_itself(connection, f"search_{kind}{_BESIDE}", 0)


def _merge_by_itself(connection: sqlite3.Connection, table: str, pieces: int) -> None:
    """Whether a full-text table is merged as it is written: whenever there are so many pieces, 0 for never."""
    connection.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('automerge', ?)", (pieces,))  # noqa: S608


def _write(connection: sqlite3.Connection, kind: str, numbers: Sequence[int]) -> None:
    found = index.documents(connection, kind, "rowid", numbers)
    index.put(connection, kind, list(found.items()), _BESIDE)


def _merged(connection: sqlite3.Connection, table: str) -> Iterator[None]:
    """Merge the pieces in which a full-text table was written into one, some pages at a time."""
    pages = -_PAGES
    while True:
        before = connection.total_changes
        with Transaction(connection):
            connection.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('merge', ?)", (pages,))  # noqa: S608
        if connection.total_changes - before < 2:
            break
        pages = _PAGES
        yield
    _merge_by_itself(connection, table, _PIECES)


def _catch_up(connection: sqlite3.Connection, plan: Mapping[str, Sequence[int]]) -> None:
    """Take in what was changed, made or brought back since the plan: it has another number, or none there."""
    for kind, numbers in plan.items():
        planned = set(numbers)
        _write(
            connection,
            kind,
            [number for number in _column(connection, _SHOWN.format("rowid", kind)) if number not in planned],
        )


def _swap(connection: sqlite3.Connection) -> None:
    _drop(connection, "")
    for table in _TABLES:
        connection.execute(f"ALTER TABLE {table}{_BESIDE} RENAME TO {table}")
    last = max(index.last_number(connection), *(_highest(connection, kind) for kind in FIELDS))
    index.give_out(connection, last)


def _highest(connection: sqlite3.Connection, kind: str) -> int:
    ((highest,),) = _tuples(connection, f"SELECT max(rowid) FROM {kind}")  # noqa: S608 - names from our own table
    return int(highest or 0)


def _drop(connection: sqlite3.Connection, beside: str) -> None:
    for table in _TABLES:
        try:
            connection.execute(f"DROP TABLE IF EXISTS {table}{beside}")
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_CORRUPT_VTAB:
                raise
            _empty(connection, f"{table}{beside}")
            connection.execute(f"DROP TABLE {table}{beside}")


def _empty(connection: sqlite3.Connection, table: str) -> None:
    """Leave a full-text table that cannot be opened, and so not be dropped, as a new one is."""
    connection.execute(f"DELETE FROM {table}_data")  # noqa: S608 - our own names
    connection.executemany(f"INSERT INTO {table}_data (id, block) VALUES (?, ?)", _NEW)  # noqa: S608


def _column(connection: sqlite3.Connection, statement: str) -> list[Any]:
    return [row[0] for row in _tuples(connection, statement)]


def _tuples(connection: sqlite3.Connection, statement: str, *values: object) -> list[tuple[Any, ...]]:
    cursor = connection.cursor()
    cursor.row_factory = None
    return cursor.execute(statement, values).fetchall()
