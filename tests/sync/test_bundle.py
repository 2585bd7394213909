"""Hand-carried files: whatever is lost, doubled, mixed up, late, altered or cut short, nothing is lost and all agree."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

import sync
from sync import bundle, files, protocol
from sync.errors import Malformed, Misdirected, NotAwaited, Revoked, TooLarge, TooOld
from sync.testing import Network
from tests.sync.toys import City, Laptop, Note, copy, memory_engine, raw


class Post:
    """Files on their way, and who has them."""

    def __init__(self, city: City, folder: Path) -> None:
        self.city = city
        self.folder = folder
        self.made = 0

    def write(self, laptop: Laptop) -> Path:
        """A new file of the laptop."""
        path = self._new("bundle")
        laptop.client.to_file(path)
        return path

    def hand_in(self, path: Path) -> Path:
        """The centre's answer to a file."""
        answer = self._new("answer")
        self.last = self.city.server.receive(path.read_bytes())
        answer.write_bytes(self.last.answer)
        return answer

    def carry(self, laptop: Laptop) -> sync.Outcome:
        """There and back."""
        return laptop.client.from_file(self.hand_in(self.write(laptop)))

    def keep(self, data: bytes) -> Path:
        path = self._new("kept")
        path.write_bytes(data)
        return path

    def _new(self, name: str) -> Path:
        self.made += 1
        return self.folder / f"{self.made}.{name}"


@pytest.fixture
def post(city: City, tmp_path: Path) -> Post:
    return Post(city, tmp_path)


@pytest.fixture
def ann(city: City) -> Laptop:
    laptop = city.laptop("ann")
    laptop.save(Note(id="1", text="precious"))
    return laptop


def store(engine: Engine) -> list[str]:
    """Everything in a store."""
    return list(raw(engine).iterdump())


def waiting(laptop: Laptop) -> int:
    return laptop.replica.counts()[0]


def check_agreed(city: City) -> None:
    """Everybody synchronises in peace; then all show the same, and nothing waits."""
    city.settle()
    query = "SELECT id, text, more, scopes, deleted FROM toy_note ORDER BY id"
    with city.engine.connect() as connection:
        expected = [tuple(row) for row in connection.exec_driver_sql(query).all()]
    for laptop in city.laptops:
        assert laptop.rows(query) == expected
        assert waiting(laptop) == 0


# the way there and back


def test_a_laptop_that_is_never_online_sends_its_work_and_gets_its_colleagues(
    city: City, post: Post, ann: Laptop
) -> None:
    bob = city.laptop("bob")
    bob.save(Note(id="b", text="of bob"))
    bob.sync()
    outcome = post.carry(ann)
    assert (outcome.state, outcome.sent, outcome.received, outcome.waiting) == ("done", 1, 1, 0)
    assert ann.network.calls == 0  # type: ignore[attr-defined]
    assert (post.last.person, post.last.state, post.last.records, post.last.refused) == ("ann", "taken", 1, 0)
    assert city.note("1") is not None
    assert ann.note("b") is not None
    bob.edit("b", text="again")
    bob.sync()
    ann.edit("1", text="more")
    assert post.carry(ann)[:3] == ("done", 1, 1)
    assert ann.note("b").text == "again"  # type: ignore[union-attr]
    assert ann.sync().state == "done"
    assert city.server.conflicts() == []
    check_agreed(city)


def test_with_nothing_to_send_a_file_still_brings_what_others_wrote(city: City, post: Post, ann: Laptop) -> None:
    ann.sync()
    bob = city.laptop("bob")
    post.carry(bob)
    assert bob.note("1") is not None


def test_a_file_holds_as_many_requests_and_an_answer_as_many_pages_as_it_takes(city: City, post: Post) -> None:
    ann, bob = city.laptop("ann"), city.laptop("bob")
    for laptop, prefix in ((ann, "a"), (bob, "b")):
        laptop.save(*(Note(id=f"{prefix}{number:02}", text=prefix * 100_000) for number in range(24)))
    bob.sync()
    assert post.carry(ann)[:3] == ("done", 24, 24)
    assert city.server.devices()[0].unsent == 0
    assert ann.rows("SELECT count(*) FROM toy_note") == [(48,)]
    check_agreed(city)


