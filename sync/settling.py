"""What a person decides about conflicts and refused records, within an open session of the laptop's store.

For owners who settle several fields, or keep a history, in one transaction; `Replica.resolve` is the short way.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
from sqlmodel import Session

from sync import change, clock
from sync.errors import UnknownConflict
from sync.journal import knowing
from sync.ledger import conflict_id as id_of


class GaveWay(NamedTuple):
    """A value that gave way in a conflict, as the wire has it: its field and stamp, who wrote it, and who the other one."""

    field: str
    stamp: str
    value: Any
    author: str
    kept_author: str


def close_conflict(session: Session, conflict_id: str) -> tuple[str, str, str]:
    """Close a conflict by what the session saves next; its table, record id and field, which must then be written.

    Raises `UnknownConflict`.
    """
    row = _first(session, "DELETE FROM sync_conflict WHERE id = ? RETURNING tab, record, field, stamp", (conflict_id,))
    if row is None:
        raise UnknownConflict(conflict_id)
    table, record_id, field, stamp = row
    knowing(session, table, record_id, field, [stamp])
    return table, record_id, field


def reopen_conflicts(session: Session, table: str, record_id: str, gave_way: Sequence[GaveWay]) -> None:
    """Take back that conflicts of one record were closed: what gave way is in sight again, here and with the next rounds
    everywhere, beside what the session saves of these fields next.

    What gave way gets the stamp after its own: its own counts as settled wherever the decision has arrived.
    """
    for one in gave_way:
        tick = clock.tick_of(one.stamp)
        stamp = clock.stamp(clock.advance(tick, tick.millis, 0), clock.device_of(one.stamp))
        place = (table, record_id, one.field, stamp)
        value = msgspec.json.encode(one.value).decode()
        line = (id_of(*place), *place, value, one.author, one.kept_author)
        _first(session, "INSERT INTO sync_conflict VALUES (?, ?, ?, ?, ?, ?, ?, ?)", line)
        query = "INSERT INTO sync_offer (tab, record, field, stamp, value) VALUES (?, ?, ?, ?, ?)"
        _first(session, query, (*place, value))


def close_again(session: Session, table: str, record_id: str, gave_way: Sequence[GaveWay]) -> None:
    """Close by what the session saves next those conflicts of one record that were opened again."""
    for one in gave_way:
        query = "SELECT id FROM sync_conflict WHERE tab = ? AND record = ? AND field = ? AND value = ?"
        value = msgspec.json.encode(one.value).decode()
        found = _first(session, query, (table, record_id, one.field, value))
        if found is not None:
            close_conflict(session, found[0])


def send_again(session: Session, table: str, record_id: str) -> bool:
    """Let a refused record be sent again as it is; whether it was refused."""
    query = (
        "UPDATE sync_outbox SET state = 'waiting', reason = '', whole = 1 "
        "WHERE tab = ? AND id = ? AND state <> 'waiting' RETURNING 1"
    )
    return _first(session, query, (table, record_id)) is not None


def is_centres(session: Session, table: str, record_id: str) -> bool:
    """Whether the centre has the record: it has answered for it, or sent it."""
    query = "SELECT 1 FROM sync_member WHERE tab = ? AND id = ? LIMIT 1"
    return _first(session, query, (table, record_id)) is not None


def refused_fields(session: Session, table: str, record_id: str, fields: list[str]) -> list[str]:
    """Which of `fields` hold values of a refused record that the centre does not have."""
    row = _first(
        session,
        "SELECT fields FROM sync_outbox WHERE tab = ? AND id = ? AND state <> 'waiting'",
        (table, record_id),
    )
    return change.dirty_fields(msgspec.json.decode(row[0]), fields) if row else []


def drop_refused(session: Session, table: str, record_id: str) -> None:
    """Send nothing more of a refused record. What the centre has of it comes with the next round, over what stands here.

    One that the centre does not have is as new again: whatever is saved of it next sends all of it.
    """
    if not is_centres(session, table, record_id):
        _first(session, "DELETE FROM sync_outbox WHERE tab = ? AND id = ?", (table, record_id))
        _first(session, "UPDATE sync_stamp SET stamps = '{}' WHERE tab = ? AND id = ?", (table, record_id))
        return
    row = _first(
        session,
        "SELECT o.fields, s.stamps FROM sync_outbox o JOIN sync_stamp s USING (tab, id) WHERE o.tab = ? AND o.id = ?",
        (table, record_id),
    )
    if row is None:
        return
    entry: change.Entry = msgspec.json.decode(row[0])
    stamps: change.Stamps = msgspec.json.decode(row[1])
    based = {field: line[1] if len(line) > 1 else "" for field, line in entry.items()}
    _first(
        session,
        "UPDATE sync_stamp SET stamps = ?, known = 0 WHERE tab = ? AND id = ?",
        (msgspec.json.encode({**stamps, **based}).decode(), table, record_id),
    )
    _first(
        session,
        "UPDATE sync_outbox SET fields = '{}', state = 'waiting', reason = '', whole = 0, departed = 0, held = NULL "
        "WHERE tab = ? AND id = ?",
        (table, record_id),
    )


def _first(session: Session, statement: str, values: tuple[object, ...]) -> Any:
    found = session.connection().exec_driver_sql(statement, values)
    return found.first() if found.returns_rows else None
