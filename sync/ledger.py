"""Records as the centre keeps them: read in bulk for a merge, written in bulk after it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection

from sync import merge
from sync.change import Stamps
from sync.statements import Statements
from sync.tables import Synced

Key = tuple[str, str]
"""Table and id."""


class Stored(NamedTuple):
    """A record as the centre has it: `row` in Python values, `values` on the wire, with unknown fields among them."""

    row: dict[str, Any]
    values: dict[str, Any]
    stamps: Stamps
    past: merge.Past
    scopes: frozenset[str]
    revision: int
    conflicts: frozenset[str]


def conflict_id(table: str, record: str, field: str, stamp: str) -> str:
    """The id of a conflict: the same loser of the same field is the same conflict, however often it comes."""
    return hashlib.sha256("\n".join((table, record, field, stamp)).encode()).hexdigest()[:20]


class Work:
    """Records as they stand within one attempt, and what of them must be written."""

    def __init__(self, records: dict[Key, Stored]) -> None:
        self.records = records
        self.changed: dict[Key, Stored] = {}
        self.opened: dict[str, tuple[Key, merge.Kept]] = {}
        self.settled: set[str] = set()
        self._left: dict[Key, frozenset[str]] = {}

    def take(
        self,
        key: Key,
        after: Stored,
        *,
        left: frozenset[str],
        opened: Mapping[str, merge.Kept],
        settled: set[str],
        changed: bool,
    ) -> None:
        """Put a merged record in place; `left` are scopes that it is no longer in, `opened` and `settled` conflicts."""
        self.records[key] = after
        if not changed:
            return
        self.changed[key] = after
        self._left[key] = (self._left[key] | left) - after.scopes if key in self._left else left
        if opened:
            self.opened.update({one: (key, kept) for one, kept in opened.items()})
        self.settled |= settled

    def rows(self, tables: Mapping[str, Synced]) -> dict[str, list[tuple[Any, ...]]]:
        """Rows to write, by table: `(id, *fields)`."""
        columns = {name: itemgetter("id", *table.fields) for name, table in tables.items()}
        found: dict[str, list[tuple[Any, ...]]] = {}
        for (table, _), stored in self.changed.items():
            found.setdefault(table, []).append(columns[table](stored.row))
        return found

    def feed(self) -> list[tuple[Any, ...]]:
        """Lines to write to the feed: put in every scope of a record, leave where it was before."""
        return [
            (scope, *key, stored.revision, present)
            for key, stored in self.changed.items()
            for scopes, present in ((stored.scopes, 1), (self._left[key], 0))
            for scope in scopes
        ]


class Ledger:
    """The records of `tables` and what `sync` says of them, in one transaction."""

    def __init__(self, connection: Connection, tables: Mapping[str, Synced], statements: Statements) -> None:
        self._connection = connection
        self._tables = tables
        self._statements = statements

    def load(self, keys: Iterable[Key]) -> dict[Key, Stored]:
        """Those of the records with `keys` that the centre has."""
        by_table: dict[str, list[str]] = {}
        for table, record in keys:
            by_table.setdefault(table, []).append(record)
        found: dict[Key, Stored] = {}
        for name, ids in by_table.items():
            if name in self._tables:
                found.update(self._load_table(self._tables[name], ids))
        return found

    def write(self, work: Work, author_of: Callable[[str], str]) -> None:
        """Write what `work` has changed; `author_of` names the person behind a stamp."""
        connection, statements = self._connection, self._statements
        for name, rows in work.rows(self._tables).items():
            statements.tables[name].upsert(connection, rows)
        statements.record.upsert(connection, self._record_rows(work))
        statements.feed.upsert(connection, work.feed())
        conflicts = [_conflict_row(one, key, kept, author_of) for one, (key, kept) in work.opened.items()]
        statements.conflict.insert_new(connection, conflicts)
        if work.settled:
            statements.among(connection, "UPDATE sync_conflict SET closed = 1 WHERE id", work.settled)

    def _load_table(self, table: Synced, ids: Sequence[str]) -> Iterable[tuple[Key, Stored]]:
        found = self._statements.records(self._connection, table.name, ids)
        if not found:
            return
        conflicts = self._open_conflicts(table.name, [row[0] for row in found])
        for row in found:
            yield (table.name, row[0]), _stored(table, row, conflicts.get(row[0], frozenset()))

    def _open_conflicts(self, table: str, ids: Sequence[str]) -> dict[str, frozenset[str]]:
        query = "SELECT record, id FROM sync_conflict WHERE tab = ? AND closed = 0 AND record"
        found: dict[str, frozenset[str]] = {}
        for record, one in self._statements.among(self._connection, query, ids, table):
            found[record] = found.get(record, frozenset()) | {one}
        return found

    def _record_rows(self, work: Work) -> list[tuple[Any, ...]]:
        known = {name: table.kinds.keys() for name, table in self._tables.items()}
        scopes = {stored.scopes: _text(sorted(stored.scopes)) for stored in work.changed.values()}
        return [
            (
                *key,
                stored.revision,
                _text(stored.stamps),
                _text(stored.past) if stored.past else None,
                scopes[stored.scopes],
                None if stored.values.keys() <= known[key[0]] else _extra(stored.values, known[key[0]]),
            )
            for key, stored in work.changed.items()
        ]


def _extra(values: Mapping[str, Any], known: Collection[str]) -> str:
    return _text({field: value for field, value in values.items() if field not in known})


def _stored(table: Synced, row: list[Any], conflicts: frozenset[str]) -> Stored:
    record, *values = row[:-5]
    revision, stamps, past, scopes, extra = row[-5:]
    wire = dict(zip(table.fields, table.wire(values), strict=True))
    if extra:
        wire.update(msgspec.json.decode(extra))
    return Stored(
        {"id": record, **dict(zip(table.fields, values, strict=True))},
        wire,
        msgspec.json.decode(stamps),
        msgspec.json.decode(past) if past else {},
        frozenset(msgspec.json.decode(scopes)),
        revision,
        conflicts,
    )


def _conflict_row(one: str, key: Key, kept: merge.Kept, author_of: Callable[[str], str]) -> tuple[Any, ...]:
    return (one, *key, kept.field, kept.stamp, _text(kept.value), author_of(kept.stamp))


def _text(value: object) -> str:
    return msgspec.json.encode(value).decode()