def test_what_does_not_fit_into_one_file_or_answer_follows_in_the_next(
    city: City, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle, "ENOUGH", 1000)
    ann, bob = city.laptop("ann"), city.laptop("bob")
    for laptop, prefix in ((ann, "a"), (bob, "b")):
        laptop.save(*(Note(id=f"{prefix}{number:02}", text=os.urandom(100_000).hex()) for number in range(12)))
    bob.sync()
    first = post.carry(ann)
    assert 0 < first.sent < 12
    assert first.waiting == 12 - first.sent
    assert 0 < first.received < 12
    while (outcome := post.carry(ann)).sent:
        assert outcome.state == "done"
    check_agreed(city)


def test_refusals_travel_in_the_answer_record_by_record(city: City, post: Post) -> None:
    ann = city.laptop("ann", "red")
    ann.save(Note(id="mine", scopes="red"), Note(id="theirs", scopes="blue"))
    outcome = post.carry(ann)
    assert (outcome.waiting, outcome.rejected) == (0, 1)
    assert post.last.refused == 1
    assert ann.rows("SELECT id, state FROM sync_outbox") == [("theirs", "forbidden")]
    assert city.note("mine") is not None


def test_a_refusal_leaves_an_edit_made_since_waiting_and_sends_all_of_it(city: City, post: Post) -> None:
    ann = city.laptop("ann", "red")
    ann.save(Note(id="1", scopes="blue", text="kept"))
    answer = post.hand_in(post.write(ann))
    ann.edit("1", scopes="red")
    ann.client.from_file(answer)
    assert ann.rows("SELECT state, whole FROM sync_outbox") == [("waiting", 1)]
    post.carry(ann)
    assert city.note("1").text == "kept"  # type: ignore[union-attr]


def test_a_record_that_the_centre_does_not_know_is_sent_whole_by_the_next_file(
    city: City, post: Post, ann: Laptop
) -> None:
    ann.sync()
    ann.edit("1", more="new")
    raw(city.engine).execute("DELETE FROM sync_record")
    raw(city.engine).execute("DELETE FROM sync_feed")
    assert post.carry(ann).waiting == 1
    assert post.carry(ann).waiting == 0
    assert city.note("1").more == "new"  # type: ignore[union-attr]


def test_a_program_too_old_to_read_has_its_work_taken_and_is_told(post: Post, city: City) -> None:
    city.server = sync.Server(city.engine, [Note], **{**city.options, "oldest_schema": 2})
    ann = city.laptop("ann", schema=1)
    ann.save(Note(id="1"))
    outcome = post.carry(ann)
    assert (outcome.state, outcome.sent, outcome.waiting) == ("too-old", 1, 0)
    assert isinstance(outcome.error, TooOld)


def test_a_schema_that_has_grown_meanwhile_makes_the_answer_no_news(city: City, post: Post, ann: Laptop) -> None:
    ann.sync()
    answer = post.hand_in(post.write(ann))
    grown = Laptop(ann.engine, ann.network, "ann", clock=city.clock, schema=2)
    grown.client.to_file(post.folder / "later")
    with pytest.raises(NotAwaited):
        grown.client.from_file(answer)
    check_agreed(city)


# doubled, mixed up, late, lost


def test_a_file_handed_in_twice_changes_nothing_the_second_time(city: City, post: Post, ann: Laptop) -> None:
    path = post.write(ann)
    first = post.hand_in(path)
    before = city.note("1")
    second = post.hand_in(path)
    assert post.last.state == "known"
    assert city.note("1") == before
    assert ann.client.from_file(second).state == "done"
    with pytest.raises(NotAwaited):
        ann.client.from_file(first)
    assert ann.sync().state == "done"
    check_agreed(city)


