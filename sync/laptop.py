"""The laptop's own row: who it is to the centre, how its clock stands, what it knows of the centre."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection

from sync import change, clock
from sync.change import Entry, Stamps
from sync.journal import Journal
from sync.protocol import NO_TOKEN, Block
from sync.tables import Synced

REOFFER_MILLIS = 90 * 24 * 3600 * 1000
"""How far back an acknowledged change is offered again when the centre may have lost it."""

_MOST_CANDIDATES = 64

Entropy = Callable[[int], bytes]


class Laptop(NamedTuple):
    """Identity and standing of one store."""

    device: str
    came_from: str
    token: str
    next_token: str
    epoch: str
    have: str
    schema: int
    sweeping: int


def standing(connection: Connection, journal: Journal) -> Laptop:
    """The laptop's row; made at first use."""
    query = "SELECT device, came_from, token, next_token, epoch, have, schema, sweeping FROM sync_laptop"
    row = connection.exec_driver_sql(query).first()
    if row is None:
        journal.mint(connection)
        row = connection.exec_driver_sql(query).one()
    return Laptop(*row)


def propose(connection: Connection, laptop: Laptop, entropy: Entropy, mark: str = "") -> tuple[str, str]:
    """The tokens that the centre may hold by now (separated by blanks), and a new one, written down before it leaves.

    `mark` stands before the new one. A proposal without an answer may have been taken, so it stays among the candidates. It is not proposed twice: a
    repeat with other records under the same token would be invisible to a centre that is restored in between.
    """
    held = list(dict.fromkeys([*laptop.token.split(), *laptop.next_token.split()])) or [NO_TOKEN]
    token = held[-1] if len(held) > _MOST_CANDIDATES else mark + base64.urlsafe_b64encode(entropy(12)).decode()
    connection.exec_driver_sql("UPDATE sync_laptop SET token = ?, next_token = ?", (" ".join(held), token))
    return " ".join(held), token


def withdraw(connection: Connection, token: str) -> None:
    """The proposal has certainly not reached the centre."""
    connection.exec_driver_sql("UPDATE sync_laptop SET next_token = '' WHERE next_token = ?", (token,))


def candidates(laptop: Laptop) -> list[str]:
    """The tokens of which the centre may hold any, the last one acknowledged first."""
    return [*laptop.token.split(), *laptop.next_token.split()]


def accepted(connection: Connection, laptop: Laptop, token: str, epoch: str) -> None:
    """The centre has taken this one of the candidates, and may have taken a later one since; no `epoch` is the same one."""
    _, _, later = f" {laptop.token} ".partition(f" {token} ")
    proposed = "" if laptop.next_token == token else laptop.next_token
    connection.exec_driver_sql(
        "UPDATE sync_laptop SET token = ?, next_token = ?, epoch = coalesce(nullif(?, ''), epoch)",
        (f"{token} {later}".strip(), proposed, epoch),
    )


def follow_clock(connection: Connection, skew: int, high: str) -> None:
    """Set the clock's skew (centre minus laptop, ms), and let later stamps lie after everything at the centre."""
    connection.exec_driver_sql("UPDATE sync_laptop SET skew = ?", (skew,))
    follow_stamps(connection, high)


def follow_stamps(connection: Connection, high: str) -> None:
    """Let later stamps lie after everything at the centre."""
    millis, counter = clock.tick_of(high)
    connection.exec_driver_sql(
        "UPDATE sync_laptop SET millis = ?, counter = ? WHERE millis < ? OR (millis = ? AND counter < ?)",
        (millis, counter, millis, millis, counter),
    )


def take_new_identity(
    connection: Connection,
    journal: Journal,
    tables: Mapping[str, Synced],
    entropy: Entropy,
    now: int,
    *,
    cloned: bool,
) -> None:
    """Become a new device: unsent work is re-stamped, what was sent lately is offered again, all is pulled anew."""
    device = clock.new_device(entropy(6))
    connection.exec_driver_sql(
        "UPDATE sync_laptop SET came_from = device, device = ?, token = '', next_token = '', epoch = ''", (device,)
    )
    restamp(connection, journal, cloned=cloned)
    offer_again(connection, tables, now - REOFFER_MILLIS)
    offer_conflicts(connection)
    pull_anew(connection)


def pull_anew(connection: Connection) -> None:
    """Forget the cursors; what no page confirms is swept once everything has been pulled."""
    connection.exec_driver_sql("DELETE FROM sync_cursor")
    connection.exec_driver_sql("UPDATE sync_member SET stale = 1")
    connection.exec_driver_sql("UPDATE sync_stamp SET known = 0")
    connection.exec_driver_sql("UPDATE sync_laptop SET have = '[]', sweeping = 1")


def reset_clock(connection: Connection, skew: int, high: str) -> None:
    """Set back a clock that ran ahead: nothing that it stamped has been taken, all of it is re-stamped next."""
    millis, counter = clock.tick_of(high)
    connection.exec_driver_sql("UPDATE sync_laptop SET skew = ?, millis = ?, counter = ?", (skew, millis, counter))


