"""A telephone number is found however it is typed."""

from __future__ import annotations

import pytest

from fieldkit.store.numbers import dialled_ways, extension_apart
from fieldkit.store.search import find

MOBILE, LANDLINE, SERVICE, EXTENDED = "+8613800138000", "+865585298304", "+864008319315", "+862169198912;ext=8091"


@pytest.mark.parametrize(
    ("phone", "query"),
    [
        *((MOBILE, typed) for typed in (
            "138-0013-8000", "+86-138-0013-8000", "86-13800138000", "0086-13800138000", "008613800138000", "8613800138000",
            "138.0013.8000", "(138)00138000", "（+86）13800138000", "tel:+8613800138000", "0013-8000", "0013－8000", "+86 138 0013 8000",
            "86-138-0013-8000", "1380013-8000", "+8613800138000",
        )),
        *((LANDLINE, typed) for typed in (
            "+86-558-5298304", "00865585298304", "0558-5298304", "05585298304", "(0558)5298304", "0558.5298304", "+86(558)5298304", "529-8304",
        )),
        *((SERVICE, typed) for typed in ("400-8319315", "(400)8319315", "4008319315", "400-831-9315", "+86-400-831-9315")),
        *((EXTENDED, typed) for typed in (
            "02169198912转8091", "021-69198912-8091", "+862169198912;ext=8091", "021-69198912转8091", "021-69198912x8091", "(021)69198912-8091",
            "+86-21-69198912-8091",
        )),
    ],
)  # fmt: skip
def test_a_number_is_found_however_it_is_typed(reader, put, phone, query):
    contact = put("contacts", name="张伟", phone=phone)
    put("contacts", name="李娜", phone="+8613900018001")
    put("contacts", name="李雷", phone="+862169198913;ext=8092")
    assert [row["id"] for row in find(reader, query)] == [contact]


@pytest.mark.parametrize("typed", ["2.5", "12.5", "10086", "2.5亿", "R&D", "2000.5", "13800138000", "+-", "()"])
def test_what_is_no_number_with_signs_stays_as_it_is(typed):
    assert dialled_ways(typed) == []
    assert extension_apart(typed) == [typed]
