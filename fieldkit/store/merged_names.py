"""The names of records that were merged into others, under which people go on looking for them. Plain sqlite3.

A company keeps such names among its former ones; a contact and a lead have no field for them and are asked for what was
merged into them, also by way of others.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from fieldkit.domain.kinds import KINDS, MERGEABLE, MERGED_INTO

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

_KINDS = ("contacts", "leads")


def of(connection: sqlite3.Connection, kind: str, ids: Sequence[str]) -> dict[str, list[str]]:
    """id → the names of what was merged into it, for those of `ids` into which something was."""
    if not _has_merged(connection, kind):
        return {}
    title = KINDS[kind].title_field
    rows = _tuples(
        connection,
        f"WITH RECURSIVE gone(stands, id, name) AS (SELECT {MERGED_INTO}, id, {title} FROM {kind}"  # noqa: S608 - our own names
        f" WHERE {MERGED_INTO} <> '' AND deleted = 1 AND {MERGED_INTO} IN (SELECT value FROM json_each(?))"
        f" UNION SELECT g.stands, r.id, r.{title} FROM gone g JOIN {kind} r ON r.{MERGED_INTO} = g.id"
        f" WHERE r.{MERGED_INTO} <> '' AND r.deleted = 1)"
        " SELECT stands, name FROM gone WHERE stands <> id ORDER BY id",
        json.dumps(list(ids)),
    )
    found: dict[str, list[str]] = {}
    for stands, name in rows:
        found.setdefault(stands, []).append(name)
    return found


def with_survivors(connection: sqlite3.Connection, kind: str, ids: Sequence[str]) -> list[str]:
    """`ids` and those into which records among them were merged, at once or by way of others."""
    if not _has_merged(connection, kind):
        return list(ids)
    return list(dict.fromkeys([*ids, *_led_to(connection, kind, ids)]))


def _led_to(connection: sqlite3.Connection, kind: str, ids: Sequence[str]) -> list[str]:
    rows = _tuples(
        connection,
        f"WITH RECURSIVE over(id) AS (SELECT value FROM json_each(?) UNION SELECT {MERGED_INTO} FROM over"  # noqa: S608 - our own names
        f" JOIN {kind} USING (id) WHERE {MERGED_INTO} <> '') SELECT id FROM over",
        json.dumps(list(ids)),
    )
    return [row[0] for row in rows]


def standing_for(connection: sqlite3.Connection, beginning: str) -> tuple[str, str]:
    """(kind, id) of the record that stands for the only merged one whose id begins so; both empty where there is none."""
    found = [
        (kind, record_id)
        for kind in MERGEABLE
        for (record_id,) in _tuples(
            connection,
            f"SELECT id FROM {kind} WHERE {MERGED_INTO} <> '' AND deleted = 1 AND id >= ? AND id < ?",  # noqa: S608 - our own names
            beginning,
            beginning + "~",
        )
    ]
    if len(found) != 1:
        return "", ""
    ((kind, record_id),) = found
    standing = _tuples(
        connection,
        f"SELECT id FROM {kind} WHERE deleted = 0 AND id IN (SELECT value FROM json_each(?))",  # noqa: S608 - our own names
        json.dumps(_led_to(connection, kind, [record_id])),
    )
    return (kind, standing[0][0]) if standing else ("", "")


def _has_merged(connection: sqlite3.Connection, kind: str) -> bool:
    return kind in _KINDS and bool(
        _tuples(connection, f"SELECT 1 FROM {kind} WHERE {MERGED_INTO} <> '' LIMIT 1")  # noqa: S608 - our own names
    )


def _tuples(connection: sqlite3.Connection, statement: str, *values: object) -> list[tuple[str, ...]]:
    cursor = connection.cursor()
    cursor.row_factory = None
    return cursor.execute(statement, values).fetchall()
