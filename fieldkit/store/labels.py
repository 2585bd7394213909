"""Reference records by their codes, for labels and choices, and the rules that hold now."""

from __future__ import annotations

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from typing import Any

    from fieldkit.store.connection import Row


def task_forces(connection: sqlite3.Connection) -> dict[str, Row]:
    """code → task force, in the city's order."""
    return _by_code(connection, "task_forces")


def groups(connection: sqlite3.Connection) -> dict[str, Row]:
    """code → group, in the city's order."""
    return _by_code(connection, "groups")


def places(connection: sqlite3.Connection) -> dict[str, Row]:
    """code → county, district or park, in the city's order."""
    return _by_code(connection, "places")


def people(connection: sqlite3.Connection) -> dict[str, Row]:
    """id → person, by name."""
    found = connection.execute("SELECT * FROM people WHERE deleted = 0 ORDER BY name, id")
    return {row["id"]: _with_flag(row) for row in found}


def rule_pack(connection: sqlite3.Connection) -> dict[str, Any]:
    """The body of the newest published rule pack; the packaged one where the store holds none."""
    newest = "SELECT body FROM rule_packs WHERE deleted = 0 ORDER BY version DESC, published_at DESC, id DESC LIMIT 1"
    row = connection.execute(newest).fetchone()
    if row is None:
        from fieldkit.domain.city import default_rule_pack

        return default_rule_pack()
    body: dict[str, Any] = json.loads(row["body"])
    return body


def _by_code(connection: sqlite3.Connection, table: str) -> dict[str, Row]:
    found = connection.execute(f"SELECT * FROM {table} WHERE deleted = 0 ORDER BY position, code")  # noqa: S608 - our own word
    return {row["code"]: _with_flag(row) for row in found}


def _with_flag(row: Row) -> Row:
    return {**row, "deleted": bool(row["deleted"])}
