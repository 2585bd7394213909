"""A round that was sent ahead may be served before the one it was to follow: what its reply says is old by then."""

from __future__ import annotations

from typing import Any

import pytest

from sync import protocol
from sync.replica import Prepared
from sync.testing import answer_of
from tests.sync.toys import City, Laptop, Note


def served(city: City, person: str, prepared: Prepared) -> protocol.Reply:
    headers = {**prepared.headers, protocol.PROTOCOL: protocol.VERSION, "authorization": f"Bearer {person}"}
    return protocol.reply_from(protocol.inflate(answer_of(city.server, headers, prepared.body).body))


@pytest.fixture
def pair(city: City) -> tuple[Laptop, Laptop]:
    """Two laptops with notes 1 and 2; what ann has written in 2 meets an edit of bob's."""
    ann, bob = city.laptop("ann", "red"), city.laptop("bob", "red", "blue")
    bob.save(Note(id="1", scopes="red"), Note(id="2", scopes="red"))
    city.settle()
    bob.edit("2", text="bob, first")
    bob.sync()
    ann.edit("1", more="ann")
    ann.edit("2", more="ann")
    return ann, bob


@pytest.mark.parametrize("change", [{"text": "bob, second"}, {"scopes": "blue"}, {"deleted": True}, {"more": "bob"}])
def test_its_reply_puts_nothing_old_over_a_page_that_came_first(
    city: City, pair: tuple[Laptop, Laptop], change: dict[str, Any]
) -> None:
    ann, bob = pair
    first = ann.replica.prepare(size=1, page=32768)
    ahead = ann.replica.prepare(size=32768, page=0, sent=first.batch.records[-1].seq)
    assert [record.id for one in (first, ahead) for record in one.batch.records] == ["1", "2"]
    overtaking = served(city, "ann", ahead)
    bob.sync()
    bob.edit("2", **change)
    bob.sync()
    for prepared, reply in ((first, served(city, "ann", first)), (ahead, overtaking)):
        ann.replica.take(prepared, reply)
    city.settle()
    assert ann.note("2") == (None if "scopes" in change else city.note("2"))
    assert bob.note("2") == city.note("2")
    assert ann.rows("SELECT * FROM sync_outbox") == []


def test_an_edit_made_meanwhile_stays_unsent_and_is_told_how_the_centre_has_the_record(
    city: City, pair: tuple[Laptop, Laptop]
) -> None:
    ann, bob = pair
    first = ann.replica.prepare(size=1, page=32768)
    ahead = ann.replica.prepare(size=32768, page=0, sent=first.batch.records[-1].seq)
    overtaking = served(city, "ann", ahead)
    bob.edit("2", text="bob, second")
    bob.sync()
    ann.replica.take(first, served(city, "ann", first))
    ann.edit("2", more="ann, later")
    ann.replica.take(ahead, overtaking)
    assert ann.replica.counts()[0] == 1
    city.settle()
    note = city.note("2")
    assert note is not None
    assert (note.text, note.more) == ("bob, second", "ann, later")
    assert ann.note("2") == bob.note("2") == note


def test_corrections_that_do_not_fit_into_one_reply_are_asked_for(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "CORRECTIONS_LIMIT", 3000)
    ann, bob = city.laptop("ann"), city.laptop("bob")
    ann.save(*(Note(id=f"{number:02}", text="x" * 900) for number in range(20)))
    city.settle()
    for number in range(20):
        bob.edit(f"{number:02}", text=f"{number}" * 400)
        ann.edit(f"{number:02}", more="ann")
    bob.sync()
    prepared = ann.replica.prepare(size=100_000, page=0)
    reply = served(city, "ann", prepared)
    assert 0 < sum(result.reason == protocol.ASK for result in reply.results) < 20
    ann.replica.take(prepared, reply)
    city.settle()
    assert ann.rows("SELECT * FROM toy_note ORDER BY id") == bob.rows("SELECT * FROM toy_note ORDER BY id")
    assert city.server.conflicts() == []
