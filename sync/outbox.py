"""What leaves a laptop: the next batch of unsent records, and what the centre's answers make of the outbox."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection

from sync import change, protocol
from sync.change import Entry, Stamps
from sync.protocol import Push, Reply, Result
from sync.tables import Synced

_TOUCHED_LIMIT = 4 * 1024 * 1024
"""Characters of the records of one batch, whatever is sent of them: the centre holds all of them to merge it."""
_TYPICAL_RECORD = 400
"""Bytes of a record, guessed before any has been read."""


_NOT_HELD = -1


class Unsent(NamedTuple):
    """One record of the outbox, as it was read for a batch."""

    seq: int
    table: str
    id: str
    fields: str
    whole: int
    held: str | None
    stamps: str | None
    known: int
    sent: str | None
    extra: str | None

    @property
    def entry(self) -> Entry:
        """Its dirty fields."""
        found: Entry = msgspec.json.decode(self.fields)
        return found

    @property
    def was_taken(self) -> bool:
        """Whether the centre has had the record before."""
        return self.sent is not None or change.ALL not in self.entry


class Offer(NamedTuple):
    """A value that gave way in a conflict, offered to a centre that may have lost it."""

    table: str
    id: str
    field: str
    stamp: str
    value: str


class Batch(NamedTuple):
    """Records on their way in order, then offers; and the bytes of all."""

    records: list[Unsent]
    offers: list[Offer]
    bodies: list[bytes]


def next_batch(connection: Connection, tables: Mapping[str, Synced], size: int, count: int, after: int = 0) -> Batch:
    """The next at most `count` waiting records of about `size` bytes, marked as departed in this transaction.

    `after` is a `seq`: those up to it are left out.
    """
    batch = Batch([], [], [])
    drained = _fill(connection, tables, batch, size, count, after=after)
    if drained:
        left = max(0, size - sum(map(len, batch.bodies))) // _TYPICAL_RECORD
        _add_offers(connection, batch, min(count - len(batch.records), 1 + left))
    seqs = _text([record.seq for record in batch.records])
    connection.exec_driver_sql(
        "UPDATE sync_outbox SET departed = 1 WHERE seq IN (SELECT value FROM json_each(?))", (seqs,)
    )
    return batch


def left_behind(connection: Connection, batch: Batch, after: int = 0) -> tuple[int, int | None]:
    """How many records stay in the outbox while `batch` is on its way, and since when the oldest of them waits (ms).

    Those up to the `seq` of `after` are on their way too.
    """
    last = batch.records[-1].seq if batch.records else after
    row = connection.exec_driver_sql(
        "SELECT (SELECT count(*) FROM sync_outbox) "
        "- (SELECT count(*) FROM sync_outbox WHERE seq <= ? AND state = 'waiting'), "
        "(SELECT since FROM sync_outbox WHERE seq > ? OR state <> 'waiting' ORDER BY seq LIMIT 1)",
        (last, last),
    ).one()
    return row[0], row[1]


def counts(connection: Connection) -> tuple[int, int]:
    """Records and offers that wait, and records that were refused; neither is counted row by row."""
    row = connection.exec_driver_sql(
        "SELECT (SELECT count(*) FROM sync_outbox), (SELECT count(*) FROM sync_outbox WHERE state <> 'waiting'), "
        "(SELECT count(*) FROM sync_offer WHERE parked = 0)"
    ).one()
    return row[0] - row[1] + row[2], row[1]


def _fill(
    connection: Connection, tables: Mapping[str, Synced], batch: Batch, size: int, count: int, *, after: int
) -> bool:
    """Add waiting records after `after` in their order, a chunk at a time; whether nothing waits after them."""
    used, touched, last = 0, 0, after
    while len(batch.records) < count:
        typical = max(_TYPICAL_RECORD, used // max(1, len(batch.records)))
        wanted = min(count - len(batch.records), 1 + (size - used) // typical)
        unsent = _waiting(connection, last, wanted)
        for record, body, characters in _encoded(connection, tables, unsent):
            if len(body) > (protocol.WHOLE_LIMIT if _was_filled(record) else protocol.RECORD_LIMIT):
                _set_aside(connection, record, "too-large")
                continue
            used += len(body) + 1
            touched += characters
            if (used > size or touched > _TOUCHED_LIMIT) and batch.records:
                return False
            batch.records.append(record)
            batch.bodies.append(body)
        if len(unsent) < wanted:
            return True
        last = unsent[-1].seq
        if used >= size:
            return False
    return False


def _was_filled(record: Unsent) -> bool:
    """Whether more than one save made what is sent of the record, so that it may be larger than one save may be."""
    return bool(record.whole) or len({line[0] for line in record.entry.values()}) > 1


def _waiting(connection: Connection, after: int, count: int) -> list[Unsent]:
    rows = connection.exec_driver_sql(
        "SELECT o.seq, o.tab, o.id, o.fields, o.whole, o.held, s.stamps, coalesce(s.known, 0), s.sent, s.extra "
        "FROM sync_outbox o LEFT JOIN sync_stamp s USING (tab, id) WHERE o.state = 'waiting' AND o.seq > ? "
        "ORDER BY o.seq LIMIT ?",
        (after, count),
    ).all()
    return [Unsent(*row) for row in rows]


def wire_of(connection: Connection, table: Synced, ids: Sequence[str]) -> dict[str, list[Any]]:
    """Wire values by id, in the order of the table's fields."""
    return {row[0]: row[1:] for row in table.rows.wire_among(connection, ids)}


