from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, insert, text
from sqlalchemy.orm import registry
from sqlmodel import Field, Session, SQLModel, delete, update

import sync
from sync import status
from sync.errors import InvalidValue, UncapturedWrite
from sync.testing import ManualClock
from tests.sync.toys import TABLES, City, Laptop, Note, Sample, memory_engine


@pytest.fixture
def laptop(city: City) -> Laptop:
    return city.laptop("ann")


def outbox(laptop: Laptop) -> list[Any]:
    return laptop.rows("SELECT id, fields FROM sync_outbox")


def test_a_save_and_its_outbox_row_are_one_transaction(laptop: Laptop) -> None:
    with laptop.replica.session() as session:
        session.add(Note(id="1"))
        session.flush()
        session.rollback()
    assert laptop.rows("SELECT id FROM toy_note") == outbox(laptop) == []
    assert laptop.rows("SELECT id FROM sync_stamp") == []
    laptop.save(Note(id="1"))
    assert [row[0] for row in outbox(laptop)] == ["1"]


def test_a_savepoint_that_is_rolled_back_takes_its_capture_with_it(laptop: Laptop) -> None:
    with laptop.replica.session() as session:
        session.add(Note(id="1"))
        inner = session.begin_nested()
        session.add(Note(id="2"))
        session.flush()
        inner.rollback()
        session.commit()
    assert [row[0] for row in outbox(laptop)] == ["1"]


def test_ten_edits_are_one_row_with_one_base(laptop: Laptop) -> None:
    laptop.save(Note(id="1"))
    laptop.sync()
    for number in range(10):
        laptop.edit("1", text=str(number))
    ((_, fields),) = outbox(laptop)
    assert fields.count("-") == 4  # one stamp, one base
    assert laptop.sync().sent == 1


def test_an_edit_that_changes_nothing_is_nothing(laptop: Laptop) -> None:
    laptop.save(Note(id="1", text="same"))
    laptop.sync()
    laptop.edit("1", text="same")
    assert outbox(laptop) == []


def around(laptop: Laptop, write: Callable[[Session], Any]) -> None:
    with laptop.replica.session() as session:
        write(session)
        session.commit()


@pytest.mark.parametrize(
    "write",
    [
        lambda session: session.exec(update(Note).values(text="x")),
        lambda session: session.exec(delete(Note)),
        lambda session: session.execute(
            insert(Note), [{"id": "2", "text": "", "more": "", "scopes": "", "deleted": 0}]
        ),
        lambda session: session.execute(text("UPDATE toy_note SET text = 'x'")),
        lambda session: session.execute(text("insert or replace into toy_note (id) values ('2')")),
        lambda session: session.execute(text('DELETE FROM main."toy_note"')),
        lambda session: session.execute(text("UPDATE TOY_NOTE SET text = 'x'")),
        lambda session: session.execute(text("WITH x AS (SELECT 1) UPDATE toy_note SET text = 'x'")),
        lambda session: session.execute(text("/* UPDATE other */ UPDATE/**/toy_note SET text = 'x'")),
        lambda session: session.execute(text("-- note\n\ufeffDELETE FROM toy_note")),
        lambda session: session.execute(text("\ufeffUPDATE toy_note SET text = 'x'")),
        lambda session: session.bulk_save_objects([Note(id="2")]),
        lambda session: session.delete(session.get(Note, "1")),
        lambda session: setattr(session.get(Note, "1"), "id", "3"),
    ],
    ids=[
        *("update", "delete", "insert", "text", "replace", "quoted", "upper case", "with", "comment", "line comment"),
        *("byte order mark", "bulk", "session.delete", "new id"),
    ],
)
def test_a_write_that_goes_round_capture_is_refused(laptop: Laptop, write: Callable[[Session], Any]) -> None:
    laptop.save(Note(id="1", text="kept"))
    with pytest.raises(UncapturedWrite, match="toy_note"):
        around(laptop, write)
    assert laptop.rows("SELECT id, text FROM toy_note") == [("1", "kept")]


