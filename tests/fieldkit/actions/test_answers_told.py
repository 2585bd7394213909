"""An answer of contact or lead keeps what the line says of it, as filing does: phone and post, amount, task force, mode, stage."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from fieldkit import actions
from fieldkit.store.store import Store

Stands = Callable[[str], list[dict[str, Any]]]
MOBILE, ANOTHER = "13600000007", "13800138000"
PROJECT = "拜访海螺水泥 动力电池包项目 7亿 #绿色装配 !上门 !洽谈"


def filed(store: Store, line: str) -> actions.Filed:
    return actions.file_line(store, actions.keep_note(store, line))


@pytest.fixture
def company(store: Store) -> str:
    return actions.add(store, "companies", {"name": "海螺水泥"})


@pytest.fixture
def known(store: Store, company: str) -> str:
    return actions.add(store, "contacts", {"name": "张伟", "company_id": company})


@pytest.fixture
def lead(store: Store, company: str) -> str:
    return actions.add(store, "leads", {"title": "动力电池项目", "company_id": company})


def of(rows: list[dict[str, Any]], record_id: str) -> dict[str, Any]:
    (row,) = [row for row in rows if row["id"] == record_id]
    return row


@pytest.mark.parametrize("new", [True, False])
def test_the_contact_of_an_answer_gets_the_phone_and_undo_takes_all_back(
    store: Store, stands: Stands, known: str, new: bool
) -> None:
    visit = filed(store, f"拜访海螺水泥 @张玮 {MOBILE}")
    assert visit.needs == ("contact",)
    actions.edit(store, "visits", visit.id, {"contact_id": "+张玮" if new else known})
    (found,) = stands("visits")
    contact = of(stands("contacts"), found["contact_id"])
    assert (contact["name"], contact["phone"]) == ("张玮" if new else "张伟", f"+86{MOBILE}")
    assert found["needs"] == ""
    actions.undo(store)
    assert [(row["name"], row["phone"]) for row in stands("contacts")] == [("张伟", "")]
    assert stands("visits")[0]["needs"] == "contact"


def test_a_contact_of_another_number_keeps_it_and_the_number_of_the_line_is_asked(
    store: Store, stands: Stands, known: str
) -> None:
    actions.edit(store, "contacts", known, {"phone": ANOTHER})
    visit = filed(store, f"拜访海螺水泥 @张玮 {MOBILE}")
    assert visit.needs == ("contact",)
    assert actions.settle(store, visit.id, {"contact_id": known}) == ["phone"]
    assert stands("contacts")[0]["phone"] == f"+86{ANOTHER}"


def test_the_number_of_one_who_was_found_is_not_given_to_another(store: Store, stands: Stands, known: str) -> None:
    other = actions.add(store, "contacts", {"name": "王建国", "company_id": stands("companies")[0]["id"]})
    visit = filed(store, f"拜访海螺水泥 @张伟 {MOBILE} @王总 {ANOTHER}")
    assert visit.needs == ("contact",)
    actions.edit(store, "visits", visit.id, {"contact_id": other})
    assert {row["name"]: row["phone"] for row in stands("contacts")} == {
        "张伟": f"+86{MOBILE}",
        "王建国": f"+86{ANOTHER}",
    }


@pytest.mark.parametrize("new", [True, False])
def test_the_lead_of_an_answer_gets_the_money_and_what_else_is_said(
    store: Store, stands: Stands, lead: str, new: bool
) -> None:
    visit = filed(store, PROJECT)
    assert visit.needs == ("lead",)
    actions.edit(store, "visits", visit.id, {"lead_id": "+动力电池包项目" if new else lead})
    (found,) = stands("visits")
    row = of(stands("leads"), found["lead_id"])
    assert (found["lead_id"] != lead) is new
    assert (row["amount"], row["currency"], row["amount_text"]) == (700_000_000, "CNY", "7亿")
    assert (row["task_force"], row["mode"], row["stage"]) == ("green-assembly", "on-site", "talks")
    assert found["needs"] == ""


def test_a_lead_of_another_amount_keeps_it_and_the_amount_is_asked(store: Store, stands: Stands, lead: str) -> None:
    actions.edit(store, "leads", lead, {"amount": "2亿"})
    visit = filed(store, PROJECT)
    assert actions.settle(store, visit.id, {"lead_id": lead}) == ["amount"]
    assert stands("leads")[0]["amount"] == 200_000_000


def test_a_company_and_a_contact_answered_at_once_keep_the_phone(store: Store, stands: Stands, company: str) -> None:
    visit = filed(store, f"拜访海螺水尼 @李四 {MOBILE}")
    assert visit.needs == ("company",)
    actions.edit(store, "visits", visit.id, {"company_id": company, "contact_id": "+李四"})
    assert [(row["name"], row["phone"]) for row in stands("contacts")] == [("李四", f"+86{MOBILE}")]


def test_what_was_settled_is_not_asked_again_with_the_company(store: Store, stands: Stands, company: str) -> None:
    visit = filed(store, "拜访海螺水尼 投资2亿到3亿")
    assert set(visit.needs) == {"company", "amount"}
    actions.settle(store, visit.id, {"amount": "2亿"})
    assert actions.settle(store, visit.id, {"company_id": company}) == []