@pytest.mark.parametrize("handed_in", list(permutations(range(3))))
@pytest.mark.parametrize("taken", [(0, 1, 2), (2, 1, 0), (1, 2), (2, 0), (0,), ()])
def test_files_made_one_after_the_other_are_handed_in_and_answered_in_any_order(
    city: City, post: Post, ann: Laptop, handed_in: tuple[int, ...], taken: tuple[int, ...]
) -> None:
    bob = city.laptop("bob")
    ann.sync()
    paths = []
    for number in range(3):
        ann.edit("1", text=f"text {number}")
        ann.save(Note(id=f"new {number}"))
        paths.append(post.write(ann))
    answers = {}
    for number in handed_in:
        answers[number] = post.hand_in(paths[number])
        assert post.last.state in ("taken", "known")
        bob.sync()
        bob.edit("1", more=f"bob {number}")
        bob.sync()
    for number in taken:
        with suppress(NotAwaited):
            assert ann.client.from_file(answers[number]).state == "done"
    assert ann.sync().state == "done"
    assert ann.rows("SELECT came_from FROM sync_laptop") == [("",)]
    assert city.server.conflicts() == []
    assert city.note("1").text == "text 2"  # type: ignore[union-attr]
    check_agreed(city)


def test_answers_to_two_files_are_both_taken_in_their_order(city: City, post: Post, ann: Laptop) -> None:
    first = post.write(ann)
    ann.save(Note(id="2"))
    second = post.write(ann)
    answers = [post.hand_in(first), post.hand_in(second)]
    assert ann.client.from_file(answers[0]).waiting == 1
    assert ann.client.from_file(answers[1]).waiting == 0


def test_an_edit_that_left_in_a_later_file_waits_until_that_one_is_answered(
    city: City, post: Post, ann: Laptop
) -> None:
    first = post.hand_in(post.write(ann))
    ann.edit("1", text="better")
    second = post.write(ann)
    assert ann.client.from_file(first).waiting == 1
    ann.edit("1", text="best")
    post.hand_in(second)
    ann.sync()
    assert city.note("1").text == "best"  # type: ignore[union-attr]
    assert city.server.conflicts() == []


def test_an_answer_from_before_what_the_laptop_knows_is_left_alone(city: City, post: Post, ann: Laptop) -> None:
    bob = city.laptop("bob")
    city.settle()
    paths = [post.write(ann), post.write(ann)]
    for path in reversed(paths):
        bob.edit("1", text=f"{path.name} comes")
        bob.sync()
        post.hand_in(path)
    late, early = (post.folder / f"{number}.answer" for number in (4, 3))
    ann.client.from_file(late)
    with pytest.raises(NotAwaited):
        ann.client.from_file(early)
    assert ann.note("1").text == f"{paths[0].name} comes"  # type: ignore[union-attr]
    check_agreed(city)


def test_a_lost_answer_is_made_up_for_online(city: City, post: Post, ann: Laptop) -> None:
    post.hand_in(post.write(ann))
    outcome = ann.sync()
    assert (outcome.state, outcome.waiting) == ("done", 0)
    assert ann.rows("SELECT came_from FROM sync_laptop") == [("",)]
    check_agreed(city)


def test_a_file_handed_in_after_the_laptop_was_online_is_no_clone(city: City, post: Post, ann: Laptop) -> None:
    path = post.write(ann)
    ann.edit("1", text="newer")
    ann.sync()
    answer = post.hand_in(path)
    assert post.last.state == "known"
    assert city.note("1").text == "newer"  # type: ignore[union-attr]
    assert city.server.conflicts() == []
    before = store(ann.engine)
    with pytest.raises(NotAwaited):
        ann.client.from_file(answer)
    assert store(ann.engine) == before
    assert ann.sync().state == "done"
    check_agreed(city)