def test_a_session_without_capture_is_refused_on_the_same_engine(laptop: Laptop) -> None:
    with Session(laptop.engine) as session:
        session.add(Note(id="1"))
        with pytest.raises(UncapturedWrite, match=r"Replica\.session"):
            session.commit()


def test_a_failed_flush_leaves_no_door_open(laptop: Laptop) -> None:
    laptop.save(Note(id="1"))
    with laptop.replica.session() as session:
        session.add(Note(id="1"))
        with pytest.raises(Exception, match="UNIQUE"):
            session.flush()
        session.rollback()
        with pytest.raises(UncapturedWrite):
            session.exec(update(Note).values(text="x"))


def test_other_tables_and_reads_pass(laptop: Laptop) -> None:
    laptop.save(Note(id="1"))
    with laptop.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE other (x)")
        connection.exec_driver_sql("INSERT INTO other VALUES (1)")
        assert connection.exec_driver_sql("SELECT count(*) FROM toy_note").scalar() == 1


def test_text_is_cleaned_and_other_naughty_values_refused_before_stamping(laptop: Laptop) -> None:
    laptop.save(Note(id="1", text="a\0b\ud800"), Sample(id="2", things=["\0x"], pairs={}))
    note = laptop.note("1")
    assert note is not None
    assert note.text == "ab\ufffd"
    assert laptop.rows("SELECT things FROM toy_sample") == [('["x"]',)]
    for values in ({"ratio": float("nan")}, {"number": 2**63}, {"number": "7"}, {"at": "soon"}, {"things": [1e999]}):
        with pytest.raises(InvalidValue):
            laptop.edit("2", Sample, **values)
    assert laptop.sync()[:1] == ("done",)


def test_observers_hear_in_the_same_transaction_of_saves_arrivals_and_leaves(city: City) -> None:
    heard: list[tuple[str, list[str]]] = []

    def observer(connection: Any, table: str, ids: Any) -> None:
        count = connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar()
        heard.append((table, [*ids, count]))

    ann, bob = city.laptop("ann", "all", "red", observers=[observer]), city.laptop("bob", "all", "red")
    ann.save(Note(id="1"), Note(id="2", scopes="red"))
    assert heard == [("toy_note", ["1", "2", 2])]
    bob.save(Note(id="3"))
    city.settle()
    assert heard[1:] == [("toy_note", ["3", 3])]
    city.directory.enrol("ann", "all")
    ann.sync()
    assert heard[2:] == [("toy_note", ["2", 2])]


def test_building_a_replica_reads_and_writes_nothing(tmp_path: Path) -> None:
    engine = sync.sqlite_engine(tmp_path / "store.db")
    sync.Replica(engine, TABLES, clock=ManualClock())
    assert list(tmp_path.iterdir()) == []


