"""Unified social credit codes in a line, and what has eighteen characters and is none."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fieldkit.capture import read
from fieldkit.capture.credit_codes import _CARD_CHECKS, _CARD_WEIGHTS
from fieldkit.uscc import ALPHABET, check_character
from tests.fieldkit.capture.conftest import NOW

CATL = "91350900587527783P"


def card(first):
    """The number of an identity card for its first seventeen digits."""
    return (
        first
        + _CARD_CHECKS[
            sum(int(digit) * weight for digit, weight in zip(first, _CARD_WEIGHTS, strict=True)) % 11
        ].upper()
    )


def grouped(number, sign, *lengths):
    """The number in groups of these lengths."""
    ends = [sum(lengths[: index + 1]) for index in range(len(lengths))]
    return sign.join(number[start:end] for start, end in zip([0, *ends], [*ends, len(number)], strict=True))


@pytest.mark.parametrize(
    "typed",
    [
        CATL,
        "９１３５０９００５８７５２７７８３Ｐ",
        "91350900587527783p",
        "9135 0900 5875 2778 3P",
        "913509-00587527783-P",
        "（91350900587527783P）",
        "信用代码91350900587527783P",
        "统一社会信用代码：91350900587527783P",
        "统一社会信用代码为 9135 0900 5875 2778 3p",
        "USCC:91350900587527783P",
    ],
)
def test_a_code_is_read_however_it_is_typed_and_is_nothing_else(now, typed):
    reading = read(f"拜访宁德时代{typed} @张伟 13800138000 2.5亿 下周三回访", now)
    assert (reading.uscc, reading.company, reading.contact) == (CATL, "宁德时代", "张伟")
    assert (reading.phones, reading.amount, len(reading.dates)) == (["13800138000"], 250_000_000, 1)
    (mark,) = [mark for mark in reading.marks if mark.kind == "uscc"]
    assert (mark.value, mark.sure, reading.text[mark.start : mark.end]) == (CATL, True, mark.text)
    assert reading.as_json()["uscc"] == CATL


@pytest.mark.parametrize("typed", ["91350900587527783Q", "信用代码 9135 0900 5875 2778 3Q", "USCC 12350900587527783Q"])
def test_a_wrong_check_value_is_read_and_is_not_sure(now, typed):
    reading = read(f"拜访宁德时代 {typed} 2.5亿", now)
    assert reading.uscc == typed.replace(" ", "")[-18:]
    assert [mark.sure for mark in reading.marks if mark.kind == "uscc"] == [False]
    assert (reading.questions, reading.company, reading.amount) == ([], "宁德时代", 250_000_000)


@pytest.mark.parametrize(
    "typed",
    [
        "341602199003078888",
        "订单 202611261234567890",
        "订单号 123456789012345678",
        "123456789012345678",
        "合同编号：91350900587527783P",
        "123509005875277831",
        "1391350900587527783P",
        "91350900587527783PX",
        "9135090058752778",
        "13433138000 2345678",
        "91350900587527783 Q",
        "http://x.cn/a.91350900587527783P",
        "身份证 91350900587527783P",
        "6222021302009865432",
    ],
)
def test_what_is_no_code_is_not_taken_for_one(now, typed):
    assert read(f"拜访宁德时代 {typed}", now).uscc is None


@pytest.mark.parametrize("first", ["34122119900307881", "11010519491231002", "13061119860402231", "93115619880615001"])
@pytest.mark.parametrize("lengths", [(), (6, 8), (4, 4, 4, 4)])
def test_an_identity_card_is_no_code_no_phone_and_no_day(now, first, lengths):
    number = grouped(card(first), " ", *lengths)
    for line in (f"李强 {number}", f"身份证号：{number}"):
        reading = read(line, now)
        assert (reading.uscc, reading.phones, reading.dates, reading.amounts) == (None, [], [], [])


@given(
    st.sampled_from(["11", "12", "31", "34", "52", "91", "93", "N2", "Y1"]),
    st.sampled_from(["11", "34", "44", "35"]),
    st.integers(0, 9999),
    st.text(ALPHABET, min_size=9, max_size=9),
    st.sampled_from([("", ()), (" ", (4, 4, 4, 4)), ("-", (8, 9)), (" ", (6, 6))]),
)
def test_every_whole_code_is_read(registry, province, place, organisation, groups):
    first = f"{registry}{province}{place:04}{organisation}"
    code = first + check_character(first)
    assume(registry == "91" or not code.isdigit())
    assume(not (code[:17].isdigit() and card(code[:17]) == code))
    sign, lengths = groups
    typed = grouped(code, sign, *lengths)
    assume(not any(len(group) == 11 and group.isdigit() for group in typed.split(" ")))
    reading = read(f"拜访宁德时代 {typed} 谈扩产", NOW)
    assert (reading.uscc, reading.phones, reading.amounts, reading.dates) == (code, [], [], [])


@pytest.mark.parametrize("code", ["11100000000013338W", "12100000400000624D"])
def test_offices_and_institutes_have_codes_too(now, code):
    assert read(f"拜访 {code}", now).uscc == code


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("信用代码：9135 0900 5875 2777 83P", "9135 0900 5875 2777 83P"),
        ("统一社会信用代码 9135090058752778P，2.5亿", "9135090058752778P"),
        ("USCC: 913509005875277O3P next Wednesday", "913509005875277O3P"),
        ("税号为138001380001234567", "138001380001234567"),
    ],
)
def test_what_a_label_calls_a_code_and_is_none_is_nothing_else_either(now, typed, number):
    reading = read(f"拜访宁德时代 {typed}", now)
    assert (reading.uscc, reading.phones, reading.company) == (None, [], "宁德时代")
    (mark,) = [mark for mark in reading.marks if mark.kind == "uscc"]
    assert (mark.text, mark.value, mark.sure) == (number, None, False)


@pytest.mark.parametrize("typed", ["信用代码 13800138000", "税号 张伟 13800138000", "信用代码还没给 下周三回访"])
def test_a_label_without_a_code_takes_nothing_from_the_line(now, typed):
    reading = read(f"拜访宁德时代 {typed}", now)
    assert [mark.kind for mark in reading.marks if mark.kind == "uscc"] == []
    assert reading.phones + [found.text for found in reading.dates]


def test_two_codes_in_one_line_ask_which_company_is_meant(now):
    reading = read(f"拜访宁德时代 {CATL} 和比亚迪 91440300192317458F", now)
    assert (reading.uscc, reading.questions) == (None, ["company"])
    assert read(f"拜访宁德时代 {CATL} 信用代码 {CATL.lower()}", now).uscc == CATL
