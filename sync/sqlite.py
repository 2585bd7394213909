"""SQLite as `sync` needs it: every transaction says at its start whether it will write, and a commit is on the disk."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event

READING = {"sync_reading": True}
"""Execution options of a connection that only reads: its transaction takes no write lock."""

BUSY_TIMEOUT_MS = 30_000
_PRAGMAS = {
    "busy_timeout": str(BUSY_TIMEOUT_MS),
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "fullfsync": "ON",
    "trusted_schema": "OFF",
    "foreign_keys": "OFF",
}


def sqlite_engine(path: Path | str, *, pragmas: Mapping[str, str] | None = None, **options: Any) -> Engine:
    """An engine on the file at `path`: WAL, `synchronous=FULL`, 30 s busy timeout, `BEGIN IMMEDIATE`.

    `pragmas` are set after `sync`'s own on each new connection. `options` go to `create_engine` (for instance
    `creator` or `module` for an encrypted store).
    """
    engine = create_engine(URL.create("sqlite", database=str(path)), **options)
    wanted = {**_PRAGMAS, **(pragmas or {})}

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for name, value in wanted.items():
            cursor.execute(f"PRAGMA {name}={value}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get("sync_reading", False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine
