"""Companies of one name, of nearly one, and of none: what a note is filed at, what is made new, and what is asked."""

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
CATL = "宁德时代新能源科技股份有限公司"
LINKED = [
    ("安徽古井集团有限责任公司", "拜访古井集团"),
    ("安徽古井贡酒股份有限公司", "拜访古井贡酒"),
    ("亳州宏远新材料有限公司", "拜访宏远新材料"),
    ("合肥宏远新材料有限公司", "拜访宏远"),
    ("江苏恒瑞医药股份有限公司", "拜访江苏恒瑞"),
    ("美的集团股份有限公司", "拜访美的"),
    ("TCL科技集团股份有限公司", "拜访ＴＣＬ"),
    ("ＣＡＴＬ", "met CATL"),
    ("CATL", "拜访ＣＡＴＬ 谈扩产"),
    (CATL, "拜訪寧德時代"),
    (CATL, "拜訪寧德時代新能源科技股份有限公司"),
    ("寧德時代新能源科技股份有限公司", "拜访宁德时代"),
    ("寧德時代", "拜訪寧德時代"),
    ("臺灣積體電路製造股份有限公司", "拜访台湾积体电路制造股份有限公司"),
    ("臺灣積體電路製造股份有限公司", "拜访台湾积体电路制造"),
    ("鴻海精密工業股份有限公司", "拜访鸿海精密"),
    ("人參堂藥業有限公司", "拜访人参堂药业"),
    ("人参堂药业有限公司", "拜訪人參堂藥業"),
    ("特斯拉(上海)有限公司", "拜访特斯拉"),
    ("特斯拉(上海)有限公司", "拜访特斯拉（上海）有限公司"),
    ("特斯拉(上海)有限公司", "拜访特斯拉（上海）"),
    ("特斯拉(上海)有限公司", "拜访上海特斯拉"),
    ("特斯拉有限公司", "拜访特斯拉（张伟）"),
    ("Tesla (Shanghai) Co., Ltd.", "met Tesla"),
    ("Contemporary Amperex Technology Co., Limited", "met Contemporary Amperex Technology"),
    ("Contemporary Amperex Technology Co., Limited", "met Contemporary Amperex Technology Co., Limited"),
    ("BYD Company Limited", "met BYD next Wednesday call back"),
    ("BYD Company Limited", "met BYD Zhang Wei"),
    (CATL, "拜访宁德时代公司 谈扩产"),
    (CATL, "拜访“宁德时代”谈扩产"),
    (CATL, "拜访龙头企业宁德时代"),
    ("京东集团", "拜访京东公司"),
    ("张裕", "拜访张裕总经理"),
    ("华为技术有限公司", "拜访华为总部"),
    ("华为技术有限公司", "拜访华为李强 13800138000"),
    ("华为技术有限公司", "拜访华为采购部"),
    ("华为技术有限公司", "华为需要标准厂房"),
    ("华为技术有限公司", "华为下周三来亳考察"),
    ("华为技术有限公司", "拜访华为服务器项目"),
    ("华为技术有限公司", "和华为对接用地"),
]
ASKED = [
    ("阳光电源股份有限公司", "阳光电源股份有限公司合肥分公司", "拜访阳光电源股份有限公司合肥分公司"),
    ("阳光电源股份有限公司", "阳光电源合肥分公司", "拜访阳光电源合肥分公司 谈扩产"),
    ("阳光电源股份有限公司合肥分公司", "阳光电源", "拜访阳光电源"),
    ("古井集团有限公司", "古井贡酒股份有限公司", "拜访古井贡酒股份有限公司"),
    ("三一集团有限公司", "三一重工", "拜访三一重工"),
    (CATL, "宁德时代集团", "拜访宁德时代集团"),
    (CATL, "宁德时代子公司时代电机", "拜访宁德时代子公司时代电机"),
    ("古井贡酒", "亳州古井贡酒", "拜访亳州古井贡酒"),
    (CATL, "福建宁德时代", "拜访福建宁德时代"),
    ("时代新能源", "宁德时代新能源", "拜访宁德时代新能源"),
    ("合肥宏远新材料有限公司", "亳州宏远新材料有限公司", "拜访亳州宏远新材料有限公司"),
    ("特斯拉(上海)有限公司", "特斯拉(北京)有限公司", "拜访特斯拉(北京)有限公司"),
    ("特斯拉有限公司", "特斯拉（上海）", "拜访特斯拉（上海）"),
    (CATL, "宁德时代新能源科技有限公司", "拜访宁德时代新能源科技有限公司"),
    (CATL, "宁德时带", "拜访宁德时带"),
    ("科大讯飞股份有限公司", "科大迅飞", "拜访科大迅飞"),
    ("江淮汽车", "江淮气车", "拜访江淮气车"),
    ("比亚迪", "比亚迪汽车", "拜访比亚迪汽车"),
    ("京东集团", "京东方", "拜访京东方"),
    ("京东集团", "京东方", "京东方下周三来亳考察"),
    ("京东方科技集团股份有限公司", "京东", "拜访京东"),
    ("三一重工股份有限公司", "三一重能", "拜访三一重能"),
    ("海尔集团", "海尔智家", "拜访海尔智家"),
    ("海尔智家股份有限公司", "海尔", "拜访海尔"),
    ("华为技术有限公司", "华为云", "拜访华为云 谈大数据"),
    ("华为", "华为技术有限公司", "拜访华为技术有限公司"),
    ("BYD Company Limited", "BYD Auto", "met BYD Auto"),
]
NEW = [
    (CATL, "CATL", "met CATL"),
    (CATL, "Contemporary Amperex Technology Co., Limited", "met Contemporary Amperex Technology Co., Limited"),
    ("中兴通讯股份有限公司", "中芯国际", "拜访中芯国际"),
    ("亳州第一机械厂", "亳州第二机械厂", "拜访亳州第二机械厂"),
    ("亳州一厂", "亳州二厂", "拜访亳州二厂"),
]


