"""Toy tables, laptops and centres for the tests of `sync`."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import JSON, BigInteger, Column, Engine
from sqlalchemy.orm import registry
from sqlalchemy.pool import StaticPool
from sqlmodel import Field, Session, SQLModel

import sync
from sync.testing import Directory, ManualClock, Network, by_field


class Toy(SQLModel, registry=registry()):
    """Base of the toys, in a registry of their own."""


class Note(Toy, table=True):
    """A note whose `scopes` are the words of one field."""

    __tablename__ = "toy_note"

    id: str = Field(primary_key=True)
    text: str = ""
    more: str = ""
    scopes: str = "all"
    deleted: bool = False


class OldToy(SQLModel, registry=registry()):
    """Base of the toys of an older program."""


class OldNote(OldToy, table=True):
    """A note before it had the field `more`."""

    __tablename__ = "toy_note"

    id: str = Field(primary_key=True)
    text: str = ""
    scopes: str = "all"
    deleted: bool = False


class Sample(Toy, table=True):
    """One field of each type that travels."""

    __tablename__ = "toy_sample"

    id: str = Field(primary_key=True)
    number: int | None = Field(default=None, sa_type=BigInteger)
    ratio: float = 0.0
    yes: bool = False
    day: date | None = None
    at: datetime | None = None
    things: list[Any] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    pairs: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    scopes: str = "all"
    deleted: bool = False


TABLES = [Note, Sample]


def memory_engine() -> Engine:
    """A store in memory, on one connection that is never given up."""
    return sync.sqlite_engine(":memory:", poolclass=StaticPool, connect_args={"check_same_thread": False})


def raw(engine: Engine) -> sqlite3.Connection:
    """The one connection of a store in memory."""
    found = engine.raw_connection().driver_connection
    assert isinstance(found, sqlite3.Connection)
    return found


def copy(source: Engine, target: Engine) -> None:
    """Copy a store in memory, as a disk is copied."""
    raw(source).backup(raw(target))


class Laptop:
    """A replica with its client and its own line to the centre."""

    def __init__(self, engine: Engine, network: httpx.BaseTransport, credential: str, **options: Any) -> None:
        self.engine = engine
        self.network = network
        self.replica = sync.Replica(engine, options.pop("tables", TABLES), **options)
        self.client = sync.Client(
            self.replica, "http://centre/", credential=credential, transport=network, sleep=lambda _: None
        )

    def save(self, *records: SQLModel) -> None:
        with self.replica.session() as session:
            session.add_all(records)
            session.commit()

    def edit(self, record: str, model: type[SQLModel] = Note, **values: Any) -> None:
        with self.replica.session() as session:
            found = session.get(model, record)
            assert found is not None
            for field, value in values.items():
                setattr(found, field, value)
            session.commit()

    def sync(self) -> sync.Outcome:
        return self.client.sync()

    def note(self, record: str) -> Note | None:
        with self.replica.session() as session:
            found = session.get(Note, record)
            if found is not None:
                session.expunge(found)
            return found

    def rows(self, query: str, *parameters: Any) -> list[Any]:
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(query, parameters).all()]

    def close(self) -> None:
        self.engine.dispose()


class City:
    """A centre with a clock, a directory and any number of laptops; everything in one thread."""

    def __init__(self, engine: Engine | None = None, **options: Any) -> None:
        self.clock = ManualClock()
        self.directory = Directory()
        self.engine = engine or memory_engine()
        self.options = {
            "identify": self.directory,
            "holder_of": self.directory.holder_of,
            "scopes_of": by_field("scopes"),
            "clock": self.clock,
            **options,
        }
        self.server = sync.Server(self.engine, TABLES, **self.options)
        self.server.create_tables()
        self.laptops: list[Laptop] = []

    def laptop(self, person: str, *scopes: str, path: Path | None = None, **options: Any) -> Laptop:
        engine = sync.sqlite_engine(path) if path else memory_engine()
        credential = self.directory.enrol(person, *(scopes or ("all",)))
        options = {"clock": self.clock, **options}
        laptop = Laptop(engine, options.pop("network", None) or Network(self.server), credential, **options)
        laptop.replica.create_tables()
        self.laptops.append(laptop)
        return laptop

    def clone(self, laptop: Laptop, person: str) -> Laptop:
        """A copy of the laptop's disk, in another machine."""
        engine = memory_engine()
        copy(laptop.engine, engine)
        twin = Laptop(engine, Network(self.server), person, clock=self.clock)
        self.laptops.append(twin)
        return twin

    def backup(self) -> Engine:
        kept = memory_engine()
        copy(self.engine, kept)
        return kept

    def settle(self) -> None:
        """Synchronise everybody until nothing moves any more."""
        for _ in range(12):
            outcomes = [laptop.sync() for laptop in self.laptops]
            if not any(outcome.sent or outcome.received for outcome in outcomes):
                return
        raise AssertionError("the city does not come to rest")

    def note(self, record: str) -> Note | None:
        with Session(self.engine) as session:
            found = session.get(Note, record)
            if found is not None:
                session.expunge(found)
            return found

    def close(self) -> None:
        for laptop in self.laptops:
            laptop.close()
        self.engine.dispose()


Fault = Callable[[Any], Any]
