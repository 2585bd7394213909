"""The check character of GB 32100-2015."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.uscc import ALPHABET, check_character, fault, normalised


@pytest.mark.parametrize("code", ["914403001922038216", "91110000802100433B", "91330100799655058B"])
def test_codes_of_real_companies_pass(code: str) -> None:
    assert fault(code) == ""


@pytest.mark.parametrize(
    ("code", "wrong"),
    [("9144030019220382", "length"), ("91440300192203821I", "character"), ("914403001922038217", "check")],
)
def test_faults_are_told_apart(code: str, wrong: str) -> None:
    assert fault(code) == wrong


def test_normalised_takes_what_people_paste() -> None:
    assert normalised(" 9111 0000-802100433b ") == "91110000802100433B"


@given(st.text(ALPHABET, min_size=17, max_size=17), st.integers(0, 16), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_noticed(first: str, position: int, other: str) -> None:
    code = first + check_character(first)
    changed = code[:position] + other + code[position + 1 :]
    assert (fault(changed) == "") == (changed == code)
