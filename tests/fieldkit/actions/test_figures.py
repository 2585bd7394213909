"""Two numbers of one contact, two amounts of one lead: what answers the question, and that it closes by itself."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from fieldkit import actions
from fieldkit.actions.candidates import Asked, asked
from fieldkit.errors import Invalid
from fieldkit.store.store import Store

Stands = Callable[[str], list[dict[str, Any]]]
OLD, NEW = "+8613800138000", "+8613900139000"


def filed(store: Store, line: str) -> actions.Filed:
    return actions.file_line(store, actions.keep_note(store, line))


def questions(store: Store, visit: dict[str, Any]) -> list[Asked]:
    with closing(store.reader()) as connection:
        return asked(connection, visit)


@pytest.fixture
def company(store: Store) -> str:
    return actions.add(store, "companies", {"name": "海螺水泥"})


@pytest.fixture
def contact(store: Store, company: str) -> str:
    return actions.add(store, "contacts", {"name": "张伟", "company_id": company, "phone": OLD})


@pytest.fixture
def lead(store: Store, company: str) -> str:
    return actions.add(store, "leads", {"title": "骨料厂项目", "company_id": company, "amount": "2亿"})


@pytest.fixture
def visit(store: Store, contact: str) -> str:
    found = filed(store, "拜访海螺水泥 @张伟 13900139000")
    assert found.needs == ("phone",)
    return found.id


@pytest.fixture
def amounts(store: Store, lead: str) -> str:
    found = filed(store, "拜访海螺水泥 骨料厂项目 3亿")
    assert found.needs == ("amount",)
    return found.id


def test_the_numbers_are_offered_and_each_is_taken(store: Store, stands: Stands, visit: str) -> None:
    (question,) = questions(store, stands("visits")[0])
    assert question.field == "phone"
    assert [figure.value for figure in question.figures] == [f"{OLD}、{NEW}", OLD, NEW]
    for figure in question.figures:
        actions.edit(store, "visits", visit, {"phone": figure.value})
        assert (stands("contacts")[0]["phone"], stands("visits")[0]["needs"]) == (figure.value, "")
        actions.undo(store)
        assert (stands("contacts")[0]["phone"], stands("visits")[0]["needs"]) == (OLD, "phone")


def test_the_same_contact_again_keeps_both_numbers_and_neither_asks_again(
    store: Store, stands: Stands, contact: str, visit: str
) -> None:
    again = filed(store, "拜访海螺水泥 @张伟 13900139000 谈用地")
    assert again.needs == ("phone",)
    assert actions.settle(store, visit, {"contact_id": contact}) == []
    assert stands("contacts")[0]["phone"] == f"{OLD}、{NEW}"
    assert {row["needs"] for row in stands("visits")} == {""}
    assert filed(store, "拜访海螺水泥 @张伟 13900139000").needs == ()


def test_a_namesake_with_the_number_is_made_for_the_answer(store: Store, stands: Stands, visit: str) -> None:
    actions.edit(store, "visits", visit, {"contact_id": "+张伟"})
    assert {row["phone"] for row in stands("contacts")} == {OLD, NEW}
    assert stands("visits")[0]["needs"] == ""


@pytest.mark.parametrize("phone", ["13900139000", "13800138000/13900139000"])
def test_a_number_given_to_the_contact_closes_the_question(
    store: Store, stands: Stands, contact: str, visit: str, phone: str
) -> None:
    actions.edit(store, "contacts", contact, {"phone": "13700137000"})
    assert stands("visits")[0]["needs"] == "phone"
    actions.edit(store, "contacts", contact, {"phone": phone})
    assert stands("visits")[0]["needs"] == ""
    actions.undo(store)
    assert stands("visits")[0]["needs"] == "phone"


def test_the_number_of_the_second_person_is_asked_of_that_person(
    store: Store, stands: Stands, company: str, contact: str
) -> None:
    other = actions.add(store, "contacts", {"name": "王建国", "company_id": company, "phone": OLD})
    actions.edit(store, "contacts", contact, {"phone": "13700137000"})
    visit = filed(store, "拜访海螺水泥 @张伟 13700137000 @王建国 13900139000")
    assert visit.needs == ("phone",)
    actions.edit(store, "contacts", other, {"phone": NEW})
    assert stands("visits")[0]["needs"] == ""


def test_a_visit_that_asks_for_no_number_takes_none(store: Store, company: str) -> None:
    visit = actions.add(store, "visits", {"text": "谈用地", "company_id": company})
    with pytest.raises(Invalid):
        actions.edit(store, "visits", visit, {"phone": NEW})


def test_the_amounts_are_offered_and_each_is_taken(store: Store, stands: Stands, amounts: str) -> None:
    (question,) = questions(store, stands("visits")[0])
    assert [figure.value for figure in question.figures] == ["3亿", "2亿"]
    for figure, whole in zip(question.figures, (300_000_000, 200_000_000), strict=True):
        actions.edit(store, "visits", amounts, {"amount": figure.value})
        assert (stands("leads")[0]["amount"], stands("visits")[0]["amount"]) == (whole, whole)
        assert stands("visits")[0]["needs"] == ""
        actions.undo(store)
        assert (stands("leads")[0]["amount"], stands("visits")[0]["needs"]) == (200_000_000, "amount")


def test_the_amount_given_to_the_lead_closes_the_question(
    store: Store, stands: Stands, lead: str, amounts: str
) -> None:
    actions.edit(store, "leads", lead, {"amount": "5亿"})
    assert stands("visits")[0]["needs"] == "amount"
    actions.edit(store, "leads", lead, {"amount": "3亿"})
    assert stands("visits")[0]["needs"] == ""
    actions.undo(store)
    assert stands("visits")[0]["needs"] == "amount"


def test_of_an_amount_from_to_both_ends_are_offered(store: Store, stands: Stands, company: str) -> None:
    visit = filed(store, "拜访海螺水泥 水泥窑项目 投资2亿到3亿")
    assert visit.needs == ("amount",)
    (question,) = questions(store, stands("visits")[0])
    assert [figure.value for figure in question.figures] == ["200000000", "300000000"]
    actions.edit(store, "visits", visit.id, {"amount": "300000000"})
    assert (stands("visits")[0]["needs"], stands("leads")[0]["amount"]) == ("", 300_000_000)
