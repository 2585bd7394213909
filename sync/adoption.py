"""Fields that came before their columns: kept beside their record, and put in their place once the table has grown."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection

from sync import change
from sync.errors import InvalidValue
from sync.tables import Synced


def placed(table: Synced, extra: Mapping[str, Any], standing: Collection[str] = ()) -> dict[str, Any]:
    """Python values of those fields of `extra` that the table has by now and can hold, without those `standing`."""
    found: dict[str, Any] = {}
    for field in table.kinds.keys() & extra.keys() - set(standing):
        try:
            found[field] = table.python(field, extra[field])
        except InvalidValue:
            continue
    return found


def adopt(connection: Connection, tables: Mapping[str, Synced]) -> None:
    """On a laptop whose tables have grown: an unsent edit of a new field stands, the centre's value fills the others."""
    lines = connection.exec_driver_sql(
        "SELECT s.tab, s.id, s.extra, coalesce(o.fields, '{}') FROM sync_stamp s LEFT JOIN sync_outbox o USING (tab, id) "
        "WHERE s.extra IS NOT NULL"
    ).all()
    for name, record, text, entry in lines:
        table = tables.get(name)
        mine = table.rows.among(connection, [record]) if table else []
        if table is None or not mine:
            continue
        extra = msgspec.json.decode(text)
        standing = change.dirty_fields(msgspec.json.decode(entry), table.fields)
        new = placed(table, extra, standing)
        row = {**dict(zip(table.fields, mine[0][1:], strict=True)), **new}
        table.rows.upsert(connection, [(record, *(row[field] for field in table.fields))])
        left = {field: value for field, value in extra.items() if field not in new and field not in standing}
        kept = msgspec.json.encode(left).decode() if left else None
        connection.exec_driver_sql("UPDATE sync_stamp SET extra = ? WHERE tab = ? AND id = ?", (kept, name, record))