def test_a_laptop_that_has_never_enrolled_captures_and_knows_its_status(city: City, tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    laptop = city.laptop("ann", path=path)
    with sqlite3.connect(path) as connection:
        connection.row_factory = sqlite3.Row
        assert status.read_status(connection) == (0, None, 0, 0, 0, None, "never", "", 0, 0)
        laptop.save(Note(id="1"))
        city.clock.advance(5)
        laptop.save(Note(id="2"))
        assert status.read_status(connection) == (2, city.clock() - 5, 0, 0, 0, None, "never", "", 0, 0)
        assert status.badges(connection, "toy_note", ["1", "9"]) == {"1": "waiting"}
        assert [one.id for one in status.waiting_records(connection)] == ["1", "2"]
        laptop.sync()
        assert status.read_status(connection) == (0, None, 0, 0, 0, city.clock(), "done", "", 0, 0)
        assert status.badges(connection, "toy_note", []) == {}
    connection.close()


def test_status_of_a_store_that_sync_has_never_touched_is_empty() -> None:
    connection = sqlite3.connect(":memory:")
    assert status.read_status(connection).state == "never"
    assert status.badges(connection, "toy_note", ["1"]) == {}
    assert status.waiting_records(connection) == status.rejected_records(connection) == []
    connection.close()


def test_two_writers_on_one_file_wait_for_each_other(city: City, tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    first = city.laptop("ann", path=path)
    second = Laptop(sync.sqlite_engine(path), first.network, "ann", clock=city.clock)
    city.laptops.append(second)

    def work(laptop: Laptop, name: str) -> None:
        for number in range(20):
            laptop.save(Note(id=f"{name}{number}"))

    threads = [threading.Thread(target=work, args=pair) for pair in ((first, "a"), (second, "b"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert first.rows("SELECT count(*), count(DISTINCT fields) FROM sync_outbox") == [(40, 40)]


def test_sqlite_is_opened_as_promised(tmp_path: Path) -> None:
    engine = sync.sqlite_engine(tmp_path / "store.db", pragmas={"secure_delete": "ON"})
    statements: list[str] = []

    @event.listens_for(engine, "connect", insert=False)
    def trace(connection: sqlite3.Connection, _record: object) -> None:
        connection.set_trace_callback(statements.append)

    with engine.begin() as connection:
        wanted = ("journal_mode", "synchronous", "busy_timeout", "secure_delete", "trusted_schema")
        found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted]
    with engine.execution_options(sync_reading=True).begin() as connection:
        connection.exec_driver_sql("SELECT 1")
    engine.dispose()
    assert found == ["wal", 2, 30_000, 1, 0]
    assert [line for line in statements if line.startswith("BEGIN")] == ["BEGIN IMMEDIATE", "BEGIN"]


def test_a_session_saves_and_deletes_other_tables_beside_the_replicated_ones(city: City) -> None:
    class Base(SQLModel, registry=registry()):
        pass

    class Local(Base, table=True):
        id: int = Field(primary_key=True)
        text: str = ""

    laptop = city.laptop("ann")
    with laptop.engine.begin() as connection:
        Local.__table__.create(connection)  # type: ignore[attr-defined]
    with laptop.replica.session() as session:
        session.add_all([Local(id=1), Local(id=2), Note(id="1")])
        session.commit()
        session.delete(session.get(Local, 1))
        session.get_one(Local, 2).text = "changed"
        session.commit()
    assert laptop.rows("SELECT id, text FROM local") == [(2, "changed")]
    assert [row[0] for row in outbox(laptop)] == ["1"]


@pytest.mark.parametrize("record", ["", "a\0b", "x" * 65])
def test_an_id_that_the_centre_would_not_take_is_refused_before_stamping(laptop: Laptop, record: str) -> None:
    with pytest.raises(InvalidValue):
        laptop.save(Note(id=record))
    assert outbox(laptop) == []


def test_none_is_refused_where_a_field_may_not_be_null(laptop: Laptop) -> None:
    with pytest.raises(InvalidValue, match="null"):
        laptop.save(Sample(id="1", things=None))
    laptop.save(Sample(id="1", number=None))


def test_a_credential_that_no_header_can_carry_is_none(city: City) -> None:
    laptop = city.laptop("ann")
    assert sync.Client(laptop.replica, "http://centre/", credential="…").sync().state == "sign-in"


def test_a_field_that_nobody_gave_a_value_is_left_to_the_database() -> None:
    class Base(SQLModel, registry=registry()):
        pass

    class Card(Base, table=True):
        id: str = Field(primary_key=True)
        since: int | None
        deleted: bool = False

    replica = sync.Replica(memory_engine(), [Card], clock=ManualClock())
    replica.create_tables()
    with replica.session() as session:
        session.add(Card(id="1"))
        session.commit()
        assert session.get_one(Card, "1").since is None
    replica.engine.dispose()
