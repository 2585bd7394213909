"""What a screen or command shows of synchronisation, from the outbox and the inbox themselves. Plain sqlite3; loads nothing heavy."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from fieldkit.clock import millis
from fieldkit.domain.kinds import INBOX, written_with
from fieldkit.store import inbox
from sync import status as replica
from sync.status import (
    InFile,
    Rejected,
    Status,
    Waiting,
    badges,
    in_file,
    is_syncing,
    rejected_records,
    waiting_records,
)

__all__ = [
    "InFile",
    "Rejected",
    "Status",
    "Waiting",
    "badges",
    "badges_of_kind",
    "in_file",
    "is_syncing",
    "leading",
    "read_status",
    "rejected_records",
    "waiting_records",
]

Place = tuple[str, str, str]
"""Table, record id and field of a conflict."""


def read_status(connection: sqlite3.Connection) -> Status:
    """The standing of the store. Notes that wait to be filed have not been sent either; an amount, its words and its currency
    are one conflict.
    """
    found = replica.read_status(connection)
    lines, first = inbox.waiting_count(connection)
    since = [found.oldest] if found.oldest is not None else []
    if lines:
        since.append(millis(datetime.fromisoformat(first)))
    conflicts = sum(1 for _place in leading(_conflicts(connection))) if found.conflicts else 0
    return found._replace(waiting=found.waiting + lines, oldest=min(since, default=None), conflicts=conflicts)


def refused_by_centre(connection: sqlite3.Connection) -> int:
    """How many records stand refused that the centre has looked at; the others were too large to be sent."""
    query = "SELECT count(*) FROM sync_outbox WHERE state <> 'waiting' AND departed AND reason NOT IN ('too-large', 'malformed')"
    (count,) = connection.execute(query).fetchone().values()
    return int(count)


def badges_of_kind(connection: sqlite3.Connection, kind: str, ids: Sequence[str]) -> dict[str, str]:
    """As `badges`; lines of the inbox wait to be filed, and have not been sent either."""
    return dict.fromkeys(ids, "waiting") if kind == INBOX else badges(connection, kind, ids)


def leading(places: Iterable[Place]) -> Iterator[Place]:
    """`places` without those whose field only accompanies another conflict of the same record."""
    listed = list(places)
    standing = set(listed)
    for table, record_id, field in listed:
        first = next(name for name in written_with(field) if (table, record_id, name) in standing)
        if first == field:
            yield table, record_id, field


def _conflicts(connection: sqlite3.Connection) -> list[Place]:
    rows = connection.execute("SELECT tab, record, field FROM sync_conflict").fetchall()
    return [(row["tab"], row["record"], row["field"]) for row in rows]
