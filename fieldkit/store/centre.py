"""The centre's database: opened from its address, migrated, and its settings. SQLite, or PostgreSQL through psycopg."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, Connection, Engine, create_engine, delete, insert, inspect, make_url, select, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, ProgrammingError

from fieldkit.errors import DatabaseDamaged, DatabaseUnreachable, StoreNewer
from fieldkit.store import schema
from fieldkit.store.centre_tables import OFFICE_SETTINGS

INITIALISED, ADDRESS = "initialised", "address"
_MIGRATION_LOCK = 0x6669656C64  # any number that no other program on the database uses: "field"
_POSTGRESQL = "postgresql+psycopg"


def parse_url(database: str) -> URL:
    """The address of a centre's database; a bare `postgresql:` is served by psycopg.

    Raises DatabaseUnreachable for what is neither SQLite nor PostgreSQL.
    """
    try:
        url = make_url(database)
    except ArgumentError:
        raise DatabaseUnreachable(url=database, detail="not a database address") from None
    if url.drivername in ("postgres", "postgresql", _POSTGRESQL):
        return url.set(drivername=_POSTGRESQL)
    if url.drivername == "sqlite" and url.database:
        return url
    raise DatabaseUnreachable(url=without_password(url), detail="neither sqlite: nor postgresql:")


def without_password(url: URL) -> str:
    """The address as it may be shown."""
    return url.render_as_string(hide_password=True)


def postgresql_engine(url: URL) -> Engine:
    """An engine for a centre on PostgreSQL. Raises DatabaseUnreachable where psycopg is not installed."""
    try:
        return create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=20)
    except (ModuleNotFoundError, NoSuchModuleError):
        detail = "psycopg is not installed: pip install 'fieldkit[postgresql]'"
        raise DatabaseUnreachable(url=without_password(url), detail=detail) from None


@contextmanager
def answering(engine: Engine) -> Iterator[None]:
    """Turn a failure of the database itself into DatabaseUnreachable, or DatabaseDamaged where it answers."""
    try:
        yield
    except DBAPIError as error:
        detail = str(error.orig).strip().splitlines()
        failure = DatabaseDamaged if _is_damaged(error) else DatabaseUnreachable
        raise failure(url=without_password(engine.url), detail=detail[0] if detail else "") from error


def _is_damaged(error: DBAPIError) -> bool:
    """Whether what was asked for is not there: a table is missing, or a page cannot be read."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    return (
        isinstance(error, ProgrammingError) if code is None else code in (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT)
    )


def ensure_current(engine: Engine) -> bool:
    """Bring the centre behind `engine` to the newest revision; whether it was behind.

    An older SQLite file is copied to the snapshots first.

    On PostgreSQL the whole migration is one transaction, which one process runs while others wait.
    Raises StoreNewer where a newer fieldkit wrote it, DatabaseUnreachable.
    """
    if engine.dialect.name == "sqlite":
        path = str(engine.url.database)
        current = schema.is_current(path)
        if not current:
            from fieldkit.store.migrate import CENTRE, migrate_file

            migrate_file(path, CENTRE)
        return not current
    with engine.connect() as connection:
        current = _revision(connection) == schema.REVISIONS[-1]
    if not current:
        _migrate_postgresql(engine)
    return not current


def _migrate_postgresql(engine: Engine) -> None:
    from fieldkit.store.migrate import CENTRE, migrate

    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
        if _revision(connection) != schema.REVISIONS[-1]:
            migrate(connection, CENTRE)


def _revision(connection: Connection) -> str:
    if not inspect(connection).has_table("alembic_version"):
        return ""
    found = str(connection.scalar(text("SELECT version_num FROM alembic_version")) or "")
    if found and found not in schema.REVISIONS:
        raise StoreNewer(path=without_password(connection.engine.url), found=found)
    return found


def is_initialised(connection: Connection) -> bool:
    """Whether `fieldkit office init` has finished here."""
    return inspect(connection).has_table(OFFICE_SETTINGS.name) and bool(setting(connection, INITIALISED))


def setting(connection: Connection, key: str) -> str:
    """One setting of the centre, `""` where it was never set."""
    query = select(OFFICE_SETTINGS.c.value).where(OFFICE_SETTINGS.c.key == key)
    return connection.scalar(query) or ""


def put_setting(connection: Connection, key: str, value: str) -> None:
    """Set one setting of the centre."""
    connection.execute(delete(OFFICE_SETTINGS).where(OFFICE_SETTINGS.c.key == key))
    connection.execute(insert(OFFICE_SETTINGS).values(key=key, value=value))
