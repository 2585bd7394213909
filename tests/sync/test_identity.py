from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine

import sync
from sync import protocol
from sync.errors import UnknownConflict
from sync.testing import ManualClock
from tests.sync.toys import City, Laptop, Note, OldNote, Sample, copy

DAY = 24 * 3600 * 1000


def device(laptop: Laptop) -> str:
    return str(laptop.rows("SELECT device FROM sync_laptop")[0][0])


def text(laptop: Laptop, record: str = "1") -> str:
    note = laptop.note(record)
    assert note is not None
    return note.text


def test_a_cloned_disk_becomes_a_device_of_its_own_and_loses_nothing(city: City) -> None:
    ann = city.laptop("ann")
    ann.save(Note(id="1", text="before"))
    ann.sync()
    ann.save(Note(id="2", text="unsent when cloned"))
    twin = city.clone(ann, "ann")
    ann.edit("1", text="original")
    twin.edit("1", more="twin")
    twin.save(Note(id="3", text="twin"))
    was = device(ann)
    city.settle()
    assert device(ann) == was != device(twin)
    for laptop in (ann, twin):
        assert laptop.rows("SELECT id, text, more FROM toy_note ORDER BY id") == [
            ("1", "original", "twin"),
            ("2", "unsent when cloned", ""),
            ("3", "twin", ""),
        ]
    states = {one.device: one.came_from for one in city.server.devices()}
    assert states == {was: "", device(twin): was}
    assert city.server.conflicts() == []


def test_a_clone_in_the_middle_of_a_round_is_found_one_round_later(city: City) -> None:
    ann = city.laptop("ann")
    ann.save(Note(id="1"))
    ann.sync()
    ann.replica.prepare(size=1, page=1)
    twin = city.clone(ann, "ann")
    for number in range(3):
        ann.edit("1", text=f"original {number}")
        twin.edit("1", more=f"twin {number}")
        ann.sync()
        twin.sync()
    city.settle()
    assert ann.note("1") == twin.note("1")
    assert len({device(ann), device(twin)}) == 2


def test_two_values_under_one_stamp_are_taken_for_a_clone(city: City) -> None:
    ann, bob = city.laptop("ann"), city.laptop("bob")
    ann.save(Note(id="1", text="said"))
    ann.sync()
    with ann.engine.execution_options(sync_own=True).begin() as connection:
        connection.exec_driver_sql("UPDATE toy_note SET text = 'said otherwise under the same stamp'")
        stamps = connection.exec_driver_sql("SELECT sent FROM sync_stamp").scalar()
        connection.exec_driver_sql(
            "INSERT INTO sync_outbox (tab, id, fields, since) VALUES ('toy_note', '1', ?, 0)", (stamps,)
        )
    was = device(ann)
    city.settle()
    assert device(ann) != was
    words = {text(bob), *(str(one.other) for one in bob.replica.conflicts())}
    assert words == {"said", "said otherwise under the same stamp"}


def test_lost_replies_never_lock_the_honest_laptop_out(city: City) -> None:
    ann = city.laptop("ann")
    was = None
    for number in range(20):
        ann.save(Note(id=str(number)))
        ann.network.faults[:] = ["reply"] * (number % 4) + ["request"] * (number % 3)  # type: ignore[attr-defined]
        ann.sync()
        was = was or device(ann)
    ann.network.faults.clear()  # type: ignore[attr-defined]
    assert ann.sync().state == "done"
    assert device(ann) == was
    assert len(city.server.devices()) == 1


def test_a_restore_is_noticed_though_the_lost_work_went_out_as_a_second_try(city: City) -> None:
    ann, bob = city.laptop("ann"), city.laptop("bob")
    ann.save(Note(id="1"))
    city.settle()
    ann.edit("1", text="first try, its reply is lost")
    ann.client._patience = 0
    ann.network.faults.append("reply")  # type: ignore[attr-defined]
    ann.sync()
    backup = city.backup()
    ann.edit("1", text="second try, with more in it")
    ann.sync()
    copy(backup, city.engine)
    backup.dispose()
    city.settle()
    assert text(bob) == "second try, with more in it"


def test_a_laptop_without_a_line_for_weeks_does_not_pile_up_tokens(city: City) -> None:
    ann = city.laptop("ann")
    for fault in ["request"] * 20 + ["reply"] * 24:
        ann.network.faults[:] = [fault] * 9  # type: ignore[attr-defined]
        ann.sync()
    ann.network.faults.clear()  # type: ignore[attr-defined]
    assert len(ann.replica.prepare(size=1, page=1).headers[protocol.TOKEN]) < 2000
    was = device(ann)
    assert ann.sync().state == "done"
    assert device(ann) == was


