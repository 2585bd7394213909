"""What a company has twice after a merge is offered and never merged silently; of two stages the further one stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from fieldkit import actions
from fieldkit.store.store import Store

Stands = Callable[[str], list[dict[str, Any]]]


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ({"phone": "13800138000"}, {"phone": "138 0013 8000"}, True),
        ({"phone": ""}, {"phone": "13800138000"}, True),
        ({"phone": "13800138000"}, {"phone": ""}, True),
        ({"phone": "13800138000"}, {"phone": "13900139000"}, False),
        ({"phone": "13800138000"}, {"phone": "13900139000", "note": "另 138 0013 8000"}, True),
        ({"phone": "13800138000"}, {"name": "李娜", "phone": "13800138000"}, False),
    ],
)
def test_people_that_are_one_are_named_after_a_merge_of_their_companies(
    store: Store, stands: Stands, one: dict[str, object], two: dict[str, object], same: bool
) -> None:
    companies = [actions.add(store, "companies", {"name": name}) for name in ("宁德时代", "宁德新能源")]
    people = [
        actions.add(store, "contacts", {"name": "张伟", "company_id": company} | values)
        for company, values in zip(companies, (one, two), strict=True)
    ]
    merged = actions.merge(store, "companies", companies[0], companies[1])
    assert [(pair.kind, {pair.kept, pair.other}) for pair in merged.twins] == (
        [("contacts", set(people))] if same else []
    )
    kept = next(iter(merged.twins), None)
    assert len(stands("contacts")) == 2
    if kept is not None:
        assert next(row["phone"] for row in stands("contacts") if row["id"] == kept.kept)
        actions.merge(store, "contacts", kept.kept, kept.other)
        assert len(stands("contacts")) == 1


def test_leads_of_one_title_are_named_and_each_goes_once(store: Store) -> None:
    companies = [actions.add(store, "companies", {"name": name}) for name in ("甲", "乙")]
    leads = [
        actions.add(store, "leads", {"title": "电池包", "company_id": company})
        for company in (*companies, companies[1])
    ]
    actions.add(store, "leads", {"title": "储能", "company_id": companies[1]})
    twins = actions.merge(store, "companies", *companies).twins
    first, *others = sorted(leads)
    assert [pair[:3] for pair in twins] == [("leads", first, other) for other in others]


@pytest.mark.parametrize(
    ("kept", "other", "stands_at"),
    [
        ("talks", "signed", "signed"),
        ("signed", "talks", "signed"),
        ("talks", "lost", "talks"),
        ("lost", "talks", "talks"),
        ("lost", "shelved", "lost"),
    ],
)
def test_of_two_stages_the_further_one_stands_and_the_other_is_told(
    store: Store, stands: Stands, kept: str, other: str, stands_at: str
) -> None:
    made = []
    for stage in (kept, other):
        reason = {"stage_reason": "没有地"} if stage in ("lost", "shelved") else {}
        made.append(actions.add(store, "leads", {"title": "电池包", "stage": stage} | reason))
    before = stands("leads")
    actions.merge(store, "leads", made[0], made[1])
    (row,) = stands("leads")
    assert (row["id"], row["stage"]) == (made[0], stands_at)
    assert bool(row["stage_reason"]) == (stands_at == "lost")
    assert "Stage" in row["note"]
    assert ("没有地" in row["note"]) == (stands_at == "talks" and "lost" in (kept, other))
    actions.undo(store)
    assert stands("leads") == before
