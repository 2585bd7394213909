"""Which stretch of a line names a known or a new company, person or project: what is linked, and what is asked instead."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from fieldkit import actions
from fieldkit.actions.candidates import asked
from fieldkit.store import rows
from fieldkit.store.store import Store

Stands = Callable[[str], list[dict[str, Any]]]
Known = dict[str, str]
"""Company → its people and, behind a #, its projects, with spaces between them; a number stands behind a colon."""


def keep(store: Store, known: Known) -> None:
    for company, things in known.items():
        company_id = actions.add(store, "companies", {"name": company})
        for thing in things.split(" "):
            name, _, phone = thing.partition(":")
            if name.startswith("#"):
                actions.add(store, "leads", {"title": name[1:], "company_id": company_id})
            elif name:
                actions.add(store, "contacts", {"name": name, "phone": phone, "company_id": company_id})


def filed(store: Store, stands: Stands, line: str) -> tuple[str, str, str, tuple[str, ...]]:
    """The names of company, person and project at which a line is filed, and what it asks."""
    found = actions.file_line(store, actions.keep_note(store, line))
    (visit,) = [row for row in stands("visits") if row["id"] == found.id]
    titles = {row["id"]: str(row["title"]) for kind in ("companies", "contacts", "leads") for row in stands(kind)}
    company, contact, lead = (titles.get(visit[field], "") for field in ("company_id", "contact_id", "lead_id"))
    return company, contact, lead, found.needs


@pytest.mark.parametrize(
    "line",
    [
        "欧阳明来电",
        "诸葛青来访",
        "尉迟敬德来电",
        "单于飞来电",
        "慕容云海来访",
        "上官婉来电 13511110000",
        "与单于晓明座谈",
        "约尉迟恭下周三见面",
        "东方日升来访",
    ],
)
def test_somebody_with_a_double_surname_makes_no_company(store: Store, stands: Stands, line: str) -> None:
    assert filed(store, stands, line) == ("", "", "", ("company",))
    assert stands("companies") == []


def test_somebody_with_a_double_surname_is_read_with_a_known_company(store: Store, stands: Stands) -> None:
    keep(store, {"海螺水泥": ""})
    assert filed(store, stands, "海螺水泥欧阳明来电") == ("海螺水泥", "欧阳明", "", ())


KNOWN = {"宁德时代": "张伟", "比亚迪": "李娜 #电机项目", "海螺水泥": "王总"}
BESIDE = [
    "海螺型材 张伟来电",
    "海螺型材的张伟来电",
    "隆基 李娜 谈电机项目",
    "隆基李娜来电",
    "隆基与李娜座谈",
    "来电:李娜,晶澳科技",
    "晶澳科技张伟 下周三回访",
    "晶科能源 张伟 光伏项目 3亿",
    "大全能源 张伟 光伏项目 3亿",
    "@李娜 晶澳科技 硅片项目 5亿",
    "张伟 13600000000 晶澳科技的",
    "海螺型材 王总 型材项目",
    "晶澳科技 电机项目 5亿",
]
ALONE = [
    ("张伟来电 谈用地", "宁德时代", ""),
    ("下午张伟来电", "宁德时代", ""),
    ("合肥 张伟 来电", "宁德时代", ""),
    ("提醒张伟寄样品", "宁德时代", ""),
    ("老朋友张伟来电", "宁德时代", ""),
    ("与张伟谈二期", "宁德时代", ""),
    ("电话张伟 下周三回访", "宁德时代", ""),
    ("张伟 13600000000 下周来亳", "宁德时代", ""),
    ("张伟来电 智能汽车项目 3亿", "宁德时代", "智能汽车项目"),
    ("和张伟通电话,下周三再约", "宁德时代", ""),
    ("张伟收到样品", "宁德时代", ""),
    ("开发区管委会与张伟座谈", "宁德时代", ""),
    ("新能源产业园 张伟", "宁德时代", ""),
    ("周五 会议室 张伟", "宁德时代", ""),
    ("商务局 张伟 来电", "宁德时代", ""),
    ("李娜 电机项目 3亿", "比亚迪", "电机项目"),
    ("电机项目 2亿", "比亚迪", "电机项目"),
    ("推进电机项目 下周三回访", "比亚迪", "电机项目"),
]


