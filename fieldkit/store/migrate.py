"""Making and migrating stores with alembic. Heavy: loaded only where `fieldkit.store.schema` found a store missing or behind."""

from __future__ import annotations

import os
import sqlite3
from typing import cast

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, NullPool, create_engine, event

from fieldkit.locations import Locations
from fieldkit.store import migrations, reindex, schema, snapshot
from fieldkit.store.alone import Alone
from fieldkit.store.connection import Guarded, create

SCRIPTS = os.path.dirname(migrations.__file__)
VERSIONS = (os.path.join(SCRIPTS, "versions"),)
LAPTOP, CENTRE = "laptop", "centre"


def migrate_laptop(path: str) -> None:
    """Bring the laptop's store at `path` to the newest revision, making it where it is missing.

    An existing store is copied to its snapshots first. Another process that does the same is waited for.
    Raises StoreNewer, StoreUnreadable, StoreUnwritable, StoreLocked, DiskFull; whatever happens, the store is either
    as before or migrated.
    """
    migrate_file(path, LAPTOP)


def migrate_file(path: str, side: str) -> None:
    """`migrate_laptop` for either side's SQLite file; snapshots lie in the directory `snapshots` beside it."""
    home = os.path.dirname(os.path.abspath(path))
    with Guarded(path):
        os.makedirs(home, mode=0o700, exist_ok=True)
        with Alone(f"{path}.migrating"):
            found = schema.found_revision(path)
            newest = schema.REVISIONS[-1]
            if found == newest:
                return
            if found:
                name = os.path.splitext(os.path.basename(path))[0]
                snapshot.take(path, os.path.join(Locations(home).snapshots, f"{name}-before-{newest}.db"))
            _migrate_file(path, side)


def migrate(connection: Connection, side: str) -> None:
    """Bring an open database to the newest revision inside the transaction of `connection`, which the caller commits."""
    config = Config()
    config.set_main_option("script_location", SCRIPTS.replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", "\n".join(VERSIONS).replace("%", "%%"))
    config.attributes.update(connection=connection, side=side)
    command.upgrade(config, schema.REVISIONS[-1])


def _migrate_file(path: str, side: str) -> None:
    engine = create_engine("sqlite://", creator=lambda: _open(path), poolclass=NullPool)
    event.listen(engine, "begin", _begin_as_writer)
    with engine.begin() as connection:
        migrate(connection, side)
        if side == LAPTOP:
            reindex.fill_if_empty(cast(sqlite3.Connection, connection.connection.driver_connection))


def _open(path: str) -> sqlite3.Connection:
    connection = create(path)
    connection.row_factory = None
    connection.execute("PRAGMA foreign_keys=OFF")  # with them on, batch mode silently deletes every cascading child
    return connection


def _begin_as_writer(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
