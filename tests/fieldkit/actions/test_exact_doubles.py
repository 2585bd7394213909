"""What is there already under the very same name is taken or told of, and never made a second time without a word."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from fieldkit import actions
from fieldkit.actions.candidates import doubles
from fieldkit.errors import Invalid
from fieldkit.store import query
from fieldkit.store.store import Store

Stands = Callable[[str], list[dict[str, Any]]]


def filed(store: Store, line: str) -> str:
    return actions.file_line(store, actions.keep_note(store, line)).id


def doubles_of(store: Store, kind: str, values: dict[str, str]) -> list[str]:
    new = actions.add(store, kind, values)
    with closing(store.reader()) as connection:
        return [row["id"] for row in doubles(connection, query.record(connection, new))]


def test_a_company_of_the_very_name_is_taken_for_the_answer(store: Store, stands: Stands) -> None:
    company = actions.add(store, "companies", {"name": "海螺水泥"})
    visit = filed(store, "今天雨很大")
    actions.edit(store, "visits", visit, {"company_id": "+ 海螺　水泥"})
    assert [row["id"] for row in stands("companies")] == [company]
    assert stands("visits")[0]["company_id"] == company
    actions.edit(store, "visits", visit, {"company_id": "+海螺型材"})
    assert len(stands("companies")) == 2


def test_a_name_that_two_companies_have_is_refused_with_a_sentence(store: Store, stands: Stands) -> None:
    for _ in range(2):
        actions.add(store, "companies", {"name": "海螺水泥"})
    visit = filed(store, "今天雨很大")
    with pytest.raises(Invalid) as refused:
        actions.edit(store, "visits", visit, {"company_id": "+海螺水泥"})
    assert refused.value.facts["reason"] == "name-taken"
    assert len(stands("companies")) == 2


def test_a_lead_of_the_very_title_at_the_company_is_taken(store: Store, stands: Stands) -> None:
    here, there = (actions.add(store, "companies", {"name": name}) for name in ("海螺水泥", "古井贡酒"))
    lead = actions.add(store, "leads", {"title": "骨料厂项目", "company_id": here})
    for company, count in ((here, 1), (there, 2)):
        visit = actions.add(store, "visits", {"text": "谈用地", "company_id": company})
        actions.edit(store, "visits", visit, {"lead_id": "+骨料厂项目"})
        assert len(stands("leads")) == count
    assert lead in {row["lead_id"] for row in stands("visits")}


def test_an_added_contact_or_lead_tells_of_its_double(store: Store) -> None:
    here, there = (actions.add(store, "companies", {"name": name}) for name in ("海螺水泥", "古井贡酒"))
    person = actions.add(store, "contacts", {"name": "张伟", "company_id": here, "phone": "138 0013 8000"})
    lead = actions.add(store, "leads", {"title": "骨料厂项目", "company_id": here})
    assert doubles_of(store, "contacts", {"name": "張偉", "company_id": here}) == [person]
    assert doubles_of(store, "contacts", {"name": "老张", "company_id": there, "phone": "13800138000"}) == [person]
    assert doubles_of(store, "contacts", {"name": "张伟", "company_id": there}) == []
    assert doubles_of(store, "leads", {"title": "骨料厂 项目", "company_id": here}) == [lead]
    assert doubles_of(store, "leads", {"title": "骨料厂项目", "company_id": there}) == []