def test_a_stranger_with_another_device_id_is_not_let_in_under_its_name(city: City) -> None:
    ann, bob = city.laptop("ann"), city.laptop("bob")
    ann.sync()
    was = device(ann)
    with bob.engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO sync_laptop (one, device, token) VALUES (1, ?, 'guessed')", (was,))
    bob.sync()
    assert device(bob) != was
    assert {one.device: one.person for one in city.server.devices()} == {was: "ann", device(bob): "bob"}


@pytest.mark.parametrize("new_epoch", [True, False])
def test_a_restored_centre_is_given_again_what_it_had_acknowledged(city: City, new_epoch: bool) -> None:
    ann, bob = city.laptop("ann"), city.laptop("bob")
    ann.save(Note(id="1", text="in the backup"), Note(id="2", text="old"))
    city.settle()
    backup = city.backup()
    city.clock.advance(1000)
    ann.edit("2", text="after the backup")
    ann.save(Note(id="3", text="after the backup"))
    bob.sync()
    ann.sync()
    bob.sync()
    bob.edit("3", more="by bob, on what the centre lost")
    bob.sync()
    ann.edit("1", text="unsent at the restore")
    copy(backup, city.engine)
    backup.dispose()
    if new_epoch:
        city.server.new_epoch()
    city.settle()
    expected = [
        ("1", "unsent at the restore", ""),
        ("2", "after the backup", ""),
        ("3", "after the backup", "by bob, on what the centre lost"),
    ]
    for laptop in (ann, bob):
        assert laptop.rows("SELECT id, text, more FROM toy_note ORDER BY id") == expected
    assert city.server.conflicts() == []


def test_a_conflict_that_the_restored_centre_has_never_seen_is_given_again(city: City) -> None:
    ann, bob = city.laptop("ann"), city.laptop("bob")
    ann.save(Note(id="1"))
    city.settle()
    backup = city.backup()
    ann.edit("1", text="from ann")
    bob.edit("1", text="from bob")
    city.settle()
    copy(backup, city.engine)
    backup.dispose()
    city.server.new_epoch()
    city.settle()
    (conflict,) = ann.replica.conflicts()
    assert {conflict.kept, conflict.other} == {"from ann", "from bob"}


def test_a_copy_that_the_restored_centre_lacks_is_offered_rather_than_forgotten(city: City) -> None:
    ann, bob = city.laptop("ann"), city.laptop("bob")
    backup = city.backup()
    ann.save(Note(id="1", text="whose author's laptop is gone"))
    city.settle()
    copy(backup, city.engine)
    backup.dispose()
    city.server.new_epoch()
    city.laptops.remove(ann)
    ann.close()
    city.settle()
    assert text(bob) == "whose author's laptop is gone"
    note = city.note("1")
    assert note is not None
    assert note.text == "whose author's laptop is gone"


def test_what_was_unshared_while_a_clone_slept_is_swept_from_it(city: City) -> None:
    ann, boss = city.laptop("ann", "red"), city.laptop("boss", "red", "blue")
    boss.save(Note(id="1", scopes="red"))
    city.settle()
    twin = city.clone(ann, "ann")
    ann.sync()
    boss.edit("1", scopes="blue")
    boss.sync()
    city.settle()
    assert twin.note("1") is None
    assert twin.rows("SELECT * FROM sync_outbox") == []


def test_a_laptop_of_a_newer_schema_pulls_everything_anew(city: City) -> None:
    ann = city.laptop("ann")
    ann.save(Note(id="1"))
    ann.sync()
    ann.replica.schema = 2
    assert protocol.request_from(ann.replica.prepare(size=1, page=1).body).cursors == {}
    assert ann.sync().received == 1
    assert ann.sync().received == 0


def go_back(city: City, kept: Engine) -> None:
    """Restore the centre from a backup, and say so."""
    copy(kept, city.engine)
    city.server.new_epoch()


def test_a_laptop_gives_a_restored_centre_what_others_wrote_too(city: City) -> None:
    ann = city.laptop("ann")
    ann.save(Note(id="1", text="old"))
    ann.sync()
    kept = city.backup()
    city.server.write("office", [sync.Change("toy_note", "1", {"text": "new"})])
    ann.sync()
    go_back(city, kept)
    city.settle()
    note = city.note("1")
    assert note is not None
    assert note.text == "new"


