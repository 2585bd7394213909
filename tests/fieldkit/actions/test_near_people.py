"""People and projects of one name or nearly one: what a note is filed at, what is made new, and what is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from fieldkit import actions
from fieldkit.store.store import Store

Stands = Callable[[str], list[dict[str, Any]]]
ASKED = "asked"
MOBILE, ANOTHER, DESK = "13800138000", "13900139000", "0558-5123456"
PEOPLE = [
    ({"王伟": "", "王芳": ""}, "@王总", ASKED),
    ({"王伟": "", "王芳": ""}, "王总", ASKED),
    ({"王伟": "", "王芳": ""}, "王芳总经理", "王芳"),
    ({"王伟": "", "王芳": ""}, "@王丽", "王丽"),
    ({"王伟": ""}, "李总", "李总"),
    ({"王总": ""}, "王经理", ASKED),
    ({"王总": ""}, "@王伟", ASKED),
    ({"王总": MOBILE}, f"王伟 {MOBILE}", "王总"),
    ({"张伟": ""}, "@张玮", ASKED),
    ({"张伟": ""}, "@小张", ASKED),
    ({"张伟": ""}, "@老李", "老李"),
    ({"张伟": ""}, "@张 谈用地", ASKED),
    ({"张伟": ""}, "@张 伟", "张伟"),
    ({"张伟": ""}, f"@张　伟 {MOBILE}", "张伟"),
    ({"张伟": ""}, "@張偉", "张伟"),
    ({"Zhang Wei": ""}, "@ZHANG Wei", "Zhang Wei"),
    ({"Zhang Wei": ""}, "@zhang wei", ASKED),
    ({"Zhang Wei": ""}, "@Li Na", "Li Na"),
    ({"Zhang Wei": MOBILE}, f"@张伟 {MOBILE}", "Zhang Wei"),
    ({"张伟": MOBILE}, f"@李强 {MOBILE}", ASKED),
    ({"张伟": MOBILE}, f"李强 {MOBILE}", ASKED),
    ({"张伟": MOBILE, "李强": ""}, f"@李强 {MOBILE}", ASKED),
    ({"张伟": DESK}, f"@李强 {DESK}", "李强"),
    ({"张伟": DESK}, DESK, "张伟"),
    ({"尉迟恭": ""}, "尉迟总", ASKED),
    ({"单雄": ""}, "@单雄", "单雄"),
]


def filed(store: Store, line: str) -> actions.Filed:
    return actions.file_line(store, actions.keep_note(store, line))


@pytest.mark.parametrize(("known", "typed", "meant"), PEOPLE)
def test_a_person_at_the_company_is_linked_new_or_asked(
    store: Store, stands: Stands, known: dict[str, str], typed: str, meant: str
) -> None:
    company = actions.add(store, "companies", {"name": "宁德时代"})
    for name, phone in known.items():
        actions.add(store, "contacts", {"name": name, "phone": phone, "company_id": company})
    visit = filed(store, f"拜访宁德时代{typed}")
    names = {row["id"]: row["name"] for row in stands("contacts")}
    (found,) = stands("visits")
    assert (found["company_id"], names.get(found["contact_id"], ASKED)) == (company, meant)
    assert visit.needs == (("contact",) if meant == ASKED else ())
    assert set(names.values()) == {*known, *({meant} - {ASKED})}


def test_two_of_one_name_are_told_apart_by_their_numbers_alone(store: Store, stands: Stands) -> None:
    company = actions.add(store, "companies", {"name": "宁德时代"})
    first, second = (
        actions.add(store, "contacts", {"name": "张伟", "phone": phone, "company_id": company})
        for phone in (MOBILE, ANOTHER)
    )
    for line, needs, meant in (
        (f"拜访宁德时代 @张伟 {MOBILE}", (), first),
        (f"拜访宁德时代 @张伟 {ANOTHER}", (), second),
        ("拜访宁德时代 @张伟", ("contact",), ""),
        ("拜访宁德时代 @张伟 13700137000", ("contact",), ""),
    ):
        visit = filed(store, line)
        assert visit.needs == needs
        assert [row["contact_id"] for row in stands("visits") if row["id"] == visit.id] == [meant]
    assert len(stands("contacts")) == 2


def test_a_number_that_is_a_namesakes_elsewhere_is_not_written_at_this_company(store: Store, stands: Stands) -> None:
    there, here = (actions.add(store, "companies", {"name": name}) for name in ("宁德时代", "古井贡酒"))
    owner = actions.add(store, "contacts", {"name": "张伟", "phone": MOBILE, "company_id": there})
    actions.add(store, "contacts", {"name": "张伟", "company_id": here})
    assert filed(store, f"拜访古井贡酒 @张伟 {MOBILE}").needs == ("contact",)
    assert {row["phone"] for row in stands("contacts") if row["id"] != owner} == {""}
    visit = filed(store, f"张伟 {MOBILE} 谈用地")
    assert visit.needs == ()
    links = {(row["company_id"], row["contact_id"]) for row in stands("visits") if row["id"] == visit.id}
    assert links == {(there, owner)}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("动力电池项目", "动力电池项目"),
        ("动力电池包项目", ASKED),
        ("动力电池扩产项目", ASKED),
        ("动力电池二期项目", "动力电池二期项目"),
        ("储能项目", "储能项目"),
    ],
)
def test_a_project_of_the_company_is_linked_new_or_asked(store: Store, stands: Stands, typed: str, meant: str) -> None:
    company, other = (actions.add(store, "companies", {"name": name}) for name in ("宁德时代", "古井贡酒"))
    for one in (company, other):
        actions.add(store, "leads", {"title": "动力电池项目", "company_id": one})
    visit = filed(store, f"拜访宁德时代 {typed} 2亿")
    titles = {row["id"]: row["title"] for row in stands("leads") if row["company_id"] == company}
    assert titles.get(stands("visits")[0]["lead_id"], ASKED) == meant
    assert visit.needs == (("lead",) if meant == ASKED else ())
    assert set(titles.values()) == {"动力电池项目", *({meant} - {ASKED})}


def test_a_title_at_two_companies_asks_which_and_at_one_tells_it(store: Store, stands: Stands) -> None:
    first = actions.add(store, "companies", {"name": "宁德时代"})
    actions.add(store, "leads", {"title": "动力电池项目", "company_id": first})
    assert filed(store, "动力电池项目 下周三回访").needs == ()
    second = actions.add(store, "companies", {"name": "古井贡酒"})
    lead = actions.add(store, "leads", {"title": "动力电池项目", "company_id": second})
    assert filed(store, "动力电池项目 下周三回访").needs == ("company",)
    assert filed(store, "拜访古井贡酒 动力电池项目").needs == ()
    assert [row["company_id"] for row in stands("visits")].count(first) == 1
    assert lead in {row["lead_id"] for row in stands("visits")}
