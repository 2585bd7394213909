"""What a person sees of synchronisation, read from the outbox itself with plain sqlite3; nothing heavy is imported."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from sync.change import stamp_of
from sync.clock import device_of, millis_of


class Status(NamedTuple):
    """Times are milliseconds since the epoch.

    `sending` of the `waiting` records are on their way at this moment. `state` is how the last synchronisation ended:
    `never`, `done`, or the code of what stopped it (`unreachable`, `portal`, `sign-in`, `revoked`, `clock`, `too-old`,
    `fork`, `fault`). `quarantined` records of the centre are too new, or too odd, for this store. `skew` is how far the
    centre's clock was ahead of the laptop's at the last exchange.
    """

    waiting: int
    oldest: int | None
    sending: int
    rejected: int
    conflicts: int
    confirmed_at: int | None
    state: str
    detail: str
    quarantined: int = 0
    skew: int = 0


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


class OpenConflict(NamedTuple):
    """Two people's values of one field: `kept` stands, `other` gave way; both as the wire has them.

    `by` are persons as the centre knows them, `kept_by` empty for this laptop's own unsent value. Times are milliseconds
    since the epoch. `stamp` is shared by everything that gave way with one save; `with_kept` and `with_other` are the fields
    that stand as the same save wrote them.
    """

    id: str
    table: str
    record_id: str
    field: str
    other: Any
    other_by: str
    other_at: int
    kept_by: str
    kept_at: int
    stamp: str
    with_kept: frozenset[str]
    with_other: frozenset[str]


class InFile(NamedTuple):
    """The latest hand-carried file that awaits its answer: records in it, and when it was made."""

    records: int
    since: int


_NEVER = Status(0, None, 0, 0, 0, None, "never", "")


def read_status(connection: sqlite3.Connection) -> Status:
    """The standing of the store; all zero where `sync` has never been used."""
    if not _exists(connection):
        return _NEVER
    (everything,) = _one(connection, "SELECT count(*) FROM sync_outbox")
    (rejected,) = _one(connection, "SELECT count(*) FROM sync_outbox WHERE state <> 'waiting'")
    (oldest,) = _one(connection, "SELECT since FROM sync_outbox WHERE state = 'waiting' ORDER BY seq LIMIT 1") or (
        None,
    )
    (conflicts,) = _one(connection, "SELECT count(*) FROM sync_conflict")
    (quarantined,) = _one(connection, "SELECT count(*) FROM sync_quarantine")
    row = _one(connection, "SELECT sending, confirmed_at, state, detail, skew FROM sync_laptop")
    sending, confirmed_at, state, detail, skew = row or (0, None, "never", "", 0)
    sending = min(sending, everything - rejected) if sending and is_syncing(connection) else 0
    waiting = everything - rejected
    return Status(waiting, oldest, sending, rejected, conflicts, confirmed_at, state, detail, quarantined, skew)


def badges(connection: sqlite3.Connection, table: str, ids: Sequence[str]) -> dict[str, str]:
    """`rejected`, `conflict`, `sending` or `waiting` by id, the first that is so; an id that is absent has been confirmed by the
    centre.
    """
    if not ids or not _exists(connection):
        return {}
    listed = json.dumps(list(ids))
    conflicts = "SELECT record FROM sync_conflict WHERE tab = ? AND record IN (SELECT value FROM json_each(?))"
    found = {record: "conflict" for (record,) in _plain(connection, conflicts, (table, listed))}
    outbox = "SELECT id, state, departed FROM sync_outbox WHERE tab = ? AND id IN (SELECT value FROM json_each(?))"
    unsent = _plain(connection, outbox, (table, listed))
    syncing = any(departed for _record, _state, departed in unsent) and _is_sending(connection)
    for record, state, departed in unsent:
        if state != "waiting":
            found[record] = "rejected"
        else:
            found.setdefault(record, "sending" if departed and syncing else "waiting")
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


def open_conflicts(connection: sqlite3.Connection) -> list[OpenConflict]:
    """Every open conflict of records that this laptop holds, oldest first."""
    if not _exists(connection):
        return []
    query = (
        "SELECT c.id, c.tab, c.record, c.field, c.stamp, c.value, c.author, c.kept_author, s.stamps, l.device "
        "FROM sync_conflict c JOIN sync_stamp s ON s.tab = c.tab AND s.id = c.record LEFT JOIN sync_laptop l "
        "ORDER BY c.stamp, c.field"
    )
    return [_open_conflict(row) for row in _plain(connection, query)]


def _open_conflict(row: tuple[Any, ...]) -> OpenConflict:
    conflict_id, table, record_id, field, stamp, value, author, kept_author, stamps_text, device = row
    stamps = json.loads(stamps_text)
    kept_stamp = stamp_of(stamps, field)
    return OpenConflict(
        id=conflict_id,
        table=table,
        record_id=record_id,
        field=field,
        other=json.loads(value),
        other_by=author,
        other_at=millis_of(stamp),
        kept_by="" if device and device_of(kept_stamp) == device else kept_author,
        kept_at=millis_of(kept_stamp),
        stamp=stamp,
        with_kept=frozenset(name for name, one in stamps.items() if one == kept_stamp),
        with_other=frozenset(name for name, one in stamps.items() if one == stamp),
    )


def _is_sending(connection: sqlite3.Connection) -> bool:
    return bool(_one(connection, "SELECT 1 FROM sync_laptop WHERE sending")) and is_syncing(connection)


def is_syncing(connection: sqlite3.Connection) -> bool:
    """Whether some process holds the lock of an exchange now; what one that was killed left behind says nothing."""
    path = next((file for _, name, file in _plain(connection, "PRAGMA database_list") if name == "main"), "")
    try:
        with closing(sqlite3.connect(f"{Path(path).as_uri()}.syncing?mode=ro", uri=True, timeout=0)) as lock:
            lock.execute("SELECT 1 FROM sqlite_master").fetchall()
    except sqlite3.OperationalError as error:
        return error.sqlite_errorcode == sqlite3.SQLITE_BUSY
    return False


def in_file(connection: sqlite3.Connection) -> InFile | None:
    """What left in a file and has not been answered in any way; None where no file is on its way."""
    if not _exists(connection):
        return None
    found = _one(
        connection,
        "SELECT sum(b.records), max(b.made_at) FROM sync_bundle b, sync_laptop "
        "WHERE instr(' ' || sync_laptop.token || ' ' || next_token || ' ', ' ' || b.token || ' ') GROUP BY b.id ORDER BY 2 DESC",
    )
    return InFile(*found) if found else None


def _exists(connection: sqlite3.Connection) -> bool:
    return bool(_plain(connection, "SELECT 1 FROM sqlite_master WHERE name = 'sync_outbox'"))


def _one(connection: sqlite3.Connection, query: str) -> tuple[Any, ...]:
    rows = _plain(connection, query)
    return rows[0] if rows else ()


def _plain(connection: sqlite3.Connection, query: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    cursor = connection.cursor()
    cursor.row_factory = None
    return cursor.execute(query, parameters).fetchall()
