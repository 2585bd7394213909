"""One block of whole records becomes rows of the laptop's table, which may be of another schema and hold unsent edits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection
from sqlalchemy.exc import DataError, IntegrityError, InterfaceError, ProgrammingError

from sync import change, quarantine
from sync.change import Entry, Stamps
from sync.errors import InvalidValue
from sync.protocol import Block, Row
from sync.tables import Synced

FORGET_CONFLICTS = "DELETE FROM sync_conflict WHERE tab = ? AND record IN (SELECT value FROM json_each(?))"
_UNSTORABLE = (IntegrityError, DataError, InterfaceError, ProgrammingError)


class Dirty(NamedTuple):
    """What stands locally of a record that arrives."""

    entry: Entry
    held: dict[str, Any]
    stamps: Stamps


def apply_block(
    connection: Connection, table: Synced, block: Block, scopes: Sequence[Sequence[str]], at: int
) -> list[str]:
    """Apply whole records as they were at the centre's revision `at`; the ids of those that the table could take.

    The others are set aside in the quarantine, and are in nobody's way.
    """
    dirty = dirty_of(connection, table.name, _text([row.id for row in block.rows]))
    arriving = _Arriving(connection, _Plan(table, block.fields), dirty, at)
    for row in block.rows:
        arriving.read(row)
    arriving.write()
    taken = arriving.taken()
    members = [(table.name, row.id, scope) for row in block.rows if row.scopes >= 0 for scope in scopes[row.scopes]]
    if members:
        connection.exec_driver_sql("INSERT OR REPLACE INTO sync_member (tab, id, scope) VALUES (?, ?, ?)", members)
    _apply_conflicts(connection, table.name, taken, dirty)
    quarantine.clear(connection, table.name, [row.id for row in block.rows])
    quarantine.put(connection, block, arriving.refused, at)
    return [row.id for row in taken]


class _Arriving:
    """The rows of one block on their way into the laptop's table, and those that cannot go in: `(row, reason)`."""

    def __init__(self, connection: Connection, plan: _Plan, dirty: Mapping[str, Dirty], at: int) -> None:
        self._connection = connection
        self._plan = plan
        self._dirty = dirty
        self._at = at
        self._clean: list[tuple[Any, ...]] = []
        self._rows: list[Row] = []
        self._mixed: dict[str, str] = {}
        self.refused: list[tuple[Row, str]] = []

    def read(self, row: Row) -> None:
        """Take one row, or refuse it."""
        try:
            if row.id in self._dirty:
                self._mixed[row.id] = self._mix(row)
            else:
                self._clean.append(self._plan.bound(row))
            self._rows.append(row)
        except InvalidValue as error:
            self.refused.append((row, f"value {error.field} {error.why}"))
        except _UNSTORABLE:
            self.refused.append((row, "unstorable"))

    def write(self) -> None:
        """Write the clean rows, then what is known of all that were taken."""
        table = self._plan.table
        try:
            table.rows.upsert_bound(self._connection, self._clean)
        except _UNSTORABLE:
            self._write_one_by_one()
        lines = [
            (
                table.name,
                row.id,
                self._mixed.get(row.id) or bytes(row.stamps).decode(),
                self._at,
                self._plan.unknown(row),
            )
            for row in self._rows
        ]
        if lines:
            self._connection.exec_driver_sql(
                "INSERT INTO sync_stamp (tab, id, stamps, known, extra) VALUES (?, ?, ?, ?, ?) ON CONFLICT (tab, id) "
                "DO UPDATE SET stamps = excluded.stamps, known = excluded.known, extra = excluded.extra",
                lines,
            )

    def taken(self) -> list[Row]:
        """The rows that went in."""
        return self._rows

    def _write_one_by_one(self) -> None:
        unstorable = set()
        for bound in self._clean:
            try:
                self._plan.table.rows.upsert_bound(self._connection, [bound])
            except _UNSTORABLE:
                unstorable.add(bound[0])
        self.refused.extend((row, "unstorable") for row in self._rows if row.id in unstorable)
        self._rows = [row for row in self._rows if row.id not in unstorable]

    def _mix(self, row: Row) -> str:
        return _apply_dirty(self._connection, self._plan.table, self._plan.values(row), self._dirty[row.id], row)


