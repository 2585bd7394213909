"""What a company was called before is kept, and notes that use it still find the company."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from fieldkit import actions
from fieldkit.domain import former_names
from fieldkit.store.store import Store

Stands = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def company(store: Store) -> str:
    return actions.add(store, "companies", {"name": "亳州永刚饮片厂"})


def test_a_renamed_company_keeps_its_old_name_in_the_same_step(store: Store, stands: Stands, company: str) -> None:
    actions.edit(store, "companies", company, {"name": "永刚药业有限公司"})
    assert stands("companies")[0]["former_names"] == "亳州永刚饮片厂"
    actions.undo(store)
    assert (stands("companies")[0]["name"], stands("companies")[0]["former_names"]) == ("亳州永刚饮片厂", "")


def test_a_name_that_is_taken_back_is_no_former_one(store: Store, stands: Stands, company: str) -> None:
    for name in ("永刚药业有限公司", "永刚集团", "亳州永刚饮片厂"):
        actions.edit(store, "companies", company, {"name": name})
    assert stands("companies")[0]["former_names"] == "永刚药业有限公司、永刚集团"


def test_another_spelling_of_the_same_name_leaves_none_behind(store: Store, stands: Stands, company: str) -> None:
    actions.edit(store, "companies", company, {"name": " 亳州永刚饮片厂。"})
    assert stands("companies")[0]["former_names"] == ""


def test_former_names_that_are_given_stand_as_given(store: Store, stands: Stands, company: str) -> None:
    actions.edit(store, "companies", company, {"name": "永刚药业有限公司", "former_names": ""})
    assert stands("companies")[0]["former_names"] == ""


def test_a_note_that_uses_a_former_name_is_filed_at_the_company(store: Store, stands: Stands, company: str) -> None:
    actions.edit(store, "companies", company, {"name": "华佗国药股份有限公司"})
    actions.file_line(store, actions.keep_note(store, "拜访亳州永刚饮片厂 谈了扩产"))
    assert [row["company_id"] for row in stands("visits")] == [company]
    assert len(stands("companies")) == 1


def test_a_list_of_names_is_read_at_its_marks_and_a_comma_is_none() -> None:
    assert former_names.each("甲公司、 乙公司;丙 Co., Ltd.；\n") == ["甲公司", "乙公司", "丙 Co., Ltd."]
    assert former_names.joined(["甲", "乙", "甲"]) == "甲、乙"
