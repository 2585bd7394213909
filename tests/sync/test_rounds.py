from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import event

import sync
from sync import feed, protocol, statements
from sync.errors import InvalidValue, UnknownConflict
from tests.sync.toys import City, Laptop, Note, Sample


class PowerCut(Exception):
    pass


DAY = 24 * 3600 * 1000


def pair(city: City) -> tuple[Laptop, Laptop]:
    return city.laptop("ann"), city.laptop("bob")


def shared(city: City, **values: Any) -> tuple[Laptop, Laptop]:
    """Two laptops that both hold note 1."""
    ann, bob = pair(city)
    ann.save(Note(id="1", **values))
    city.settle()
    city.clock.advance(1000)
    return ann, bob


def test_what_one_saves_the_other_sees(city: City) -> None:
    ann, bob = pair(city)
    ann.save(Note(id="1", text="你好"), Sample(id="2", number=-(2**63), ratio=0.1, things=[{"a": None}]))
    assert ann.sync()[:3] == ("done", 2, 0)
    assert bob.sync()[:3] == ("done", 0, 2)
    assert bob.note("1") == ann.note("1")
    assert bob.rows("SELECT * FROM toy_sample") == ann.rows("SELECT * FROM toy_sample")


def test_edits_of_different_fields_both_survive(city: City) -> None:
    ann, bob = shared(city)
    ann.edit("1", text="from ann")
    bob.edit("1", more="from bob")
    city.settle()
    for note in (ann.note("1"), bob.note("1"), city.note("1")):
        assert note is not None
        assert (note.text, note.more) == ("from ann", "from bob")
    assert ann.replica.conflicts() == bob.replica.conflicts() == []


@pytest.mark.parametrize("first", ["ann", "bob"])
def test_a_conflict_keeps_both_values_in_sight_of_everybody(city: City, first: str) -> None:
    ann, bob = shared(city)
    ann.edit("1", text="from ann")
    city.clock.advance(1000)
    bob.edit("1", text="from bob")
    for laptop in (ann, bob) if first == "ann" else (bob, ann):
        laptop.sync()
    city.settle()
    for laptop in (ann, bob):
        (conflict,) = laptop.replica.conflicts()
        assert conflict[1:8] == ("toy_note", "1", "text", "from bob", "from ann", "bob", "ann")
        assert (conflict.kept_at, conflict.other_at) == (city.clock(), city.clock() - 1000)
    assert [one.value for one in city.server.conflicts()] == ["from ann"]


@pytest.mark.parametrize("choice", ["from ann", "from bob", "from both"])
def test_a_resolution_travels_and_closes_the_conflict_everywhere(city: City, choice: str) -> None:
    ann, bob = shared(city)
    ann.edit("1", text="from ann")
    bob.edit("1", text="from bob")
    city.settle()
    ann.replica.resolve(ann.replica.conflicts()[0].id, choice)
    assert ann.replica.conflicts() == []
    city.settle()
    for note in (ann.note("1"), bob.note("1"), city.note("1")):
        assert note is not None
        assert note.text == choice
    assert bob.replica.conflicts() == city.server.conflicts() == []


def test_the_office_can_resolve_too(city: City) -> None:
    ann, bob = shared(city)
    ann.edit("1", text="from ann")
    bob.edit("1", text="from bob")
    city.settle()
    (conflict,) = city.server.conflicts()
    city.server.resolve("chief", conflict.id, "settled")
    city.settle()
    assert ann.replica.conflicts() == bob.replica.conflicts() == city.server.conflicts() == []
    with pytest.raises(UnknownConflict):
        city.server.resolve("chief", conflict.id, "again")
    with pytest.raises(UnknownConflict):
        ann.replica.resolve(conflict.id, "again")


def test_two_resolutions_of_one_conflict_do_not_silence_each_other(city: City) -> None:
    ann, bob = shared(city)
    ann.edit("1", text="from ann")
    bob.edit("1", text="from bob")
    city.settle()
    ann.replica.resolve(ann.replica.conflicts()[0].id, "ann's view")
    bob.replica.resolve(bob.replica.conflicts()[0].id, "bob's view")
    city.settle()
    (conflict,) = bob.replica.conflicts()
    assert {conflict.kept, conflict.other} == {"ann's view", "bob's view"}


def test_a_pull_before_the_resolution_is_sent_does_not_show_the_conflict_again(city: City) -> None:
    ann, bob = shared(city)
    ann.edit("1", text="from ann")
    bob.edit("1", text="from bob")
    city.settle()
    ann.replica.resolve(ann.replica.conflicts()[0].id, "settled")
    city.server.write("chief", [sync.Change("toy_note", "1", {"more": "by the way"})])
    prepared = ann.replica.prepare(size=0, page=1 << 20, push=False)
    deliver(city, ann, prepared)
    assert ann.replica.conflicts() == []
    city.settle()
    assert ann.replica.conflicts() == bob.replica.conflicts() == []


