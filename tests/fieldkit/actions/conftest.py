"""An empty laptop store for each test, and what stands in it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from fieldkit.locations import Locations
from fieldkit.replication.laptop import open_store
from fieldkit.store import query, schema
from fieldkit.store.store import Store

NOW = datetime.fromisoformat("2026-11-26T10:00:00+08:00")
Stands = Callable[[str], list[dict[str, Any]]]


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "fieldkit.db"
    schema.ensure_current(str(path))
    return path


@pytest.fixture
def home(migrated: Path, tmp_path: Path) -> Path:
    home = tmp_path / "laptop"
    home.mkdir()
    shutil.copy(migrated, home / "fieldkit.db")
    return home


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    store = open_store(Locations(str(home)), lambda: NOW)
    yield store
    store.close()


@pytest.fixture
def stands(store: Store) -> Stands:
    """The records of a kind that are not deleted, oldest first."""

    def rows(kind: str) -> list[dict[str, Any]]:
        connection = store.reader()
        try:
            return query.rows(connection, kind, sorted(query.ids(connection, kind)))
        finally:
            connection.close()

    return rows
