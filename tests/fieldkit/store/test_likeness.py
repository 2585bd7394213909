"""Which names are near each other, and that the nearest are found among many without a walk through all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.store import matching
from fieldkit.store.likeness import core, near, sound_alike

NEAR = [
    ("宁德时代", "宁德时代新能源科技股份有限公司"), ("宁德时代新能源科技有限公司", "宁德时代新能源科技股份有限公司"),
    ("比亚迪", "比亚迪汽车"), ("比亚迪汽车工业有限公司", "比亚迪股份有限公司"), ("宁德时带", "宁德时代"), ("阳光电原", "阳光电源股份有限公司"),
    ("国轩", "国轩高科"), ("古井集团", "安徽古井贡酒股份有限公司"), ("中国银行", "中国银行亳州分行"), ("合肥阳光电源", "阳光电源"),
    ("Contemporary Amprex", "Contemporary Amperex Co., Ltd."), ("通威太阳能股份", "通威太阳能"), ("科大讯非", "科大讯飞"),
    ("亳州永刚饮片", "亳州永刚药业"), ("金禾实业化工集团", "金禾实业"),
]  # fmt: skip
FAR = [
    ("新华联", "新华都"), ("华为", "华润"), ("第1农场", "第10农场"), ("中国电子有限公司", "中国石化"), ("亳州药业", "亳州酒业"),
    ("宁德时代", "时代中国"), ("", "宁德时代"), ("万", "万科"), ("CATL", "CASD"), ("古井贡酒", "迎驾贡酒"), ("安徽电子", "安徽食品有限公司"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), NEAR)
def test_names_that_may_be_one_are_near_both_ways_and_found_in_the_store(reader, put, one, other):
    assert near(one, [other])
    assert near(other, [one])
    company = put("companies", name=other)
    put("companies", name="迎驾贡酒")
    assert matching.companies_near(reader, one) == [company]


@pytest.mark.parametrize(("one", "other"), FAR)
def test_names_of_two_are_not(reader, put, one, other):
    assert not near(one, [other])
    put("companies", name=other)
    assert matching.companies_near(reader, one) == []


def test_a_company_is_near_by_its_short_and_former_names(reader, put):
    company = put("companies", name="甲股份有限公司", short_name="永刚饮片", former_names="华佗国药、济人药业")
    for typed in ("永钢饮片", "华坨国药", "济人药业集团"):
        assert matching.companies_near(reader, typed) == [company]


def test_people_of_one_sound_are_told():
    assert sound_alike("张伟", "张玮")
    assert not sound_alike("张伟", "张强")
    assert not sound_alike("张伟", "张伟伟")


@given(st.text(max_size=12), st.text(max_size=12))
def test_near_is_answered_for_any_two_names(one, other):
    assert near(one, [other]) in (True, False)
    assert isinstance(core(one), str)


def test_companies_called_so_in_full_are_those_of_that_legal_form(reader, put):
    short, full = put("companies", name="海尔有限公司"), put("companies", name="海尔股份有限公司")
    assert matching.companies_called(reader, "海尔") == [short, full]
    assert matching.companies_called(reader, "海尔股份有限公司") == [full]
