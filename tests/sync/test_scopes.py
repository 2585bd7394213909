from __future__ import annotations

import json
from typing import Any

import pytest

import sync
from sync import protocol
from sync.server import Answer
from tests.sync.toys import City, Laptop, Note, copy


def ids(laptop: Laptop) -> list[str]:
    return [row[0] for row in laptop.rows("SELECT id FROM toy_note ORDER BY id")]


def test_a_laptop_of_another_group_receives_nothing_of_this_one(city: City) -> None:
    seen: list[bytes] = []
    ann, bob, cat = city.laptop("ann", "red"), city.laptop("bob", "red"), city.laptop("cat", "blue")
    cat.network.watch = lambda answer: seen.append(protocol.inflate(answer.body))  # type: ignore[attr-defined]
    ann.save(Note(id="1", text="canary", scopes="red"), Note(id="2", text="for both", scopes="red blue"))
    city.settle()
    assert (ids(bob), ids(cat)) == (["1", "2"], ["2"])
    assert not any(b"canary" in body or b"red" in body.replace(b"red blue", b"") for body in seen)


def test_a_record_that_is_shared_arrives_and_one_that_is_unshared_leaves(city: City) -> None:
    ann, cat = city.laptop("ann", "red"), city.laptop("cat", "blue")
    ann.save(Note(id="1", scopes="red"))
    city.settle()
    ann.edit("1", scopes="red blue")
    city.settle()
    assert ids(cat) == ["1"]
    ann.edit("1", scopes="red")
    city.settle()
    assert (ids(ann), ids(cat)) == (["1"], [])
    assert cat.rows("SELECT * FROM sync_stamp") == cat.rows("SELECT * FROM sync_member") == []


def test_a_laptop_that_moves_a_record_out_of_its_own_sight_forgets_it(city: City) -> None:
    ann, cat = city.laptop("ann", "red"), city.laptop("cat", "blue")
    ann.save(Note(id="1", scopes="red"))
    city.settle()
    ann.edit("1", scopes="blue")
    city.settle()
    assert (ids(ann), ids(cat)) == ([], ["1"])


def test_losing_a_whole_scope_forgets_its_records_and_gaining_it_brings_them_back(city: City) -> None:
    ann, bob = city.laptop("ann", "all", "red"), city.laptop("bob", "all", "red")
    bob.save(Note(id="1", scopes="red"), Note(id="2", scopes="all red"), Note(id="3"))
    city.settle()
    assert ids(ann) == ["1", "2", "3"]
    city.directory.enrol("ann", "all")
    city.settle()
    assert ids(ann) == ["2", "3"]
    bob.edit("1", text="meanwhile")
    city.directory.enrol("ann", "all", "red")
    city.settle()
    assert ids(ann) == ["1", "2", "3"]
    assert ann.note("1") == bob.note("1")


def test_a_right_lost_between_the_reply_and_the_next_pull_takes_the_own_record_with_it(city: City) -> None:
    ann = city.laptop("ann", "red")
    boss = city.laptop("boss", "red", "blue")
    ann.save(Note(id="1", scopes="red"))

    def move(answer: Answer) -> Answer:
        city.server.write("chief", [sync.Change("toy_note", "1", {"scopes": "blue"})])
        return answer

    ann.network.faults.append(move)  # type: ignore[attr-defined]
    ann.sync()
    city.settle()
    assert (ids(ann), ids(boss)) == ([], ["1"])


def test_unsent_words_on_a_record_that_has_left_stay_with_their_author_and_come_back_with_it(city: City) -> None:
    ann, boss = city.laptop("ann", "red"), city.laptop("boss", "red", "blue")
    ann.save(Note(id="1", scopes="red", more="secret of blue soon"))
    city.settle()
    boss.edit("1", scopes="blue")
    boss.sync()
    ann.edit("1", text="typed offline")
    ann.sync()
    assert ids(ann) == []
    ((state, reason, held),) = ann.rows("SELECT state, reason, held FROM sync_outbox")
    assert (state, reason, json.loads(held)) == ("forbidden", "scope", {"text": "typed offline"})
    boss.edit("1", scopes="red")
    city.settle()
    note = ann.note("1")
    assert note is not None
    assert (note.text, note.scopes) == ("typed offline", "red")
    ann.edit("1", more="and once more")
    city.settle()
    note = boss.note("1")
    assert note is not None
    assert (note.text, note.more) == ("typed offline", "and once more")


