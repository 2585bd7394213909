"""Whether the centre's history is whole, and whether the records are as it left them; the first gap is named.

Entries are walked in order and compared in chunks, in one snapshot and in bounded memory (ids of conflicts aside).
Records that are older than the history are counted, and are no gap. Somebody who rewrites everything, the chain and
its head too, is seen only by a hash that was noted before, elsewhere.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from typing import Any

from sqlalchemy import Connection, MetaData, RowMapping, select, type_coerce
from sqlalchemy.types import NULLTYPE

from sync import comparison
from sync.comparison import KeptConflicts, WrittenRecords, streamed
from sync.gaps import NO_ENTRY, EntryName, Gap, GapKind, Verification
from sync.history import Content, Deed, Head, entry_hash, unpack
from sync.statements import Statements
from sync.tables import Synced

_ENTRIES_AT_ONCE = 16


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
        self._records = WrittenRecords(connection, tables, statements, own, began)
        self._conflicts = KeptConflicts(connection, statements, own, began)
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
        with streamed(self._connection, query, _ENTRIES_AT_ONCE) as rows, closing(self._records):
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
            skipped = name.number > self.head.number
            yield self._missing(name.number - 1) if skipped else Gap(GapKind.ALTERED, name)
        deed, packed = Deed(*(row[field] for field in Deed._fields)), row["content"]
        sound = type(packed) is bytes and entry_hash(self.head.hash, name.number, deed, packed) == row["hash"]
        content = unpack(packed) if sound else None
        if content is None:
            yield from self._compare()
            yield Gap(GapKind.ALTERED, name)
        else:
            self._note(name, deed, row["hash"], content)
            if len(self._records.written) + len(self._conflicts.opened) >= comparison.CHUNK:
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
