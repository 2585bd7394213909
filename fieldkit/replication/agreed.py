"""Conflicts of which both sides hold the same by now. Plain sqlite3; loads nothing heavy."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from fieldkit.domain.kinds import WRITTEN, written_with
from fieldkit.store import rows
from sync.status import OpenConflict


def agreed(connection: sqlite3.Connection, found: Sequence[OpenConflict]) -> list[OpenConflict]:
    """Those of `found` whose values, with those that mean something only together with them, stand as they gave way."""
    standing = {
        (kind, row["id"]): row
        for kind in WRITTEN
        for row in rows.also_deleted(connection, kind, [one.record_id for one in found if one.table == kind])
    }
    places = {(one.table, one.record_id, one.stamp, one.field): one for one in found}
    differing = {place for place, one in places.items() if not _same(standing.get(place[:2]), one)}
    return [
        one
        for (table, record_id, stamp, field), one in places.items()
        if not any((table, record_id, stamp, name) in differing for name in written_with(field))
    ]


def _same(record: Mapping[str, Any] | None, one: OpenConflict) -> bool:
    return record is not None and one.field in record and record[one.field] == one.other