def test_what_others_wrote_becomes_a_conflict_where_the_restored_centre_has_gone_on(city: City) -> None:
    ann, bob = city.laptop("ann"), city.laptop("bob")
    ann.save(Note(id="1", text="old"))
    city.settle()
    kept = city.backup()
    city.server.write("office", [sync.Change("toy_note", "1", {"text": "lost with the centre"})])
    ann.sync()
    go_back(city, kept)
    bob.edit("1", text="bob's, who never saw it")
    bob.sync()
    city.settle()
    values = {one.kept for one in bob.replica.conflicts()} | {one.other for one in bob.replica.conflicts()}
    assert {"lost with the centre", "bob's, who never saw it"} <= values


def test_a_conflict_waits_for_its_record_to_come_back_to_a_restored_centre(city: City) -> None:
    empty = city.backup()
    ann, bob = city.laptop("ann"), city.laptop("bob")
    ann.save(Note(id="1", text="first"))
    city.settle()
    ann.edit("1", text="ann's")
    city.clock.advance(1000)
    bob.edit("1", text="bob's")
    city.settle()
    ann.edit("1", more="!")
    city.server._rules = city.server._rules._replace(refuse=lambda caller, *_: "no" if caller.person == "ann" else None)
    go_back(city, empty)
    with bob.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM sync_conflict")
    ann.sync()
    assert ann.rows("SELECT parked FROM sync_offer") == [(1,)]
    city.server._rules = city.server._rules._replace(refuse=None)
    city.settle()
    assert ann.rows("SELECT * FROM sync_offer") == []
    assert [one.other for one in bob.replica.conflicts()] == ["ann's"]


def test_a_refused_record_that_left_our_sight_while_the_centre_was_restored_goes(city: City) -> None:
    ann, boss = city.laptop("ann", "red"), city.laptop("boss", "red", "blue")
    boss.save(Note(id="1", scopes="red", more="not ann's"))
    city.settle()
    city.server._rules = city.server._rules._replace(refuse=lambda caller, *_: "no" if caller.person == "ann" else None)
    ann.edit("1", text="refused")
    ann.sync()
    boss.edit("1", scopes="blue")
    boss.sync()
    city.server.new_epoch()
    ann.sync()
    assert ann.note("1") is None
    assert ann.rows("SELECT state, held FROM sync_outbox") == [("forbidden", '{"text":"refused"}')]


def test_a_field_that_an_upgrade_brings_is_not_overwritten_unseen(city: City) -> None:
    bob, old = city.laptop("bob"), city.laptop("ann", tables=[OldNote])
    bob.save(Note(id="1", more="written before the upgrade"), Note(id="2", more="untouched"))
    city.settle()
    with old.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE toy_note ADD COLUMN more VARCHAR NOT NULL DEFAULT ''")
    ann = Laptop(old.engine, old.network, "ann", tables=[Note], clock=city.clock, schema=1)
    ann.edit("1", more="written after it, before any sync")
    ann.replica.prepare(size=1, page=1)
    note = ann.note("2")
    assert note is not None
    assert note.more == "untouched"
    ann.sync()
    (conflict,) = ann.replica.conflicts()
    assert {conflict.kept, conflict.other} == {"written before the upgrade", "written after it, before any sync"}


def test_a_value_that_may_only_stand_beside_another_is_given_again_after_it(city: City) -> None:
    def refuse(_caller: sync.Caller, _table: str, _before: object, after: Mapping[str, Any]) -> str | None:
        return "rude" if after["text"].startswith("!") else None

    city.server._rules = city.server._rules._replace(refuse=refuse)
    ann = city.laptop("ann")
    ann.save(Note(id="1", text="old"))
    ann.sync()
    kept = city.backup()
    ann.edit("1", text="!rude")
    city.clock.advance(1000)
    city.server.write("office", [sync.Change("toy_note", "1", {"text": "polite"})])
    ann.sync()
    go_back(city, kept)
    city.settle()
    assert "!rude" in {one.other for one in ann.replica.conflicts()}


def test_a_program_without_a_table_offers_nothing_of_it_again_and_decides_no_conflict_in_it(city: City) -> None:
    ann, bob = city.laptop("ann"), city.laptop("bob")
    ann.save(Note(id="1"), Sample(id="2"))
    city.settle()
    for laptop in (ann, bob):
        city.clock.advance(1000)
        laptop.edit("1", text=device(laptop))
    city.settle()
    (conflict,) = ann.replica.conflicts()
    small = Laptop(ann.engine, ann.network, "ann", tables=[Sample], clock=city.clock)
    assert small.replica.conflicts() == []
    with pytest.raises(UnknownConflict):
        small.replica.resolve(conflict.id, "decided")
    city.server.new_epoch()
    assert small.sync()[:2] == ("done", 2)  # the sample, and the value that gave way
    assert ann.replica.conflicts() == [conflict]


