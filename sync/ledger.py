"""Records as the centre keeps them: read in bulk for a merge, written in bulk after it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection

from sync import merge
from sync.adoption import placed
from sync.change import Stamps
from sync.statements import Statements
from sync.tables import Synced

Key = tuple[str, str]
"""Table and id."""
_NOWHERE: frozenset[str] = frozenset()


class Stored(NamedTuple):
    """A record as the centre has it: `row` in Python values, `values` on the wire, with unknown fields among them.

    `conflicts` are the open ones by id, with the characters of the value that each keeps.
    """

    row: dict[str, Any]
    values: dict[str, Any]
    stamps: Stamps
    past: merge.Past
    scopes: frozenset[str]
    revision: int
    conflicts: Mapping[str, int]


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
        self.left: dict[Key, frozenset[str]] = {}

    def add(self, key: Key, made: Stored) -> None:
        """Put in place a record that there has not been."""
        self.records[key] = self.changed[key] = made

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
        self.left[key] = (self.left.get(key, _NOWHERE) | left) - after.scopes
        if opened:
            self.opened.update({one: (key, kept) for one, kept in opened.items()})
        self.settled |= settled


class _Lines:
    """What one piece of work writes, row by row: of the replicated tables, of `sync_record`, of `sync_feed`."""

    def __init__(self, tables: Mapping[str, Synced]) -> None:
        self._tables = tables
        self._scopes: dict[frozenset[str], str] = {}
        self.rows: dict[str, list[tuple[Any, ...]]] = {}
        self.records: list[tuple[Any, ...]] = []
        self.feed: list[tuple[Any, ...]] = []

    def add(self, key: Key, stored: Stored, left: frozenset[str]) -> None:
        """Put in every scope of the record, leave where it was before."""
        name, record = key
        scopes = self._scopes.get(stored.scopes)
        if scopes is None:
            scopes = self._scopes[stored.scopes] = text_of(sorted(stored.scopes))
        row, extra = self._row(name, record, stored)
        self.rows.setdefault(name, []).append(row)
        past = text_of(stored.past) if stored.past else None
        self.records.append((name, record, stored.revision, text_of(stored.stamps), past, scopes, extra))
        for scope in stored.scopes:
            self.feed.append((scope, name, record, stored.revision, 1))
        for scope in left:
            self.feed.append((scope, name, record, stored.revision, 0))

    def _row(self, name: str, record: str, stored: Stored) -> tuple[tuple[Any, ...], str | None]:
        """The row of the table, and the fields that the table does not have as JSON."""
        table, values = self._tables[name], stored.values
        if table.rows.takes_wire and values.keys() == table.kinds.keys():
            return (record, *table.in_order(values)), None
        bound = table.rows.bound([(record, *(stored.row[field] for field in table.fields))])[0]
        extra = {field: value for field, value in values.items() if field not in table.kinds}
        return bound, text_of(extra) if extra else None


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
        lines = _Lines(self._tables)
        for key, stored in work.changed.items():
            lines.add(key, stored, work.left.get(key, _NOWHERE))
        for name, rows in lines.rows.items():
            statements.tables[name].upsert_bound(connection, rows)
        statements.record.upsert_bound(connection, lines.records)
        statements.feed.upsert_bound(connection, lines.feed)
        conflicts = [_conflict_row(one, key, kept, author_of) for one, (key, kept) in work.opened.items()]
        statements.conflict.insert_new(connection, conflicts)
        if work.settled:
            statements.among(connection, "UPDATE sync_conflict SET closed = 1 WHERE id", work.settled)

    def _load_table(self, table: Synced, ids: Sequence[str]) -> Iterable[tuple[Key, Stored]]:
        held = self._statements.held(self._connection, table.name, ids)
        if not held:
            return
        found = self._statements.records(self._connection, table.name, held)
        conflicts = self._open_conflicts(table.name, [row[0] for row in found])
        for row, wire in zip(table.rows.read(found), table.rows.read_wire(found), strict=True):
            yield (table.name, row[0]), _stored(table, row, wire, conflicts.get(row[0], {}))

    def _open_conflicts(self, table: str, ids: Sequence[str]) -> dict[str, dict[str, int]]:
        query = "SELECT record, id, length(value) FROM sync_conflict WHERE tab = ? AND closed = 0 AND record"
        found: dict[str, dict[str, int]] = {}
        for record, one, characters in self._statements.among(self._connection, query, ids, table):
            found.setdefault(record, {})[one] = characters
        return found


def _stored(table: Synced, row: list[Any], wire: list[Any], conflicts: Mapping[str, int]) -> Stored:
    revision, stamps, past, scopes, extra = row[-5:]
    python = dict(zip(table.columns, row, strict=False))
    values = dict(zip(table.fields, wire[1:], strict=False))
    if extra:
        brought = msgspec.json.decode(extra)
        new = placed(table, brought)
        python.update(new)
        values.update({field: value for field, value in brought.items() if field in new or field not in table.kinds})
    return Stored(
        python,
        values,
        msgspec.json.decode(stamps),
        msgspec.json.decode(past) if past else {},
        frozenset(msgspec.json.decode(scopes)),
        revision,
        conflicts,
    )


def _conflict_row(one: str, key: Key, kept: merge.Kept, author_of: Callable[[str], str]) -> tuple[Any, ...]:
    return (one, *key, kept.field, kept.stamp, text_of(kept.value), author_of(kept.stamp))


def text_of(value: object) -> str:
    """A wire value as JSON text."""
    return msgspec.json.encode(value).decode()
