"""Merges travel: to the colleague who did not know, beside one in the other direction, and beside an edit of what is merged."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from fieldkit import actions
from fieldkit.replication.disputes import disputes, settle
from fieldkit.replication.status import read_status
from fieldkit.store import query
from fieldkit.store.store import Store

Meet = Callable[[], None]
KINDS = ("companies", "contacts", "leads", "visits", "followups")


def rows(store: Store, kind: str) -> list[dict[str, Any]]:
    with closing(store.reader()) as connection:
        return query.rows(connection, kind, sorted(query.ids(connection, kind)))


def open_conflicts(store: Store) -> list[Any]:
    with closing(store.reader()) as connection:
        return disputes(connection)


@pytest.fixture
def twins(pair: Any, meet: Meet) -> tuple[str, str]:
    """Two companies that are one, each with a contact and a visit of 王芳's."""
    wang, _li = pair
    made = []
    for name, region in (("宁德时代", "福建"), ("宁德时代新能源科技股份有限公司", "上海")):
        company = actions.add(wang, "companies", {"name": name, "region": region, "note": f"{name}的备注"})
        contact = actions.add(wang, "contacts", {"name": f"{region}的张伟", "company_id": company})
        actions.add(wang, "visits", {"text": f"在{region}谈", "company_id": company, "contact_id": contact})
        made.append(company)
    meet()
    return made[0], made[1]


def test_a_merge_and_its_undo_reach_the_other_laptop(pair: Any, meet: Meet, twins: tuple[str, str]) -> None:
    wang, li = pair
    first, second = twins
    before = {kind: rows(li, kind) for kind in KINDS}
    actions.merge(wang, "companies", first, second)
    meet()
    assert [row["id"] for row in rows(li, "companies")] == [first]
    assert {row["company_id"] for kind in ("contacts", "visits") for row in rows(li, kind)} == {first}
    assert "上海" in rows(li, "companies")[0]["note"]
    actions.undo(wang)
    meet()
    assert {kind: rows(li, kind) for kind in KINDS} == before
    assert open_conflicts(wang) == open_conflicts(li) == []


def test_what_was_written_meanwhile_follows_the_merge_on_every_laptop(
    pair: Any, meet: Meet, twins: tuple[str, str]
) -> None:
    wang, li = pair
    first, second = twins
    actions.merge(wang, "companies", first, second)
    actions.add(li, "visits", {"text": "李强没有听说", "company_id": second})
    meet()
    meet()
    for store in pair:
        assert {row["company_id"] for row in rows(store, "visits")} == {first}
        with closing(store.reader()) as connection:
            assert read_status(connection).waiting == 0
    assert open_conflicts(wang) == open_conflicts(li) == []


@pytest.mark.parametrize("wang_first", [True, False])
def test_the_same_pair_merged_at_once_in_both_directions_loses_nothing(
    pair: Any, meet: Meet, twins: tuple[str, str], wang_first: bool
) -> None:
    wang, li = pair
    first, second = twins
    merges = [
        lambda: actions.merge(wang, "companies", first, second),
        lambda: actions.merge(li, "companies", second, first),
    ]
    for merge in merges if wang_first else merges[::-1]:
        merge()
    actions.add(wang, "visits", {"text": "王芳又谈", "company_id": first})
    actions.add(li, "visits", {"text": "李强又谈", "company_id": second})
    meet()
    meet()
    stands = second if wang_first else first
    for store in pair:
        (company,) = rows(store, "companies")
        assert company["id"] == stands
        assert {row["company_id"] for kind in ("contacts", "visits") for row in rows(store, kind)} == {stands}
        assert len(rows(store, "visits")) == 4
        told = "".join(str(company[field]) for field in ("name", "former_names", "region", "note"))
        for words in ("宁德时代新能源科技股份有限公司", "福建", "上海", "宁德时代的备注", "股份有限公司的备注"):
            assert words in told
        assert {one.field for one in open_conflicts(store)} == {"deleted"}
    assert [rows(wang, kind) for kind in KINDS] == [rows(li, kind) for kind in KINDS]


def test_who_is_asked_about_the_two_directions_may_choose_the_other_one(
    pair: Any, meet: Meet, twins: tuple[str, str]
) -> None:
    wang, li = pair
    first, second = twins
    actions.merge(wang, "companies", first, second)
    actions.merge(li, "companies", second, first)
    meet()
    for dispute in open_conflicts(wang):
        settle(wang, dispute.id, "mine" if not dispute.mine_stands else "theirs")
    meet()
    meet()
    for store in pair:
        assert [row["id"] for row in rows(store, "companies")] == [first]
        assert {row["company_id"] for kind in ("contacts", "visits") for row in rows(store, kind)} == {first}
        assert open_conflicts(store) == []


def test_two_records_of_the_same_words_merged_at_once_in_both_directions_are_not_both_deleted(
    pair: Any, meet: Meet
) -> None:
    wang, li = pair
    first, second = (actions.add(wang, "companies", {"name": "宁德时代"}) for _ in range(2))
    meet()
    actions.merge(wang, "companies", first, second)
    actions.merge(li, "companies", second, first)
    meet()
    meet()
    for store in pair:
        assert [row["id"] for row in rows(store, "companies")] == [second]
        assert {one.field for one in open_conflicts(store)} == {"deleted"}
