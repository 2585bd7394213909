"""What a laptop pulls: whole records by scope and revision, and what it must forget; read in one snapshot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

import msgspec
from msgspec import Raw
from sqlalchemy import Connection

from sync import clock, protocol
from sync.change import stamp_of
from sync.devices import Register
from sync.errors import TooLarge
from sync.ledger import Key
from sync.protocol import EncodedBlock, EncodedPage, Held, Row
from sync.statements import HELD_LIMIT, Statements
from sync.tables import Synced

_CHUNK = 256
_TYPICAL_RECORD = 192


class Entry(NamedTuple):
    """One line of the feed."""

    revision: int
    scope: str
    table: str
    id: str
    present: int


class ScopeSets:
    """The readable scopes of records, each distinct set named once in a reply."""

    def __init__(self, reads: frozenset[str]) -> None:
        self._reads = reads
        self._places: dict[frozenset[str], int] = {}
        self._known: dict[frozenset[str], int] = {}
        self._texts: dict[str, int] = {}

    def place(self, scopes: frozenset[str]) -> int:
        """Where the readable ones of `scopes` stand in the reply; -1 when none is readable."""
        known = self._known.get(scopes)
        if known is None:
            readable = self._reads & scopes
            known = self._places.setdefault(readable, len(self._places)) if readable else -1
            self._known[scopes] = known
        return known

    def place_of(self, text: str) -> int:
        """The same for a stored JSON list."""
        if text not in self._texts:
            self._texts[text] = self.place(frozenset(msgspec.json.decode(text)))
        return self._texts[text]

    def listed(self) -> list[list[str]]:
        """The sets in the order of their places."""
        return [sorted(scopes) for scopes in self._places]


class Reader:
    """Reads records of `tables` in the connection's snapshot, as rows for the wire."""

    def __init__(
        self, connection: Connection, tables: Mapping[str, Synced], statements: Statements, sets: ScopeSets
    ) -> None:
        self._connection = connection
        self._tables = tables
        self._statements = statements
        self._sets = sets

    def rows(self, table: str, ids: Sequence[str]) -> dict[str, bytes]:
        """Encoded rows by id; left out is what the caller may not read, and what is of a table that is no more."""
        if table not in self._tables:
            return {}
        found = self._tables[table].rows.read_wire(self._statements.records(self._connection, table, ids))
        held = self._held(table, ids) if found else {}
        encoded = {}
        for record, *values, _revision, stamps, _past, scopes, extra in found:
            place = self._sets.place_of(scopes)
            if place >= 0:
                row = Row(record, place, Raw(stamps.encode()), values)
                if record in held:
                    row.held = self._named(held[record], stamps)
                if extra:
                    row.extra = msgspec.json.decode(extra)
                encoded[record] = protocol.encode(row)
        return encoded

    def entries(
        self, scope: str, start: int, at: int, have: Sequence[tuple[int, int]], count: int, *, leaves: bool
    ) -> list[Entry]:
        """The next `count` lines of one scope after `start`, without puts within `have`.

        From the beginning of a scope on, what left it is named only if `leaves` are asked for.
        """
        query = (
            "SELECT revision, scope, tab, id, present FROM sync_feed WHERE scope = ? AND revision > ? AND revision <= ?"
        )
        parameters = [scope, start, at]
        if start == 0 and not leaves:
            query += " AND present = 1"
        if have:
            ranges = " OR ".join(["(revision > ? AND revision <= ?)"] * len(have))
            query += f" AND NOT (present = 1 AND ({ranges}))"
            parameters.extend(bound for span in have for bound in span)
        rows = self._statements.run(self._connection, f"{query} ORDER BY revision LIMIT ?", *parameters, count)
        return [Entry(*row) for row in rows]

    def revision(self) -> int:
        """The revision that the snapshot has reached."""
        return int(self._statements.run(self._connection, "SELECT revision FROM sync_centre")[0][0])

    def blocks(self, rows: Mapping[str, Sequence[bytes]]) -> list[EncodedBlock]:
        """Blocks of rows that are encoded already, by table."""
        return [
            EncodedBlock(table, list(self._tables[table].fields), [Raw(row) for row in encoded])
            for table, encoded in rows.items()
        ]

    def _held(self, table: str, ids: Sequence[str]) -> dict[str, list[Any]]:
        size = "SELECT coalesce(sum(length(value)), 0) FROM sync_conflict WHERE tab = ? AND closed = 0 AND record"
        ((characters,),) = self._statements.among(self._connection, size, ids, table)
        if not characters:
            return {}
        if characters > HELD_LIMIT and len(ids) > 1:
            raise TooLarge("conflicts")
        query = (
            "SELECT record, id, field, value, stamp, author FROM sync_conflict WHERE tab = ? AND closed = 0 AND record"
        )
        found: dict[str, list[Any]] = {}
        for record, *line in self._statements.among(self._connection, query, ids, table):
            found.setdefault(record, []).append(line)
        return {record: sorted(lines, key=itemgetter(3)) for record, lines in found.items()}

    def _named(self, lines: Sequence[Any], stamps_text: str) -> list[Held]:
        stamps = msgspec.json.decode(stamps_text)
        kept = {field: stamp_of(stamps, field) for _, field, *_ in lines}
        persons = Register(self._connection, self._statements).persons(kept.values())
        return [
            Held(one, field, msgspec.json.decode(value), stamp, author, persons.get(clock.device_of(kept[field]), ""))
            for one, field, value, stamp, author in lines
        ]


