"""What a person sees of synchronisation, read from the outbox itself with plain sqlite3; nothing heavy is imported."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import Any, NamedTuple


class Status(NamedTuple):
    """Times are milliseconds since the epoch.

    `state` is how the last synchronisation ended: `never`, `done`, or the code of what stopped it (`unreachable`,
    `portal`, `sign-in`, `revoked`, `clock`, `too-old`, `fork`, `fault`).
    """

    waiting: int
    oldest: int | None
    sending: int
    rejected: int
    conflicts: int
    confirmed_at: int | None
    state: str
    detail: str


class Waiting(NamedTuple):
    """A record that has not been sent, and since when."""

    table: str
    id: str
    since: int


class Rejected(NamedTuple):
    """A record that the centre refused: `state` is `rejected` or `forbidden`, `held` JSON of words kept without it."""

    table: str
    id: str
    since: int
    state: str
    reason: str
    held: str | None


_NEVER = Status(0, None, 0, 0, 0, None, "never", "")


def read_status(connection: sqlite3.Connection) -> Status:
    """The standing of the store; all zero where `sync` has never been used."""
    if not _exists(connection):
        return _NEVER
    waiting, oldest = _one(connection, "SELECT count(*), min(since) FROM sync_outbox WHERE state = 'waiting'")
    (rejected,) = _one(connection, "SELECT count(*) FROM sync_outbox WHERE state <> 'waiting'")
    (conflicts,) = _one(connection, "SELECT count(*) FROM sync_conflict")
    row = _one(connection, "SELECT sending, confirmed_at, state, detail FROM sync_laptop") or (0, None, "never", "")
    sending, confirmed_at, state, detail = row
    return Status(waiting, oldest, sending, rejected, conflicts, confirmed_at, state, detail)


def badges(connection: sqlite3.Connection, table: str, ids: Sequence[str]) -> dict[str, str]:
    """`waiting`, `rejected` or `conflict` by id; an id that is absent has been confirmed by the centre."""
    if not ids or not _exists(connection):
        return {}
    listed = json.dumps(list(ids))
    conflicts = "SELECT record FROM sync_conflict WHERE tab = ? AND record IN (SELECT value FROM json_each(?))"
    found = {record: "conflict" for (record,) in _plain(connection, conflicts, (table, listed))}
    outbox = "SELECT id, state FROM sync_outbox WHERE tab = ? AND id IN (SELECT value FROM json_each(?))"
    for record, state in _plain(connection, outbox, (table, listed)):
        found[record] = "waiting" if state == "waiting" else "rejected"
    return found


def waiting_records(connection: sqlite3.Connection, limit: int = 100) -> list[Waiting]:
    """What has not been sent, oldest first."""
    if not _exists(connection):
        return []
    query = "SELECT tab, id, since FROM sync_outbox WHERE state = 'waiting' ORDER BY seq LIMIT ?"
    return [Waiting(*row) for row in _plain(connection, query, (limit,))]


def rejected_records(connection: sqlite3.Connection, limit: int = 100) -> list[Rejected]:
    """What the centre refused and why, oldest first."""
    if not _exists(connection):
        return []
    query = "SELECT tab, id, since, state, reason, held FROM sync_outbox WHERE state <> 'waiting' ORDER BY seq LIMIT ?"
    return [Rejected(*row) for row in _plain(connection, query, (limit,))]


def _exists(connection: sqlite3.Connection) -> bool:
    return bool(_plain(connection, "SELECT 1 FROM sqlite_master WHERE name = 'sync_outbox'"))


def _one(connection: sqlite3.Connection, query: str) -> tuple[Any, ...]:
    rows = _plain(connection, query)
    return rows[0] if rows else ()


def _plain(connection: sqlite3.Connection, query: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    cursor = connection.cursor()
    cursor.row_factory = None
    return cursor.execute(query, parameters).fetchall()
