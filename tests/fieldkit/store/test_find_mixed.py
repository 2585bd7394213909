"""Words that mix characters, letters and signs: found where their parts stand side by side, and nowhere else."""

from __future__ import annotations

import pytest

from fieldkit.store.search import find


@pytest.fixture
def titles(reader):
    return lambda query: {row["title"] for row in find(reader, query)}


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("张伟", "张w"), ("张伟杰", "张wei"), ("张伟杰", "张wj"), ("欧阳张伟", "张w"), ("张伟杰", "w杰"), ("张伟杰", "wei杰"), ("张伟杰", "张w杰"),
        ("A股通", "a股t"), ("张 · 伟", "张w"), ("宁德公司", "宁德g"), ("TCL科技", "tcl科j"), ("张w", "张w"), ("西安", "xi'an"),
        ("张伟", "zhang-wei"), ("单雄", "单x"), ("Café张", "café"),
    ],
)  # fmt: skip
def test_parts_that_stand_side_by_side_in_a_name_are_found_and_shown(reader, put, name, query):
    put("companies", name=name)
    (row,) = find(reader, query)
    assert row["match"]["spans"]


def test_parts_that_stand_apart_are_no_hit(titles, put):
    put("contacts", name="汪洋", note="张总介绍")
    put("companies", name="武汉光电", note="老张牵线")
    put("companies", name="张江微电子")
    put("contacts", name="赵伟", note="张总介绍")
    put("contacts", name="张伟")
    put("visits", text="见张w", visited_on="2026-01-01")
    assert titles("张w") == {"张伟", "见张w"}


@pytest.mark.parametrize("query", ["R&D", "r&d"])
def test_letters_with_signs_between_are_that_text(titles, put, query):
    put("contacts", name="任东")
    put("companies", name="锐达")
    put("leads", title="人多的R项目", note="D")
    put("leads", title="建R&D中心")
    put("visits", text="看 R&D 楼", visited_on="2026-01-01")
    assert titles(query) == {"建R&D中心", "看 R&D 楼"}


@pytest.mark.parametrize("query", ["d-x", "a_o", "A.O.", "e-mail"])
def test_initials_are_not_read_across_signs(titles, put, query):
    put("companies", name="电信")
    put("companies", name="电信集团有限公司")
    put("companies", name="爱欧")
    put("contacts", name="安娥", email="mail@e.com", note="d")
    assert titles(query) == set()


def test_a_company_called_with_a_sign_comes_first(reader, put):
    put("companies", name="AT&T")
    put("companies", name="安泰特")
    put("companies", name="AT&T中国")
    put("leads", title="访AT&T")
    assert [row["title"] for row in find(reader, "at&t")] == ["AT&T", "AT&T中国", "访AT&T"]