class Wish(NamedTuple):
    """What a laptop asks for: its readable scopes, where it stands in each, what it made itself, and how many bytes.

    `leaves` gives what left a scope also from its beginning on: a page that is carried may meet a laptop that has moved on.
    """

    reads: frozenset[str]
    cursors: Mapping[str, int]
    have: Sequence[tuple[int, int]]
    size: int
    leaves: bool = False


def read_page(reader: Reader, wish: Wish) -> EncodedPage:
    """The next page for a laptop with these cursors; at least one record if there is any."""
    at = reader.revision()
    starts = {scope: cursor if (cursor := wish.cursors.get(scope, 0)) <= at else 0 for scope in sorted(wish.reads)}
    entries, horizon = _entries(reader, starts, at, wish)
    revisions = {(entry.table, entry.id): entry.revision for entry in entries if entry.present}
    rows, left = fill(reader, list(revisions), wish.size)
    horizon = min(horizon, revisions[left[0]] - 1) if left else horizon
    return EncodedPage(
        cursors={scope: max(start, horizon) for scope, start in starts.items()},
        at=at,
        more=horizon < at,
        blocks=reader.blocks(rows),
        leave=[(one.scope, one.table, one.id) for one in entries if not one.present and one.revision <= horizon],
    )


def _entries(reader: Reader, starts: Mapping[str, int], at: int, wish: Wish) -> tuple[list[Entry], int]:
    """Feed lines of all scopes in the order of revisions, complete up to the returned revision.

    What the laptop made itself it may have forgotten since, with a scope that it lost: a scope new to it comes whole.
    """
    count = 1 + wish.size // _TYPICAL_RECORD
    horizon, found = at, []
    for scope, start in starts.items():
        own = wish.have if scope in wish.cursors or not wish.cursors else ()
        lines = reader.entries(scope, start, at, own, count, leaves=wish.leaves)
        if len(lines) == count:
            horizon = min(horizon, lines[-1].revision)
        found.extend(lines)
    return sorted(line for line in found if line.revision <= horizon), horizon


def fill(reader: Reader, keys: Sequence[Key], size: int) -> tuple[dict[str, list[bytes]], Sequence[Key]]:
    """Encoded rows by table, in the order of `keys`, until `size` is reached; and the keys that are left."""
    rows: dict[str, list[bytes]] = {}
    used, first, step = 0, 0, _CHUNK
    while first < len(keys):
        chunk = keys[first : first + step]
        try:
            encoded = _encoded(reader, chunk)
        except TooLarge:
            step = len(chunk) // 2
            continue
        for place, key in enumerate(chunk, first):
            body = encoded.get(key, b"")
            if used and used + len(body) > size:
                return rows, keys[place:]
            used += len(body) + 1
            if body:
                rows.setdefault(key[0], []).append(body)
        first += len(chunk)
    return rows, ()


def _encoded(reader: Reader, keys: Sequence[Key]) -> dict[Key, bytes]:
    by_table: dict[str, list[str]] = {}
    for table, record in keys:
        by_table.setdefault(table, []).append(record)
    return {
        (table, record): body for table, ids in by_table.items() for record, body in reader.rows(table, ids).items()
    }
