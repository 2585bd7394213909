from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.change import ALL
from sync.merge import Incoming, Kept, Merged, Stamped, Standing, Verdict, fresh, judge, merge


def one(value: str, stamp: str, *bases: str) -> Incoming:
    return Incoming({"x": value}, {ALL: stamp}, {"x": bases} if bases else {})


def after(standing: Standing, merged: Merged) -> Standing:
    return Standing({**standing.values, **merged.values}, merged.stamps, merged.past)


START = Standing({"x": "old"}, {ALL: "1"}, {})


@pytest.mark.parametrize(
    ("current", "incoming", "bases", "past", "verdict"),
    [
        (Stamped("a", "5"), Stamped("a", "5"), [], [], Verdict.SAME),
        (Stamped("a", "5"), Stamped("b", "5"), [], [], Verdict.FORK),
        (Stamped(1, "5"), Stamped(True, "5"), [], [], Verdict.FORK),
        (Stamped("a", "5"), Stamped("b", "6"), ["5"], [], Verdict.SET),
        (Stamped("a", "5"), Stamped("a", "6"), [], [], Verdict.SET),
        (Stamped(None, ""), Stamped("a", "6"), [], [], Verdict.SET),
        (Stamped("a", "5"), Stamped("b", "6"), ["4"], [], Verdict.SET_KEEPING),
        (Stamped("a", "5"), Stamped("b", "4"), [], [], Verdict.LOST_KEEPING),
        (Stamped("a", "5"), Stamped("a", "4"), [], [], Verdict.LOST),
        (Stamped("a", "5"), Stamped("b", "4"), [], ["4"], Verdict.LOST),
    ],
)
def test_verdicts(current: Stamped, incoming: Stamped, bases: list[str], past: list[str], verdict: Verdict) -> None:
    assert judge(current, incoming, bases, past) is verdict


def test_a_repeat_changes_nothing() -> None:
    once = merge(START, one("new", "2", "1"))
    again = merge(after(START, once), one("new", "2", "1"))
    assert (again.values, again.lost, again.kept) == ({}, [], [])


def test_a_lost_reply_is_no_conflict_though_somebody_has_written_since() -> None:
    mine = merge(START, one("mine", "2", "1"))
    theirs = merge(after(START, mine), one("theirs", "3", "2"))
    retry = merge(after(after(START, mine), theirs), one("mine", "2", "1"))
    assert (retry.values, retry.kept, retry.lost) == ({}, [], ["x"])


def test_a_value_overwritten_unseen_is_kept_in_either_order() -> None:
    early, late = one("early", "2", "1"), one("late", "3", "1")
    for first, second in permutations([early, late]):
        merged = merge(START, first)
        standing = after(START, merged)
        second_merged = merge(standing, second)
        assert after(standing, second_merged).values == {"x": "late"}
        assert second_merged.kept == [Kept("x", "early", "2")]


def test_the_bases_of_an_edit_settle_what_its_author_had_in_sight() -> None:
    merged = merge(Standing({"x": "late"}, {"x": "3"}, {}), one("both", "4", "3", "2"))
    assert merged.settled == [("x", "3"), ("x", "2")]
    assert merged.kept == []


def test_different_fields_never_meet() -> None:
    standing = Standing({"x": "1", "y": "1"}, {ALL: "1"}, {})
    merged = merge(standing, Incoming({"y": "2"}, {ALL: "5"}, {"y": ["1"]}))
    assert (merged.values, merged.stamps, merged.kept) == ({"y": "2"}, {ALL: "1", "y": "5"}, [])


def test_a_field_that_the_centre_has_never_had_is_set() -> None:
    merged = merge(Standing({"x": "1"}, {ALL: "9"}, {}), Incoming({"new": 1}, {ALL: "5"}, {}))
    assert (merged.values, merged.kept) == ({"new": 1}, [])


def test_a_whole_record_keeps_the_stamps_of_the_clean_fields() -> None:
    merged = fresh(Incoming({"x": "b"}, {ALL: "7"}, {}), {"y": "a", "z": "a"}, {ALL: "1", "z": "2"})
    assert merged.values == {"x": "b", "y": "a", "z": "a"}
    assert merged.stamps == {ALL: "1", "x": "7", "z": "2"}


def test_a_forked_value_is_named() -> None:
    assert merge(START, one("other", "1")).forked == ["x"]


writes = st.lists(
    st.tuples(st.integers(2, 40), st.integers(0, 5), st.sampled_from("abc")),
    min_size=1,
    max_size=6,
    unique_by=lambda write: write[0],
)


@given(writes, st.randoms())
def test_in_every_order_the_same_value_wins_and_no_other_is_dropped(
    drawn: list[tuple[int, int, str]], random: object
) -> None:
    """Each write is based on some earlier one; whatever order they arrive in, the latest stamp wins, and each of the
    others is kept as a conflict, was based on by a write, or has the winner's value."""
    drawn = sorted(drawn)
    incoming = []
    for place, (number, base, letter) in enumerate(drawn):
        bases = ["01"] if base >= place or base == 0 else [f"{drawn[base - 1][0]:02}"]
        incoming.append(one(f"{letter}{number}", f"{number:02}", *bases))
    known = {stamp for write in incoming for stamp in write.bases["x"]}
    shuffled = list(incoming)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    standing, kept = Standing({"x": "old"}, {ALL: "01"}, {}), {}
    for write in shuffled:
        merged = merge(standing, write)
        kept.update({value.stamp: value.value for value in merged.kept})
        standing = after(standing, merged)
    assert standing.values["x"] == incoming[-1].values["x"]
    for write in incoming[:-1]:
        stamp = write.stamps[ALL]
        assert stamp in kept or stamp in known