def deliver(city: City, laptop: Laptop, prepared: Any) -> None:
    """Carry one prepared round by hand."""
    headers = {**prepared.headers, "authorization": "Bearer ann", protocol.PROTOCOL: protocol.VERSION}
    caller = city.server.greet(headers)
    answer = city.server.serve(caller, headers, prepared.body)  # type: ignore[arg-type]
    laptop.replica.take(prepared, protocol.reply_from(protocol.inflate(answer.body)))


@pytest.mark.parametrize("call", range(4))
@pytest.mark.parametrize("fault", ["request", "reply"])
def test_a_lost_request_or_reply_makes_no_conflict(city: City, call: int, fault: str) -> None:
    ann, bob = shared(city)
    ann.edit("1", text="first")
    ann.network.faults[:] = [None] * call + [fault]  # type: ignore[attr-defined]
    ann.client._patience = 0  # type: ignore[attr-defined]
    ann.sync()
    bob.sync()
    note = bob.note("1")
    assert note is not None
    bob.edit("1", text=note.text + " and bob")
    bob.sync()
    city.clock.advance(1000)
    ann.network.faults.clear()  # type: ignore[attr-defined]
    ann.sync()
    ann.edit("1", text="second")
    city.settle()
    conflicts = ann.replica.conflicts()
    seen = (fault, call) == ("reply", 0) or call > 0
    assert len(conflicts) == (0 if seen else 1)


def test_every_reply_lost_once_and_everything_arrives_once(city: City) -> None:
    ann, bob = pair(city)
    ann.save(*(Note(id=f"{number:03}", text="x" * 200) for number in range(300)))
    ann.network.faults[:] = ["reply", None, None] * 50  # type: ignore[attr-defined]
    assert ann.sync().state == "done"
    assert bob.sync().received == 300
    assert ann.replica.conflicts() == []


def test_an_edit_while_its_record_is_on_the_way_is_sent_afterwards(city: City) -> None:
    ann, bob = shared(city)
    ann.edit("1", text="sent", more="sent too")
    prepared = ann.replica.prepare(size=1 << 20, page=1 << 20)
    ann.edit("1", text="typed meanwhile")
    deliver(city, ann, prepared)
    note = ann.note("1")
    assert note is not None
    assert note.text == "typed meanwhile"
    assert ann.replica.counts() == (1, 0, 0)
    city.settle()
    note = bob.note("1")
    assert note is not None
    assert (note.text, note.more) == ("typed meanwhile", "sent too")
    assert bob.replica.conflicts() == []


def test_a_dirty_field_stands_until_the_centre_has_answered_for_it(city: City) -> None:
    ann, bob = shared(city)
    bob.edit("1", text="from bob", more="from bob")
    bob.sync()
    city.clock.advance(1000)
    ann.edit("1", text="from ann")
    deliver(city, ann, ann.replica.prepare(size=0, page=1 << 20, push=False))
    note = ann.note("1")
    assert note is not None
    assert (note.text, note.more) == ("from ann", "from bob")


@pytest.mark.parametrize("order", list(permutations(["delete", "edit", "undelete"])))
def test_every_order_of_delete_edit_undelete_converges(city: City, order: tuple[str, ...]) -> None:
    laptops = [city.laptop(name) for name in ("ann", "bob", "cat")]
    laptops[0].save(Note(id="1"))
    city.settle()
    values = {"delete": {"deleted": True}, "edit": {"text": "edited"}, "undelete": {"deleted": False, "more": "back"}}
    for laptop, action in zip(laptops, order, strict=True):
        city.clock.advance(1000)
        laptop.edit("1", **values[action])
    city.settle()
    notes = [laptop.note("1") for laptop in laptops]
    assert notes[0] == notes[1] == notes[2] == city.note("1")
    assert notes[0] is not None
    assert (notes[0].text, notes[0].more) == ("edited", "back")


@pytest.mark.parametrize("offset", [-11 * DAY, -1, 4 * 60_000, 10 * 60_000, 115 * DAY])
def test_a_clock_that_is_off_neither_blocks_nor_loses(city: City, offset: int) -> None:
    wrong = {"by": offset}
    ann = city.laptop("ann", clock=lambda: city.clock() + wrong["by"])
    bob = city.laptop("bob")
    ann.save(Note(id="1", text="one"), Note(id="2"))
    wrong["by"] = 0
    ann.edit("1", text="two")
    wrong["by"] = offset
    ann.edit("1", more="three")
    city.settle()
    bob.edit("1", text="four, having seen two")
    city.settle()
    note = ann.note("1")
    assert note is not None
    assert (note.text, note.more) == ("four, having seen two", "three")
    assert ann.replica.conflicts() == []
    assert int(city.server.conflicts() != []) == 0


