"""The ways to read letters as pinyin, as it is spelled and as it is misspelt."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.store import syllables as module
from fieldkit.store.syllables import blurred, initials, mixed, spellings


@pytest.mark.parametrize(
    ("letters", "read"),
    [
        ("ndsd", []),
        ("zhangw", [["zhang", "w"]]),
        ("xian", [["xian"], ["xia", "n"], ["xi", "an"], ["xi", "a", "n"]]),
        ("ningd", [["ning", "d"]]),
        ("a" * 65, []),
        ("lonhu", [["lon", "hu"]]),
        ("suanghui", [["su", "ang", "hui"], ["suang", "hui"]]),
    ],
)
def test_letters_are_read_as_syllables_then_as_what_somebody_may_write_for_them(letters, read):
    assert spellings(letters) == read


@pytest.mark.parametrize(
    ("one", "other"),
    [("zhang", "zan"), ("chi", "ci"), ("shui", "sui"), ("ning", "lin"), ("zhong", "zon"), ("zh", "z"), ("nv", "lv")],
)
def test_syllables_that_are_often_mistaken_are_alike(one, other):
    assert blurred(one) == blurred(other)


@pytest.mark.parametrize(("one", "other"), [("fei", "hui"), ("de", "te"), ("ge", "ke"), ("an", "en"), ("ren", "nen")])
def test_other_syllables_are_not(one, other):
    assert blurred(one) != blurred(other)


def test_of_many_ways_the_likely_ones_are_told():
    read = spellings("xiandianqixianjincailiaoxiandaiguanggai")
    assert ["xi", "an", "dian", "qi", "xian", "jin", "cai", "liao", "xian", "dai", "guang", "gai"] in read
    assert len(read) <= 9


def test_initials_are_given_up_where_nobody_types_so_many():
    assert initials("ndsd") == "ndsd"
    assert initials("n" * 25) == ""


@pytest.mark.parametrize(
    ("letters", "parts"),
    [
        ("zwei", ["z", "wei"]),
        ("zhwei", ["zh", "wei"]),
        ("ndeshidai", ["n", "de", "shi", "dai"]),
        ("lixm", ["li", "x", "m"]),
        ("zwe", ["z", "we"]),
        ("shzh", ["sh", "zh"]),
    ],
)
def test_initials_stand_before_between_and_after_syllables(letters, parts):
    assert mixed(letters)[0] == parts


@pytest.mark.parametrize("letters", ["ndsd", "z", "", "v", "iuv", "zuei" * 17])
def test_initials_alone_and_what_nobody_types_are_no_mixture(letters):
    assert mixed(letters) == []


@given(st.text(alphabet="zhangwei", max_size=24))
def test_a_mixture_says_every_letter_once(letters):
    assert all("".join(parts) == letters for parts in mixed(letters))


def test_letters_that_end_in_no_syllable_are_not_cut_in_every_way(monkeypatch):
    asked = 0

    def counted(letters: str, start: int, known: frozenset[str]) -> list[int]:
        nonlocal asked
        asked += 1
        return ends(letters, start, known)

    ends = module._ends
    monkeypatch.setattr(module, "_ends", counted)
    assert spellings("ao" * 11 + "v") == []
    assert asked < 200
