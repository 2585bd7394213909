"""Records that the centre refused: why, in words, and what a person can do: edit them, send them again, or give them up."""

from __future__ import annotations

import json
import sqlite3
from typing import NamedTuple

from fieldkit.domain.kinds import KINDS, WRITTEN
from fieldkit.errors import Ambiguous, NoSuchRecord
from fieldkit.i18n import _
from fieldkit.reasons import reason_words
from fieldkit.replication.disputes import SHORTEST_ID
from fieldkit.store import rows
from fieldkit.store.history import Change
from fieldkit.store.store import Store
from sync import status as replica


class Refusal(NamedTuple):
    """One refused record. `why` is `reason` in words, `gone` whether the record is deleted or no longer here.

    `held` are its words where the record itself is no longer here: one line a field.
    """

    kind: str
    id: str
    title: str
    gone: bool
    since: int
    reason: str
    why: str
    held: tuple[str, ...]


def refusals(connection: sqlite3.Connection, limit: int = 100) -> list[Refusal]:
    """What the centre refused, oldest first."""
    found = replica.rejected_records(connection, limit)
    records = {
        (kind, row["id"]): row
        for kind in KINDS
        for row in rows.also_deleted(connection, kind, [one.id for one in found if one.table == kind])
    }
    return [_refusal(one, records.get((one.table, one.id))) for one in found]


def refusal_named(connection: sqlite3.Connection, beginning: str) -> Refusal | None:
    """The refused record whose id begins so; None where there is none. Raises Ambiguous."""
    wanted = beginning.strip().lower()
    if len(wanted) < SHORTEST_ID:
        return None
    found = [one for one in refusals(connection, limit=-1) if one.id.startswith(wanted)]
    if len(found) > 1:
        raise Ambiguous(id=beginning, count=len(found))
    return found[0] if found else None


def send_again(store: Store, kind: str, record_id: str) -> None:
    """Send a refused record once more as it is: what stood in its way may have gone. Raises NoSuchRecord."""
    from fieldkit.actions.work import working
    from sync import settling

    with working(store) as work:
        if not settling.send_again(work.session, kind, record_id):
            raise NoSuchRecord(id=record_id)


def give_up(store: Store, kind: str, record_id: str) -> None:
    """Send a refused record no more. One that only this laptop has is deleted; of any other the centre's version comes with
    the next sync. Undo brings back what was given up, and sends it again. Raises NoSuchRecord.
    """
    from fieldkit.actions import labels
    from fieldkit.actions.work import stored, working
    from sync import settling

    with working(store) as work:
        record = work.find(kind, record_id) if kind in WRITTEN else None
        columns = record.model_dump(exclude={"id"}) if record is not None else {}
        mine = settling.refused_fields(work.session, kind, record_id, list(columns))
        if record is None or not mine:
            _drop_what_is_not_here(work.connection, kind, record_id)
        elif settling.is_centres(work.session, kind, record_id):
            given_up = {field: stored(columns[field]) for field in mine}
            work.changes.append(Change(kind, record_id, given_up, {}))
        else:
            work.change(kind, record, {"deleted": True})
            work.flush()
        settling.drop_refused(work.session, kind, record_id)
        if record is not None:
            work.remember(labels.given_up(kind, columns))


def _drop_what_is_not_here(connection: sqlite3.Connection, kind: str, record_id: str) -> None:
    values = (kind, record_id)
    known = connection.execute(
        "DELETE FROM sync_outbox WHERE tab = ? AND id = ? AND state <> 'waiting'", values
    ).rowcount
    if not known:
        raise NoSuchRecord(id=record_id)


def _refusal(one: replica.Rejected, row: dict[str, object] | None) -> Refusal:
    title = str(row["title"]) if row else ""
    held = () if row or not one.held else tuple(_held_lines(one.table, json.loads(one.held)))
    return Refusal(
        kind=one.table,
        id=one.id,
        title=title or (held[0] if held else ""),
        gone=row is None or bool(row["deleted"]),
        since=one.since,
        reason=one.reason or one.state,
        why=reason_words(one.reason or one.state),
        held=held,
    )


def _held_lines(kind: str, values: dict[str, object]) -> list[str]:
    if kind not in KINDS:
        return []
    known = [(field, values.get(field.name)) for field in KINDS[kind].fields]
    return [f"{_(field.label)}: {value}" for field, value in known if value not in (None, "")]
