"""Records as the centre keeps them: read in bulk for a merge, written in bulk after it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, MetaData, RowMapping, select, update

from sync import merge
from sync.bulk import among, insert_new, upsert
from sync.change import Stamps
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
        self._left[key] = (self._left.get(key, frozenset()) | left) - after.scopes
        self.opened.update({one: (key, kept) for one, kept in opened.items()})
        self.settled |= settled

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """Rows to write, by table."""
        found: dict[str, list[dict[str, Any]]] = {}
        for (table, _), stored in self.changed.items():
            found.setdefault(table, []).append(stored.row)
        return found

    def feed(self) -> list[dict[str, Any]]:
        """Lines to write to the feed: put in every scope of a record, leave where it was before."""
        return [
            {"scope": scope, "tab": key[0], "id": key[1], "revision": stored.revision, "present": present}
            for key, stored in self.changed.items()
            for scopes, present in ((stored.scopes, 1), (self._left[key], 0))
            for scope in scopes
        ]


class Ledger:
    """The records of `tables` and what `own` says of them, in one transaction."""

    def __init__(self, connection: Connection, tables: Mapping[str, Synced], own: MetaData) -> None:
        self._connection = connection
        self._tables = tables
        self._t = own.tables

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
        connection, own = self._connection, self._t
        for name, rows in work.rows().items():
            upsert(connection, self._tables[name].table, rows)
        upsert(connection, own["sync_record"], [_record_row(self._tables, *one) for one in work.changed.items()])
        upsert(connection, own["sync_feed"], work.feed())
        conflicts = [_conflict_row(one, key, kept, author_of) for one, (key, kept) in work.opened.items()]
        insert_new(connection, own["sync_conflict"], conflicts)
        if work.settled:
            held = own["sync_conflict"]
            connection.execute(update(held).where(among(connection, held.c.id, work.settled)).values(closed=1))

    def _load_table(self, table: Synced, ids: Sequence[str]) -> Iterable[tuple[Key, Stored]]:
        connection, records, rows = self._connection, self._t["sync_record"], table.table
        known = connection.execute(
            select(records).where(records.c.tab == table.name, among(connection, records.c.id, ids))
        ).mappings()
        meta = {row["id"]: row for row in known}
        if not meta:
            return
        open_ids = self._open_conflicts(table.name, list(meta))
        query = select(rows.c.id, *(rows.c[field] for field in table.fields)).where(among(connection, rows.c.id, meta))
        for row in connection.execute(query):
            yield (table.name, row[0]), _stored(table, row[0], row[1:], meta[row[0]], open_ids.get(row[0], frozenset()))

    def _open_conflicts(self, table: str, ids: Sequence[str]) -> dict[str, frozenset[str]]:
        held = self._t["sync_conflict"]
        query = select(held.c.record, held.c.id).where(
            held.c.tab == table, held.c.closed == 0, among(self._connection, held.c.record, ids)
        )
        found: dict[str, frozenset[str]] = {}
        for record, one in self._connection.execute(query):
            found[record] = found.get(record, frozenset()) | {one}
        return found


def _stored(table: Synced, record: str, row: Sequence[Any], meta: RowMapping, conflicts: frozenset[str]) -> Stored:
    extra = msgspec.json.decode(meta["extra"]) if meta["extra"] else {}
    return Stored(
        {"id": record, **dict(zip(table.fields, row, strict=True))},
        {**dict(zip(table.fields, table.wire(row), strict=True)), **extra},
        msgspec.json.decode(meta["stamps"]),
        msgspec.json.decode(meta["past"]) if meta["past"] else {},
        frozenset(msgspec.json.decode(meta["scopes"])),
        meta["revision"],
        conflicts,
    )


def _record_row(tables: Mapping[str, Synced], key: tuple[str, str], stored: Stored) -> dict[str, Any]:
    kinds = tables[key[0]].kinds
    extra = {field: value for field, value in stored.values.items() if field not in kinds}
    return {
        "tab": key[0],
        "id": key[1],
        "revision": stored.revision,
        "stamps": _text(stored.stamps),
        "past": _text(stored.past) if stored.past else None,
        "scopes": _text(sorted(stored.scopes)),
        "extra": _text(extra) if extra else None,
    }


def _conflict_row(one: str, key: Key, kept: merge.Kept, author_of: Callable[[str], str]) -> dict[str, Any]:
    return {
        "id": one,
        "tab": key[0],
        "record": key[1],
        "field": kept.field,
        "stamp": kept.stamp,
        "value": _text(kept.value),
        "author": author_of(kept.stamp),
    }


def _text(value: object) -> str:
    return msgspec.json.encode(value).decode()
