"""What a person decides within a session: conflicts told in full, refused records sent again or given up; what is told of waiting."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm.attributes import flag_modified

from sync import protocol, settling, status
from sync.centre import epoch, restored_at
from sync.devices import Caller
from sync.errors import UnknownConflict
from sync.testing import answer_of
from tests.sync.toys import City, Laptop, Note, copy, raw

FIELDS = ["text", "more", "scopes", "deleted"]


def refuse(_caller: Caller, _table: str, _before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> str | None:
    return "bad-word" if "bad" in after["text"] else None


@pytest.fixture
def strict() -> Iterator[City]:
    city = City(refuse=refuse)
    yield city
    city.close()


def give_up(laptop: Laptop, record: str) -> None:
    with laptop.replica.session() as session:
        settling.drop_refused(session, "toy_note", record)
        session.commit()


def text_of(laptop: Laptop, record: str) -> str | None:
    note = laptop.note(record)
    return note.text if note else None


def test_a_conflict_is_told_with_both_values_and_what_was_saved_with_each(city: City) -> None:
    ann, bob = city.laptop("ann"), city.laptop("bob")
    ann.save(Note(id="1"))
    city.settle()
    ann.edit("1", text="ann's", more="beside it")
    city.clock.advance(1000)
    bob.edit("1", text="bob's")
    city.settle()
    (told,) = status.open_conflicts(raw(ann.engine))
    assert (told.table, told.record_id, told.field) == ("toy_note", "1", "text")
    assert (told.other, told.other_by, told.kept_by) == ("ann's", "ann", "bob")
    assert told.kept_at - told.other_at == 1000
    assert (told.with_kept, told.with_other) == ({"text"}, {"more"})
    assert status.badges(raw(ann.engine), "toy_note", ["1"]) == {"1": "conflict"}
    ann.edit("1", text="bob's, and ann's")
    bob.edit("1", more="elsewhere")
    assert status.badges(raw(bob.engine), "toy_note", ["1"]) == {"1": "conflict"}
    assert [one.kept_by for one in status.open_conflicts(raw(ann.engine))] == [""]


def test_a_store_that_sync_has_never_touched_has_no_conflicts() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        assert status.open_conflicts(connection) == []


def test_only_an_open_conflict_is_closed(city: City) -> None:
    ann = city.laptop("ann")
    with ann.replica.session() as session, pytest.raises(UnknownConflict):
        settling.close_conflict(session, "none")


def test_an_edit_given_up_makes_way_for_what_the_centre_has(strict: City) -> None:
    ann, bob = strict.laptop("ann"), strict.laptop("bob")
    ann.save(Note(id="1", text="good"))
    strict.settle()
    ann.edit("1", text="bad", more="lost with it")
    bob.edit("1", scopes="all blue")
    strict.settle()
    with ann.replica.session() as session:
        assert settling.is_centres(session, "toy_note", "1")
        assert settling.refused_fields(session, "toy_note", "1", FIELDS) == ["text", "more"]
        assert settling.refused_fields(session, "toy_note", "2", FIELDS) == []
    give_up(ann, "1")
    assert ann.sync()[:5] == ("done", 1, 1, 0, 0)
    assert ann.note("1") == bob.note("1") == strict.note("1")
    assert ann.rows("SELECT * FROM sync_outbox") == []


def test_a_new_record_given_up_is_sent_no_more(strict: City) -> None:
    ann = strict.laptop("ann")
    ann.save(Note(id="1", text="bad"))
    ann.sync()
    give_up(ann, "1")
    assert ann.sync()[:5] == ("done", 0, 0, 0, 0)
    assert text_of(ann, "1") == "bad"
    assert strict.note("1") is None


def test_a_new_record_given_up_is_as_new_when_it_is_edited_again(strict: City) -> None:
    reader = strict.laptop("reader")
    strict.directory.callers["reader"] = Caller("reader", "", frozenset(), frozenset())
    reader.save(Note(id="1", text="only here", more="every word"))
    for _ in range(2):
        assert reader.sync().rejected == 1
        give_up(reader, "1")
        reader.edit("1", deleted=True)
        reader.edit("1", deleted=False)
    assert reader.sync().rejected == 1
    found = reader.note("1")
    assert found is not None
    assert (found.text, found.more, found.deleted) == ("only here", "every word", False)
    assert reader.rows("SELECT fields <> '{}', held FROM sync_outbox") == [(1, None)]


def test_what_the_centre_has_taken_away_meanwhile_is_forgotten_when_it_is_given_up(strict: City) -> None:
    ann, boss = strict.laptop("ann", "red"), strict.laptop("boss", "red", "blue")
    ann.save(Note(id="1", text="good", scopes="red"), Note(id="2", text="good", scopes="red"))
    strict.settle()
    ann.edit("1", text="bad")
    ann.edit("2", text="bad")
    ann.sync()
    for table, column in (("toy_note", "id"), ("sync_record", "id"), ("sync_feed", "id")):
        raw(strict.engine).execute(f"DELETE FROM {table} WHERE {column} = '1'")
    raw(strict.engine).commit()
    boss.edit("2", scopes="blue")
    boss.sync()
    give_up(ann, "1")
    give_up(ann, "2")
    give_up(ann, "nothing")
    ann.sync()
    assert ann.rows("SELECT id FROM toy_note") == ann.rows("SELECT id FROM sync_outbox") == []
    assert strict.note("1") is None


def test_a_member_that_was_never_stamped_is_left_as_it_is(city: City) -> None:
    ann = city.laptop("ann")
    raw(ann.engine).execute("INSERT INTO sync_member VALUES ('toy_note', '1', 'all', 0)")
    raw(ann.engine).commit()
    give_up(ann, "1")
    assert ann.rows("SELECT id FROM sync_outbox") == []


def test_a_refused_record_is_sent_again_as_it_is(strict: City) -> None:
    ann, bob = strict.laptop("ann"), strict.laptop("bob")
    ann.save(Note(id="1", text="bad"))
    ann.sync()
    strict.server._rules = strict.server._rules._replace(refuse=None)
    assert ann.sync().sent == 0
    with ann.replica.session() as session:
        assert settling.send_again(session, "toy_note", "1")
        assert not settling.send_again(session, "toy_note", "2")
        session.commit()
    assert ann.sync()[:5] == ("done", 1, 0, 0, 0)
    bob.sync()
    assert text_of(bob, "1") == "bad"


def test_what_waits_is_told_without_what_is_on_its_way(strict: City) -> None:
    ann = strict.laptop("ann")
    since = strict.clock.millis
    ann.save(Note(id="1", text="good"))
    ann.sync()
    assert [(one.unsent, one.oldest) for one in strict.server.devices()] == [(0, None)]
    strict.clock.advance(1000)
    ann.save(Note(id="2", text="bad"))
    ann.sync()
    strict.clock.advance(1000)
    ann.save(Note(id="3", text="good"))
    ann.sync()
    assert [(one.unsent, one.oldest) for one in strict.server.devices()] == [(1, since + 1000)]


def test_sending_is_told_only_while_somebody_sends(city: City, tmp_path: Path) -> None:
    ann = city.laptop("ann", path=tmp_path / "ann.db")
    ann.save(Note(id="1"), Note(id="2"))
    told: list[tuple[int, ...]] = []

    def look(_step: object) -> None:
        with closing(sqlite3.connect(tmp_path / "ann.db")) as connection:
            found = status.read_status(connection)
            told.append((found.waiting, found.sending))
            badges.append(status.badges(connection, "toy_note", ["1", "2", "3"]))

    badges: list[dict[str, str]] = []
    ann.client.sync(look)
    assert told == [(2, 2), (0, 0)]
    assert badges == [{"1": "sending", "2": "sending"}, {}]
    ann.save(Note(id="3"))
    ann.replica.prepare(size=1000, page=0)
    look(None)
    assert (told[-1], badges[-1]) == ((1, 0), {"3": "waiting"})
    (tmp_path / "ann.db.syncing").unlink()
    look(None)
    assert told[-1] == (1, 0)


def test_progress_is_told_before_each_request_and_after_each_reply(city: City) -> None:
    ann = city.laptop("ann")
    ann.save(Note(id="1"), Note(id="2"))
    steps: list[tuple[int, ...]] = []
    ann.client.sync(lambda step: steps.append(tuple(step)))
    assert steps == [(0, 2, 0, 2), (2, 0, 0, 0)]


@pytest.mark.parametrize("author_gone", [True, False])
def test_the_owner_sees_what_was_made_before_a_restore_and_only_that(author_gone: bool) -> None:
    seen: list[tuple[str, object, object]] = []

    def watch(caller: Caller, _table: str, before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> None:
        seen.append((caller.person, dict(before) if before else None, after["text"]))

    city = City(refuse=watch)
    ann, bob = city.laptop("ann"), city.laptop("bob")
    backup = city.backup()
    ann.save(Note(id="1", text="before"))
    city.settle()
    city.clock.advance(60_000)
    copy(backup, city.engine)
    backup.dispose()
    city.server.new_epoch()
    city.clock.advance(60_000)
    bob.save(Note(id="2", text="after"))
    bob.edit("1", more="by bob")
    seen.clear()
    if author_gone:
        city.laptops.remove(ann)
        ann.close()
    city.laptops.reverse()
    city.settle()
    whole = {"id": "1", "text": "before", "more": "", "scopes": "all", "deleted": False}
    known = {field: value for field, value in whole.items() if field != "more"}
    assert ("bob", None, "after") in seen
    assert ("bob", known, "before") in seen
    assert city.note("1") == bob.note("1")
    city.close()


def test_a_life_names_when_it_began_with_a_restore() -> None:
    assert restored_at(epoch(0, "first")) == restored_at("first") == 0
    assert restored_at(epoch(1_795_000_000_000, "second")) == 1_795_000_000_000


def test_words_given_up_while_they_are_on_their_way_are_asked_for_and_their_stamp_is_known(strict: City) -> None:
    ann, bob = strict.laptop("ann"), strict.laptop("bob")
    ann.save(Note(id="1"))
    ann.sync()
    ann.edit("1", text="bad")
    ann.sync()
    strict.server._rules = strict.server._rules._replace(refuse=None)
    with ann.replica.session() as session:
        settling.send_again(session, "toy_note", "1")
        session.commit()
    prepared = ann.replica.prepare(size=9000, page=0)
    give_up(ann, "1")
    headers = {**prepared.headers, protocol.PROTOCOL: protocol.VERSION, "authorization": "Bearer ann"}
    answer = answer_of(strict.server, headers, prepared.body)
    ann.replica.take(prepared, protocol.reply_from(protocol.inflate(answer.body)))
    assert ann.rows("SELECT fields FROM sync_outbox") == [("{}",)]
    assert ann.sync().state == "done"
    bob.sync()
    assert text_of(ann, "1") == text_of(bob, "1") == "bad"
    ann.edit("1", text="after")
    strict.settle()
    assert (text_of(ann, "1"), text_of(bob, "1"), strict.server.conflicts()) == ("after", "after", [])


def test_what_left_in_a_file_is_told_until_it_is_answered(city: City, tmp_path: Path) -> None:
    with closing(sqlite3.connect(":memory:")) as untouched:
        assert status.in_file(untouched) is None
    ann = city.laptop("ann")
    ann.save(Note(id="1"), Note(id="2"))
    assert status.in_file(raw(ann.engine)) is None
    ann.client.to_file(tmp_path / "work")
    assert status.in_file(raw(ann.engine)) == (2, city.clock())
    (tmp_path / "answer").write_bytes(city.server.receive((tmp_path / "work").read_bytes()).answer)
    ann.client.from_file(tmp_path / "answer")
    assert status.in_file(raw(ann.engine)) is None


def test_an_edit_right_after_words_were_given_up_does_not_hide_what_the_centre_has(strict: City) -> None:
    ann, bob = strict.laptop("ann"), strict.laptop("bob")
    ann.save(Note(id="1", text="good"))
    strict.settle()
    ann.edit("1", text="bad", more="given up")
    ann.sync()
    give_up(ann, "1")
    ann.edit("1", text="good again")
    strict.settle()
    assert ann.note("1") == bob.note("1") == strict.note("1")
    assert text_of(bob, "1") == "good again"


def test_a_decision_that_was_rolled_back_decides_nothing_in_the_same_session(city: City) -> None:
    ann, bob = city.laptop("ann"), city.laptop("bob")
    ann.save(Note(id="1"))
    city.settle()
    for laptop, word in ((ann, "ann's"), (bob, "bob's")):
        city.clock.advance(1000)
        laptop.edit("1", text=word)
    city.settle()
    (conflict,) = ann.replica.conflicts()
    with ann.replica.session() as session:
        settling.close_conflict(session, conflict.id)
        session.rollback()
        session.get_one(Note, "1").text = "something else"
        session.commit()
    city.settle()
    assert [one.id for one in city.server.conflicts()] == [conflict.id]


@pytest.mark.parametrize("heard", [False, True], ids=["before the centre hears of it", "after"])
def test_a_decision_taken_back_opens_the_conflict_again_for_everybody(city: City, heard: bool) -> None:
    ann, bob = city.laptop("ann"), city.laptop("bob")
    ann.save(Note(id="1"))
    city.settle()
    ann.edit("1", text="ann's")
    city.clock.advance(1000)
    bob.edit("1", text="bob's")
    city.settle()
    (open_before,) = status.open_conflicts(raw(ann.engine))
    gave_way = [settling.GaveWay("text", open_before.stamp, "ann's", "ann", "bob")]
    decide(ann, settling.close_conflict, open_before.id)
    for _ in range(2):
        if heard:
            city.settle()
            assert [one.replica.conflicts() for one in (ann, bob)] == [[], []]
        decide(ann, settling.reopen_conflicts, "toy_note", "1", gave_way)
        city.settle()
        for one in (ann, bob):
            (found,) = status.open_conflicts(raw(one.engine))
            assert (found.other, found.other_by, found.other_at) == ("ann's", "ann", open_before.other_at)
            assert text_of(one, "1") == "bob's"
        gave_way = [settling.GaveWay("text", found.stamp, "ann's", "ann", "ann")]
        decide(ann, settling.close_again, "toy_note", "1", gave_way)
    decide(ann, settling.close_again, "toy_note", "1", gave_way)
    city.settle()
    assert [one.replica.conflicts() for one in (ann, bob)] == [[], []]


def decide(laptop: Laptop, deed: Callable[..., object], *arguments: object) -> None:
    """Do the deed, and save the text again as it stands."""
    with laptop.replica.session() as session:
        deed(session, *arguments)
        note = session.get(Note, "1")
        assert note is not None
        flag_modified(note, "text")
        session.commit()
