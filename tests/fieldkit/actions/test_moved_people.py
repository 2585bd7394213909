"""Somebody who is met at another company than before has moved there, where a person says so; a code that contradicts is told."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from fieldkit import actions
from fieldkit.actions.candidates import Asked, asked
from fieldkit.store.store import Store

Stands = Callable[[str], list[dict[str, Any]]]
MOBILE = "13800000011"
CATL, TENCENT = "91350900587527783P", "914403001922038216"


def filed(store: Store, line: str) -> actions.Filed:
    return actions.file_line(store, actions.keep_note(store, line))


def question(store: Store, visit: dict[str, Any]) -> Asked:
    with closing(store.reader()) as connection:
        (found,) = asked(connection, visit)
    return found


@pytest.fixture
def companies(store: Store) -> tuple[str, str]:
    here, there = (actions.add(store, "companies", {"name": name}) for name in ("商汤科技", "科大讯飞"))
    return here, there


@pytest.fixture
def contact(store: Store, companies: tuple[str, str]) -> str:
    values = {"name": "曾敏", "company_id": companies[1], "phone": MOBILE, "note": "同乡"}
    return actions.add(store, "contacts", values)


def test_the_person_of_the_number_is_offered_as_moved_and_moves(
    store: Store, stands: Stands, companies: tuple[str, str], contact: str
) -> None:
    visit = filed(store, f"拜访商汤科技 @曾敏 {MOBILE}")
    assert visit.needs == ("contact",)
    asked_now = question(store, stands("visits")[0])
    assert [row["id"] for row in asked_now.rows] == [contact]
    (moved,) = asked_now.figures
    assert moved.words == "曾敏 works at 商汤科技 now, no longer at 科大讯飞"
    actions.edit(store, "visits", visit.id, {asked_now.field: moved.value})
    (row,) = stands("contacts")
    assert (row["company_id"], row["note"]) == (companies[0], "同乡\nUntil 2026-11-26 at 科大讯飞")
    assert (stands("visits")[0]["contact_id"], stands("visits")[0]["needs"]) == (contact, "")
    assert filed(store, f"拜访商汤科技 @曾敏 {MOBILE}").needs == ()
    actions.undo(store)
    actions.undo(store)
    (row,) = stands("contacts")
    assert (row["company_id"], row["note"], stands("visits")[0]["needs"]) == (companies[1], "同乡", "contact")


def test_one_who_only_has_the_number_is_not_said_to_have_moved(
    store: Store, stands: Stands, companies: tuple[str, str], contact: str
) -> None:
    assert filed(store, f"拜访商汤科技 @李强 {MOBILE}").needs == ("contact",)
    asked_now = question(store, stands("visits")[0])
    assert ([row["id"] for row in asked_now.rows], asked_now.figures) == ([contact], [])


def test_a_code_that_contradicts_the_name_is_said_to_be_why(store: Store, stands: Stands) -> None:
    actions.add(store, "companies", {"name": "海螺水泥", "uscc": CATL})
    assert filed(store, f"拜访海螺水泥 {TENCENT}").needs == ("company",)
    assert question(store, stands("visits")[0]).why == (f"The line has the credit code {TENCENT}, 海螺水泥 has {CATL}.")
    actions.add(store, "companies", {"name": "腾讯", "uscc": TENCENT})
    assert question(store, stands("visits")[0]).why == f"The credit code {TENCENT} in the line is that of 腾讯."
    actions.settle(store, stands("visits")[0]["id"], {}, dismiss=["company"])
    assert filed(store, "拜访海螺水尼").needs == ("company",)
    assert [question(store, row).why for row in stands("visits") if row["needs"]] == [""]
