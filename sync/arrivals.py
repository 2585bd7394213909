"""What comes down to a laptop: whole records, applied with their cursor; dirty fields stand until the centre answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec
from sqlalchemy import Connection

from sync import change, laptop, outbox, quarantine
from sync.blocks import FORGET_CONFLICTS, apply_block, dirty_of
from sync.protocol import Block, Page
from sync.tables import Synced

Notify = Callable[[Connection, str, Sequence[str]], None]


_SCOPES_HELD = """
    WITH RECURSIVE held (scope) AS (
        SELECT min(scope) FROM sync_member
        UNION ALL SELECT (SELECT min(scope) FROM sync_member m WHERE m.scope > held.scope) FROM held WHERE scope NOTNULL
    ) SELECT scope FROM held WHERE scope NOTNULL
"""
"""The distinct scopes, one step in the index for each."""
_FORGET_STAMPS = "DELETE FROM sync_stamp WHERE tab = ? AND id IN (SELECT value FROM json_each(?))"
_FORGET_LOG = "UPDATE sync_stamp SET sent = NULL, extra = NULL WHERE tab = ? AND id IN (SELECT value FROM json_each(?))"
_FORGET_OFFERS = "DELETE FROM sync_offer WHERE tab = ? AND record IN (SELECT value FROM json_each(?))"
_FORGET_OUTBOX = "DELETE FROM sync_outbox WHERE tab = ? AND id IN (SELECT value FROM json_each(?))"

_DOUBT = "UPDATE sync_member SET stale = 1"
"""Until a full pull has ended, nothing is forgotten: a later page may bring it again, for the centre to be told of it."""


class Arrivals:
    """What one reply brings, applied in the connection's transaction; `notify` hears of every table that it touches."""

    def __init__(self, connection: Connection, tables: Mapping[str, Synced], notify: Notify) -> None:
        self._connection = connection
        self._tables = tables
        self._notify = notify
        (self._sweeping,) = connection.exec_driver_sql("SELECT sweeping FROM sync_laptop").one()
        self._move_out = _DOUBT if self._sweeping else "DELETE FROM sync_member"

    def apply_page(self, page: Page, scopes: list[list[str]]) -> int:
        """Apply records, leaves and cursors of `page`; the number of records that came or left."""
        connection = self._connection
        changed = self._lose_scopes(set(page.cursors))
        changed += self.apply_blocks(page.blocks, scopes, page.at)
        if page.leave:
            connection.exec_driver_sql(f"{self._move_out} WHERE scope = ? AND tab = ? AND id = ?", page.leave)
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
                if self._sweeping:
                    laptop.offer_others(self._connection, table, block)
                taken = apply_block(self._connection, table, block, scopes, at)
                laptop.unpark_offers(self._connection, table, taken)
                self._notify(self._connection, table.name, taken)
                changed += len(block.rows)
        return changed

    def try_again(self) -> int:
        """Apply those records of the quarantine that this program can take by now; how many."""
        waiting = quarantine.blocks(self._connection)
        taken = 0
        for block, at in waiting:
            if block.table in self._tables:
                table = self._tables[block.table]
                ids = apply_block(self._connection, table, block, [], at)
                self._notify(self._connection, table.name, ids)
                taken += len(ids)
        return taken

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
            connection.exec_driver_sql(f"{self._move_out} WHERE scope = ?", (scope,))
            connection.exec_driver_sql("DELETE FROM sync_cursor WHERE scope = ?", (scope,))
            forgotten += self.forget_homeless([(tab, record) for tab, record in rows])
        return forgotten


def sweep(connection: Connection, now: int) -> None:
    """After a full pull: offer the centre the copies that no page confirmed; its answer decides what to forget."""
    connection.exec_driver_sql(
        "INSERT INTO sync_outbox (tab, id, fields, since, departed, whole) "
        "SELECT DISTINCT tab, id, '{}', ?, 1, 1 FROM sync_member m WHERE stale = 1 AND NOT EXISTS "
        "(SELECT 1 FROM sync_member f WHERE f.tab = m.tab AND f.id = m.id AND f.stale = 0) "
        "ON CONFLICT (tab, id) DO UPDATE SET departed = 1, whole = 1, state = 'waiting', reason = ''",
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


def _forget(connection: Connection, table: Synced, ids: Sequence[str]) -> None:
    listed = _text(list(ids))
    dirty = dirty_of(connection, table.name, listed)
    rows = outbox.wire_of(connection, table, list(dirty)) if dirty else {}
    for record, values in rows.items():
        standing = change.dirty_fields(dirty[record].entry, table.fields)
        held = {field: value for field, value in zip(table.fields, values, strict=True) if field in standing}
        connection.exec_driver_sql(
            "UPDATE sync_outbox SET held = ? WHERE tab = ? AND id = ?", (_text(held), table.name, record)
        )
    table.rows.forget(connection, ids)
    gone = _text([record for record in ids if record not in dirty])
    connection.exec_driver_sql(FORGET_CONFLICTS, (table.name, listed))
    quarantine.clear(connection, table.name, ids)
    connection.exec_driver_sql(_FORGET_STAMPS, (table.name, gone))
    connection.exec_driver_sql(_FORGET_OUTBOX, (table.name, gone))
    connection.exec_driver_sql(_FORGET_LOG, (table.name, listed))
    connection.exec_driver_sql(_FORGET_OFFERS, (table.name, listed))


def _text(value: object) -> str:
    return msgspec.json.encode(value).decode()