@pytest.mark.parametrize("line", BESIDE)
def test_another_company_beside_somebody_known_or_a_known_project_is_asked(
    store: Store, stands: Stands, line: str
) -> None:
    keep(store, KNOWN)
    assert filed(store, stands, line) == ("", "", "", ("company",))
    assert {row["name"] for row in stands("companies")} == {*KNOWN}
    assert [(row["title"], row["amount"]) for row in stands("leads")] == [("电机项目", None)]


@pytest.mark.parametrize(("line", "company", "lead"), ALONE)
def test_what_is_known_and_stands_alone_tells_its_company(
    store: Store, stands: Stands, line: str, company: str, lead: str
) -> None:
    keep(store, KNOWN)
    found = filed(store, stands, line)
    assert (found[0], found[2], found[3]) == (company, lead, ())


NAMESAKES = {
    "宁德时代": "张伟 高峰 高兴 万一 和平 方便 马上 陈列 Will Mark #battery",
    "比亚迪": "李娜 #电机项目 #电池 #包装 #塔筒 #冷链",
    "金风": "王刚 王建 单于飞",
    "太阳": "",
    "联合": "",
    "人民": "",
    "好想你": "",
}
INSIDE = [
    ("宁德时代员工张伟涛来电", "宁德时代"),
    ("李娜娜来电", ""),
    ("王刚强来电", ""),
    ("王建国 来电", ""),
    ("单于飞鸿来电", ""),
    ("高峰期用电紧张", ""),
    ("参加高峰论坛", ""),
    ("大家都很高兴", ""),
    ("万一谈不成", ""),
    ("和平共处", ""),
    ("方便时来电", ""),
    ("马上签约", ""),
    ("陈列室参观", ""),
    ("I will call back next week", ""),
    ("mark the date for visit", ""),
    ("食品包装机械项目", ""),
    ("塔筒及法兰项目 3亿", ""),
    ("冷链物流园项目 2亿", ""),
    ("battery recycling project", ""),
    ("太阳能电池项目 投资2亿", ""),
    ("好想你们再来一趟", ""),
    ("联合国组织来访", ""),
    ("人民路见李总", ""),
]
NAMED = [
    ("张伟提出用电问题", "张伟", ""),
    ("张伟反映用电问题", "张伟", ""),
    ("张伟明天来电", "张伟", ""),
    ("张伟下周三来", "张伟", ""),
    ("张伟经理来电", "张伟", ""),
    ("张伟他们来亳", "张伟", ""),
    ("李娜约我周五见", "李娜", ""),
    ("李娜建议下周签约", "李娜", ""),
    ("高峰来电", "高峰", ""),
    ("高峰 13811110000", "高峰", ""),
    ("拜访宁德时代高峰", "高峰", ""),
    ("与高峰座谈", "高峰", ""),
    ("@马上 来电", "马上", ""),
    ("met Will next week", "Will", ""),
    ("比亚迪电机项目", "", "电机项目"),
    ("谈包装 3亿", "", "包装"),
    ("李娜说塔筒 3亿", "李娜", "塔筒"),
    ("推进电机项目签约", "", "电机项目"),
    ("塔筒 3亿", "", "塔筒"),
]


@pytest.mark.parametrize(("line", "company"), INSIDE)
def test_a_known_name_inside_a_longer_one_or_a_word_is_not_linked(
    store: Store, stands: Stands, line: str, company: str
) -> None:
    keep(store, NAMESAKES)
    assert filed(store, stands, line) == (company, "", "", () if company else ("company",))
    assert {row["name"] for row in stands("companies")} == {*NAMESAKES}


@pytest.mark.parametrize(("line", "contact", "lead"), NAMED)
def test_a_known_name_with_an_edge_a_post_or_a_verb_after_it_is_linked(
    store: Store, stands: Stands, line: str, contact: str, lead: str
) -> None:
    keep(store, NAMESAKES)
    assert filed(store, stands, line)[1:] == (contact, lead, ())