def test_a_late_file_still_brings_words_that_never_came_another_way(city: City, post: Post, ann: Laptop) -> None:
    ann.save(*(Note(id=f"{number:03}", text="x" * 2000) for number in range(100)))
    path = post.write(ann)
    ann.network.faults[:] = [lambda answer: answer, *["reply"] * 50]  # type: ignore[attr-defined]
    assert ann.sync().waiting > 0
    post.hand_in(path)
    assert post.last.state == "known"
    with city.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM toy_note").scalar() == 101


def test_what_is_written_after_the_file_was_made_stays_unsent_and_is_based_on_what_left(
    city: City, post: Post, ann: Laptop
) -> None:
    path = post.write(ann)
    ann.edit("1", text="later")
    ann.save(Note(id="2"))
    outcome = ann.client.from_file(post.hand_in(path))
    assert (outcome.sent, outcome.waiting) == (1, 2)
    assert ann.note("1").text == "later"  # type: ignore[union-attr]
    ann.sync()
    assert city.note("1").text == "later"  # type: ignore[union-attr]
    assert city.server.conflicts() == []


def test_what_somebody_else_wrote_meanwhile_is_kept_as_a_conflict(city: City, post: Post, ann: Laptop) -> None:
    bob = city.laptop("bob")
    city.settle()
    ann.sync()
    bob.sync()
    ann.edit("1", text="by ann")
    path = post.write(ann)
    city.clock.advance(1000)
    bob.edit("1", text="by bob")
    bob.sync()
    assert ann.client.from_file(post.hand_in(path)).conflicts == 1
    assert ann.note("1").text == "by bob"  # type: ignore[union-attr]
    assert {one.other for one in ann.replica.conflicts()} == {"by ann"}
    check_agreed(city)


def test_what_left_a_scope_between_two_answers_leaves_the_laptop_too(city: City, post: Post) -> None:
    ann, bob = city.laptop("ann", "red"), city.laptop("bob", "red", "blue")
    bob.save(Note(id="b", scopes="red"))
    bob.sync()
    paths = [post.write(ann), post.write(ann)]
    first = post.hand_in(paths[0])
    bob.edit("b", scopes="blue")
    bob.sync()
    second = post.hand_in(paths[1])
    ann.client.from_file(first)
    assert ann.note("b") is not None
    ann.client.from_file(second)
    assert ann.note("b") is None


# for somebody else


def test_an_answer_for_another_laptop_changes_nothing(city: City, post: Post, ann: Laptop) -> None:
    bob = city.laptop("bob")
    before = store(bob.engine)
    with pytest.raises(Misdirected, match="name"):
        bob.client.from_file(post.hand_in(post.write(ann)))
    assert store(bob.engine) == before


def test_an_answer_for_another_store_of_the_same_person_changes_nothing(city: City, post: Post, ann: Laptop) -> None:
    other = city.laptop("ann")
    other.save(Note(id="2"))
    before = store(other.engine)
    with pytest.raises(NotAwaited):
        other.client.from_file(post.hand_in(post.write(ann)))
    assert store(other.engine) == before


def test_a_file_for_another_centre_is_not_taken(city: City, post: Post, ann: Laptop) -> None:
    elsewhere = City()
    before = store(elsewhere.engine)
    with pytest.raises(Misdirected, match="name"):
        elsewhere.server.receive(post.write(ann).read_bytes())
    assert store(elsewhere.engine) == before
    elsewhere.close()


def test_a_centre_that_knows_no_holders_takes_no_files(city: City, post: Post, ann: Laptop) -> None:
    server = sync.Server(city.engine, [Note], identify=city.directory, scopes_of=lambda *_: frozenset())
    with pytest.raises(Misdirected):
        server.receive(post.write(ann).read_bytes())


def test_a_withdrawn_laptop_s_file_is_not_taken(city: City, post: Post, ann: Laptop) -> None:
    def holder_of(_name: str) -> sync.Holder | None:
        raise Revoked("ann")

    path = post.write(ann)
    server = sync.Server(city.engine, [Note], **{**city.options, "holder_of": holder_of})
    before = store(city.engine)
    with pytest.raises(Revoked):
        server.receive(path.read_bytes())
    assert store(city.engine) == before


