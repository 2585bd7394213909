from __future__ import annotations

from sync import change
from sync.change import ALL


def test_ten_edits_of_one_field_keep_the_first_base_and_the_last_stamp() -> None:
    entry: change.Entry = {}
    for number in range(10):
        entry = change.edited(entry, {ALL: "s0"}, ["text"], f"s{number + 1}")
    assert entry == {"text": ["s10", "s0"]}


def test_an_edit_of_an_unsent_new_record_is_based_on_nothing() -> None:
    assert change.edited(change.created("a"), {ALL: "a"}, ["text"], "b") == {ALL: ["a"], "text": ["b"]}


def test_what_has_departed_becomes_a_base_of_the_next_edit() -> None:
    departed = change.departed({"text": ["s1", "s0"]})
    assert change.edited(departed, {"text": "s1"}, ["text"], "s2") == {"text": ["s2", "s0", "s1"]}


def test_an_answer_clears_what_was_sent_and_leaves_what_was_saved_since() -> None:
    sent = {ALL: ["a"]}
    later = change.edited(change.departed(sent), {ALL: "a"}, ["text"], "b")
    assert change.answered(later, sent) == {"text": ["b", "a"]}
    assert change.answered(sent, sent) == {}
    assert change.answered({"more": ["c"]}, {"text": ["c"]}) == {"more": ["c"]}


def test_dirty_fields_and_their_stamps() -> None:
    assert change.dirty_fields({ALL: ["a"]}, ["x", "y"]) == ["x", "y"]
    assert change.dirty_fields({"y": ["a"]}, ["x", "y"]) == ["y"]
    assert change.dirty_stamp({ALL: ["a"], "y": ["b"]}, "x") == "a"
    assert change.dirty_stamp({"y": ["b"]}, "x") == ""


def test_restamping_renames_stamps_and_keeps_bases() -> None:
    assert change.restamped({"x": ["old", "base"], "y": ["kept"]}, {"old": "new"}) == {
        "x": ["new", "base"],
        "y": ["kept"],
    }


def test_the_log_reaches_back_only_where_one_change_was_based_on_the_last() -> None:
    log = change.remembered({}, {"x": ["s1", "s0"]})
    assert change.remembered(log, {"x": ["s2", "s1"]}) == {"x": ["s2", "s1", "s0"]}
    assert change.remembered(log, {"x": ["s3", "other"]}) == {"x": ["s3", "other"]}
    assert change.remembered({ALL: ["a"]}, {"x": ["b", "a"]}) == {ALL: ["a"], "x": ["b", "a"]}


def test_only_a_value_that_still_stands_is_offered_again() -> None:
    log = {ALL: ["a"], "x": ["b", "a"]}
    assert change.offered_again(log, {ALL: "a", "x": "b"}, ["x", "y"]) == log
    assert change.offered_again(log, {ALL: "a", "x": "theirs"}, ["x", "y"]) == {"y": ["a"]}
    assert change.offered_again({"x": ["b"]}, {ALL: "a", "x": "theirs"}, ["x", "y"]) == {}


def test_compact_stamps_mean_the_same() -> None:
    assert change.compact({ALL: "a", "x": "a", "y": "b"}) == {ALL: "a", "y": "b"}
    assert change.stamp_of({ALL: "a", "y": "b"}, "x") == "a"
    assert change.stamp_of({}, "x") == ""