def test_nothing_of_a_batch_from_the_future_is_applied_before_it_is_stamped_anew(city: City) -> None:
    ann = city.laptop("ann", clock=lambda: city.clock() + DAY)
    ann.save(Note(id="1"))
    prepared = ann.replica.prepare(size=1 << 20, page=1)
    headers = {**prepared.headers, "authorization": "Bearer ann", protocol.PROTOCOL: protocol.VERSION}
    answer = city.server.serve(city.directory.callers["ann"], headers, prepared.body)
    assert protocol.reply_from(protocol.inflate(answer.body)).state == protocol.CLOCK
    assert city.note("1") is None
    assert city.server.devices() == []
    assert ann.sync()[:2] == ("done", 1)


def test_a_laptop_that_edits_what_it_has_seen_wins_though_its_clock_is_behind(city: City) -> None:
    ann = city.laptop("ann")
    bob = city.laptop("bob", clock=lambda: city.clock() - 30_000)
    ann.save(Note(id="1", text="ann"))
    city.settle()
    bob.edit("1", text="bob, later")
    city.settle()
    note = ann.note("1")
    assert note is not None
    assert note.text == "bob, later"
    assert city.server.conflicts() == []


def test_own_work_does_not_come_back_down(city: City) -> None:
    ann, bob = pair(city)
    ann.save(*(Note(id=str(number)) for number in range(50)))
    assert ann.sync()[:3] == ("done", 50, 0)
    bob.save(Note(id="b"))
    bob.sync()
    ann.edit("3", text="x")
    assert ann.sync()[:3] == ("done", 1, 1)


def test_the_office_writes_through_the_same_door(city: City) -> None:
    ann, _ = shared(city, text="old")
    before = city.server.write("chief", [])
    revision = city.server.write(
        "chief", [sync.Change("toy_note", "1", {"text": "new"}), sync.Change("toy_note", "9", {"more": "made here"})]
    )
    assert revision == before + 2
    city.settle()
    note, made = ann.note("1"), ann.note("9")
    assert note is not None
    assert made is not None
    assert (note.text, made.more, made.scopes) == ("new", "made here", "all")
    assert ann.replica.conflicts() == []
    with pytest.raises(InvalidValue):
        city.server.write(
            "chief", [sync.Change("toy_note", "1", {"more": "x"}), sync.Change("toy_note", "1", {"text": 5})]
        )
    note = city.note("1")
    assert note is not None
    assert note.more == ""


def test_the_office_overwrites_an_unseen_edit_into_a_conflict(city: City) -> None:
    ann, _ = shared(city)
    ann.edit("1", text="typed offline")
    city.clock.advance(1000)
    city.server.write("chief", [sync.Change("toy_note", "1", {"text": "office"})])
    city.settle()
    (conflict,) = ann.replica.conflicts()
    assert (conflict.kept, conflict.other, conflict.kept_by, conflict.other_by) == (
        "office",
        "typed offline",
        "chief",
        "ann",
    )


def test_devices_tell_what_they_hold_back(city: City) -> None:
    ann, bob = pair(city)
    ann.sync()
    since = city.clock()
    city.directory.callers["bob"] = city.directory.callers["bob"]._replace(writes=frozenset())
    bob.save(Note(id="1"))
    bob.sync()
    city.clock.advance(60_000)
    bob.sync()
    states = {one.person: one for one in city.server.devices()}
    assert (states["ann"].unsent, states["ann"].oldest, states["ann"].last_sync) == (0, None, since)
    assert (states["bob"].unsent, states["bob"].oldest, states["bob"].last_sync) == (1, since, since + 60_000)
    assert states["bob"].enrolment == "laptop of bob"
    assert [one.person for one in city.server.devices()] == ["ann", "bob"]


def test_seeded_rows_without_stamps_are_overwritten_and_can_be_edited(city: City) -> None:
    ann, bob = pair(city)
    seed = "INSERT INTO toy_note VALUES (?, 'seeded', '', 'all', 0)"
    for laptop in (ann, bob):
        with laptop.engine.execution_options(sync_own=True).begin() as connection:
            connection.exec_driver_sql(seed, [("1",), ("2",)])
    city.server.write("chief", [sync.Change("toy_note", "1", {"text": "from the office"})])
    bob.edit("2", more="edited")
    city.settle()
    for laptop in (ann, bob):
        one, two = laptop.note("1"), laptop.note("2")
        assert one is not None
        assert two is not None
        assert (one.text, two.text, two.more) == ("from the office", "seeded", "edited")