def test_the_two_kinds_of_file_are_not_mistaken_for_each_other(city: City, post: Post, ann: Laptop) -> None:
    path = post.write(ann)
    with pytest.raises(Misdirected, match="kind"):
        ann.client.from_file(path)
    answer = post.hand_in(path)
    with pytest.raises(Misdirected, match="kind"):
        city.server.receive(answer.read_bytes())


# cloned, restored, wrong clock


@pytest.mark.parametrize("new_epoch", [True, False])
def test_a_file_for_a_centre_that_was_restored_asks_for_a_new_one_which_brings_everything(
    city: City, post: Post, ann: Laptop, new_epoch: bool
) -> None:
    ann.sync()
    backup = city.backup()
    ann.save(Note(id="after the backup"))
    ann.sync()
    copy(backup, city.engine)
    backup.dispose()
    if new_epoch:
        city.server.new_epoch()
    ann.save(Note(id="in the file"))
    outcome = post.carry(ann)
    assert post.last.state == ("restored" if new_epoch else "fork")
    assert (outcome.state, outcome.waiting) == ("fork", 3)
    assert post.carry(ann)[:2] == ("done", 3)
    assert city.note("after the backup") is not None
    assert city.note("in the file") is not None
    check_agreed(city)


def test_an_answer_from_before_the_centre_was_restored_is_caught_by_the_next_meeting(
    city: City, post: Post, ann: Laptop
) -> None:
    backup = city.backup()
    answer = post.hand_in(post.write(ann))
    copy(backup, city.engine)
    backup.dispose()
    city.server.new_epoch()
    assert ann.client.from_file(answer).state == "done"
    assert ann.sync().state == "done"
    assert city.note("1") is not None
    check_agreed(city)


def test_an_answer_of_another_life_of_the_centre_is_no_news_to_a_laptop_that_has_met_this_one(
    city: City, post: Post, ann: Laptop
) -> None:
    backup = city.backup()
    answer = post.hand_in(post.write(ann))
    copy(backup, city.engine)
    backup.dispose()
    city.server.new_epoch()
    ann.sync()
    with pytest.raises(NotAwaited):
        ann.client.from_file(answer)
    check_agreed(city)


def test_answers_of_two_lives_of_the_centre_are_not_mixed(city: City, post: Post, ann: Laptop) -> None:
    paths = [post.write(ann), post.write(ann)]
    backup = city.backup()
    first = post.hand_in(paths[0])
    copy(backup, city.engine)
    backup.dispose()
    city.server.new_epoch()
    second = post.hand_in(paths[1])
    assert post.last.state == "taken"
    ann.client.from_file(first)
    with pytest.raises(NotAwaited):
        ann.client.from_file(second)
    check_agreed(city)


@pytest.mark.parametrize("carried_first", [True, False])
def test_a_clone_is_told_apart_and_both_keep_their_words(
    city: City, post: Post, ann: Laptop, carried_first: bool
) -> None:
    ann.sync()
    twin = city.clone(ann, "ann")
    ann.edit("1", text="of ann")
    twin.edit("1", more="of the twin")
    twin.save(Note(id="2"))
    if carried_first:
        assert post.carry(twin).state == "done"
        assert ann.sync().state == "done"
    else:
        ann.sync()
        outcome = post.carry(twin)
        assert post.last.state == "fork"
        assert (outcome.state, outcome.waiting) == ("fork", 2)
        assert post.carry(twin)[:2] == ("done", 2)
    check_agreed(city)
    came_from = [laptop.rows("SELECT came_from FROM sync_laptop") for laptop in (ann, twin)]
    assert came_from.count([("",)]) == 1
    found = city.note("1")
    assert (found.text, found.more) == ("of ann", "of the twin")  # type: ignore[union-attr]


