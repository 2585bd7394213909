"""What comes down to a laptop: whole records, applied with their cursor; dirty fields stand until the centre answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection

from sync import change, outbox
from sync.change import Entry, Stamps
from sync.protocol import Block, Page, Row
from sync.tables import Synced

Notify = Callable[[Connection, str, Sequence[str]], None]


_SCOPES_HELD = """
    WITH RECURSIVE held (scope) AS (
        SELECT min(scope) FROM sync_member
        UNION ALL SELECT (SELECT min(scope) FROM sync_member m WHERE m.scope > held.scope) FROM held WHERE scope NOTNULL
    ) SELECT scope FROM held WHERE scope NOTNULL
"""
"""The distinct scopes, one step in the index for each."""
_FORGET_CONFLICTS = "DELETE FROM sync_conflict WHERE tab = ? AND record IN (SELECT value FROM json_each(?))"
_FORGET_STAMPS = "DELETE FROM sync_stamp WHERE tab = ? AND id IN (SELECT value FROM json_each(?))"
_FORGET_LOG = "UPDATE sync_stamp SET sent = NULL WHERE tab = ? AND id IN (SELECT value FROM json_each(?))"
_FORGET_OUTBOX = "DELETE FROM sync_outbox WHERE tab = ? AND id IN (SELECT value FROM json_each(?))"


class Dirty(NamedTuple):
    """What stands locally of a record that arrives."""

    entry: Entry
    held: dict[str, Any]
    stamps: Stamps


class Arrivals:
    """What one reply brings, applied in the connection's transaction; `notify` hears of every table that it touches."""

    def __init__(self, connection: Connection, tables: Mapping[str, Synced], notify: Notify) -> None:
        self._connection = connection
        self._tables = tables
        self._notify = notify

    def apply_page(self, page: Page, scopes: list[list[str]]) -> int:
        """Apply records, leaves and cursors of `page`; the number of records that came or left."""
        connection = self._connection
        changed = self._lose_scopes(set(page.cursors))
        changed += self.apply_blocks(page.blocks, scopes, page.at)
        if page.leave:
            connection.exec_driver_sql("DELETE FROM sync_member WHERE scope = ? AND tab = ? AND id = ?", page.leave)
        changed += self.forget_homeless([(tab, record) for _, tab, record in page.leave])
        if page.cursors:
            connection.exec_driver_sql("INSERT OR REPLACE INTO sync_cursor VALUES (?, ?)", list(page.cursors.items()))
        return changed

    def apply_blocks(self, blocks: Sequence[Block], scopes: list[list[str]], at: int) -> int:
        """Apply whole records as they were at the centre's revision `at`; tables of a newer schema are passed over."""
        changed = 0
        for block in blocks:
            table = self._tables.get(block.table)
            if table is not None and block.rows:
                _apply_block(self._connection, table, block, scopes, at)
                self._notify(self._connection, table.name, [row.id for row in block.rows])
                changed += len(block.rows)
        return changed

    def forget_homeless(self, records: Sequence[tuple[str, str]]) -> int:
        """Forget those of `records`, `(table, id)`, that no scope holds; unsent words stay in the outbox."""
        by_table: dict[str, list[str]] = {}
        for tab, record in records:
            by_table.setdefault(tab, []).append(record)
        forgotten = 0
        for tab, ids in by_table.items():
            homeless = _homeless(self._connection, tab, ids)
            if homeless and tab in self._tables:
                _forget(self._connection, self._tables[tab], homeless)
                self._notify(self._connection, tab, homeless)
                forgotten += len(homeless)
        return forgotten

    def _lose_scopes(self, reads: set[str]) -> int:
        connection = self._connection
        held = {scope for (scope,) in connection.exec_driver_sql(_SCOPES_HELD)}
        cursors = {scope for (scope,) in connection.exec_driver_sql("SELECT scope FROM sync_cursor")}
        if cursors and cursors != reads:
            connection.exec_driver_sql("UPDATE sync_laptop SET have = '[]'")
        forgotten = 0
        for scope in (held | cursors) - reads:
            rows = connection.exec_driver_sql("SELECT tab, id FROM sync_member WHERE scope = ?", (scope,)).all()
            connection.exec_driver_sql("DELETE FROM sync_member WHERE scope = ?", (scope,))
            connection.exec_driver_sql("DELETE FROM sync_cursor WHERE scope = ?", (scope,))
            forgotten += self.forget_homeless([(tab, record) for tab, record in rows])
        return forgotten


def sweep(connection: Connection, now: int) -> None:
    """After a full pull: offer the centre the copies that no page confirmed; its answer decides what to forget."""
    connection.exec_driver_sql(
        "INSERT INTO sync_outbox (tab, id, fields, since, departed, whole) "
        "SELECT DISTINCT tab, id, '{}', ?, 1, 1 FROM sync_member m WHERE stale = 1 AND NOT EXISTS "
        "(SELECT 1 FROM sync_member f WHERE f.tab = m.tab AND f.id = m.id AND f.stale = 0) "
        "ON CONFLICT (tab, id) DO NOTHING",
        (now,),
    )
    connection.exec_driver_sql("DELETE FROM sync_member WHERE stale = 1")
    connection.exec_driver_sql("UPDATE sync_offer SET parked = 0")
    connection.exec_driver_sql("UPDATE sync_laptop SET sweeping = 0")