def block(connection: Connection, refusals: Sequence[tuple[str, str, str, str]]) -> None:
    """Keep refused records, `(state, reason, table, id)`, with their reason; one edited meanwhile is sent whole."""
    connection.exec_driver_sql(
        "UPDATE sync_outbox SET state = iif(departed, ?, state), reason = iif(departed, ?, reason), whole = 1 "
        "WHERE tab = ? AND id = ?",
        list(refusals),
    )


def _set_aside(connection: Connection, record: Unsent, reason: str) -> None:
    connection.exec_driver_sql(
        "UPDATE sync_outbox SET state = ?, reason = ?, whole = 1 WHERE seq = ?", (protocol.REJECTED, reason, record.seq)
    )


def take_answers(connection: Connection, batch: Batch, reply: Reply, *, overtaken: bool) -> list[tuple[str, str]]:
    """Bring the outbox up to the centre's answers; returns `(table, id)` of records that no scope of ours holds.

    An `overtaken` reply was given before a page that has been applied already: what it says of where records are and how
    they are may have changed since, so the centre is asked again.
    """
    answered: list[tuple[Unsent, Result]] = []
    refused: list[tuple[str, str, str, str]] = []
    homeless: list[tuple[str, str]] = []
    _take_offers(connection, batch.offers, reply.results[len(batch.records) :])
    for record, result in zip(batch.records, reply.results, strict=False):
        if result.state in (protocol.OK, protocol.LOST):
            answered.append((record, result))
            if result.scopes < 0 and not overtaken:
                homeless.append((record.table, record.id))
        elif result.state == protocol.UNKNOWN and not _asks(record):
            _send_whole(connection, record)
        elif record.fields == "{}":
            answered.append((record, result))
            homeless.append((record.table, record.id))
        else:
            refused.append((result.state, result.reason, record.table, record.id))
            if result.state == protocol.FORBIDDEN and result.scopes < 0 and record.was_taken:
                homeless.append((record.table, record.id))
    _settle(connection, answered, reply, overtaken=overtaken)
    ask(connection, [record for record, result in answered if overtaken or result.reason == protocol.ASK], reply.now)
    if refused:
        block(connection, refused)
    return homeless


def ask(connection: Connection, records: Sequence[Unsent], now: int) -> None:
    """Let the next round ask how the centre has these records; one that is still dirty is told of with its next answer."""
    if not records:
        return
    keys = [(record.table, record.id) for record in records]
    connection.exec_driver_sql("UPDATE sync_stamp SET known = 0 WHERE tab = ? AND id = ?", keys)
    connection.exec_driver_sql(
        "INSERT INTO sync_outbox (tab, id, fields, since) VALUES (?, ?, '{}', ?) ON CONFLICT (tab, id) DO NOTHING",
        [(*key, now) for key in keys],
    )


def _asks(record: Unsent) -> bool:
    """Whether nothing was sent of the record: the centre was asked how it has it."""
    return record.fields == "{}" and not record.whole


def _add_offers(connection: Connection, batch: Batch, count: int) -> None:
    rows = connection.exec_driver_sql(
        "SELECT tab, record, field, stamp, value FROM sync_offer f WHERE parked = 0 AND NOT EXISTS "
        "(SELECT 1 FROM sync_outbox o WHERE o.tab = f.tab AND o.id = f.record AND o.state = 'waiting') LIMIT ?",
        (count,),
    )
    for offer in (Offer(*row) for row in rows):
        batch.offers.append(offer)
        push = Push(offer.table, offer.id, {offer.field: msgspec.json.decode(offer.value)}, offer.stamp)
        batch.bodies.append(protocol.encode(push))


def _take_offers(connection: Connection, offers: Sequence[Offer], results: Sequence[Result]) -> None:
    """Drop what has been taken; the rest waits for its record to come, in sight and with a value that it may stand beside."""
    for offer, result in zip(offers, results, strict=True):
        if result.state not in (protocol.OK, protocol.LOST):
            park(connection, [offer])
        else:
            connection.exec_driver_sql(
                "DELETE FROM sync_offer WHERE tab = ? AND record = ? AND field = ? AND stamp = ?", offer[:4]
            )


def park(connection: Connection, offers: Sequence[Offer]) -> None:
    """Keep offers that the centre cannot take now, until their record comes again."""
    connection.exec_driver_sql(
        "UPDATE sync_offer SET parked = 1 WHERE tab = ? AND record = ? AND field = ? AND stamp = ?",
        [offer[:4] for offer in offers],
    )


