"""Laptops and centres of different schemas: nothing is lost on the way, and each shows what it can."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

import sync
from sync import protocol
from sync.testing import Directory, ManualClock, Network, by_field
from tests.sync.toys import Laptop, Note, memory_engine


class _Old(SQLModel, registry=registry()):
    pass


class OldCard(_Old, table=True):
    """The table of the first schema."""

    __tablename__ = "card"

    id: str = Field(primary_key=True)
    text: str = ""
    scopes: str = "all"
    deleted: bool = False


class _New(SQLModel, registry=registry()):
    pass


class NewCard(_New, table=True):
    """The table of the second schema."""

    __tablename__ = "card"

    id: str = Field(primary_key=True)
    text: str = ""
    scopes: str = "all"
    deleted: bool = False
    colour: str = Field(default="", sa_column_kwargs={"server_default": ""})
    size: int | None = None


CARDS: dict[int, type[Any]] = {1: OldCard, 2: NewCard}
GROW = (
    "ALTER TABLE card ADD COLUMN colour VARCHAR NOT NULL DEFAULT ''",
    "ALTER TABLE card ADD COLUMN size INTEGER",
)


class Mixed:
    """A centre and laptops, each of the schema that it is told."""

    def __init__(self, schema: int, **options: Any) -> None:
        self.clock, self.directory, self.engine = ManualClock(), Directory(), memory_engine()
        self.laptops: dict[str, Laptop] = {}
        self.options = options
        self.server = self._server(schema)
        self.server.create_tables()

    def _server(self, schema: int) -> sync.Server:
        return sync.Server(
            self.engine,
            [CARDS[schema]],
            identify=self.directory,
            scopes_of=by_field("scopes"),
            clock=self.clock,
            **self.options,
        )

    def laptop(self, name: str, schema: int) -> Laptop:
        engine = self.laptops[name].engine if name in self.laptops else memory_engine()
        made = Laptop(
            engine,
            Network(self.server),
            self.directory.enrol(name, "all"),
            tables=[CARDS[schema]],
            clock=self.clock,
            schema=schema,
        )
        if name not in self.laptops:
            made.replica.create_tables()
        self.laptops[name] = made
        return made

    def grow_laptop(self, name: str) -> Laptop:
        grow(self.laptops[name].engine)
        return self.laptop(name, 2)

    def grow_centre(self) -> None:
        grow(self.engine)
        self.server = self._server(2)
        self.server.adopt_fields()
        for laptop in self.laptops.values():
            laptop.network.server = self.server  # type: ignore[attr-defined]

    def settle(self) -> None:
        for _ in range(4):
            for laptop in self.laptops.values():
                outcome = laptop.sync()
                assert outcome.state == "done", outcome
            self.clock.advance(1000)

    def shown(self, name: str) -> list[Any]:
        return self.laptops[name].rows("SELECT * FROM card ORDER BY id")


def grow(engine: Any) -> None:
    with engine.execution_options(sync_own=True).begin() as connection:
        for statement in GROW:
            connection.exec_driver_sql(statement)


@pytest.fixture(params=[1, 2], ids=["old centre", "new centre"])
def mixed(request: pytest.FixtureRequest) -> Iterator[Mixed]:
    made = Mixed(request.param)
    yield made
    for laptop in made.laptops.values():
        laptop.close()
    made.engine.dispose()


def test_old_and_new_laptops_share_what_both_know_and_keep_what_one_knows(mixed: Mixed) -> None:
    old, new = mixed.laptop("old", 1), mixed.laptop("new", 2)
    old.save(OldCard(id="1", text="from the old"))
    new.save(NewCard(id="2", text="from the new", colour="red", size=5))
    mixed.settle()
    old.edit("2", OldCard, text="edited by the old")
    new.edit("1", NewCard, colour="blue")
    mixed.settle()
    assert mixed.shown("old") == [("1", "from the old", "all", 0), ("2", "edited by the old", "all", 0)]
    assert mixed.shown("new") == [
        ("1", "from the old", "all", 0, "blue", None),
        ("2", "edited by the old", "all", 0, "red", 5),
    ]
    assert mixed.server.conflicts() == []


def test_a_laptop_that_grows_has_the_fields_that_others_wrote_before(mixed: Mixed) -> None:
    old, new = mixed.laptop("old", 1), mixed.laptop("new", 2)
    new.save(NewCard(id="1", text="t", colour="red", size=5))
    mixed.settle()
    old.edit("1", OldCard, text="unsent when it grows")
    grown = mixed.grow_laptop("old")
    grown.edit("1", NewCard, size=7)
    mixed.settle()
    assert mixed.shown("old") == mixed.shown("new") == [("1", "unsent when it grows", "all", 0, "red", 7)]


def test_a_laptop_that_grows_offline_keeps_what_it_had_been_told_and_its_own_edit() -> None:
    mixed = Mixed(2)
    old, new = mixed.laptop("old", 1), mixed.laptop("new", 2)
    new.save(NewCard(id="1", text="t", colour="red", size=5))
    mixed.settle()
    assert old.rows("SELECT extra FROM sync_stamp") == [('{"colour":"red","size":5}',)]
    grown = mixed.grow_laptop("old")
    grown.edit("1", NewCard, colour="green")
    grown.replica.prepare(size=1, page=0)
    assert mixed.shown("old") == [("1", "t", "all", 0, "green", 5)]
    assert grown.rows("SELECT extra FROM sync_stamp") == [(None,)]


def test_a_centre_that_grows_puts_kept_fields_into_their_columns() -> None:
    mixed = Mixed(1)
    old, new = mixed.laptop("old", 1), mixed.laptop("new", 2)
    new.save(NewCard(id="1", text="t", colour="red", size=5), NewCard(id="2", text="u"))
    mixed.settle()
    mixed.grow_centre()
    with mixed.engine.connect() as connection:
        rows = [tuple(row) for row in connection.exec_driver_sql("SELECT * FROM card ORDER BY id")]
        kept = [extra for (extra,) in connection.exec_driver_sql("SELECT extra FROM sync_record")]
    assert rows == [("1", "t", "all", 0, "red", 5), ("2", "u", "all", 0, "", None)]
    assert kept == [None, None]
    assert mixed.server.adopt_fields() == 0
    assert mixed.server.verify().gap is None
    old.edit("1", OldCard, text="by the old")
    late = mixed.laptop("late", 2)
    mixed.settle()
    assert (
        mixed.shown("late")
        == mixed.shown("new")
        == [("1", "by the old", "all", 0, "red", 5), ("2", "u", "all", 0, "", None)]
    )
    assert late.replica.quarantined() == []


def test_a_kept_field_that_its_column_cannot_hold_is_left_out_of_it() -> None:
    mixed = Mixed(1)
    new = mixed.laptop("new", 2)
    new.save(NewCard(id="1", text="t", colour="red"))
    new.sync()
    with mixed.engine.begin() as connection:
        connection.exec_driver_sql('UPDATE sync_record SET extra = \'{"colour":"red","size":"large"}\'')
    mixed.grow_centre()
    with mixed.engine.connect() as connection:
        assert tuple(connection.exec_driver_sql("SELECT colour, size FROM card").one()) == ("red", None)


def test_a_laptop_that_is_too_old_to_read_may_still_send_and_nothing_reaches_it() -> None:
    mixed = Mixed(2, oldest_schema=2)
    old, new = mixed.laptop("old", 1), mixed.laptop("new", 2)
    new.save(NewCard(id="1", text="new"))
    new.sync()
    old.save(OldCard(id="2", text="old"))
    outcome = old.sync()
    assert (outcome.state, outcome.sent, outcome.received, outcome.waiting) == ("too-old", 1, 0, 0)
    new.sync()
    assert [row[:2] for row in mixed.shown("new")] == [("1", "new"), ("2", "old")]
    new.edit("2", NewCard, text="changed")
    new.sync()
    old.edit("2", OldCard, scopes="all other")
    assert old.sync().state == "too-old"
    assert mixed.shown("old") == [("2", "old", "all other", 0)]
    mixed.grow_laptop("old")
    mixed.settle()
    assert mixed.shown("old") == mixed.shown("new")


def test_values_of_an_older_schema_are_read_as_what_they_mean_by_now() -> None:
    def upcast(schema: int, table: str, field: str, value: Any) -> Any:
        return f"[{value}]" if (schema, table, field) == (1, "card", "text") else value

    mixed = Mixed(2, upcast=upcast)
    old, new = mixed.laptop("old", 1), mixed.laptop("new", 2)
    old.save(OldCard(id="1", text="old"))
    new.save(NewCard(id="2", text="new"))
    mixed.settle()
    assert [row[1] for row in mixed.shown("new")] == ["[old]", "new"]


def test_tables_of_a_newer_schema_are_passed_over_until_the_laptop_grows() -> None:
    class Extra(_New, table=True):
        __tablename__ = "extra_card"

        id: str = Field(primary_key=True)
        scopes: str = "all"
        deleted: bool = False

    mixed = Mixed(2)
    mixed.server = sync.Server(
        mixed.engine, [NewCard, Extra], identify=mixed.directory, scopes_of=by_field("scopes"), clock=mixed.clock
    )
    mixed.server.create_tables()
    mixed.server.write("office", [sync.Change("extra_card", "1", {}), sync.Change("card", "2", {"text": "t"})])
    small = mixed.laptop("small", 2)
    mixed.settle()
    assert mixed.shown("small") == [("2", "t", "all", 0, "", None)]
    grown = Laptop(small.engine, Network(mixed.server), "small", tables=[NewCard, Extra], clock=mixed.clock, schema=3)
    grown.replica.create_tables()
    assert grown.sync().state == "done"
    assert grown.rows("SELECT id FROM extra_card") == [("1",)]


def test_the_schema_travels_with_every_request(mixed: Mixed) -> None:
    old = mixed.laptop("old", 1)
    prepared = old.replica.prepare(size=1, page=1)
    assert protocol.request_from(prepared.body).schema == 1


def test_kept_fields_of_a_table_that_the_program_does_not_have_stay_kept(mixed: Mixed) -> None:
    old, new = mixed.laptop("old", 1), mixed.laptop("new", 2)
    new.save(NewCard(id="1", colour="red"))
    mixed.settle()
    kept = old.rows("SELECT extra FROM sync_stamp")
    other = Laptop(old.engine, Network(mixed.server), "old", tables=[Note], clock=mixed.clock, schema=5)
    other.replica.create_tables()
    other.replica.prepare(size=1, page=0)
    assert old.rows("SELECT extra FROM sync_stamp") == kept == [('{"colour":"red","size":null}',)]


def test_a_required_field_that_an_older_laptop_lacks_begins_blank() -> None:
    class _Strict(SQLModel, registry=registry()):
        pass

    class StrictCard(_Strict, table=True):
        __tablename__ = "card"

        id: str = Field(primary_key=True)
        text: str = ""
        scopes: str = "all"
        deleted: bool = False
        owner: str
        since: int | None

    mixed = Mixed(1)
    engine = memory_engine()
    server = sync.Server(
        engine, [StrictCard], identify=mixed.directory, scopes_of=by_field("scopes"), clock=mixed.clock
    )
    server.create_tables()
    old = mixed.laptop("old", 1)
    old.network.server = server  # type: ignore[attr-defined]
    old.save(OldCard(id="1", text="t"))
    assert old.sync()[:2] == ("done", 1)
    with engine.connect() as connection:
        assert tuple(connection.exec_driver_sql("SELECT text, owner, since FROM card").one()) == ("t", "", None)
    engine.dispose()