def test_a_file_that_was_copied_with_the_disk_is_answered_to_either(city: City, post: Post, ann: Laptop) -> None:
    ann.sync()
    ann.save(Note(id="2"))
    path = post.write(ann)
    twin = city.clone(ann, "ann")
    answer = post.hand_in(path)
    for laptop in (ann, twin):
        assert laptop.client.from_file(answer).state == "done"
        laptop.save(Note(id=f"of {laptop is ann}"))
    check_agreed(city)
    assert city.note("of True") is not None
    assert city.note("of False") is not None


def test_a_fork_in_the_answer_of_an_overtaken_file_is_no_fork(city: City, post: Post, ann: Laptop) -> None:
    ann.sync()
    backup = city.backup()
    ann.sync()
    path = post.write(ann)
    now = city.backup()
    copy(backup, city.engine)
    answer = post.hand_in(path)
    assert post.last.state == "fork"
    copy(now, city.engine)
    ann.edit("1", text="on")
    ann.sync()
    with pytest.raises(NotAwaited):
        ann.client.from_file(answer)
    assert ann.rows("SELECT came_from FROM sync_laptop") == [("",)]
    backup.dispose()
    now.dispose()


def test_a_clock_that_ran_ahead_is_set_and_a_new_file_is_taken(city: City, post: Post) -> None:
    day = 24 * 3600 * 1000
    ahead = 115 * day
    ann = city.laptop("ann", clock=lambda: city.clock() + ahead)
    ann.save(Note(id="1", text="from the future"))
    path = post.write(ann)
    answer = post.hand_in(path)
    assert post.last.state == "clock"
    assert city.note("1") is None
    city.clock.advance(3 * day)
    outcome = ann.client.from_file(answer)
    assert (outcome.state, outcome.waiting) == ("clock", 1)
    assert post.carry(ann)[:2] == ("done", 1)
    check_agreed(city)


def test_the_days_on_the_road_are_not_taken_for_a_wrong_clock(city: City, post: Post, ann: Laptop) -> None:
    answer = post.hand_in(post.write(ann))
    city.clock.advance(10 * 24 * 3600 * 1000)
    ann.client.from_file(answer)
    assert ann.rows("SELECT skew FROM sync_laptop") == [(0,)]


# on disk


def test_a_file_holds_no_credential_and_only_its_owner_can_read_it(post: Post, city: City) -> None:
    credential = "s3cret-s3cret-s3cret-s3cret-s3cret"
    city.directory.callers[credential] = sync.Caller("eve", "laptop", frozenset({"all"}), frozenset({"all"}))
    eve = Laptop(memory_engine(), Network(city.server), credential, clock=city.clock)
    eve.replica.create_tables()
    city.laptops.append(eve)
    path = post.write(eve)
    answer = post.hand_in(path)
    for data in (path.read_bytes(), answer.read_bytes()):
        assert credential.encode() not in data
        assert bundle.secret_of(credential).encode() not in data
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_cut_short_or_altered_anywhere_a_file_is_refused_and_nothing_changes(
    city: City, post: Post, ann: Laptop
) -> None:
    path = post.write(ann)
    whole = path.read_bytes()
    before = store(city.engine)
    cut = [whole[:length] for length in range(0, len(whole), 7)]
    altered = [whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :] for place in range(0, len(whole), 3)]
    for data in (*cut, *altered, whole + b"x", b"PK\x03\x04", b"\x00" * 5000):
        with pytest.raises((Malformed, Misdirected, TooOld)):
            city.server.receive(data)
    assert store(city.engine) == before
    answer = post.hand_in(path).read_bytes()
    before = store(ann.engine)
    cut = [answer[:length] for length in range(0, len(answer), 11)]
    altered = [answer[:place] + bytes([answer[place] ^ 1]) + answer[place + 1 :] for place in range(0, len(answer), 5)]
    for data in (*cut, *altered, answer + b"x", b""):
        with pytest.raises((Malformed, Misdirected, TooOld)):
            ann.client.from_file(post.keep(data))
    assert store(ann.engine) == before
    assert ann.client.from_file(post.keep(answer)).state == "done"


