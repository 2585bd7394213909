"""Local settings of one laptop: who works here and which centre it belongs to. Plain sqlite3."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping


class Me:
    """Who works on this laptop; all empty before enrolment."""

    __slots__ = ("group_code", "name", "person_id", "role")

    def __init__(self, person_id: str = "", name: str = "", role: str = "", group_code: str = "") -> None:
        self.person_id = person_id
        self.name = name
        self.role = role
        self.group_code = group_code


def all_settings(connection: sqlite3.Connection) -> dict[str, str]:
    """Every setting by its key."""
    return {row["key"]: row["value"] for row in connection.execute("SELECT key, value FROM settings")}


def get(connection: sqlite3.Connection, key: str, default: str = "") -> str:
    """One setting, or `default`."""
    row = connection.execute("SELECT value FROM settings WHERE key = ?", (key,)).fetchone()
    return str(row["value"]) if row else default


def put(connection: sqlite3.Connection, values: Mapping[str, str]) -> None:
    """Write settings. Inside a `Transaction` they are written together."""
    connection.executemany(
        "INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        list(values.items()),
    )


def forget(connection: sqlite3.Connection, *keys: str) -> None:
    """Remove settings."""
    connection.executemany("DELETE FROM settings WHERE key = ?", [(key,) for key in keys])


def me(connection: sqlite3.Connection) -> Me:
    """Who works here, from the settings person_id, person_name, role and group_code."""
    found = all_settings(connection)
    return Me(
        found.get("person_id", ""), found.get("person_name", ""), found.get("role", ""), found.get("group_code", "")
    )
