"""What the entries of the history wrote, beside what stands in the tables."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from itertools import accumulate
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, MetaData, Select, func, select
from sqlalchemy.exc import StatementError

from sync import protocol
from sync.errors import InvalidValue
from sync.gaps import NO_ENTRY, EntryName, Gap, GapKind
from sync.history import Block, Opened, spread
from sync.ledger import Key, Ledger, Stored
from sync.statements import Statements
from sync.tables import Synced

CHUNK = 500
"""Records and conflicts that are compared at once."""
_UNREADABLE = (ValueError, TypeError, msgspec.MsgspecError, StatementError)


class _Written(NamedTuple):
    """A record as an entry left it; `values` on the wire, `facts` what `sync` itself says of it."""

    entry: EntryName
    revision: int
    values: dict[str, Any]
    facts: dict[str, Any]


class WrittenRecords:
    """The records that entries wrote, since the last comparison, beside those that stand."""

    def __init__(
        self,
        connection: Connection,
        tables: Mapping[str, Synced],
        statements: Statements,
        own: MetaData,
        began: int,
    ) -> None:
        self._connection = connection
        self._tables = tables
        self._ledger = Ledger(connection, tables, statements)
        self._records = own.tables["sync_record"].c
        self._began = began
        self._rows = self._standing()
        self._next = next(self._rows, None)
        self.written: list[tuple[Key, _Written]] = []

    def close(self) -> None:
        self._rows.close()

    def older(self) -> int:
        """How many records are older than the history."""
        if not self._began:
            return 0
        query = select(func.count()).where(self._records.revision <= self._began)
        return int(self._connection.execute(query).scalar_one())

    def note(self, name: EntryName, blocks: Iterable[Block]) -> None:
        for block in blocks:
            count = len(block.ids)
            values = zip(*(spread(column, count) for column in block.columns), strict=True)
            told = (block.stamps, block.past, list(map(frozenset, block.scopes)))
            facts = zip(*(spread(column, count) for column in told), strict=True)
            rows = zip(block.ids, accumulate(block.steps), spread(block.extra, count), values, facts, strict=True)
            for record, revision, extra, row, (stamps, past, scopes) in rows:
                wire = {**dict(zip(block.fields, row, strict=True)), **extra}
                written = _Written(name, revision, wire, {"stamps": stamps, "past": past, "scopes": scopes})
                self.written.append(((block.table, record), written))

    def compare(self, reached: int) -> Iterator[Gap]:
        """What is not as it was left; and what stands at a revision up to `reached` that no entry gave it."""
        last = {key: written.revision for key, written in self.written}
        present = self._load(last)
        for key, written in self.written:
            stored = present.get(key)
            if stored is None:
                kind = GapKind.CHANGED if key in present else GapKind.GONE
                yield Gap(kind, written.entry, table=key[0], id=key[1], field="*" if key in present else "")
            elif field := self._difference(written, stored, self._tables[key[0]]):
                yield Gap(GapKind.CHANGED, written.entry, table=key[0], id=key[1], field=field)
        while self._next is not None and type(self._next[0]) is int and self._next[0] <= reached:
            revision, *key = self._next
            if last.get((key[0], key[1])) != revision:
                yield Gap(GapKind.UNKNOWN, NO_ENTRY, table=key[0], id=key[1])
            self._next = next(self._rows, None)
        self.written.clear()

    def rest(self) -> Iterator[Gap]:
        """Records that stand past the last entry, and those that only the table or only `sync` has."""
        if self._next is not None:
            yield Gap(GapKind.UNKNOWN, NO_ENTRY, table=self._next[1], id=self._next[2])
        for name, table in self._tables.items():
            known, kept = self._records, table.table.c
            both = select(known.id).where(known.tab == name, known.id == kept.id).correlate(table.table).exists()
            for (record,) in self._connection.execute(select(kept.id).where(~both).order_by(kept.id).limit(1)):
                yield Gap(GapKind.UNKNOWN, NO_ENTRY, table=name, id=record)
            ids = select(kept.id).where(kept.id == known.id).exists()
            query = select(known.id).where(known.tab == name, ~ids).order_by(known.id).limit(1)
            for (record,) in self._connection.execute(query):
                yield Gap(GapKind.GONE, NO_ENTRY, table=name, id=record)

    def _difference(self, written: _Written, stored: Stored, table: Synced) -> str:
        """The first field or fact in which a record is not as it was left; empty where it is, or was written again."""
        if stored.revision != written.revision:
            later = type(stored.revision) is int and stored.revision > written.revision
            return "" if later else "revision"
        for field, value in written.values.items():
            if field not in stored.values or not self._is_same(table, field, value, stored.values[field]):
                return field
        for field in stored.values:
            if field not in written.values and field not in table.kinds:
                return field
        facts = {"stamps": stored.stamps, "past": stored.past, "scopes": stored.scopes}
        return next((name for name, value in facts.items() if value != written.facts[name]), "")

    def _is_same(self, table: Synced, field: str, written: Any, stored: Any) -> bool:
        if written == stored or field not in table.kinds:
            return bool(written == stored)
        try:
            return bool(table.as_kept(field, written) == stored)
        except InvalidValue:  # the field has become another since it was written
            return False

    def _standing(self) -> Generator[Any]:
        columns = (self._records.revision, self._records.tab, self._records.id)
        query = select(*columns).order_by(self._records.revision)
        query = query.where(self._records.revision > self._began) if self._began else query
        with closing(self._connection.execute(query, execution_options={"yield_per": CHUNK})) as rows:
            yield from rows

    def _load(self, keys: Iterable[Key]) -> dict[Key, Stored | None]:
        """The records that stand; None for one whose values cannot be read."""
        try:
            return dict(self._ledger.load(keys))
        except _UNREADABLE:
            return {key: stored for each in keys for key, stored in self._load_alone(each)}

    def _load_alone(self, key: Key) -> list[tuple[Key, Stored | None]]:
        try:
            return list(self._ledger.load([key]).items())
        except _UNREADABLE:
            return [(key, None)]


class KeptConflicts:
    """The values that entries kept as conflicts, beside those that are kept."""

    def __init__(self, connection: Connection, statements: Statements, own: MetaData, began: int) -> None:
        self._connection = connection
        self._statements = statements
        self._held = own.tables["sync_conflict"].c
        self._began = began
        self._kept: dict[str, EntryName] = {}
        self._settled: set[str] = set()
        self.opened: dict[str, tuple[EntryName, Opened]] = {}

    def note(self, name: EntryName, opened: Iterable[Opened], settled: Iterable[str]) -> None:
        self.opened.update({one.id: (name, one) for one in opened})
        self._settled.update(settled)

    def compare(self) -> Iterator[Gap]:
        """What was kept and is not there as it was."""
        if not self.opened:
            return
        query = "SELECT id, tab, record, field, stamp, value FROM sync_conflict WHERE id"
        rows = self._statements.among(self._connection, query, self.opened)
        present = {row[0]: tuple(row) for row in rows}
        for one, (name, opened) in self.opened.items():
            *told, value = msgspec.structs.astuple(opened)
            if present.get(one) != (*told, protocol.encode(value).decode()):
                yield Gap(GapKind.CONFLICT, name, table=opened.table, id=opened.record, field=opened.field)
            self._kept[one] = name
        self.opened.clear()

    def rest(self) -> Iterator[Gap]:
        """A conflict is there because an entry kept it, and closed because one settled it, or is older than they."""
        held = self._held
        query = select(held.id, held.closed, held.tab, held.record, held.field).order_by(held.stamp)
        with streamed(self._connection, query, CHUNK) as rows:
            for row in rows:
                name, closed, settled = self._kept.get(row["id"]), row["closed"] == 1, row["id"] in self._settled
                told = closed == settled and name is not None
                if not told and (self._began == 0 or settled > closed):
                    name = name or NO_ENTRY
                    yield Gap(GapKind.CONFLICT, name, table=row["tab"], id=row["record"], field=row["field"])


@contextmanager
def streamed(connection: Connection, query: Select[Any], size: int) -> Iterator[Any]:
    """Rows as mappings, at most `size` of them in memory; the cursor is closed also where the walk ends early."""
    with closing(connection.execute(query, execution_options={"yield_per": size})) as rows:
        yield rows.mappings()
