"""What a person has answered about a name is not asked again: the company goes by that name too, or the new one stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from fieldkit import actions
from fieldkit.store.store import Store

Stands = Callable[[str], list[dict[str, Any]]]
PAIRS = [
    ("宁德时代新能源科技股份有限公司", "宁德时带"),
    ("宁德时代新能源科技股份有限公司", "宁德时代新能源科技有限公司"),
    ("比亚迪", "比亚迪汽车"),
    ("国轩高科", "国轩"),
    ("北京字节跳动科技有限公司", "上海字节跳动"),
]


def filed(store: Store, line: str) -> actions.Filed:
    return actions.file_line(store, actions.keep_note(store, line))


@pytest.mark.parametrize(("known", "said"), PAIRS)
def test_a_name_that_a_person_gave_to_a_company_is_not_asked_again(
    store: Store, stands: Stands, known: str, said: str
) -> None:
    company = actions.add(store, "companies", {"name": known})
    first = filed(store, f"拜访{said} 谈扩产")
    assert first.needs == ("company",)
    actions.edit(store, "visits", first.id, {"company_id": company})
    assert filed(store, f"回访{said} 谈用地").needs == ()
    assert {row["company_id"] for row in stands("visits")} == {company}
    (row,) = stands("companies")
    assert (row["name"], row["former_names"]) == (known, said)


@pytest.mark.parametrize(("known", "said"), PAIRS)
def test_a_name_that_a_person_gave_to_a_new_company_is_not_asked_again(
    store: Store, stands: Stands, known: str, said: str
) -> None:
    company = actions.add(store, "companies", {"name": known})
    first = filed(store, f"拜访{said} 谈扩产").id
    actions.edit(store, "visits", first, {"company_id": f"+{said}"})
    assert filed(store, f"回访{said} 谈用地").needs == ()
    (new,) = [row for row in stands("companies") if row["id"] != company]
    assert {row["company_id"] for row in stands("visits")} == {new["id"]}
    assert [(row["name"], row["former_names"]) for row in stands("companies") if row["id"] == company] == [(known, "")]


def test_undo_of_the_answer_takes_the_name_back_and_it_is_asked_again(store: Store, stands: Stands) -> None:
    company = actions.add(store, "companies", {"name": "宁德时代", "former_names": "时代新能源"})
    visit = filed(store, "拜访宁德时带").id
    actions.settle(store, visit, {"company_id": company})
    assert stands("companies")[0]["former_names"] == "时代新能源、宁德时带"
    actions.undo(store)
    assert (stands("companies")[0]["former_names"], stands("visits")[0]["needs"]) == ("时代新能源", "company")
    assert filed(store, "拜访宁德时带").needs == ("company",)
    actions.undo(store)
    actions.settle(store, visit, {"company_id": company})
    assert filed(store, "拜访宁德时带").needs == ()


@pytest.mark.parametrize(
    ("known", "line"),
    [
        (["宁德时代", "比亚迪"], "拜访宁德时带"),
        (["北京字节跳动科技有限公司", "上海字节跳动有限公司"], "拜访字节跳动"),
        (["宁德时代"], "今天雨很大"),
        (["宁德时代"], "@张伟 13800138000"),
    ],
)
def test_nothing_is_kept_where_the_answer_says_nothing_of_the_name(
    store: Store, stands: Stands, known: list[str], line: str
) -> None:
    companies = [actions.add(store, "companies", {"name": name}) for name in known]
    visit = filed(store, line)
    assert visit.needs == ("company",)
    actions.edit(store, "visits", visit.id, {"company_id": companies[-1]})
    assert {row["former_names"] for row in stands("companies")} == {""}


def test_a_visit_that_asked_nothing_teaches_nothing(store: Store, stands: Stands) -> None:
    company = actions.add(store, "companies", {"name": "宁德时代"})
    visit = filed(store, "拜访宁德时带电池").id
    if stands("visits")[0]["needs"]:
        actions.settle(store, visit, {}, dismiss=["company"])
    actions.edit(store, "visits", visit, {"company_id": company})
    assert {row["former_names"] for row in stands("companies")} == {""}