def test_a_file_past_its_bound_is_refused_unread(city: City, post: Post, ann: Laptop, tmp_path: Path) -> None:
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(bundle.FILE_LIMIT + 1)
    with pytest.raises(TooLarge):
        ann.client.from_file(path)
    with pytest.raises(TooLarge):
        city.server.receive(bytes(bundle.FILE_LIMIT + 1))


def test_a_file_of_a_later_version_says_that_the_program_is_too_old(city: City, post: Post, ann: Laptop) -> None:
    data = post.write(ann).read_bytes().replace(b"sync-bundle 1\n", b"sync-bundle 2\n", 1)
    with pytest.raises(TooOld):
        city.server.receive(data)


@pytest.mark.parametrize(
    "frames",
    [
        [],
        [b"{}"],
        [b"[]", protocol.deflate(b"{}")],
        [b"{}", protocol.deflate(b"{}")],
        [b'{"sync-device":"0123456789ab","sync-token":"- new"}', b"no gzip"],
        [b'{"sync-device":"0123456789ab","sync-token":"- new"}', protocol.deflate(b'{"push":3}')],
    ],
)
def test_a_file_whose_seal_is_right_and_whose_content_is_not_is_refused(city: City, frames: list[bytes]) -> None:
    city.directory.enrol("ann", "all")
    secret = bundle.secret_of("ann")
    header = bundle.Header(bundle.name_of(secret), "x")
    before = store(city.engine)
    with pytest.raises(Malformed):
        city.server.receive(bundle.seal(bundle.BUNDLE, secret, header, frames))
    assert store(city.engine) == before


def test_an_answer_whose_replies_do_not_fit_the_file_is_refused(city: City, post: Post, ann: Laptop) -> None:
    path = post.write(ann)
    secret = bundle.secret_of("ann")
    header = bundle.header_of(bundle.BUNDLE, path.read_bytes())
    taken = protocol.Reply(protocol.TAKEN, city.clock(), epoch="e")
    forked = protocol.Reply(protocol.FORK, city.clock())
    before = store(ann.engine)
    for replies in ([], [taken], [forked, taken], [forked, forked]):
        frames = [protocol.deflate(protocol.encode(reply)) for reply in replies]
        answer = post.keep(bundle.seal(bundle.ANSWER, secret, header, frames))
        with pytest.raises(Malformed):
            ann.client.from_file(answer)
    assert store(ann.engine) == before