@pytest.mark.parametrize(("size", "state"), [(-1, ""), (0, ""), (1, "rejected")])
def test_a_record_has_a_size_and_one_byte_more_stays_at_the_laptop(city: City, size: int, state: str) -> None:
    scratch = city.laptop("scratch")
    scratch.save(Note(id="1"))
    empty = len(scratch.replica.prepare(size=1, page=1).batch.bodies[0])
    ann = city.laptop("ann")
    ann.save(Note(id="1", text="x" * (protocol.RECORD_LIMIT - empty + size)), Note(id="2"))
    ann.sync()
    found = ann.rows("SELECT state, reason FROM sync_outbox")
    assert found == ([("rejected", "too-large")] if state else [])
    assert city.note("2") is not None


def test_large_changes_go_in_batches_and_come_in_pages(city: City) -> None:
    ann, bob = pair(city)
    ann.save(*(Note(id=f"{number:03}", text=f"{number}" * 3000) for number in range(100)))
    assert ann.sync().sent == 100
    assert ann.network.calls > 2  # type: ignore[attr-defined]
    assert bob.sync().received == 100
    assert bob.network.calls > 2  # type: ignore[attr-defined]
    assert bob.rows("SELECT * FROM toy_note ORDER BY id") == ann.rows("SELECT * FROM toy_note ORDER BY id")


def test_a_small_page_makes_progress_one_record_at_a_time(city: City) -> None:
    ann, bob = pair(city)
    ann.save(*(Note(id=str(number)) for number in range(5)))
    ann.sync()
    rounds = 0
    while True:
        prepared = bob.replica.prepare(size=1, page=1)
        headers = {**prepared.headers, "authorization": "Bearer bob", protocol.PROTOCOL: protocol.VERSION}
        answer = city.server.serve(city.directory.callers["bob"], headers, prepared.body)
        reply = protocol.reply_from(protocol.inflate(answer.body))
        bob.replica.take(prepared, reply)
        rounds += 1
        if reply.page is None or not reply.page.more:
            break
    assert bob.rows("SELECT count(*) FROM toy_note") == [(5,)]
    assert rounds >= 5


@pytest.mark.parametrize("statement", range(24))
def test_power_cut_at_any_statement_of_the_laptop(city: City, statement: int) -> None:
    ann, bob = shared(city)
    bob.edit("1", text="from bob")
    bob.sync()
    ann.edit("1", more="from ann")
    left = [statement]

    def cut(*_: object) -> None:
        left[0] -= 1
        if left[0] == -1:
            raise PowerCut

    event.listen(ann.engine, "before_cursor_execute", cut)
    with pytest.raises(PowerCut):
        ann.sync()
    event.remove(ann.engine, "before_cursor_execute", cut)
    city.settle()
    note = ann.note("1")
    assert note is not None
    assert (note.text, note.more) == ("from bob", "from ann")
    assert note == bob.note("1") == city.note("1")
    assert ann.replica.conflicts() == []


@pytest.mark.parametrize("statement", range(15))
def test_power_cut_at_any_statement_of_the_centre(city: City, statement: int) -> None:
    ann, bob = shared(city)
    ann.edit("1", more="from ann")
    left = [statement]

    def cut(*_: object) -> None:
        left[0] -= 1
        if left[0] == -1:
            raise PowerCut

    event.listen(city.engine, "before_cursor_execute", cut)
    with pytest.raises(PowerCut):
        ann.sync()
    event.remove(city.engine, "before_cursor_execute", cut)
    city.settle()
    assert city.note("1") == ann.note("1") == bob.note("1")
    assert ann.replica.conflicts() == []


def test_records_that_are_too_much_to_hold_at_once_come_in_smaller_steps(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statements, "HELD_LIMIT", 20_000)
    ann, bob = city.laptop("ann"), city.laptop("bob")
    ann.save(*(Note(id=f"{number:03}", text="x" * 900) for number in range(100)))
    ann.sync()
    assert bob.sync()[:3] == ("done", 0, 100)


def test_open_conflicts_that_are_too_much_to_hold_at_once_come_in_smaller_steps(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "HELD_LIMIT", 3000)
    ann, bob = pair(city)
    ann.save(*(Note(id=str(number)) for number in range(9)))
    city.settle()
    for laptop, word in ((ann, "a"), (bob, "b")):
        city.clock.advance(1000)
        for number in range(9):
            laptop.edit(str(number), text=word * 900)
    city.settle()
    cat = city.laptop("cat")
    assert cat.sync()[:3] == ("done", 0, 9)
    assert len(cat.replica.conflicts()) == 9
