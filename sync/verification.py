"""Whether the centre's history is whole, and whether the records are as it left them; the first gap is named.

Entries are walked in order and compared in chunks, in one snapshot and in bounded memory (ids of conflicts aside).
Records that are older than the history are counted, and are no gap. Somebody who rewrites everything, the chain and
its head too, is seen only by a hash that was noted before, elsewhere.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from itertools import accumulate
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, MetaData, RowMapping, Select, func, select, type_coerce
from sqlalchemy.exc import StatementError
from sqlalchemy.types import NULLTYPE

from sync import protocol
from sync.gaps import NO_ENTRY, EntryName, Gap, GapKind, Verification
from sync.history import Block, Content, Deed, Head, Opened, entry_hash, unpack
from sync.ledger import Key, Ledger, Stored
from sync.statements import Statements
from sync.tables import Synced

_CHUNK = 500
_ENTRIES_AT_ONCE = 16
_UNREADABLE = (ValueError, TypeError, msgspec.MsgspecError, StatementError)


def verify(
    connection: Connection, tables: Mapping[str, Synced], statements: Statements, own: MetaData, expect: str = ""
) -> Verification:
    """Walk the whole history; `expect` is the hash that some entry should have."""
    walk = _Walk(connection, tables, statements, own, expect)
    with closing(walk.gaps()) as gaps:
        gap = next(gaps, None)
    return Verification(walk.head.number, walk.head.hash, walk.older_records, walk.expected, gap)


class _Walk:
    """The chain of entries. `gaps` yields what does not hold, the first entry first."""

    def __init__(
        self,
        connection: Connection,
        tables: Mapping[str, Synced],
        statements: Statements,
        own: MetaData,
        expect: str,
    ) -> None:
        self._connection = connection
        self._history = own.tables["sync_history"]
        self._centre = connection.execute(select(own.tables["sync_centre"])).mappings().first()
        self._expect = expect
        began = self._beginning()
        self._records = _Records(connection, tables, statements, own, began)
        self._conflicts = _Conflicts(connection, statements, own, began)
        self._last = NO_ENTRY
        self._reached = began
        self._epoch = ""
        self.head = Head(0, "")
        self.expected: int | None = None
        self.older_records = self._records.older()

    def gaps(self) -> Generator[Gap]:
        columns = [self._history.c[name] for name in ("number", *Deed._fields, "hash")]
        content = type_coerce(self._history.c.content, NULLTYPE).label("content")
        query = select(*columns, content).order_by(self._history.c.number)
        with _streamed(self._connection, query, _ENTRIES_AT_ONCE) as rows, closing(self._records):
            for row in rows:
                yield from self._entry(row)
            yield from self._compare()
            yield from self._end()
            yield from self._records.rest()
            yield from self._conflicts.rest()

    def _entry(self, row: RowMapping) -> Iterator[Gap]:
        name = EntryName(row["number"], row["at"], row["device"], row["person"])
        if name.number != self.head.number + 1:
            yield from self._compare()
            yield self._missing(name.number - 1)
        deed, packed = Deed(*(row[field] for field in Deed._fields)), row["content"]
        sound = type(packed) is bytes and entry_hash(self.head.hash, name.number, deed, packed) == row["hash"]
        content = unpack(packed) if sound else None
        if content is None:
            yield from self._compare()
            yield Gap(GapKind.ALTERED, name)
        else:
            self._note(name, deed, row["hash"], content)
            if len(self._records.written) + len(self._conflicts.opened) >= _CHUNK:
                yield from self._compare()

    def _note(self, name: EntryName, deed: Deed, digest: str, content: Content) -> None:
        self.head, self._last, self._reached = Head(name.number, digest), name, deed.revision
        self._epoch = content.epoch or self._epoch
        if digest == self._expect:
            self.expected = name.number
        self._records.note(name, content.records)
        self._conflicts.note(name, content.opened, content.settled)

    def _compare(self) -> Iterator[Gap]:
        yield from self._records.compare(self._reached)
        yield from self._conflicts.compare()

    def _end(self) -> Iterator[Gap]:
        centre: Mapping[Any, Any] = self._centre or {"entries": 0, "head": "", "revision": 0, "epoch": ""}
        if (centre["entries"], centre["head"]) != self.head:
            cut = type(centre["entries"]) is int and centre["entries"] > self.head.number
            yield self._missing(centre["entries"]) if cut else Gap(GapKind.HEAD, self._last)
        if centre["revision"] != self._reached or self._epoch not in ("", centre["epoch"]):
            yield Gap(GapKind.HEAD, self._last)

    def _missing(self, until: int) -> Gap:
        return Gap(GapKind.MISSING, self._last._replace(number=self.head.number + 1), until)

    def _beginning(self) -> int:
        """The revision up to which records are older than the history."""
        query = select(self._history.c.revision_before).order_by(self._history.c.number).limit(1)
        first = self._connection.execute(query).scalar()
        found = self._centre["revision"] if first is None and self._centre else first
        return found if type(found) is int else 0


class _Written(NamedTuple):
    """A record as an entry left it; `values` on the wire, `facts` what `sync` itself says of it."""

    entry: EntryName
    revision: int
    values: dict[str, Any]
    facts: dict[str, Any]


class _Records:
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
            values = zip(*block.columns, strict=True)
            facts = zip(block.stamps, block.past, map(frozenset, block.scopes), strict=True)
            rows = zip(block.ids, accumulate(block.steps), block.extra, values, facts, strict=True)
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
        return bool(written == stored or (field in table.kinds and table.as_kept(field, written) == stored))

    def _standing(self) -> Generator[Any]:
        columns = (self._records.revision, self._records.tab, self._records.id)
        query = select(*columns).order_by(self._records.revision)
        query = query.where(self._records.revision > self._began) if self._began else query
        with closing(self._connection.execute(query, execution_options={"yield_per": _CHUNK})) as rows:
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


class _Conflicts:
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
        with _streamed(self._connection, query, _CHUNK) as rows:
            for row in rows:
                name, closed, settled = self._kept.get(row["id"]), row["closed"] == 1, row["id"] in self._settled
                told = closed == settled and name is not None
                if not told and (self._began == 0 or settled > closed):
                    name = name or NO_ENTRY
                    yield Gap(GapKind.CONFLICT, name, table=row["tab"], id=row["record"], field=row["field"])


@contextmanager
def _streamed(connection: Connection, query: Select[Any], size: int) -> Iterator[Any]:
    """Rows as mappings, at most `size` of them in memory; the cursor is closed also where the walk ends early."""
    with closing(connection.execute(query, execution_options={"yield_per": size})) as rows:
        yield rows.mappings()