@pytest.mark.parametrize(
    ("line", "made", "needs"),
    [
        ("宁德时代张伟介绍天赐材料李总 13812340001", (), ("contact",)),
        ("宁德时代张伟和阳光电源曹总一起来", (), ("contact",)),
        ("宁德时代张伟、比亚迪刘总一起来", ("刘总", "比亚迪"), ()),
        ("宁德时代张伟、比亚迪李总一起来", (), ("contact",)),
        ("宁德时代张伟和李总一起来 13812340001", ("李总", "宁德时代"), ()),
        ("宁德时代张伟、技术中心李总一起来", ("李总", "宁德时代"), ()),
        ("宁德时代张伟,动力事业部李总", ("李总", "宁德时代"), ()),
    ],
)
def test_somebody_right_behind_another_companys_name_is_no_colleague_of_the_first(
    store: Store, stands: Stands, line: str, made: tuple[str, ...], needs: tuple[str, ...]
) -> None:
    keep(store, KNOWN)
    assert filed(store, stands, line) == ("宁德时代", "张伟", "", needs)
    companies = {row["id"]: row["name"] for row in stands("companies")}
    people = {(row["name"], companies[row["company_id"]]) for row in stands("contacts")}
    assert people == {("张伟", "宁德时代"), ("李娜", "比亚迪"), ("王总", "海螺水泥"), *([made] if made else [])}


def test_a_card_with_another_company_on_it_is_asked(store: Store, stands: Stands) -> None:
    keep(store, KNOWN)
    assert filed(store, stands, "张伟转来名片:李四 13511116666 晶澳科技副总") == ("", "", "", ("company",))


HOUSES = dict.fromkeys(
    ("东方", "科大", "京东", "比亚迪", "上海电气", "新希望", "迎驾", "同仁堂", "宁德时代", "三一重工", "华为", "CATL"),
    "",
)
LONGER = [
    ("东方日升来访", "东方日升 ↔ 东方?"),
    ("东方希望集团 谈铝业", "东方希望集团 ↔ 东方?"),
    ("科大讯飞来访", "科大讯飞 ↔ 科大?"),
    ("拜访京东方科技集团", "京东方科技集团 ↔ 京东?"),
    ("拜访比亚迪半导体", "比亚迪半导体 ↔ 比亚迪?"),
    ("上海电气风电集团来访", "上海电气风电集团 ↔ 上海电气?"),
    ("新希望六和 王总", "新希望六和 ↔ 新希望?"),
    ("迎驾贡酒来访", "迎驾贡酒 ↔ 迎驾?"),
    ("同仁堂健康 拜访", "同仁堂健康 ↔ 同仁堂?"),
    ("拜访宁德时代的供应商科达利", "科达利 ↔ 宁德时代?"),
    ("拜访宁德时代的客户蔚来汽车", "蔚来汽车 ↔ 宁德时代?"),
    ("拜访宁德时代的竞争对手中创新航", "中创新航 ↔ 宁德时代?"),
    ("比亚迪供应商三一重工来访", "三一重工 ↔ 三一重工?"),
    ("宁德时代旁边的三一重工", "三一重工 ↔ 宁德时代?"),
    ("比亚迪厂附近的三一重工", "三一重工 ↔ 比亚迪?"),
    ("为比亚迪配套的纸袋厂来访", "↔ 比亚迪?"),
    ("宁德时代介绍的科达利来访", "↔ 宁德时代?"),
    ("前华为员工王强创业公司灵犀科技", "↔ 华为?"),
    ("从宁德时代出来去了蜂巢能源", "↔ 宁德时代?"),
    ("乘比亚迪出租车去园区", "↔ 比亚迪?"),
    ("met CATL supplier Kedali", "Kedali ↔ CATL?"),
    ("拜访宁德时代和比亚迪", "比亚迪"),
    ("上午拜访比亚迪,下午拜访华为", "华为"),
    ("与三一重工、宁德时代三方座谈", "三一重工"),
    ("比亚迪和华为联合项目 10亿", "华为"),
]


@pytest.mark.parametrize(("line", "offer"), LONGER)
def test_a_longer_name_anothers_relation_or_one_of_two_is_asked_with_what_it_may_be(
    store: Store, stands: Stands, line: str, offer: str
) -> None:
    keep(store, HOUSES)
    assert filed(store, stands, line) == ("", "", "", ("company",))
    assert {row["name"] for row in stands("companies")} == {*HOUSES}
    with closing(store.reader()) as connection:
        (visit,) = stands("visits")
        (question,) = asked(connection, rows.rows(connection, "visits", [visit["id"]])[0])
    assert any(words.endswith(offer) for words in question.words())


