"""The centre of this home: made, found, opened."""

from __future__ import annotations

import json
import os
from contextlib import AbstractContextManager

from sqlalchemy import Connection, Engine

from fieldkit.clock import Clock, instant_text
from fieldkit.domain import city, records
from fieldkit.errors import AlreadyInitialised, NotInitialised, OfficeUnreadable
from fieldkit.ids import new_id
from fieldkit.locations import Locations
from fieldkit.replication import centre as replication
from fieldkit.store import centre as database
from fieldkit.store import centre_access as access

FIRST_PERSON = "综合协调组"
SYSTEM = ""
"""The author of what nobody wrote by hand: the packaged data."""


class Centre:
    """An open centre: where it reads, and the one door through which records are written."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self.engine = engine
        self.clock = clock
        self.server = replication.centre_server(engine, clock)
        self._reading = replication.reading(engine)

    def reading(self) -> AbstractContextManager[Connection]:
        """A connection that only reads."""
        return self._reading.connect()

    def changing(self) -> AbstractContextManager[Connection]:
        """A transaction over the centre's own tables, committed at the end; records go through `save`."""
        return self.engine.begin()

    def save(self, author: str, *changed: records.Record) -> None:
        """Write whole records on behalf of the person `author`; laptops receive them with their next sync."""
        replication.save(self.server, author, changed)

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def initialise(locations: Locations, clock: Clock, database_address: str = "", name: str = FIRST_PERSON) -> str:
    """Make the centre, sow the city's data and the first person of the office, whose id is returned.

    Everything before the last step may be repeated after a crash. Raises AlreadyInitialised, DatabaseUnreachable.
    """
    engine = _engine(locations, database_address)
    try:
        with database.answering(engine):
            if not _is_missing(engine) and _is_initialised(engine):
                raise AlreadyInitialised(home=locations.home)
            database.ensure_current(engine)
            centre = Centre(engine, clock)
            person_id = _sow(centre, name)
            _write_office(locations, database_address)
            with centre.changing() as connection:
                database.put_setting(connection, database.INITIALISED, instant_text(clock()))
        return person_id
    finally:
        engine.dispose()


def open_centre(locations: Locations, clock: Clock, database_address: str = "") -> Centre:
    """The centre of this home, migrated if an older fieldkit made it; the caller closes it.

    Raises NotInitialised, OfficeUnreadable, StoreNewer, DatabaseUnreachable, DatabaseDamaged.
    """
    engine = _engine(locations, database_address or _read_office(locations))
    try:
        grown = _check_there(engine, locations)
        return _opened(engine, clock, grown=grown)
    except BaseException:
        engine.dispose()
        raise


def _opened(engine: Engine, clock: Clock, *, grown: bool) -> Centre:
    centre = Centre(engine, clock)
    if grown:
        centre.server.adopt_fields()
    return centre


def _check_there(engine: Engine, locations: Locations) -> bool:
    """Whether the tables were brought up to date; raises NotInitialised."""
    with database.answering(engine):
        if _is_missing(engine) or not _is_initialised(engine):
            raise NotInitialised(home=locations.home)
        return database.ensure_current(engine)


def _engine(locations: Locations, address: str) -> Engine:
    return replication.centre_engine(database.parse_url(address) if address else locations.centre)


def _is_missing(engine: Engine) -> bool:
    path = engine.url.database
    return engine.dialect.name == "sqlite" and (path is None or not os.path.exists(path) or not os.path.getsize(path))


def _is_initialised(engine: Engine) -> bool:
    with replication.reading(engine).connect() as connection:
        return database.is_initialised(connection)


def _sow(centre: Centre, name: str) -> str:
    packaged = city.city()
    groups = [records.Group(**row) for row in packaged["groups"]]
    centre.save(
        SYSTEM,
        *(records.TaskForce(**row) for row in packaged["task_forces"]),
        *groups,
        *(records.Place(**row) for row in packaged["places"]),
        _default_rule_pack(centre.clock),
    )
    with centre.reading() as connection:
        found = access.people_with_roles(connection, ("office",))
    if found:
        return str(found[0]["id"])
    first = records.Person(id=new_id(centre.clock), name=name, role="office", group_code=city.OFFICE_GROUP)
    centre.save(first.id, first)
    return first.id


def _default_rule_pack(clock: Clock) -> records.RulePack:
    pack = city.default_rule_pack()
    return records.RulePack(id=city.DEFAULT_RULE_PACK_ID, version=pack["version"], body=pack, published_at=clock())


def _write_office(locations: Locations, address: str) -> None:
    """Durably, whole or not at all; for the owner's eyes, because the address may hold a password."""
    os.makedirs(locations.home, mode=0o700, exist_ok=True)
    unfinished = f"{locations.office}.part"
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump({"database": address}, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(unfinished, locations.office)


def _read_office(locations: Locations) -> str:
    try:
        with open(locations.office, encoding="utf-8") as file:
            return str(json.load(file)["database"])
    except FileNotFoundError:
        raise NotInitialised(home=locations.home) from None
    except (OSError, ValueError, TypeError, LookupError):
        raise OfficeUnreadable(path=locations.office) from None
