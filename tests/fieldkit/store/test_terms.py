"""A typed query as words, each with the expression that finds it; bounded, whatever is typed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.store.terms import MOST_WORDS, terms

LONGEST_EXPRESSION = 20_000


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("张w", [("张", []), ("w", [])]),
        ("zhangw", [("zhangw", [["zhang", "w"]])]),
        ("宁德", []),
        ("58tongc", [("58tongc", [["5", "8", "tong", "c"]])]),
        ("360tc", [("360tc", [])]),
        ("527783P", []),
        ("12345tong", []),
        ("138a", []),
        ("2.5亿", []),
    ],
)
def test_letters_are_taken_for_pinyin_where_no_digit_stands_beside_them(word, parts):
    (term,) = terms(word)
    assert [(part.text, part.spelled) for part in term.parts] == parts


@pytest.mark.parametrize(("word", "may_be"), [("ning", True), ("zang", True), ("deyi", False), ("宁德", False)])
def test_only_sounds_that_are_often_mistaken_may_be_misspelt(word, may_be):
    assert terms(word)[0].may_be_misspelt is may_be


@given(st.text(max_size=2000) | st.text(alphabet="ang ", max_size=2000) | st.text(alphabet="a1宁 .", max_size=2000))
def test_an_expression_stays_small_whatever_is_typed(query):
    found = terms(query)
    assert len(found) <= MOST_WORDS
    assert sum(len(term.expression) for term in found) <= LONGEST_EXPRESSION


@pytest.mark.parametrize("query", ["anan" * 25_000, "an " * 50_000, "宁" * 100_000, "1" * 100_000, "a宁" * 50_000])
def test_an_endless_query_is_cut(query):
    assert sum(len(term.expression) for term in terms(query)) <= LONGEST_EXPRESSION


def test_no_ending_of_a_long_name_is_looked_for_twice():
    expression = terms("zhejiangnanshuangxincailiaoyouxiang")[0].expression
    groups = [group.split(" OR ") for group in re.findall(r"\(([^()]*)\)", expression)]
    assert [group for group in groups if len(group) > len(set(group))] == []
