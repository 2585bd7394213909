from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

import pytest

import sync
from sync import centre, merge, protocol, status
from sync.devices import Caller
from sync.errors import InvalidValue
from sync.protocol import Push
from tests.sync.toys import City, Note, raw

BATCH = 5


def refuse(_caller: Caller, _table: str, before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> str | None:
    if "bad" in after["text"]:
        return "bad-word"
    return "frozen" if before is not None and before["more"] == "frozen" else None


@pytest.mark.parametrize("place", range(BATCH))
def test_a_bad_record_in_any_place_stops_no_other(place: int) -> None:
    city = City(refuse=refuse)
    ann, bob = city.laptop("ann"), city.laptop("bob")
    ann.save(*(Note(id=str(number), text="bad" if number == place else "good") for number in range(BATCH)))
    assert ann.sync()[:5] == ("done", BATCH, 0, 0, 1)
    assert bob.sync().received == BATCH - 1
    connection = raw(ann.engine)
    (refused,) = status.rejected_records(connection)
    assert (refused.table, refused.id, refused.state, refused.reason) == (
        "toy_note",
        str(place),
        "rejected",
        "bad-word",
    )
    assert status.badges(connection, "toy_note", ["0", "1", "2", "3", "4"]) == {str(place): "rejected"}
    ann.edit(str(place), text="better")
    assert ann.sync()[:5] == ("done", 1, 0, 0, 0)
    city.settle()
    assert bob.rows("SELECT * FROM toy_note ORDER BY id") == ann.rows("SELECT * FROM toy_note ORDER BY id")
    city.close()


@pytest.mark.parametrize("place", range(BATCH))
def test_a_record_that_the_database_refuses_stops_no_other(city: City, place: int) -> None:
    raw(city.engine).execute(
        "CREATE TRIGGER fussy BEFORE INSERT ON toy_note WHEN new.text = 'bad' BEGIN SELECT RAISE(ABORT, 'no'); END"
    )
    ann, bob = city.laptop("ann"), city.laptop("bob")
    ann.save(*(Note(id=str(number), text="bad" if number == place else "good") for number in range(BATCH)))
    assert ann.sync()[:5] == ("done", BATCH, 0, 0, 1)
    assert ann.rows("SELECT id, reason FROM sync_outbox") == [(str(place), "unstorable")]
    assert bob.sync().received == BATCH - 1
    assert ann.sync().received == 0


def test_a_refused_edit_is_sent_whole_by_the_next_edit() -> None:
    city = City(refuse=refuse)
    ann, bob = city.laptop("ann"), city.laptop("bob")
    ann.save(Note(id="1", more="kept"))
    city.settle()
    ann.edit("1", text="bad")
    ann.sync()
    ann.edit("1", more="changed")
    assert ann.sync().rejected == 1
    ann.edit("1", text="good")
    prepared = ann.replica.prepare(size=1, page=1)
    (push,) = protocol.request_from(prepared.body).push
    assert (push.w, push.f, push.c) == (True, {"text": "good", "more": "changed"}, {"scopes": "all", "deleted": False})
    city.settle()
    assert bob.note("1") == ann.note("1") == city.note("1")
    assert ann.replica.conflicts() == []
    city.close()


def test_a_refused_record_keeps_its_words_while_others_change_it() -> None:
    city = City(refuse=refuse)
    ann, bob = city.laptop("ann"), city.laptop("bob")
    ann.save(Note(id="1"))
    city.settle()
    ann.edit("1", text="bad words")
    ann.sync()
    bob.edit("1", text="bob's", more="bob's")
    city.settle()
    note = ann.note("1")
    assert note is not None
    assert (note.text, note.more) == ("bad words", "bob's")
    city.close()


def test_the_owner_sees_before_and_after_in_python_values() -> None:
    seen: list[Any] = []
    city = City(refuse=lambda caller, table, before, after: seen.append((caller.person, table, before, dict(after))))
    ann = city.laptop("ann")
    ann.save(Note(id="1", text="a"))
    ann.sync()
    ann.edit("1", text="b")
    ann.sync()
    a = {"id": "1", "text": "a", "more": "", "scopes": "all", "deleted": False}
    assert seen == [("ann", "toy_note", None, a), ("ann", "toy_note", a, {**a, "text": "b"})]
    city.close()


@pytest.mark.parametrize("broken", ["scopes_of", "refuse"])
def test_a_fault_in_the_owner_s_rules_refuses_that_record_alone(broken: str) -> None:
    def fails(*arguments: Any) -> Any:
        if arguments[-1]["text"] == "odd":
            raise ZeroDivisionError
        return frozenset({"all"}) if broken == "scopes_of" else None

    city = City(**{broken: fails})
    ann = city.laptop("ann")
    ann.save(Note(id="1", text="odd"), Note(id="2"))
    assert ann.sync()[:5] == ("done", 2, 0, 0, 1)
    assert ann.rows("SELECT id, reason FROM sync_outbox") == [("1", "scopes" if broken == "scopes_of" else "rule")]
    city.close()


def test_an_edit_of_a_record_unknown_to_the_centre_is_sent_whole_with_its_stamps(city: City) -> None:
    ann, bob = city.laptop("ann"), city.laptop("bob")
    ann.save(Note(id="1", text="mine"))
    city.settle()
    stamps = ann.rows("SELECT stamps FROM sync_stamp")
    for table in ("toy_note", "sync_record", "sync_feed"):
        raw(city.engine).execute(f"DELETE FROM {table}")
    raw(city.engine).commit()
    ann.edit("1", more="edited")
    ann.sync()
    note = city.note("1")
    assert note is not None
    assert (note.text, note.more) == ("mine", "edited")
    assert stamps[0][0][1:-1] in raw(city.engine).execute("SELECT stamps FROM sync_record").fetchone()[0]
    assert bob.sync().received == 1


S1, S2 = "1795000000000-0000-aaaaaaaaaaaa", "1795000000001-0000-aaaaaaaaaaaa"
GOOD = {"text": "", "more": "", "scopes": "all", "deleted": False}


@pytest.mark.parametrize(
    ("push", "reason"),
    [
        (Push("nowhere", "1", GOOD, S1, w=True), "table"),
        (Push("sync_centre", "1", {"revision": 9}, S1, w=True), "table"),
        (Push("toy_note", "", GOOD, S1, w=True), "id"),
        (Push("toy_note", "x" * 65, GOOD, S1, w=True), "id"),
        (Push("toy_note", "a\0", GOOD, S1, w=True), "value nul"),
        (Push("toy_note", "1", {**GOOD, "id": "2"}, S1, w=True), "id"),
        (Push("toy_note", "1", {**GOOD, "text": 5}, S1, w=True), "value text type"),
        (Push("toy_note", "1", {**GOOD, "text": "a\0"}, S1, w=True), "value text nul"),
        (Push("toy_note", "1", {**GOOD, "deleted": None}, S1, w=True), "value deleted null"),
        (Push("toy_note", "1", {**GOOD, "new": [[2**63]]}, S1, w=True), "value new range"),
        (Push("toy_note", "1", {**GOOD, "n\0w": 1}, S1, w=True), "value nul"),
        (Push("toy_note", "1", GOOD, "", w=True), "stamp"),
        (Push("toy_note", "1", GOOD, "soon", w=True), "stamp"),
        (Push("toy_note", "1", GOOD, S1, s={"text": "1"}, w=True), "stamp"),
        (Push("toy_note", "1", GOOD, S1, b={"text": ["x"]}, w=True), "stamp"),
        (Push("toy_note", "1", {}, S1, c=GOOD, d={"*": "x"}, w=True), "stamp"),
        (Push("toy_note", "1", GOOD, S1, b={"*": [S2] * 2501}, w=True), "bases"),
        (Push("toy_sample", "1", {"at": "2026-11-23T10:00:00"}, S1, w=True), "value at instant"),
    ],
)
def test_the_centre_refuses_and_never_rewrites(city: City, push: Push, reason: str) -> None:
    city.laptop("ann")
    good = Push("toy_note", "good", GOOD, S2, w=True)
    request = protocol.Request(push=[push, good])
    headers = {protocol.DEVICE: "aaaaaaaaaaaa", protocol.TOKEN: "- first"}
    answer = city.server.serve(city.directory.callers["ann"], headers, protocol.encode(request))
    assert answer.status == 200
    reply = protocol.reply_from(protocol.inflate(answer.body))
    assert [(one.state, one.reason) for one in reply.results] == [("rejected", reason), ("ok", "")]


def test_a_field_of_a_newer_schema_is_kept_and_handed_back(city: City) -> None:
    ann, bob = city.laptop("ann"), city.laptop("bob")
    request = protocol.Request(push=[Push("toy_note", "1", {**GOOD, "colour": {"name": "red"}}, S1, w=True)])
    headers = {protocol.DEVICE: "aaaaaaaaaaaa", protocol.TOKEN: "- first"}
    city.server.serve(city.directory.callers["ann"], headers, protocol.encode(request))
    bob.sync()
    assert bob.rows("SELECT extra FROM sync_stamp") == [('{"colour":{"name":"red"}}',)]
    bob.edit("1", text="by an older laptop")
    bob.sync()
    assert raw(city.engine).execute("SELECT extra FROM sync_record").fetchone() == ('{"colour":{"name":"red"}}',)
    ann.sync()
    assert ann.rows("SELECT extra FROM sync_stamp") == [('{"colour":{"name":"red"}}',)]


def test_a_laptop_too_old_to_read_has_its_work_taken_all_the_same() -> None:
    city = City(oldest_schema=3)
    old, new = city.laptop("old", schema=2), city.laptop("new", schema=3)
    old.save(Note(id="1"))
    outcome = old.sync()
    assert (outcome.state, outcome.sent, outcome.waiting) == ("too-old", 1, 0)
    assert new.sync()[:3] == ("done", 0, 1)
    city.close()


def test_a_record_of_a_table_that_the_laptop_does_not_know_is_passed_over(city: City) -> None:
    city.server.write("chief", [sync.Change("toy_sample", "1", {}), sync.Change("toy_note", "2", {})])
    ann = city.laptop("ann", tables=[Note])
    assert ann.sync().state == "done"
    assert ann.note("2") is not None


def test_rows_missing_from_under_the_outbox_do_not_stop_the_others(city: City) -> None:
    ann = city.laptop("ann")
    ann.save(Note(id="1"), Note(id="2"))
    connection = raw(ann.engine)
    connection.execute("DELETE FROM toy_note WHERE id = '1'")
    connection.commit()
    assert ann.sync()[:5] == ("done", 1, 0, 0, 1)
    assert isinstance(connection, sqlite3.Connection)


def test_a_disk_that_is_full_in_the_middle_of_a_batch_is_no_record_s_fault(city: City) -> None:
    """One record is bad, which is found out record by record; the disk is full at the next: it waits, and is not refused."""
    disk = raw(city.engine)
    disk.execute(
        "CREATE TRIGGER bad BEFORE INSERT ON toy_note WHEN new.text = 'bad' BEGIN SELECT raise(ABORT, ''); END"
    )
    (pages,) = disk.execute("PRAGMA page_count").fetchone()
    disk.execute(f"PRAGMA max_page_count = {pages + 2}")
    ann = city.laptop("ann")
    ann.save(Note(id="1", text="bad"), Note(id="2", text="x" * 20_000), Note(id="3"))
    outcome = ann.sync()
    assert (outcome.state, outcome.waiting, outcome.rejected) == ("fault", 2, 1)
    assert city.note("2") is None
    disk.execute("PRAGMA max_page_count = 100000")
    assert ann.sync()[:5] == ("done", 2, 0, 0, 1)
    assert (city.note("2"), city.note("3")) == (ann.note("2"), ann.note("3"))


def test_a_fault_in_the_merge_of_one_record_stops_no_other(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = city.laptop("ann")
    ann.save(Note(id="1"), Note(id="2"))
    ann.sync()
    merged = merge.merge

    def faulty(standing: merge.Standing, incoming: merge.Incoming) -> merge.Merged:
        if incoming.values.get("text") == "odd":
            raise ZeroDivisionError
        return merged(standing, incoming)

    monkeypatch.setattr(merge, "merge", faulty)
    ann.edit("1", text="odd")
    ann.edit("2", text="even")
    assert ann.sync()[:5] == ("done", 2, 0, 0, 1)
    assert ann.rows("SELECT id, reason FROM sync_outbox") == [("1", "fault")]


def test_a_record_grows_neither_in_size_nor_in_open_conflicts_past_its_bounds(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(centre, "_CONFLICTS_LIMIT", 1)
    monkeypatch.setattr(protocol, "FILLED_LIMIT", 300)
    laptops = [city.laptop(name) for name in ("ann", "bob", "cat")]
    ann, *others = laptops
    ann.save(Note(id="1"))
    city.settle()
    for laptop in laptops:
        city.clock.advance(1000)
        laptop.edit("1", text=f"word of {laptop.rows('SELECT device FROM sync_laptop')}")
    assert [laptop.sync().rejected for laptop in laptops] == [0, 0, 1]
    assert others[1].rows("SELECT reason FROM sync_outbox") == [("conflicts",)]
    ann.sync()
    ann.edit("1", more="x" * 300)
    assert ann.sync().rejected == 1
    assert ann.rows("SELECT reason FROM sync_outbox") == [("too-large",)]
    with pytest.raises(InvalidValue, match="too-large"):
        city.server.write("office", [sync.Change("toy_note", "1", {"more": "x" * 300})])


def test_a_centre_that_does_not_know_even_a_whole_record_is_not_asked_for_ever(city: City) -> None:
    ann = city.laptop("ann")
    ann.save(Note(id="1", text="kept"))
    answer = protocol.Reply(protocol.TAKEN, city.clock(), results=[protocol.Result(protocol.UNKNOWN)])
    for _ in range(2):
        ann.replica.take(ann.replica.prepare(size=9000, page=0), answer)
    assert ann.replica.counts()[:2] == (0, 1)
    assert ann.rows("SELECT state, reason FROM sync_outbox") == [("rejected", "unknown")]


def test_open_conflicts_of_a_record_keep_only_so_much_and_the_scope_goes_on(city: City) -> None:
    ann, bob, eve = (city.laptop(name) for name in ("ann", "bob", "eve"))
    ann.save(Note(id="1"))
    city.settle()
    rejected = 0
    for number in range(12):
        for laptop, word in ((ann, "a"), (bob, "b")):
            city.clock.advance(1000)
            laptop.edit("1", text=f"{number}" + word * 250_000)
        rejected += ann.sync().rejected + bob.sync().rejected
        ann.sync()
    assert rejected > 0
    assert {reason for laptop in (ann, bob) for (reason,) in laptop.rows("SELECT reason FROM sync_outbox")} == {
        "conflicts"
    }
    assert eve.sync()[:2] == ("done", 0)
    assert len(eve.replica.conflicts()) == len(city.server.conflicts()) <= 8


def test_a_fault_in_reading_an_older_value_refuses_that_record_alone() -> None:
    city = City(upcast=lambda _schema, _table, field, value: str(int(value)) if field == "more" else value)
    ann = city.laptop("ann")
    ann.save(Note(id="1", more="ten"), Note(id="2", more="03"))
    assert ann.sync()[:5] == ("done", 2, 0, 0, 1)
    assert ann.rows("SELECT id, reason FROM sync_outbox") == [("1", "rule")]
    note = city.note("2")
    assert note is not None
    assert note.more == "3"
    city.close()


def test_what_the_office_writes_has_the_size_of_any_other_record_and_each_field_once(city: City) -> None:
    for table, record, values, why in (
        ("toy_note", "1", {"text": "x" * protocol.RECORD_LIMIT}, "too-large"),
        ("nowhere", "1", {}, "table"),
    ):
        with pytest.raises(InvalidValue, match=why):
            city.server.write("office", [sync.Change(table, record, values)])
    with pytest.raises(InvalidValue, match="twice"):
        city.server.write("office", [sync.Change("toy_note", "1", {"text": word}) for word in "ab"])
    city.server.write(
        "office", [sync.Change("toy_note", "1", {"text": "a"}), sync.Change("toy_note", "1", {"more": "b"})]
    )
    assert city.laptop("ann").sync()[:3] == ("done", 0, 1)


def test_a_table_that_is_no_more_stops_nobody(city: City) -> None:
    city.server.write("office", [sync.Change("toy_sample", "1", {}), sync.Change("toy_note", "2", {})])
    ann = city.laptop("ann")
    ann.network.server = sync.Server(city.engine, [Note], **city.options)  # type: ignore[attr-defined]
    assert ann.sync()[:3] == ("done", 0, 1)
    assert ann.note("2") is not None
