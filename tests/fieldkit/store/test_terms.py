"""A typed query as words and the ways to read letters as pinyin; bounded, whatever is typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.store import terms as module
from fieldkit.store.terms import MOST_WORDS, spellings, terms


@pytest.mark.parametrize(
    ("letters", "read"),
    [
        ("ndsd", [["n", "d", "s", "d"]]),
        ("zhangw", [["zhang", "w"], list("zhangw")]),
        ("xian", [["xian"], ["xia", "n"], ["xi", "an"], ["xi", "a", "n"], list("xian")]),
        ("ningd", [["ning", "d"], list("ningd")]),
        ("a" * 25, []),
    ],
)
def test_letters_are_read_as_syllables_and_as_initials(letters, read):
    assert spellings(letters) == read


def test_a_word_of_digits_may_end_a_phone_number():
    assert [term.tail for term in terms("8000 13 宁德 2.5")] == ["0008", "", "", ""]


@given(st.text(max_size=2000) | st.text(alphabet="ang ", max_size=2000))
def test_an_expression_stays_small_whatever_is_typed(query):
    found = terms(query)
    assert len(found) <= MOST_WORDS
    assert sum(len(term.expression) for term in found) <= 12_000


@pytest.mark.parametrize("query", ["anan" * 25_000, "an " * 50_000, "宁" * 100_000, "1" * 100_000])
def test_an_endless_query_is_cut(query):
    assert sum(len(term.expression) for term in terms(query)) <= 12_000


def test_letters_that_end_in_no_syllable_are_not_cut_in_every_way(monkeypatch):
    asked = 0

    def counted(letters: str, start: int) -> list[int]:
        nonlocal asked
        asked += 1
        return ends(letters, start)

    ends = module._ends
    monkeypatch.setattr(module, "_ends", counted)
    assert spellings("ao" * 11 + "v") == [list("ao" * 11 + "v")]
    assert asked < 100