def test_unsent_words_that_are_taken_at_last_bring_their_record_back(city: City) -> None:
    ann, boss = city.laptop("ann", "red"), city.laptop("boss", "red", "blue")
    ann.save(Note(id="1", scopes="red", more="kept at the centre"))
    city.settle()
    ann.edit("1", text="typed offline", scopes="blue")
    city.directory.callers["ann"] = city.directory.callers["ann"]._replace(reads=frozenset({"blue"}))
    ann.sync()
    boss.sync()
    assert ann.note("1") == boss.note("1")


def test_a_record_that_was_forgotten_and_that_a_restored_centre_lacks_comes_back_once_it_may_be_seen(
    city: City,
) -> None:
    ann = city.laptop("ann", "red")
    backup = city.backup()
    ann.save(Note(id="1", text="before", scopes="red"), Note(id="2", scopes="red"))
    ann.sync()
    copy(backup, city.engine)
    backup.dispose()
    city.server.new_epoch()
    city.directory.enrol("ann", "blue")
    ann.edit("1", text="mine", scopes="blue")
    assert ann.sync().state == "done"
    assert ann.note("1") == city.note("1") is not None
    assert ids(ann) == ["1"]


def test_a_scope_that_the_caller_only_reads_cannot_be_written(city: City) -> None:
    ann, bob = city.laptop("ann"), city.laptop("bob")
    city.directory.callers["bob"] = city.directory.callers["bob"]._replace(writes=frozenset())
    ann.save(Note(id="1"))
    city.settle()
    bob.edit("1", text="not mine")
    bob.save(Note(id="2"))
    assert bob.sync()[:5] == ("done", 2, 0, 0, 2)
    assert [one.text for one in (ann.note("1"), city.note("1")) if one] == ["", ""]
    assert city.note("2") is None


def test_scopes_that_depend_on_more_than_the_record_are_worked_out_anew_by_an_empty_change(city: City) -> None:
    shared: set[str] = set()
    server = sync.Server(
        city.engine,
        [Note],
        identify=city.directory,
        scopes_of=lambda _, record: frozenset({"red", *(("blue",) if record["id"] in shared else ())}),
        clock=city.clock,
    )
    ann, cat = city.laptop("ann", "red"), city.laptop("cat", "blue")
    for laptop in (ann, cat):
        laptop.network.server = server  # type: ignore[attr-defined]
    ann.save(Note(id="1"))
    city.settle()
    assert ids(cat) == []
    shared.add("1")
    server.write("chief", [sync.Change("toy_note", "1", {})])
    city.settle()
    assert ids(cat) == ["1"]
    shared.clear()
    server.write("chief", [sync.Change("toy_note", "1", {})])
    city.settle()
    assert (ids(ann), ids(cat)) == (["1"], [])


def test_a_record_that_we_pushed_stays_when_one_of_its_scopes_takes_the_place_of_another(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, boss = city.laptop("ann", "red"), city.laptop("boss", "red", "blue")
    boss.save(Note(id="1", scopes="red blue"))
    city.settle()
    boss.save(*(Note(id=f"{number}", scopes="red", text="enough for several pages" * 9) for number in range(2, 9)))
    boss.sync()

    def swap(answer: Any) -> Any:
        city.directory.enrol("ann", "blue")
        return answer

    monkeypatch.setattr("sync.pace.FIRST_BATCH", 300)
    ann.network.faults.append(swap)  # type: ignore[attr-defined]
    ann.edit("1", text="ours")
    ann.sync()
    assert ids(ann) == ["1"]


def test_who_may_see_nothing_synchronises_in_peace_and_holds_nothing(city: City) -> None:
    ann = city.laptop("ann")
    ann.save(Note(id="1"))
    ann.sync()
    city.directory.enrol("ann")
    assert ann.sync().state == "done"
    assert ann.note("1") is None
    assert ann.rows("SELECT * FROM sync_cursor") == []
