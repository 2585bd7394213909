"""Amounts are shown exactly, in the units that people use."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit import i18n
from fieldkit.domain.money import money_text


@pytest.fixture(autouse=True)
def _english_afterwards() -> Iterator[None]:
    yield
    i18n._InUse.language = i18n.FALLBACK


@pytest.mark.parametrize(
    ("amount", "currency", "chinese", "english"),
    [
        (250_000_000, "CNY", "2.5亿元", "CNY 250 million"),
        (30_000_000, "CNY", "3000万元", "CNY 30 million"),
        (100_000_000, "CNY", "1亿元", "CNY 100 million"),
        (1_200_000_000, "CNY", "12亿元", "CNY 1.2 billion"),
        (5_000_000, "USD", "500万美元", "USD 5 million"),
        (123_456_789, "CNY", "12345.6789万元", "CNY 123,456,789"),
        (9_999, "CNY", "9999元", "CNY 9,999"),
        (0, "CNY", "0元", "CNY 0"),
        (-250_000_000, "CNY", "-2.5亿元", "CNY -250 million"),
        (1_000_000, "CHF", "100万CHF", "CHF 1 million"),
    ],
)
def test_amounts_in_both_languages(amount: int, currency: str, chinese: str, english: str) -> None:
    i18n._InUse.language = "zh_CN"
    assert money_text(amount, currency) == chinese
    i18n._InUse.language = "en"
    assert money_text(amount, currency) == english


@given(st.integers(-(2**63), 2**63 - 1), st.sampled_from(["zh_CN", "en"]))
def test_no_digit_is_lost(amount: int, language: str) -> None:
    i18n._InUse.language = language
    text = money_text(amount)
    number = text.removeprefix("CNY ").replace(",", "")
    places = 0
    for unit, zeros in (("亿元", 8), ("万元", 4), (" billion", 9), (" million", 6), ("元", 0)):
        if number.endswith(unit):
            number, places = number.removesuffix(unit), zeros
            break
    whole, _, fraction = number.partition(".")
    assert len(fraction) <= places
    assert int(whole + fraction.ljust(places, "0")) == amount
