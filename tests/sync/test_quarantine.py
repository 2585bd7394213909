"""A record of the centre that a laptop cannot take is set aside whole, stops nothing, and goes in when it can."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

import sync
from sync import protocol
from sync.quarantine import Quarantined
from sync.status import read_status
from sync.testing import Directory, ManualClock, Network, answer_of, by_field
from tests.sync.toys import Laptop, Note, memory_engine, raw


class _Wide(SQLModel, registry=registry()):
    pass


class WideCard(_Wide, table=True):
    """What the centre has: a size is any text."""

    __tablename__ = "card"

    id: str = Field(primary_key=True)
    size: str = ""
    scopes: str = "all"
    deleted: bool = False


class _Narrow(SQLModel, registry=registry()):
    pass


class NarrowCard(_Narrow, table=True):
    """What the laptop's program has: a size is one of its choices, and short."""

    __tablename__ = "card"

    id: str = Field(primary_key=True)
    size: str | None = None
    scopes: str = "all"
    deleted: bool = False


class Pair:
    """A centre with wide cards, and a laptop whose table refuses some of them."""

    def __init__(self) -> None:
        self.clock, self.directory, self.centre = ManualClock(), Directory(), memory_engine()
        self.server = sync.Server(
            self.centre, [WideCard], identify=self.directory, scopes_of=by_field("scopes"), clock=self.clock
        )
        self.server.create_tables()
        self.engine = memory_engine()
        self.seen: list[str] = []
        self.laptop = self.open(NarrowCard)
        self.laptop.replica.create_tables()

    def open(self, model: type[Any]) -> Laptop:
        credential = self.directory.enrol("p", "all", "red")
        observers = [lambda _connection, _table, ids: self.seen.extend(ids)]
        return Laptop(
            self.engine, Network(self.server), credential, tables=[model], clock=self.clock, observers=observers
        )

    def write(self, record: str, **values: Any) -> None:
        self.server.write("office", [sync.Change("card", record, values)])

    def narrow(self) -> None:
        """From now on the laptop's database takes short sizes only."""
        trigger = "CREATE TRIGGER narrow BEFORE INSERT ON card WHEN length(new.size) > 5 BEGIN SELECT raise(ABORT, 'long'); END"
        self.own(trigger, trigger.replace("INSERT", "UPDATE").replace("narrow BEFORE", "narrower BEFORE"))

    def widen(self) -> None:
        self.own("DROP TRIGGER narrow", "DROP TRIGGER narrower")

    def own(self, *statements: str) -> None:
        with self.engine.execution_options(sync_own=True).begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    def cards(self) -> list[Any]:
        return self.laptop.rows("SELECT id, size FROM card ORDER BY id")


@pytest.fixture
def pair() -> Iterator[Pair]:
    made = Pair()
    yield made
    made.engine.dispose()
    made.centre.dispose()


@pytest.mark.parametrize("place", range(3))
def test_one_record_that_does_not_fit_stops_no_other_and_goes_in_when_it_can(pair: Pair, place: int) -> None:
    pair.narrow()
    for number in range(3):
        pair.write(str(number), size="endless" if number == place else "m")
    outcome = pair.laptop.sync()
    assert (outcome.state, outcome.received) == ("done", 3)
    assert pair.cards() == [(str(number), "m") for number in range(3) if number != place]
    assert pair.laptop.replica.quarantined() == [Quarantined("card", str(place), "unstorable")]
    assert read_status(raw(pair.engine)).quarantined == 1
    assert str(place) not in pair.seen
    assert pair.laptop.sync().state == "done"
    assert pair.laptop.replica.quarantined() != []
    pair.widen()
    assert pair.laptop.sync().state == "done"
    assert pair.cards()[place] == (str(place), "endless")
    assert pair.laptop.replica.quarantined() == []
    assert str(place) in pair.seen
    assert pair.laptop.rows("SELECT scope FROM sync_member WHERE id = ?", str(place)) == [("all",)]