def _homeless(connection: Connection, table: str, ids: Sequence[str]) -> list[str]:
    query = (
        "SELECT DISTINCT value FROM json_each(?) WHERE NOT EXISTS "
        "(SELECT 1 FROM sync_member WHERE tab = ? AND id = value)"
    )
    return [record for (record,) in connection.exec_driver_sql(query, (_text(list(ids)), table))]


def _apply_block(connection: Connection, table: Synced, block: Block, scopes: list[list[str]], at: int) -> None:
    ids = _text([row.id for row in block.rows])
    dirty = _dirty(connection, table.name, ids)
    plan = _Plan(table, block.fields)
    clean_rows, stamp_rows = [], []
    members: list[tuple[str, str, str]] = []
    for row in block.rows:
        stamps = bytes(row.stamps).decode()
        if row.id in dirty:
            stamps = _apply_dirty(connection, table, plan.values(row), dirty[row.id], row)
        else:
            clean_rows.append(plan.bound(row))
        stamp_rows.append((table.name, row.id, stamps, at, plan.unknown(row)))
        if row.scopes >= 0:
            members.extend([(table.name, row.id, scope) for scope in scopes[row.scopes]])
    table.rows.upsert_bound(connection, clean_rows)
    connection.exec_driver_sql(
        "INSERT INTO sync_stamp (tab, id, stamps, known, extra) VALUES (?, ?, ?, ?, ?) ON CONFLICT (tab, id) "
        "DO UPDATE SET stamps = excluded.stamps, known = excluded.known, extra = excluded.extra",
        stamp_rows,
    )
    if members:
        connection.exec_driver_sql("INSERT OR REPLACE INTO sync_member (tab, id, scope) VALUES (?, ?, ?)", members)
    _apply_conflicts(connection, table.name, block.rows, dirty)


class _Plan:
    """How the rows of one block become rows of the laptop's table, which may be of another schema."""

    def __init__(self, table: Synced, fields: Sequence[str]) -> None:
        self._table = table
        self._same = tuple(fields) == table.fields
        self._known = [(place, field) for place, field in enumerate(fields) if field in table.fields]
        self._unknown = [(place, field) for place, field in enumerate(fields) if field not in table.fields]
        self._missing = set(table.fields) - {field for _, field in self._known}
        self._blank = table.blank(set(table.fields) - self._missing)

    def bound(self, row: Row) -> tuple[Any, ...]:
        """The row as the driver takes it; raises `InvalidValue`."""
        table = self._table
        if self._same and table.rows.takes_wire and table.shape.of_list(row.values) is not None:
            return (row.id, *row.values)
        return table.rows.bound([(row.id, *self.values(row))])[0]

    def values(self, row: Row) -> Sequence[Any]:
        """Python values in the order of the table's fields; raises `InvalidValue`."""
        if self._same and (whole := self._table.shape.of_list(row.values)) is not None:
            return whole
        wire = {field: row.values[place] for place, field in self._known}
        wire.update({field: value for field, value in row.extra.items() if field in self._missing})
        found = {**self._blank, **self._table.decoded(wire)}
        return [found[field] for field in self._table.fields]

    def unknown(self, row: Row) -> str | None:
        """Fields that the laptop's table does not have, as JSON."""
        if self._same and not row.extra:
            return None
        extra = {field: row.values[place] for place, field in self._unknown}
        extra.update({field: value for field, value in row.extra.items() if field not in self._missing})
        return _text(extra) if extra else None


def _dirty(connection: Connection, table: str, ids: str) -> dict[str, Dirty]:
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
    connection.exec_driver_sql(_FORGET_CONFLICTS, (table, _text([row.id for row in rows])))
    held = [
        (one.id, table, row.id, one.field, one.stamp, _text(one.value), one.author, one.kept_author)
        for row in rows
        for one in row.held
        if row.id not in dirty or one.stamp not in dirty[row.id].entry.get(one.field, ())
    ]
    if held:
        connection.exec_driver_sql("INSERT INTO sync_conflict VALUES (?, ?, ?, ?, ?, ?, ?, ?)", held)


def _forget(connection: Connection, table: Synced, ids: Sequence[str]) -> None:
    listed = _text(list(ids))
    dirty = _dirty(connection, table.name, listed)
    rows = outbox.wire_of(connection, table, list(dirty)) if dirty else {}
    for record, values in rows.items():
        standing = change.dirty_fields(dirty[record].entry, table.fields)
        held = {field: value for field, value in zip(table.fields, values, strict=True) if field in standing}
        connection.exec_driver_sql(
            "UPDATE sync_outbox SET held = ? WHERE tab = ? AND id = ?", (_text(held), table.name, record)
        )
    table.rows.forget(connection, ids)
    gone = _text([record for record in ids if record not in dirty])
    connection.exec_driver_sql(_FORGET_CONFLICTS, (table.name, listed))
    connection.exec_driver_sql(_FORGET_STAMPS, (table.name, gone))
    connection.exec_driver_sql(_FORGET_OUTBOX, (table.name, gone))
    connection.exec_driver_sql(_FORGET_LOG, (table.name, listed))


def _text(value: object) -> str:
    return msgspec.json.encode(value).decode()
