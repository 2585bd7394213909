"""A migrated laptop store for each test, and a quick way to put rows into it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from fieldkit.ids import uuid7
from fieldkit.store import index, migrate, reindex, schema
from fieldkit.store.connection import Transaction, open_reader, open_writer
from fieldkit.store.documents import FIELDS
from fieldkit.store.schema import ensure_current

WRITTEN = "2026-11-23T01:00:00.000+00:00"
Put = Callable[..., str]


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "fieldkit.db"
    ensure_current(str(path))
    return path


@pytest.fixture
def older(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """older(path, newest, side): a store as a fieldkit made it that knew no revision after `newest`."""

    def make(path: Path | str, newest: str, side: str = migrate.LAPTOP) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(schema, "REVISIONS", schema.REVISIONS[: schema.REVISIONS.index(newest) + 1])
            patch.setattr(reindex, "fill_if_empty", lambda _connection: None)  # today's asks for today's tables
            migrate.migrate_file(str(path), side)

    return make


@pytest.fixture
def store_path(migrated: Path, tmp_path: Path) -> str:
    path = tmp_path / "fieldkit.db"
    shutil.copy(migrated, path)
    return str(path)


@pytest.fixture
def writer(store_path: str) -> Iterator[sqlite3.Connection]:
    connection = open_writer(store_path)
    yield connection
    connection.close()


@pytest.fixture
def reader(store_path: str, writer: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    connection = open_reader(store_path)
    yield connection
    connection.close()


@pytest.fixture
def put(writer: sqlite3.Connection) -> Put:
    """put(kind, **values) → id: one row with the other columns blank, indexed in the same transaction."""
    made = 0

    def put_one(kind: str, **values: Any) -> str:
        nonlocal made
        made += 1
        blank = {
            row["name"]: None if not row["notnull"] else "" for row in writer.execute(f"PRAGMA table_info({kind})")
        }
        record_id = uuid7(1_760_000_000_000 + made, made.to_bytes(10, "big"))
        row = blank | {"id": record_id, "deleted": False, "created_at": WRITTEN, "currency": "CNY"} | values
        row = {name: value for name, value in row.items() if name in blank}
        with Transaction(writer):
            names, marks = ", ".join(row), ", ".join("?" * len(row))
            writer.execute(f"INSERT INTO {kind} ({names}) VALUES ({marks})", list(row.values()))
            if kind in FIELDS:
                index.update(writer, kind, [row["id"]])
        return str(row["id"])

    return put_one


@pytest.fixture
def change(writer: sqlite3.Connection) -> Callable[..., None]:
    """change(kind, id, **values): as an edit, indexed in the same transaction."""

    def change_one(kind: str, record_id: str, **values: Any) -> None:
        sets = ", ".join(f"{name} = ?" for name in values)
        with Transaction(writer):
            writer.execute(f"UPDATE {kind} SET {sets} WHERE id = ?", [*values.values(), record_id])
            index.update(writer, kind, [record_id])

    return change_one
