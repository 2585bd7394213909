from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

import sync
from sync.testing import Directory, Network, by_field
from tests.sync.toys import TABLES, Laptop, Note, Sample, memory_engine


class Town:
    """A centre on PostgreSQL, several server objects on one database as several processes would be."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.directory = Directory()
        self.laptops: list[Laptop] = []
        self.servers = [self._server() for _ in range(2)]
        self.servers[0].create_tables()

    def _server(self) -> sync.Server:
        return sync.Server(
            self.engine,
            TABLES,
            identify=self.directory,
            holder_of=self.directory.holder_of,
            scopes_of=by_field("scopes"),
            clock=sync.wall_clock,
        )

    def laptop(self, person: str, *scopes: str) -> Laptop:
        network = Network(self.servers[len(self.laptops) % 2])
        laptop = Laptop(memory_engine(), network, self.directory.enrol(person, *scopes), clock=sync.wall_clock)
        laptop.replica.create_tables()
        self.laptops.append(laptop)
        return laptop

    def settle(self) -> None:
        for _ in range(8):
            if not any(one.sent or one.received for one in [laptop.sync() for laptop in self.laptops]):
                return
        raise AssertionError("the town does not come to rest")


@pytest.fixture
def town(engine: Engine) -> Iterator[Town]:
    made = Town(engine)
    yield made
    for laptop in made.laptops:
        laptop.close()


def test_a_day_s_work_is_the_same_on_postgresql(town: Town) -> None:
    ann, bob, cat = town.laptop("ann", "red"), town.laptop("bob", "red"), town.laptop("cat", "blue")
    ann.save(Note(id="1", text="国", scopes="red"), Sample(id="2", number=2**63 - 1, things=[1], scopes="red blue"))
    town.settle()
    ann.edit("1", text="from ann")
    bob.edit("1", text="from bob", more="from bob")
    town.settle()
    assert ann.note("1") == bob.note("1")
    (conflict,) = ann.replica.conflicts()
    assert {conflict.kept, conflict.other} == {"from ann", "from bob"}
    bob.replica.resolve(conflict.id, "settled")
    town.settle()
    assert ann.replica.conflicts() == bob.replica.conflicts() == []
    assert cat.rows("SELECT id, number FROM toy_sample") == [("2", 2**63 - 1)]
    assert cat.note("1") is None
    town.servers[1].write("chief", [sync.Change("toy_note", "1", {"scopes": "blue"})])
    town.settle()
    assert ann.note("1") is None
    assert cat.note("1") is not None


def test_a_file_handed_in_at_two_processes_at_once_is_taken_once(town: Town, tmp_path: Path) -> None:
    ann, bob = town.laptop("ann", "red"), town.laptop("bob", "red")
    bob.save(Note(id="b", scopes="red"))
    bob.sync()
    ann.save(*(Note(id=str(number), text="x" * 50_000, scopes="red") for number in range(30)))
    ann.client.to_file(tmp_path / "file")
    data = (tmp_path / "file").read_bytes()
    receipts: list[sync.Receipt] = []
    threads = [threading.Thread(target=lambda one=one: receipts.append(one.receive(data))) for one in town.servers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert {receipt.state for receipt in receipts} <= {"taken", "known"}
    assert [receipt.records for receipt in receipts] == [30, 30]
    (tmp_path / "answer").write_bytes(receipts[0].answer)
    assert ann.client.from_file(tmp_path / "answer")[:4] == ("done", 30, 1, 0)
    town.settle()
    assert bob.rows("SELECT count(*) FROM toy_note") == [(31,)]
    assert ann.rows("SELECT came_from FROM sync_laptop") == [("",)]


def test_a_record_that_the_database_refuses_stops_no_other(town: Town) -> None:
    with town.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE toy_note ADD CONSTRAINT fussy CHECK (text <> 'bad')")
    ann = town.laptop("ann", "red")
    ann.save(*(Note(id=str(number), text="bad" if number == 2 else "good", scopes="red") for number in range(5)))
    assert ann.sync()[:5] == ("done", 5, 0, 0, 1)
    assert ann.rows("SELECT id, reason FROM sync_outbox") == [("2", "unstorable")]


def test_no_reader_ever_sees_a_later_revision_before_an_earlier_one(town: Town) -> None:
    """Four writers start at a barrier and commit in any order; a puller that polls between their commits must end up
    with every record, though it never looks back."""
    writers = [town.laptop(f"w{number}", "red") for number in range(4)]
    puller = town.laptop("puller", "red")
    barrier = threading.Barrier(len(writers))
    outcomes: list[sync.Outcome] = []

    def write(laptop: Laptop) -> None:
        barrier.wait()
        for number in range(8):
            laptop.save(*(Note(id=f"{id(laptop)}-{number}-{one}", scopes="red") for one in range(3)))
            outcomes.append(laptop.sync())

    threads = [threading.Thread(target=write, args=(laptop,)) for laptop in writers]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        assert puller.sync().state == "done"
    puller.sync()
    assert [outcome.error for outcome in outcomes if outcome.error] == []
    assert puller.rows("SELECT count(*) FROM toy_note") == [(4 * 8 * 3,)]


def test_the_counter_is_locked_before_anything_is_read(town: Town) -> None:
    statements: list[str] = []
    event.listen(town.engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    ann = town.laptop("ann", "red")
    ann.save(Note(id="1", scopes="red"))
    ann.sync()
    pushed = [one for one in statements if "toy_note" in one or ("sync_centre" in one and "FOR UPDATE" in one)]
    assert "FOR UPDATE" in pushed[0]


def test_a_page_is_read_in_one_snapshot(town: Town) -> None:
    ann, bob = town.laptop("ann", "red"), town.laptop("bob", "red")
    ann.save(Note(id="1", scopes="red"), Note(id="2", scopes="red"))
    ann.sync()
    once: list[Any] = []

    def meanwhile(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "FROM sync_feed" in statement and not once:
            once.append(statement)
            town.servers[0].write("chief", [sync.Change("toy_note", "1", {"scopes": "blue"})])

    event.listen(town.engine, "before_cursor_execute", meanwhile)
    assert bob.sync().state == "done"
    assert once
    bob.sync()
    assert bob.rows("SELECT id FROM toy_note") == [("2",)]


@pytest.mark.parametrize(
    "narrow", ["ADD CONSTRAINT fussy CHECK (text <> 'endless')", "ALTER COLUMN text TYPE VARCHAR(6)"]
)
def test_a_batch_that_is_copied_in_refuses_one_record_alone_too(town: Town, narrow: str) -> None:
    with town.engine.begin() as connection:
        connection.exec_driver_sql(f"ALTER TABLE toy_note {narrow}")
    ann, bob = town.laptop("ann", "red"), town.laptop("bob", "red")
    ann.save(
        *(Note(id=f"{number:03}", text="endless" if number == 50 else "good", scopes="red") for number in range(100))
    )
    assert ann.sync()[:5] == ("done", 100, 0, 0, 1)
    assert ann.rows("SELECT id, reason FROM sync_outbox") == [("050", "unstorable")]
    ann.edit("050", text="better")
    ann.save(*(Note(id=f"{number:03}", text="more", scopes="red") for number in range(100, 200)))
    town.settle()
    assert bob.rows("SELECT * FROM toy_note ORDER BY id") == ann.rows("SELECT * FROM toy_note ORDER BY id")


def test_what_is_too_long_for_an_index_is_refused_alone(town: Town) -> None:
    """PostgreSQL says so as it says that it cannot work at all; the scope of a record is a key of the feed."""
    ann = town.laptop("ann", "red")
    word = "".join(f"{number:x}" for number in range(100_000, 103_000))
    ann.save(Note(id="1", scopes=f"red {word}"), Note(id="2", scopes="red"))
    assert ann.sync()[:5] == ("done", 2, 0, 0, 1)
    assert ann.rows("SELECT id, reason FROM sync_outbox") == [("1", "unstorable")]