@pytest.mark.parametrize(
    ("line", "company"),
    [
        ("拜访比亚迪", "比亚迪"),
        ("比亚迪来访", "比亚迪"),
        ("比亚迪谈半导体", "比亚迪"),
        ("比亚迪动力电池项目 3亿", "比亚迪"),
        ("比亚迪用地120亩", "比亚迪"),
        ("比亚迪储能 3亿", "比亚迪"),
        ("比亚迪提出用电问题", "比亚迪"),
        ("拜访比亚迪动力电池负责人", "比亚迪"),
        ("宁德时代客户经理李总来电", "宁德时代"),
        ("宁德时代团队来访", "宁德时代"),
        ("宁德时代附近吃饭", "宁德时代"),
        ("拜访宁德时代 了解其供应商", "宁德时代"),
        ("拜访宁德时代,下周三再去宁德时代", "宁德时代"),
        ("华为需要标准厂房", "华为"),
    ],
)
def test_what_a_line_only_says_of_a_company_asks_nothing(store: Store, stands: Stands, line: str, company: str) -> None:
    keep(store, HOUSES)
    found = filed(store, stands, line)
    assert (found[0], found[3]) == (company, ())


def test_a_short_name_with_which_two_companies_begin_is_asked(store: Store, stands: Stands) -> None:
    keep(store, {"古井集团": "", "古井贡酒": ""})
    assert filed(store, stands, "拜访古井") == ("", "", "", ("company",))


@pytest.mark.parametrize(
    ("known", "line"),
    [
        ("科大讯飞股份有限公司", "拜访讯飞"),
        ("科大讯飞股份有限公司", "讯飞来电"),
        ("科大讯飞股份有限公司", "见讯飞 刘总"),
        ("贵州茅台", "茅台来访"),
        ("重庆长安汽车股份有限公司", "拜访长安"),
        ("宁德时代新能源科技股份有限公司", "拜访时代新能源"),
    ],
)
def test_the_end_of_a_known_name_offers_it(store: Store, stands: Stands, known: str, line: str) -> None:
    company = actions.add(store, "companies", {"name": known})
    assert filed(store, stands, line) == ("", "", "", ("company",))
    with closing(store.reader()) as connection:
        (visit,) = stands("visits")
        (question,) = asked(connection, rows.rows(connection, "visits", [visit["id"]])[0])
    assert [row["id"] for row in question.rows] == [company]


@pytest.mark.parametrize("line", ["华为来电", "华为来访", "讯飞来电"])
def test_a_short_name_before_an_arrival_is_the_companys(store: Store, stands: Stands, line: str) -> None:
    keep(store, {"华为": "", "讯飞": ""})
    assert filed(store, stands, line) == (line[:2], "", "", ())


PEOPLE = {"宁德时代": "张伟:13800138000", "海螺水泥": "王建国", "奇瑞": "王总 #风电叶片项目"}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("宁德时代 张卫 13800138000 来电", ("宁德时代", "", "", ("contact",))),
        ("宁德时代 张伟 13800138000 来电", ("宁德时代", "张伟", "", ())),
        ("王总来电", ("", "", "", ("company",))),
        ("奇瑞王总来电", ("奇瑞", "王总", "", ())),
        ("海螺水泥 王建 来电", ("海螺水泥", "", "", ("contact",))),
        ("奇瑞叶片项目 2亿", ("奇瑞", "", "", ("lead",))),
    ],
)
def test_a_name_that_may_be_two_peoples_or_projects_is_asked(
    store: Store, stands: Stands, line: str, expected: tuple[str, str, str, tuple[str, ...]]
) -> None:
    keep(store, PEOPLE)
    assert filed(store, stands, line) == expected


def test_a_surname_that_is_two_peoples_offers_the_companies_of_both(store: Store, stands: Stands) -> None:
    keep(store, PEOPLE)
    filed(store, stands, "王总来电")
    with closing(store.reader()) as connection:
        (visit,) = stands("visits")
        (question,) = asked(connection, rows.rows(connection, "visits", [visit["id"]])[0])
    assert {row["title"] for row in question.rows} == {"奇瑞", "海螺水泥"}