def test_the_epoch_lasts_until_a_new_life_begins(city: City) -> None:
    first = city.server.epoch()
    assert city.server.epoch() == first
    assert city.server.new_epoch() == city.server.epoch() != first


def test_words_that_others_have_written_over_are_not_offered_again(city: City) -> None:
    ann, bob = city.laptop("ann"), city.laptop("bob")
    bob.save(Note(id="1"))
    city.settle()
    ann.edit("1", text="ann's")
    city.settle()
    bob.edit("1", text="bob's")
    city.settle()
    city.server.new_epoch()
    assert ann.sync()[:2] == ("done", 0)
    assert text(ann) == "bob's"


def test_a_record_that_two_saves_filled_is_given_again_whole(city: City) -> None:
    """What one save may hold, two may hold twice; a restored centre takes it in one piece."""
    ann, bob = city.laptop("ann"), city.laptop("bob")
    backup = city.backup()
    ann.save(Note(id="1", text="t" * 200_000))
    ann.sync()
    ann.edit("1", more="m" * 200_000)
    city.settle()
    before = city.note("1")
    copy(backup, city.engine)
    backup.dispose()
    city.server.new_epoch()
    city.settle()
    assert city.note("1") == before == ann.note("1") == bob.note("1")


@pytest.mark.parametrize("status", [400, 413])
def test_an_offer_that_the_centre_will_not_read_waits_and_stops_nothing(city: City, status: int) -> None:
    ann, bob = city.laptop("ann"), city.laptop("bob")
    ann.save(Note(id="1"))
    city.settle()
    for laptop in (ann, bob):
        city.clock.advance(1000)
        laptop.edit("1", text=f"{device(laptop)} wrote {'x' * 500}")
    city.settle()
    city.server.new_epoch()

    class Fussy(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            pushes = protocol.request_from(protocol.inflate(request.read())).push
            offers = [push for push in pushes if not push.w and push.k == 0 and not push.b]
            ann.network.faults[:] = [lambda answer: answer._replace(status=status)] if offers else []  # type: ignore[attr-defined]
            return ann.network.handle_request(request)

    client = sync.Client(ann.replica, "http://centre/", credential="ann", transport=Fussy(), sleep=lambda _: None)
    ann.save(Note(id="2"))
    assert client.sync().state == "done"
    assert city.note("2") is not None
    assert ann.rows("SELECT parked FROM sync_offer") == [(1,)]
    assert ann.sync().state == "done"


def test_a_centre_whose_clock_was_wrong_for_a_moment_locks_nobody_out(city: City) -> None:
    centre = ManualClock()
    city.server._clock = centre
    ann = city.laptop("ann")
    ann.save(Note(id="1"))
    ann.sync()
    centre.advance(DAY)
    city.server.write("office", [sync.Change("toy_note", "1", {"text": "from tomorrow"})])
    centre.advance(-DAY)
    ann.sync()
    ann.edit("1", text="mine")
    assert ann.sync()[:2] == ("done", 1)
    assert text(ann) == "mine"
    assert city.server.conflicts() == []


def test_an_edit_whose_reply_was_lost_before_a_new_epoch_is_no_conflict_with_its_author(city: City) -> None:
    ann = city.laptop("ann")
    ann.save(Note(id="1"))
    ann.sync()
    ann.edit("1", text="v1")
    ann.client._patience = 0
    ann.network.faults[:] = ["reply"]  # type: ignore[attr-defined]
    ann.sync()
    city.server.new_epoch()
    ann.network.faults[:] = [None, "request"]  # type: ignore[attr-defined]
    ann.sync()
    city.clock.advance(1000)
    ann.edit("1", text="v2")
    assert ann.sync().state == "done"
    assert (text(ann), city.server.conflicts()) == ("v2", [])


def test_who_overwrites_what_a_page_just_brought_wins_though_the_laptop_s_clock_is_behind(city: City) -> None:
    slow = ManualClock(city.clock() - 50_000)
    ann, bob = city.laptop("ann", clock=slow), city.laptop("bob")
    bob.save(Note(id="1"))
    city.settle()
    add_records = city.server._add_records

    def between(*arguments: Any, **options: Any) -> None:
        city.server._add_records = add_records  # type: ignore[method-assign]
        city.clock.advance(1000)
        bob.edit("1", text="bob's")
        bob.sync()
        add_records(*arguments, **options)

    city.server._add_records = between  # type: ignore[method-assign]
    ann.sync()
    assert text(ann) == "bob's"
    ann.edit("1", text="ann's, who saw bob's")
    ann.sync()
    assert (text(ann), city.server.conflicts()) == ("ann's, who saw bob's", [])
