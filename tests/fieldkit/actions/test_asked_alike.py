"""Several visits ask by the same words: one answer closes those that filing now knows, and is offered first for the others."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from fieldkit import actions
from fieldkit.actions.candidates import asked
from fieldkit.store.store import Store

Stands = Callable[[str], list[dict[str, Any]]]


def filed(store: Store, line: str) -> actions.Filed:
    return actions.file_line(store, actions.keep_note(store, line))


def offered(store: Store, visit: dict[str, Any]) -> list[str]:
    with closing(store.reader()) as connection:
        (question,) = asked(connection, visit)
    return [row["id"] for row in question.rows]


@pytest.fixture
def company(store: Store) -> str:
    return actions.add(store, "companies", {"name": "宁德时代"})


@pytest.mark.parametrize("new", [False, True])
def test_one_answered_company_closes_the_others_of_its_name_and_files_what_hung_on_it(
    store: Store, stands: Stands, company: str, new: bool
) -> None:
    first, second = (filed(store, f"拜访宁德时带 {what}").id for what in ("谈扩产", "@张伟 13800138000 下周三回访"))
    other = filed(store, "拜访宁德时岱 谈用地").id
    assert {row["needs"] for row in stands("visits")} == {"company"}
    actions.edit(store, "visits", first, {"company_id": "+宁德时带" if new else company})
    visits = {row["id"]: row for row in stands("visits")}
    assert visits[first]["company_id"] == visits[second]["company_id"] != ""
    assert (visits[second]["needs"], visits[other]["needs"]) == ("", "company")
    assert [row["phone"] for row in stands("contacts")] == ["+8613800138000"]
    assert stands("followups")[0]["company_id"] == visits[second]["company_id"]
    actions.undo(store)
    assert {row["needs"] for row in stands("visits")} == {"company"}
    assert stands("contacts") == []


def test_a_new_contact_closes_the_others_of_its_name(store: Store, stands: Stands, company: str) -> None:
    actions.add(store, "contacts", {"name": "张伟", "company_id": company})
    visits = [filed(store, f"拜访宁德时代 @张玮 {what}") for what in ("谈扩产", "谈用地")]
    assert {visit.needs for visit in visits} == {("contact",)}
    actions.edit(store, "visits", visits[0].id, {"contact_id": "+张玮"})
    assert {row["needs"] for row in stands("visits")} == {""}
    assert len({row["contact_id"] for row in stands("visits")}) == 1


def test_an_answer_is_offered_first_for_the_same_words(store: Store, stands: Stands, company: str) -> None:
    people = [
        actions.add(store, "contacts", {"name": name, "company_id": company}) for name in ("王强", "王建国", "王芳")
    ]
    leads = [
        actions.add(store, "leads", {"title": title, "company_id": company})
        for title in ("动力电池项目", "动力电池线项目")
    ]
    for field, line, answer in (
        ("contact_id", "拜访宁德时代 @王总", people[2]),
        ("lead_id", "拜访宁德时代 动力电池包项目", leads[1]),
    ):
        waiting, answered = filed(store, f"{line} 谈扩产").id, filed(store, line).id
        actions.edit(store, "visits", answered, {field: answer})
        again = filed(store, f"{line} 谈用地").id
        for visit in (waiting, again):
            (row,) = [row for row in stands("visits") if row["id"] == visit]
            assert row["needs"] == field.removesuffix("_id")
            assert offered(store, row)[0] == answer


def test_a_company_that_teaches_no_name_is_offered_first(store: Store, stands: Stands) -> None:
    names = ("北京字节跳动科技有限公司", "上海字节跳动有限公司")
    companies = [actions.add(store, "companies", {"name": name}) for name in names]
    visits = [filed(store, f"拜访字节跳动 {what}").id for what in ("谈扩产", "谈用地")]
    for answer in companies:
        actions.edit(store, "visits", visits[0], {"company_id": answer})
        (row,) = [row for row in stands("visits") if row["id"] == visits[1]]
        assert (row["needs"], offered(store, row)[0]) == ("company", answer)
        actions.undo(store)


def test_the_one_who_is_linked_is_not_asked_against_himself(store: Store, stands: Stands, company: str) -> None:
    actions.add(store, "contacts", {"name": "张伟", "company_id": company})
    other = actions.add(store, "contacts", {"name": "王建国", "company_id": company})
    assert filed(store, "拜访宁德时代 @张伟 @王总").needs == ("contact",)
    with closing(store.reader()) as connection:
        (question,) = asked(connection, stands("visits")[0])
    assert (question.said, [row["id"] for row in question.rows]) == ("王总", [other])