def _send_whole(connection: Connection, record: Unsent) -> None:
    if record.whole:
        block(connection, [(protocol.REJECTED, "unknown", record.table, record.id)])
    else:
        connection.exec_driver_sql("UPDATE sync_outbox SET whole = 1 WHERE seq = ?", (record.seq,))


def _settle(
    connection: Connection, answered: Sequence[tuple[Unsent, Result]], reply: Reply, *, overtaken: bool
) -> None:
    if not answered:
        return
    seqs = _text([record.seq for record, _ in answered])
    connection.exec_driver_sql(
        "DELETE FROM sync_outbox WHERE departed = 1 AND seq IN (SELECT value FROM json_each(?))", (seqs,)
    )
    _settle_edited(connection, {record.seq: record for record, _ in answered}, seqs)
    connection.exec_driver_sql(
        "UPDATE sync_stamp SET sent = ?, sent_at = ?, known = ? WHERE tab = ? AND id = ?",
        [(_log(record), reply.now, reply.span[1], record.table, record.id) for record, _ in answered],
    )
    members = [
        (record.table, record.id, scope)
        for record, result in answered
        if result.scopes >= 0
        for scope in reply.scopes[result.scopes]
    ]
    if members and not overtaken:
        connection.exec_driver_sql("INSERT OR REPLACE INTO sync_member (tab, id, scope) VALUES (?, ?, ?)", members)


def _settle_edited(connection: Connection, sent: Mapping[int, Unsent], seqs: str) -> None:
    """What was saved since it left stays; nothing at all is left of a record that was given up, and must be asked for."""
    rows = connection.exec_driver_sql(
        "SELECT seq, fields FROM sync_outbox WHERE seq IN (SELECT value FROM json_each(?))", (seqs,)
    ).all()
    for seq, fields in rows:
        left = change.answered(msgspec.json.decode(fields), sent[seq].entry)
        connection.exec_driver_sql("UPDATE sync_outbox SET fields = ? WHERE seq = ?", (_text(left), seq))


def _log(record: Unsent) -> str | None:
    if record.fields == "{}":
        return record.sent
    return _text(change.remembered(msgspec.json.decode(record.sent), record.entry)) if record.sent else record.fields


def _encoded(
    connection: Connection, tables: Mapping[str, Synced], unsent: Sequence[Unsent]
) -> Iterator[tuple[Unsent, bytes, int]]:
    """Records with their bodies, and how many characters all of each record are, sent or not."""
    by_table: dict[str, list[str]] = {}
    for record in unsent:
        by_table.setdefault(record.table, []).append(record.id)
    rows = {name: wire_of(connection, tables[name], ids) for name, ids in by_table.items() if name in tables}
    for record in unsent:
        found = rows.get(record.table, {})
        if record.id in found:
            values = dict(zip(tables[record.table].fields, found[record.id], strict=True))
        elif _asks(record):
            values = {}
        elif record.held:
            values = msgspec.json.decode(record.held)
            record = record._replace(known=_NOT_HELD)  # noqa: PLW2901 - the same record, as it is sent
        else:
            _set_aside(connection, record, "missing")
            continue
        characters = sum(len(value) for value in values.values() if value.__class__ is str)
        yield record, protocol.encode(_push(record, values)), characters


def _push(record: Unsent, values: dict[str, Any]) -> Push:
    entry = record.entry
    if list(entry) == [change.ALL]:
        stamp, *bases = entry[change.ALL]
        push = Push(record.table, record.id, values, stamp, k=record.known, w=True)
        if known := [base for base in bases if base != stamp]:
            push.b = {change.ALL: known}
        return push
    dirty = change.dirty_fields(entry, list(values))
    common = entry[change.ALL][0] if change.ALL in entry else next((line[0] for line in entry.values()), "")
    push = Push(record.table, record.id, {field: values[field] for field in dirty}, common, k=record.known)
    push.s = {field: stamp for field in dirty if (stamp := change.dirty_stamp(entry, field)) != common}
    push.w = bool(record.whole) or change.ALL in entry
    push.b = _bases(entry, len(dirty) if not push.w else 0)
    if record.whole:
        extra = msgspec.json.decode(record.extra) if record.extra else {}
        push.c = {**extra, **{field: value for field, value in values.items() if field not in push.f}}
        push.d = _context_stamps(record, push.c)
    return push


def _bases(entry: Entry, fields: int) -> dict[str, list[str]]:
    """Bases by field; named once when all `fields` have the same."""
    bases = {field: known for field, line in entry.items() if (known := [base for base in line[1:] if base != line[0]])}
    first = next(iter(bases.values()), [])
    shared = len(bases) == fields > 1 and all(known == first for known in bases.values())
    return {change.ALL: first} if shared else bases


def _context_stamps(record: Unsent, context: Mapping[str, Any]) -> Stamps:
    stamps: Stamps = msgspec.json.decode(record.stamps) if record.stamps else {}
    return {field: stamp for field, stamp in stamps.items() if field == change.ALL or field in context}


def _text(value: object) -> str:
    return msgspec.json.encode(value).decode()
