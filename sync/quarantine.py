"""Records from the centre that a laptop's tables cannot take: set aside whole and tried again, in nobody's way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection

from sync.protocol import Block, Row


class Quarantined(NamedTuple):
    """A record that was set aside; `reason` is a code such as `value day date` or `unstorable`."""

    table: str
    id: str
    reason: str


def put(connection: Connection, block: Block, refused: Sequence[tuple[Row, str]], at: int) -> None:
    """Set rows of `block` aside, each with its reason, as they were at the centre's revision `at`."""
    fields = _text(block.fields)
    rows = [(block.table, row.id, reason, at, fields, _text(row)) for row, reason in refused]
    if rows:
        connection.exec_driver_sql("INSERT OR REPLACE INTO sync_quarantine VALUES (?, ?, ?, ?, ?, ?)", rows)


def clear(connection: Connection, table: str, ids: Sequence[str]) -> None:
    """These records came again, or left."""
    if connection.exec_driver_sql("SELECT 1 FROM sync_quarantine LIMIT 1").first():
        connection.exec_driver_sql(
            "DELETE FROM sync_quarantine WHERE tab = ? AND id IN (SELECT value FROM json_each(?))",
            (table, _text(list(ids))),
        )


def blocks(connection: Connection) -> list[tuple[Block, int]]:
    """What was set aside, each record as a block without scopes, and the centre's revision at which it was read."""
    lines = connection.exec_driver_sql("SELECT tab, at, fields, row FROM sync_quarantine").all()
    found = []
    for table, at, fields, row in lines:
        record = msgspec.json.decode(row, type=Row)
        record.scopes = -1
        found.append((Block(table, msgspec.json.decode(fields), [record]), at))
    return found


def listed(connection: Connection) -> list[Quarantined]:
    """Every record that was set aside."""
    lines = connection.exec_driver_sql("SELECT tab, id, reason FROM sync_quarantine ORDER BY tab, id").all()
    return [Quarantined(*line) for line in lines]


def _text(value: object) -> str:
    return msgspec.json.encode(value).decode()