def test_a_file_is_never_written_over_another(post: Post, ann: Laptop, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_bytes(b"dear")
    before = store(ann.engine)
    with pytest.raises(FileExistsError):
        ann.client.to_file(taken)
    with pytest.raises(FileExistsError):
        files.write_new(taken, b"new")
    with pytest.raises(FileNotFoundError):
        ann.client.to_file(tmp_path / "nowhere" / "file")
    assert taken.read_bytes() == b"dear"
    assert os.listdir(tmp_path) == ["taken"]
    assert store(ann.engine) == before


def test_a_file_is_placed_where_the_file_system_knows_no_links(
    post: Post, ann: Laptop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError(1, "not permitted")

    monkeypatch.setattr(os, "link", no_links)
    path = post.write(ann)
    with pytest.raises(FileExistsError):
        files.write_new(path, b"new")
    assert post.hand_in(path)
    assert sorted(os.listdir(tmp_path)) == ["1.bundle", "2.answer"]


def test_a_full_disk_leaves_no_file_and_nothing_is_lost(
    city: City, post: Post, ann: Laptop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            ann.client.to_file(tmp_path / "file")
    assert os.listdir(tmp_path) == []
    assert ann.rows("SELECT count(*) FROM sync_bundle") == [(0,)]
    assert post.carry(ann).state == "done"


# crashes


class PowerCut(Exception):
    """The machine stops here."""


def cut_power_at(engine: Engine, statement: int) -> Any:
    """Stop at the given statement of `engine`; the number of statements seen so far is in the returned list."""
    seen = [0]

    def count(*_: object) -> None:
        seen[0] += 1
        if seen[0] == statement:
            raise PowerCut

    event.listen(engine, "before_cursor_execute", count)
    return lambda: event.remove(engine, "before_cursor_execute", count)


def statements_until_done(engine: Engine, act: Any, undo: Any = lambda: None) -> int:
    """Run `act` with the power cut at its first statement, its second, … until it gets through."""
    for statement in range(1, 400):
        stop = cut_power_at(engine, statement)
        try:
            act()
        except PowerCut:
            undo()
        else:
            return statement
        finally:
            stop()
    raise AssertionError("never done")


def busy_city(city: City) -> Laptop:
    """Ann has new, edited and refused work; bob has written something she lacks."""
    ann, bob = city.laptop("ann", "all"), city.laptop("bob", "all", "blue")
    ann.save(Note(id="1", text="old"))
    city.settle()
    bob.edit("1", text="of bob")
    bob.save(Note(id="b"))
    bob.sync()
    city.clock.advance(1000)
    ann.edit("1", text="of ann")
    ann.save(Note(id="2"), Note(id="3", scopes="blue"))
    return ann


@pytest.mark.parametrize("forked", [False, True])
def test_the_power_may_go_at_every_statement_of_taking_an_answer(city: City, post: Post, forked: bool) -> None:
    ann = busy_city(city)
    if forked:
        city.server.new_epoch()
    answer = post.hand_in(post.write(ann))
    before = store(ann.engine)

    def take() -> None:
        ann.client.from_file(answer)

    def check() -> None:
        if ann.rows("SELECT count(*) FROM sync_bundle") != [(0,)]:
            assert store(ann.engine) == before

    count = 0
    for statement in range(1, 400):
        stop = cut_power_at(ann.engine, statement)
        try:
            take()
        except PowerCut:
            check()
            count += 1
        except NotAwaited:
            break
        else:
            break
        finally:
            stop()
    assert count > 20
    check_agreed_but_refused(city, ann)


def check_agreed_but_refused(city: City, ann: Laptop) -> None:
    city.settle()
    assert ann.rows("SELECT id, state FROM sync_outbox") == [("3", "forbidden")]
    assert {one.text for one in (ann.note("1"), city.note("1")) if one} == {"of ann"}
    assert {one.other for one in ann.replica.conflicts()} == {"of bob"}
    assert city.note("2") is not None
    assert ann.note("b") is not None


def test_the_power_may_go_at_every_statement_of_making_a_file(city: City, post: Post) -> None:
    ann = busy_city(city)
    statements_until_done(ann.engine, lambda: ann.client.to_file(post.folder / "file"))
    assert post.hand_in(post.folder / "file")
    check_agreed_but_refused(city, ann)


def test_the_power_may_go_at_every_statement_of_receiving_and_the_file_is_handed_in_again(
    city: City, post: Post
) -> None:
    ann = busy_city(city)
    ann.save(*(Note(id=f"n{number}", text="x" * 200_000) for number in range(6)))
    data = post.write(ann).read_bytes()
    found: list[sync.Receipt] = []
    count = statements_until_done(city.engine, lambda: found.append(city.server.receive(data)))
    assert count > 20
    assert found[0].state in ("taken", "known")
    assert ann.client.from_file(post.keep(found[0].answer)).waiting == 0
    check_agreed_but_refused(city, ann)


def test_a_file_touches_no_more_at_once_than_the_centre_can_hold(city: City, tmp_path: Path) -> None:
    """A hundred short edits, each of a record of 100 kB that somebody else has edited too."""
    ann, bob = city.laptop("ann"), city.laptop("bob")
    bob.save(*(Note(id=f"{number:03}", text="x" * 100_000) for number in range(100)))
    city.settle()
    city.settle()
    for number in range(100):
        bob.edit(f"{number:03}", deleted=True)
        ann.edit(f"{number:03}", more="ann")
    bob.sync()
    assert ann.client.to_file(tmp_path / "file") == 100
    receipt = city.server.receive((tmp_path / "file").read_bytes())
    assert (receipt.state, receipt.records, receipt.refused) == ("taken", 100, 0)
