"""Telephone numbers as they are stored, read and looked for."""

from __future__ import annotations

import pytest

from fieldkit import i18n
from fieldkit.domain.phone_numbers import phone_number, spellings
from fieldkit.domain.phones import dialled, is_personal, readable

STORED = {
    "+8613800138000": [
        "13800138000", "138 0013 8000", "138-0013-8000", "+86 138 0013 8000", "+86 13800138000", "0086 138 0013 8000",
        "008613800138000", "8613800138000", "（+86）13800138000", "１３８００１３８０００", "+8613800138000",
    ],
    "+865585123456": ["0558-5123456", "05585123456", "0558 512 3456", "(0558)5123456", "+86 558 5123456", "+86-0558-5123456"],
    "+865585123456;ext=801": [
        "0558-5123456转801", "0558-5123456-801", "05585123456 转801", "0558-5123456 ext. 801", "0558-5123456分机801",
        "+86 558 5123456;ext=801", "+865585123456;ext=801", "05585123456转801",
    ],
    "+862158888888": ["021-58888888", "(021) 5888 8888", "02158888888"],
    "+8675526770000;ext=12": ["0755-26770000转12"],
    "+864008208820": ["400-820-8820", "4008208820"],
    "+14155552671": ["+1 415 555 2671", "+1 (415) 555-2671", "001 415 555 2671"],
    "+85223456789": ["+852 2345 6789"],
}  # fmt: skip


@pytest.mark.parametrize(("stored", "typed"), [(stored, one) for stored, every in STORED.items() for one in every])
def test_every_spelling_of_a_number_is_stored_as_one(stored, typed):
    assert phone_number(typed) == stored


@pytest.mark.parametrize("stored", STORED)
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_what_people_read_is_the_same_number_when_it_is_typed_again(stored, language):
    i18n.use_language(language)
    try:
        assert phone_number(readable(stored)) == stored
    finally:
        i18n.use_language(i18n.FALLBACK)


@pytest.mark.parametrize(
    "typed",
    ["5123456", "110", "95588", "13800138000 / 张伟", "13800138000（家里）", "张伟 13800138000", "+86", "1380013800",
     "138001380001", "0558-5123456转", "call 12", "", "9" * 300, "+86 13800138000;ext=x"],
)  # fmt: skip
def test_what_is_no_whole_number_stays_as_it_was_typed(typed):
    assert phone_number(typed) in (typed, typed.replace("（", "(").replace("）", ")"))


def test_numbers_are_read_as_they_are_dialled_in_china():
    assert [readable(stored) for stored in STORED] == [
        "138 0013 8000", "0558-5123456", "0558-5123456 ext. 801", "021-58888888", "0755-26770000 ext. 12", "400-820-8820",
        "+14155552671", "+85223456789",
    ]  # fmt: skip


def test_numbers_are_looked_for_with_and_without_the_country_by_the_extension_and_as_they_are_read():
    assert dialled("+865585123456;ext=801") == ["05585123456", "865585123456", "801", "0558-5123456转801"]
    assert dialled("+864008208820") == ["4008208820", "864008208820", "400-820-8820"]
    assert dialled("+8613800138000") == ["13800138000", "8613800138000"]
    assert dialled("+14155552671") == ["14155552671"]
    assert dialled("家里 5123456") == ["家里 5123456"]


@pytest.mark.parametrize(("stored", "typed"), [(stored, one) for stored, every in STORED.items() for one in every])
def test_a_number_that_was_stored_as_typed_is_looked_for_as_the_uniform_one_and_as_it_stands(stored, typed):
    assert spellings(typed) == list(dict.fromkeys([*dialled(stored), *([typed] if typed != stored else [])]))


def test_a_mobile_number_and_an_extension_are_one_persons_and_a_switchboard_is_not():
    assert [is_personal(stored) for stored in STORED] == [True, False, True, False, True, False, False, False]
    assert not is_personal("5123456")