def filed(store: Store, line: str) -> actions.Filed:
    return actions.file_line(store, actions.keep_note(store, line))


@pytest.mark.parametrize(("known", "line"), LINKED)
def test_a_name_that_is_the_companys_is_linked(store: Store, stands: Stands, known: str, line: str) -> None:
    company = actions.add(store, "companies", {"name": known})
    assert "company" not in filed(store, line).needs
    assert [row["company_id"] for row in stands("visits")] == [company]
    assert [row["name"] for row in stands("companies")] == [known]


@pytest.mark.parametrize(("known", "said", "line"), ASKED)
def test_a_name_that_may_be_anothers_is_asked_with_the_whole_of_it_beside_the_known(
    store: Store, stands: Stands, known: str, said: str, line: str
) -> None:
    actions.add(store, "companies", {"name": known})
    visit = filed(store, line)
    assert visit.needs == ("company",)
    assert [row["name"] for row in stands("companies")] == [known]
    with closing(store.reader()) as connection:
        (question,) = asked(connection, rows.rows(connection, "visits", [visit.id])[0])
    assert (question.said, question.words()) == (said, [f"{said} ↔ {known}?"])


@pytest.mark.parametrize(("known", "said", "line"), NEW)
def test_a_name_that_is_near_to_none_is_a_new_company(
    store: Store, stands: Stands, known: str, said: str, line: str
) -> None:
    actions.add(store, "companies", {"name": known})
    assert filed(store, line).needs == ()
    assert {row["name"] for row in stands("companies")} == {known, said}


@pytest.mark.parametrize(
    ("known", "line", "meant"),
    [
        (("比亚迪股份有限公司", "比亚迪汽车工业有限公司"), "拜访比亚迪", ""),
        (("上海恒瑞医药有限公司", "江苏恒瑞医药股份有限公司"), "拜访恒瑞医药", ""),
        (("上海恒瑞医药有限公司", "江苏恒瑞医药股份有限公司"), "拜访江苏恒瑞医药", "江苏恒瑞医药股份有限公司"),
        (("比亚迪", "比亚迪汽车"), "拜访比亚迪", "比亚迪"),
        (("比亚迪", "比亚迪汽车"), "拜访比亚迪汽车", "比亚迪汽车"),
        (("古井贡酒", "古井贡酒"), "拜访古井贡酒", ""),
    ],
)
def test_of_two_companies_the_one_of_exactly_that_name_is_meant_or_it_is_asked(
    store: Store, stands: Stands, known: tuple[str, ...], line: str, meant: str
) -> None:
    names = {actions.add(store, "companies", {"name": name}): name for name in known}
    visit = filed(store, line)
    assert visit.needs == (() if meant else ("company",))
    assert [names.get(row["company_id"], "") for row in stands("visits")] == [meant]


def test_a_name_that_a_person_gave_another_company_is_asked_though_it_is_all_of_ones_own(store: Store) -> None:
    actions.add(store, "companies", {"name": "国轩高科股份有限公司", "short_name": "国轩"})
    actions.add(store, "companies", {"name": "国轩"})
    assert filed(store, "拜访国轩").needs == ("company",)


def test_the_english_name_that_is_kept_with_the_company_finds_it(store: Store, stands: Stands) -> None:
    company = actions.add(store, "companies", {"name": CATL, "former_names": "CATL"})
    assert filed(store, "met CATL next Wednesday call back").needs == ()
    assert [row["company_id"] for row in stands("visits")] == [company]