class _Plan:
    """How the rows of one block become rows of the laptop's table, which may be of another schema."""

    def __init__(self, table: Synced, fields: Sequence[str]) -> None:
        self.table = table
        self._same = tuple(fields) == table.fields
        self._known = [(place, field) for place, field in enumerate(fields) if field in table.fields]
        self._unknown = [(place, field) for place, field in enumerate(fields) if field not in table.fields]
        self._missing = set(table.fields) - {field for _, field in self._known}
        self._blank = table.blank(set(table.fields) - self._missing)

    def bound(self, row: Row) -> tuple[Any, ...]:
        """The row as the driver takes it; raises `InvalidValue`."""
        table = self.table
        if self._same and table.rows.takes_wire and table.shape.of_list(row.values) is not None:
            return (row.id, *row.values)
        return table.rows.bound([(row.id, *self.values(row))])[0]

    def values(self, row: Row) -> Sequence[Any]:
        """Python values in the order of the table's fields; raises `InvalidValue`."""
        if self._same and (whole := self.table.shape.of_list(row.values)) is not None:
            return whole
        wire = {field: row.values[place] for place, field in self._known}
        wire.update({field: value for field, value in row.extra.items() if field in self._missing})
        found = {**self._blank, **self.table.decoded(wire)}
        return [found[field] for field in self.table.fields]

    def unknown(self, row: Row) -> str | None:
        """Fields that the laptop's table does not have, as JSON."""
        if self._same and not row.extra:
            return None
        extra = {field: row.values[place] for place, field in self._unknown}
        extra.update({field: value for field, value in row.extra.items() if field not in self._missing})
        return _text(extra) if extra else None


def dirty_of(connection: Connection, table: str, ids: str) -> dict[str, Dirty]:
    rows = connection.exec_driver_sql(
        "SELECT o.id, o.fields, o.held, s.stamps FROM sync_outbox o LEFT JOIN sync_stamp s USING (tab, id) "
        "WHERE o.tab = ? AND o.id IN (SELECT value FROM json_each(?)) AND o.fields <> '{}'",
        (table, ids),
    )
    return {
        record: Dirty(
            msgspec.json.decode(fields),
            msgspec.json.decode(held) if held else {},
            msgspec.json.decode(stamps) if stamps else {},
        )
        for record, fields, held, stamps in rows
    }


def _apply_dirty(connection: Connection, table: Synced, values: Sequence[Any], dirty: Dirty, row: Row) -> str:
    """Set the clean fields only; returns the stamps of the mixture."""
    standing = change.dirty_fields(dirty.entry, table.fields)
    mine = next(iter(table.rows.among(connection, [row.id])), None)
    if mine is None:
        held = {field: table.python(field, dirty.held[field]) for field in standing if field in dirty.held}
        connection.exec_driver_sql("UPDATE sync_outbox SET held = NULL WHERE tab = ? AND id = ?", (table.name, row.id))
    else:
        held = {field: value for field, value in zip(table.fields, mine[1:], strict=True) if field in standing}
    theirs = zip(table.fields, values, strict=True)
    table.rows.upsert(connection, [(row.id, *(held.get(field, value) for field, value in theirs))])
    stamps: Stamps = msgspec.json.decode(row.stamps)
    return _text(change.compact({**stamps, **{field: change.dirty_stamp(dirty.entry, field) for field in standing}}))


def _apply_conflicts(connection: Connection, table: str, rows: Sequence[Row], dirty: Mapping[str, Dirty]) -> None:
    """Show the open conflicts of these records, without those that an unsent edit has decided already."""
    connection.exec_driver_sql(FORGET_CONFLICTS, (table, _text([row.id for row in rows])))
    held = [
        (one.id, table, row.id, one.field, one.stamp, _text(one.value), one.author, one.kept_author)
        for row in rows
        for one in row.held
        if row.id not in dirty or one.stamp not in dirty[row.id].entry.get(one.field, ())
    ]
    if held:
        connection.exec_driver_sql("INSERT INTO sync_conflict VALUES (?, ?, ?, ?, ?, ?, ?, ?)", held)


def _text(value: object) -> str:
    return msgspec.json.encode(value).decode()
