"""The order of names on a laptop, by their sounds: kept in the transaction of the record itself, read without sorting."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from fieldkit.store.spoken import order_key

TITLES = {"companies": "name", "contacts": "name", "leads": "title"}
"""kind → the field that it is ordered by."""
_BATCH = 500


def update(connection: sqlite3.Connection, kind: str, ids: Sequence[str]) -> None:
    """Bring the order up to what the records of these ids are called now; records deleted or gone leave it."""
    if kind not in TITLES:
        return
    for start in range(0, len(ids), _BATCH):
        _update(connection, kind, list(ids[start : start + _BATCH]))


def all_records(connection: sqlite3.Connection) -> Iterator[tuple[str, list[str]]]:
    """Every kind that has an order, with the ids of its records."""
    for kind in TITLES:
        yield kind, [row[0] for row in _tuples(connection, f"SELECT id FROM {kind} WHERE deleted = 0", ())]  # noqa: S608


def _update(connection: sqlite3.Connection, kind: str, ids: list[str]) -> None:
    wanted = json.dumps(ids)
    named = _tuples(
        connection,
        f"SELECT id, {TITLES[kind]} FROM {kind} WHERE deleted = 0 AND id IN (SELECT value FROM json_each(?))",  # noqa: S608
        (wanted,),
    )
    spelled = {record_id: order_key(name, person=kind == "contacts") for record_id, name in named}
    stand = dict(
        _tuples(
            connection,
            "SELECT record_id, spelled FROM name_order WHERE kind = ? AND record_id IN (SELECT value FROM json_each(?))",
            (kind, wanted),
        )
    )
    connection.executemany(
        "DELETE FROM name_order WHERE record_id = ? AND kind = ?",
        [(record_id, kind) for record_id in stand if spelled.get(record_id) != stand[record_id]],
    )
    connection.executemany(
        "INSERT INTO name_order (record_id, kind, spelled) VALUES (?, ?, ?)",
        [(record_id, kind, key) for record_id, key in spelled.items() if stand.get(record_id) != key],
    )


def _tuples(connection: sqlite3.Connection, statement: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
    cursor = connection.cursor()
    cursor.row_factory = None
    return cursor.execute(statement, values).fetchall()
