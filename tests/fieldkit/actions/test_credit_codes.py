"""A credit code in a line is the company's identity: it finds the company, goes to the one that has none, and never over a name."""

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
CATL, TENCENT, WRONG = "91350900587527783P", "914403001922038216", "91350900587527783Q"


def filed(store: Store, line: str) -> actions.Filed:
    return actions.file_line(store, actions.keep_note(store, line))


@pytest.fixture
def catl(store: Store) -> str:
    return actions.add(store, "companies", {"name": "宁德时代新能源科技股份有限公司", "uscc": CATL})


@pytest.mark.parametrize(
    "line",
    [
        f"拜访 {CATL} 谈扩产",
        "信用代码：9135 0900 5875 2778 3p 下周三回访",
        f"拜访宁德时代 {CATL}",
        f"拜访宁德时带 {CATL}",
        f"拜访宁德时代新能源科技有限公司（{CATL}）",
    ],
)
def test_a_code_finds_its_company_whether_or_not_the_name_would(
    store: Store, stands: Stands, catl: str, line: str
) -> None:
    assert filed(store, line).needs == ()
    assert [row["company_id"] for row in stands("visits")] == [catl]
    assert len(stands("companies")) == 1


def test_a_code_tells_two_companies_of_one_name_apart(store: Store, stands: Stands, catl: str) -> None:
    actions.add(store, "companies", {"name": "宁德时代新能源科技股份有限公司", "uscc": TENCENT})
    assert filed(store, "拜访宁德时代").needs == ("company",)
    assert filed(store, f"拜访宁德时代 {CATL}").needs == ()
    assert {row["company_id"] for row in stands("visits")} == {"", catl}


def test_a_new_company_gets_the_code_also_a_wrong_one(store: Store, stands: Stands) -> None:
    for line in (f"拜访宁德时代 {CATL}", f"拜访古井贡酒 {WRONG}", f"拜访 {WRONG}"):
        filed(store, line)
    assert {row["name"]: row["uscc"] for row in stands("companies")} == {"宁德时代": CATL, "古井贡酒": WRONG}
    assert [row["needs"] for row in stands("visits")] == ["", "", ""]
    actions.undo(store)
    actions.undo(store)
    assert [row["name"] for row in stands("companies")] == ["宁德时代"]


def test_a_known_company_without_a_code_gets_it_and_undo_takes_it_back(store: Store, stands: Stands) -> None:
    company = actions.add(store, "companies", {"name": "宁德时代"})
    assert filed(store, f"拜访宁德时代 {CATL}").needs == ()
    assert [(row["id"], row["uscc"]) for row in stands("companies")] == [(company, CATL)]
    actions.undo(store)
    assert [(row["id"], row["uscc"]) for row in stands("companies")] == [(company, "")]
    assert stands("visits") == []


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        (f"拜访腾讯 {CATL}", ["宁德时代新能源科技股份有限公司", "腾讯"]),
        (f"拜访比亚迪 {CATL}", ["宁德时代新能源科技股份有限公司"]),
        (f"拜访宁德时代 {WRONG}", ["宁德时代新能源科技股份有限公司"]),
        (f"拜访宁德时代 {CATL} {TENCENT}", ["宁德时代新能源科技股份有限公司", "腾讯"]),
    ],
)
def test_a_code_and_a_name_that_disagree_are_a_question_with_both_beside_it(
    store: Store, stands: Stands, catl: str, line: str, meant: list[str]
) -> None:
    actions.add(store, "companies", {"name": "腾讯", "uscc": TENCENT})
    standing = stands("companies")
    visit = filed(store, line)
    assert (visit.needs, stands("companies")) == (("company",), standing)
    with closing(store.reader()) as connection:
        (question,) = asked(connection, rows.rows(connection, "visits", [visit.id])[0])
    assert {row["title"] for row in question.rows} == set(meant)


def test_another_sure_code_makes_a_near_name_another_company(store: Store, stands: Stands) -> None:
    actions.add(store, "companies", {"name": "比亚迪股份有限公司", "uscc": CATL})
    assert filed(store, f"拜访比亚迪汽车工业有限公司 {TENCENT}").needs == ()
    assert filed(store, f"拜访比亚迪股份有限公司宁德分公司 {WRONG}").needs == ("company",)
    codes = {row["name"]: row["uscc"] for row in stands("companies")}
    assert codes == {"比亚迪股份有限公司": CATL, "比亚迪汽车工业有限公司": TENCENT}


def test_the_company_that_a_person_chooses_gets_the_code_unless_another_has_it(store: Store, stands: Stands) -> None:
    chosen, other = (actions.add(store, "companies", {"name": name}) for name in ("国轩高科", "古井贡酒"))
    first = filed(store, f"拜访国轩 {CATL}").id
    actions.edit(store, "visits", first, {"company_id": chosen})
    second = filed(store, f"拜访古井集团 {CATL}").id
    actions.edit(store, "visits", second, {"company_id": other})
    assert {row["id"]: row["uscc"] for row in stands("companies")} == {chosen: CATL, other: ""}
    for _step in range(3):
        actions.undo(store)
    assert {row["id"]: row["uscc"] for row in stands("companies")} == {chosen: "", other: ""}


def test_lines_waiting_together_share_the_code(store: Store, stands: Stands) -> None:
    for place, line in enumerate((f"拜访宁德时代 {CATL}", f"拜访 {CATL} @张伟", f"拜访宁德时带 {CATL.lower()}")):
        actions.keep_note(store, line, line_id=f"01937c2e-8a1b-7000-8000-00000000000{place}")
    assert [one.needs for one in actions.file_waiting(store)] == [(), (), ()]
    (company,) = stands("companies")
    assert {row["company_id"] for row in stands("visits")} == {company["id"]}