def test_a_value_that_the_program_cannot_read_is_set_aside_with_its_field(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair.write("1", size="s")
    pair.write("2", size="m")
    table = pair.laptop.replica.tables["card"]
    monkeypatch.setattr(table, "shape", sync.tables.Synced(_numbered(), sync.bulk.Dialected(pair.engine.dialect)).shape)
    monkeypatch.setitem(table.kinds, "size", sync.values.kind_of(int)[0])
    assert pair.laptop.sync().state == "done"
    assert pair.laptop.replica.quarantined() == [
        Quarantined("card", "1", "value size type"),
        Quarantined("card", "2", "value size type"),
    ]
    pair.laptop = pair.open(NarrowCard)
    assert pair.laptop.sync().state == "done"
    assert pair.cards() == [("1", "s"), ("2", "m")]


def test_a_later_version_that_fits_takes_its_place(pair: Pair) -> None:
    pair.narrow()
    pair.write("1", size="endless")
    pair.laptop.sync()
    pair.write("1", size="s")
    pair.laptop.sync()
    assert pair.cards() == [("1", "s")]
    assert pair.laptop.replica.quarantined() == []


def test_the_version_before_it_stays_in_sight_and_can_be_edited(pair: Pair) -> None:
    pair.write("1", size="s")
    pair.laptop.sync()
    pair.narrow()
    pair.write("1", size="endless")
    pair.laptop.sync()
    assert pair.cards() == [("1", "s")]
    pair.laptop.edit("1", NarrowCard, size="xl")
    assert pair.laptop.sync().state == "done"
    (conflict,) = pair.server.conflicts()
    assert {"endless", "xl"} >= {conflict.value}
    with pair.centre.connect() as connection:
        (size,) = connection.exec_driver_sql("SELECT size FROM card").one()
    assert {size, conflict.value} == {"endless", "xl"}


def test_what_leaves_the_laptop_leaves_the_quarantine(pair: Pair) -> None:
    pair.narrow()
    pair.write("1", size="endless", scopes="red")
    pair.laptop.sync()
    assert len(pair.laptop.replica.quarantined()) == 1
    pair.write("1", scopes="nobody")
    pair.laptop.sync()
    assert pair.laptop.replica.quarantined() == []
    pair.widen()
    pair.laptop.sync()
    assert pair.cards() == []


def test_an_unsent_edit_of_a_record_that_does_not_fit_is_kept(pair: Pair) -> None:
    pair.write("1", size="s")
    pair.laptop.sync()
    pair.laptop.edit("1", NarrowCard, scopes="all red")
    pair.narrow()
    pair.write("1", size="endless")
    assert pair.laptop.sync().state == "done"
    pair.widen()
    assert pair.laptop.sync().state == "done"
    assert pair.laptop.rows("SELECT size, scopes FROM card") == [("endless", "all red")]


def _numbered() -> type[Any]:
    class _Base(SQLModel, registry=registry()):
        pass

    class Numbered(_Base, table=True):
        __tablename__ = "card"

        id: str = Field(primary_key=True)
        size: int = 0
        scopes: str = "all"
        deleted: bool = False

    return Numbered


def test_it_waits_for_a_program_that_has_its_table(pair: Pair) -> None:
    pair.narrow()
    pair.write("1", size="endless")
    pair.laptop.sync()
    pair.widen()
    other = Laptop(pair.engine, Network(pair.server), "p", tables=[Note], clock=pair.clock)
    other.replica.create_tables()
    assert other.replica.try_quarantined() == 0
    assert pair.laptop.replica.try_quarantined() == 1
    assert pair.cards() == [("1", "endless")]


def test_what_comes_while_the_same_record_is_being_edited_is_set_aside_too(pair: Pair) -> None:
    pair.write("1", size="s")
    pair.laptop.sync()
    pair.narrow()
    pair.write("1", size="endless")
    prepared = pair.laptop.replica.prepare(size=9000, page=9000)
    pair.laptop.edit("1", NarrowCard, scopes="all red")
    headers = {**prepared.headers, protocol.PROTOCOL: protocol.VERSION, "authorization": "Bearer p"}
    answer = answer_of(pair.server, headers, prepared.body)
    pair.laptop.replica.take(prepared, protocol.reply_from(protocol.inflate(answer.body)))
    assert pair.laptop.replica.quarantined() == [Quarantined("card", "1", "unstorable")]
    assert pair.laptop.rows("SELECT size, scopes FROM card") == [("s", "all red")]
