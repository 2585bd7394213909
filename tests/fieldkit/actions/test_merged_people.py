"""After a merge the other's number and name go on leading to the one that stands, in search and when a note is filed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from fieldkit import actions
from fieldkit.actions.candidates import look_alikes
from fieldkit.store import checkup, search
from fieldkit.store.reindex import reindex
from fieldkit.store.store import Store

Stands = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def people(store: Store) -> tuple[str, str]:
    """张伟 138 0000 0001 and 魏武 138 0000 0002 of one company."""
    company = actions.add(store, "companies", {"name": "宁新"})
    one, two = (
        actions.add(store, "contacts", {"name": name, "phone": phone, "company_id": company})
        for name, phone in (("张伟", "13800000001"), ("魏武", "13800000002"))
    )
    return one, two


def found(store: Store, words: str) -> list[str]:
    with closing(store.reader()) as connection:
        return [row["id"] for row in search.find(connection, words, kinds=["contacts"])]


def note(store: Store, text: str) -> actions.Filed:
    return actions.file_line(store, actions.keep_note(store, text))


def strays(store: Store) -> int:
    with closing(store.reader()) as connection:
        return checkup.check(connection, store.path).strays


OTHERS = ["13800000002", "0000002", "8613800000002", "138 0000 0002", "138-0000-0002", "魏武", "weiwu", "ww"]


@pytest.mark.parametrize("words", OTHERS)
def test_the_other_number_and_name_find_the_one_that_stands(store: Store, people: tuple[str, str], words: str) -> None:
    actions.merge(store, "contacts", *people)
    assert found(store, words) == [people[0]]
    assert strays(store) == 0
    actions.undo(store)
    assert found(store, words) == [people[1]]
    assert strays(store) == 0
    actions.redo(store)
    reindex(store.path, lambda _done, _all: None)
    assert found(store, words) == [people[0]]


@pytest.mark.parametrize("text", ["宁新 魏武 13800000002 来电", "拜访宁新 @魏武", "宁新 @张伟 13800000002"])
def test_a_note_of_the_other_makes_no_second_one(
    store: Store, stands: Stands, people: tuple[str, str], text: str
) -> None:
    actions.merge(store, "contacts", *people)
    filed = note(store, text)
    assert filed.needs == ()
    assert [row["id"] for row in stands("contacts")] == [people[0]]
    assert [row["contact_id"] for row in stands("visits")] == [people[0]]


def test_a_new_contact_with_the_other_number_looks_like_the_one_that_stands(
    store: Store, people: tuple[str, str]
) -> None:
    actions.merge(store, "contacts", *people)
    new = actions.add(store, "contacts", {"name": "老魏", "phone": "13800000002"})
    with closing(store.reader()) as connection:
        row = {"kind": "contacts", "id": new, "title": "老魏", "phone": "+8613800000002", "company_id": ""}
        assert [one["id"] for one in look_alikes(connection, row)] == [people[0]]


def test_names_lead_through_a_chain_of_merges(store: Store, people: tuple[str, str]) -> None:
    third = actions.add(store, "contacts", {"name": "赵六"})
    actions.merge(store, "contacts", *people)
    actions.merge(store, "contacts", third, people[0])
    assert found(store, "weiwu") == found(store, "zhangwei") == found(store, "13800000002") == [third]
    lead, other = (actions.add(store, "leads", {"title": title}) for title in ("骨料", "Sand"))
    actions.merge(store, "leads", lead, other)
    with closing(store.reader()) as connection:
        assert [row["id"] for row in search.find(connection, "sand", kinds=["leads"])] == [lead]


def test_a_number_in_the_remarks_is_found_and_a_year_is_none(store: Store) -> None:
    contact = actions.add(
        store, "contacts", {"name": "张伟", "note": "另一电话 0558-512 3456 转 801，2024 2025 2026 年见过"}
    )
    assert found(store, "05585123456") == found(store, "5123456") == [contact]
    with closing(store.reader()) as connection:
        assert connection.execute("SELECT 1 FROM search_phones WHERE backwards LIKE '%4202%'").fetchall() == []