def restamp(connection: Connection, journal: Journal, *, cloned: bool) -> None:
    """Give unsent changes new stamps, in the order in which they were made.

    What may have reached the centre is among the bases of what comes next; not where the store may have been `cloned`:
    then the centre may hold another's value under the same stamp.
    """
    rows = connection.exec_driver_sql(
        "SELECT o.tab, o.id, o.fields, s.stamps, o.departed FROM sync_outbox o LEFT JOIN sync_stamp s USING (tab, id) "
        "WHERE o.fields <> '{}'"
    ).all()
    entries = [
        (tab, record, change.departed(_entry(fields)) if departed and not cloned else _entry(fields), _stamps(stamps))
        for tab, record, fields, stamps, departed in rows
    ]
    old = sorted({line[0] for _, _, entry, _ in entries for line in entry.values()})
    renamed = {stamp: journal.next_stamp(connection) for stamp in old}
    outbox, stamped = [], []
    for tab, record, entry, stamps in entries:
        renewed = change.restamped(entry, renamed)
        mixed = {field: renamed.get(stamp, stamp) for field, stamp in stamps.items()}
        mixed.update({field: line[0] for field, line in renewed.items()})
        outbox.append((_text(renewed), tab, record))
        stamped.append((_text(change.compact(mixed)), tab, record))
    if entries:
        connection.exec_driver_sql("UPDATE sync_outbox SET fields = ? WHERE tab = ? AND id = ?", outbox)
        connection.exec_driver_sql("UPDATE sync_stamp SET stamps = ? WHERE tab = ? AND id = ?", stamped)


def offer_again(connection: Connection, tables: Mapping[str, Synced], since: int) -> None:
    """Put back into the outbox what was acknowledged since `since` (ms) and is still this laptop's value."""
    rows = connection.exec_driver_sql(
        "SELECT s.tab, s.id, s.stamps, s.sent, o.fields FROM sync_stamp s LEFT JOIN sync_outbox o USING (tab, id) "
        "WHERE s.sent IS NOT NULL AND s.sent_at >= ? ORDER BY s.sent_at, s.rowid",
        (since,),
    ).all()
    offers = []
    for tab, record, stamps, sent, fields in rows:
        if tab in tables:
            again = change.offered_again(_entry(sent), _stamps(stamps), tables[tab].fields)
            entry = {**again, **_entry(fields)} if fields else again
            if entry:
                offers.append((tab, record, _text(entry), since + REOFFER_MILLIS))
    if offers:
        connection.exec_driver_sql(
            "INSERT INTO sync_outbox (tab, id, fields, since, departed) VALUES (?, ?, ?, ?, 1) "
            "ON CONFLICT (tab, id) DO UPDATE SET fields = excluded.fields",
            offers,
        )


def offer_conflicts(connection: Connection) -> None:
    """Offer the values that gave way in open conflicts: a centre that has gone back may hold them no more."""
    connection.exec_driver_sql(
        "INSERT OR REPLACE INTO sync_offer (tab, record, field, stamp, value) "
        "SELECT tab, record, field, stamp, value FROM sync_conflict"
    )
    connection.exec_driver_sql("UPDATE sync_offer SET parked = 0")


def offer_others(connection: Connection, table: Synced, block: Block) -> None:
    """Offer clean values that are not those of `block`, whoever wrote them: a centre that has gone back may have lost
    them, another one knows that they were superseded."""
    rows = connection.exec_driver_sql(
        "SELECT s.id, s.stamps, coalesce(o.fields, '{}') FROM sync_stamp s LEFT JOIN sync_outbox o USING (tab, id) "
        "WHERE s.tab = ? AND s.id IN (SELECT value FROM json_each(?))",
        (table.name, _text([row.id for row in block.rows])),
    )
    mine = {record: (_stamps(stamps), _entry(fields)) for record, stamps, fields in rows}
    values = {record: line for record, *line in table.rows.wire_among(connection, mine)}
    offers = []
    for row in block.rows:
        stamps, entry = mine.get(row.id, ({}, {}))
        theirs: Stamps = msgspec.json.decode(row.stamps)
        for field, value in zip(table.fields, values.get(row.id, ()), strict=False):
            stamp = change.stamp_of(stamps, field)
            if stamp and stamp != change.stamp_of(theirs, field) and not change.dirty_stamp(entry, field):
                offers.append((table.name, row.id, field, stamp, _text(value)))
    if offers:
        connection.exec_driver_sql(
            "INSERT OR IGNORE INTO sync_offer (tab, record, field, stamp, value) VALUES (?, ?, ?, ?, ?)", offers
        )


def unpark_offers(connection: Connection, table: Synced, ids: Sequence[str]) -> None:
    """The centre has these records: what it could not place before, it can now."""
    connection.exec_driver_sql(
        "UPDATE sync_offer SET parked = 0 WHERE parked AND tab = ? AND record IN (SELECT value FROM json_each(?))",
        (table.name, _text(list(ids))),
    )


def _entry(text: str) -> Entry:
    found: Entry = msgspec.json.decode(text)
    return found


def _stamps(text: str | None) -> Stamps:
    return msgspec.json.decode(text) if text else {}


def _text(value: object) -> str:
    return msgspec.json.encode(value).decode()
