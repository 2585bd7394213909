"""The centre's side of sync: who is calling, which scopes they have, what is refused, and the door for the office's writes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import URL, Connection, Engine, Select, select

import sync
from fieldkit.clock import Clock, millis
from fieldkit.domain import records
from fieldkit.replication import tables
from fieldkit.replication.status import leading
from fieldkit.store import centre as database
from fieldkit.store import centre_access as access
from fieldkit.store.centre_tables import hashed
from sync.bundle import name_of
from sync.errors import Revoked
from sync.sqlite import READING

_OWN = sync.centre_metadata().tables


class Conflict(NamedTuple):
    """An open conflict: `other` is the wire form of the value that gave way, `author` the name of who wrote it.

    `currency` is that of the other amount, where it gave way too.
    """

    table: str
    record_id: str
    field: str
    other: Any
    author: str
    currency: str


def centre_engine(where: URL | str) -> Engine:
    """The engine of a centre: a PostgreSQL address, or the path of an SQLite file."""
    if isinstance(where, URL) and where.drivername != "sqlite":
        return database.postgresql_engine(where)
    path = where.database if isinstance(where, URL) else where
    return sync.sqlite_engine(str(path), pool_size=20, max_overflow=30)


def reading(engine: Engine) -> Engine:
    """The same engine for connections that only read: they wait for no writer, and hold none up."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(**READING)
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def centre_server(engine: Engine, clock: Clock) -> sync.Server:
    """The ASGI application that laptops sync with."""
    rights = _Rights(engine)
    return sync.Server(
        engine,
        tables.TABLES,
        identify=rights.identify,
        holder_of=rights.holder_of,
        scopes_of=tables.scopes_of,
        refuse=refuse,
        clock=lambda: millis(clock()),
    )


class _Rights:
    def __init__(self, engine: Engine) -> None:
        self._reading = reading(engine)

    def identify(self, credential: str) -> sync.Caller | None:
        """The laptop with this credential; None for nobody, Revoked for one that was withdrawn or whose person has left."""
        return self._caller(hashed(credential))

    def holder_of(self, name: str) -> sync.Holder | None:
        """Whose hand-carried files bear this name; None and Revoked as in `identify`."""
        with self._reading.connect() as connection:
            hashes = access.credential_hashes(connection)
        secret = next((one for one in hashes if name_of(one) == name), "")
        caller = self._caller(secret)
        return sync.Holder(caller, secret) if caller else None

    def _caller(self, credential_hash: str) -> sync.Caller | None:
        with self._reading.connect() as connection:
            found = access.device_with_hash(connection, credential_hash)
            if found is None:
                return None
            task_forces = access.task_forces(connection)
        if found["withdrawn_at"] or found["gone"]:
            raise Revoked(found["device_id"])
        role, group = found["role"], found["group_code"]
        reads = tables.reads(role, group, task_forces)
        return sync.Caller(found["person_id"], found["device_id"], reads, tables.writes(role, group))


def refuse(caller: sync.Caller, table: str, before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> str | None:
    """Why the centre does not take a record from this laptop: `reference`, `group` or `author`; None where it does.

    The rule of authorship: who made a record is who sent it first; nobody can sign for a colleague, nor change the name
    afterwards. A record that the centre has lost by a restore was made by whom it names: a colleague's copy may bring it
    back under that name, if the name was stamped before the restore (`before`). So a centre that was never restored takes
    nobody's word for another, and a restored one takes it only for what is older than the restore. A stamp is a laptop's
    word and no proof: a changed program could date a forgery back to before a restore, but never into a life without one.
    """
    if table in tables.CENTRES_OWN:
        return "reference"
    if tables.group_scope(str(after["group_code"])) not in caller.writes:
        return "group"
    made_by = caller.person if before is None else before.get("person_id", caller.person)
    return None if after["person_id"] == made_by else "author"


def save(server: sync.Server, author: str, changed: Iterable[records.Record]) -> None:
    """Write whole records on behalf of the person `author`, all or none."""
    server.write(
        author,
        [sync.Change(str(record.__tablename__), record.id, record.model_dump(exclude={"id"})) for record in changed],
    )


def open_conflicts(connection: Connection, table: str, record_id: str) -> list[Conflict]:
    """The open conflicts of one record, oldest first."""
    held = _OWN["sync_conflict"].c
    query = _conflicts().where(held.tab == table, held.record == record_id).order_by(held.stamp)
    return _read(connection, query)


def latest_conflicts(connection: Connection, groups: frozenset[str], limit: int) -> list[Conflict]:
    """The newest open conflicts of records of these groups."""
    held, feed = _OWN["sync_conflict"].c, _OWN["sync_feed"].c
    scopes = [tables.group_scope(code) for code in groups]
    theirs = select(feed.id).where(
        feed.scope.in_(scopes), feed.tab == held.tab, feed.id == held.record, feed.present == 1
    )
    return _read(connection, _conflicts().where(theirs.exists()).order_by(held.stamp.desc()).limit(limit))


def _conflicts() -> Select[Any]:
    held = _OWN["sync_conflict"]
    query = select(held.c.tab, held.c.record, held.c.field, held.c.value, access.PEOPLE.c.name, held.c.stamp)
    return query.outerjoin(access.PEOPLE, access.PEOPLE.c.id == held.c.author).where(held.c.closed == 0)


def _read(connection: Connection, query: Select[Any]) -> list[Conflict]:
    rows = connection.execute(query).all()
    currencies = {(row.record, row.stamp): json.loads(row.value) for row in rows if row.field == "currency"}
    found = [
        Conflict(
            row.tab,
            row.record,
            row.field,
            json.loads(row.value),
            row.name or "",
            currencies.get((row.record, row.stamp), ""),
        )
        for row in rows
    ]
    shown = set(leading((each.table, each.record_id, each.field) for each in found))
    return [each for each in found if (each.table, each.record_id, each.field) in shown]
