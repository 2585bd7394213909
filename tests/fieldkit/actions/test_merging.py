"""Merging by hand keeps everything of both, is one step of undo, and leads everything to the record that stands."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldkit import actions
from fieldkit.actions.work import working
from fieldkit.domain.kinds import KINDS
from fieldkit.errors import Invalid, NoSuchRecord, NothingToUndo
from fieldkit.store import query
from fieldkit.store.names import KnownNames
from fieldkit.store.store import Store

Stands = Callable[[str], list[dict[str, Any]]]
FULL = {
    "name": "宁德时代新能源科技股份有限公司", "short_name": "宁德时代", "uscc": "91350900587527783P", "region": "福建宁德",
    "address": "漳湾镇新港路2号", "task_force": "digital", "note": "甲的备注",
}  # fmt: skip
OTHER = {
    "name": "宁德新能源", "short_name": "CATL", "former_names": "宁德时代新能源科技有限公司", "uscc": "914403001922038216",
    "region": "上海", "address": "浦东", "task_force": "electronics", "note": "乙的备注",
}  # fmt: skip


def everything(store: Store) -> dict[str, list[dict[str, Any]]]:
    with closing(store.reader()) as connection:
        return {kind: query.rows(connection, kind, sorted(query.ids(connection, kind))) for kind in KINDS}


def test_what_the_kept_one_lacked_is_taken_over(store: Store, stands: Stands) -> None:
    kept = actions.add(store, "companies", {"name": "宁德时代新能源科技股份有限公司"})
    other = actions.add(store, "companies", FULL | {"name": "宁德时代新能源科技股份有限公司"})
    actions.merge(store, "companies", kept, other)
    (row,) = stands("companies")
    assert row["id"] == kept
    assert {field: row[field] for field in FULL} == FULL
    assert row["former_names"] == ""


def test_what_differs_is_told_in_words_and_every_name_still_finds_the_company(store: Store, stands: Stands) -> None:
    kept = actions.add(store, "companies", FULL)
    other = actions.add(store, "companies", OTHER)
    actions.merge(store, "companies", kept, other)
    (row,) = stands("companies")
    assert {field: row[field] for field in FULL if field != "note"} == {f: FULL[f] for f in FULL if f != "note"}
    told = "\n".join(str(row[field]) for field in ("note", "former_names"))
    for words in ("甲的备注", "乙的备注", "914403001922038216", "上海", "浦东", "Electronics", "宁德新能源"):
        assert words in told
    with closing(store.reader()) as connection:
        found = KnownNames(connection).lookup(["catl", "宁德新能源", "宁德时代新能源科技有限公司"])
    assert [[hit[1] for hit in found[name]] for name in found] == [[kept]] * 3


def test_everything_that_named_the_other_names_the_kept_one(store: Store, stands: Stands) -> None:
    kept, other = (actions.add(store, "companies", {"name": name}) for name in ("甲公司", "乙公司"))
    contact = actions.add(store, "contacts", {"name": "张伟", "company_id": other})
    lead = actions.add(store, "leads", {"title": "电池包", "company_id": other})
    visit = actions.add(store, "visits", {"text": "谈", "company_id": other, "contact_id": contact, "lead_id": lead})
    actions.add(store, "followups", {"what": "回访", "visit_id": visit, "company_id": other, "lead_id": lead})
    assert actions.merge(store, "companies", kept, other) == actions.Merged(kept, other, 4)
    for kind in ("contacts", "leads", "visits", "followups"):
        assert [row["company_id"] for row in stands(kind)] == [kept]
    assert [row["lead_id"] for row in stands("visits")] == [lead]


def test_one_step_of_undo_takes_all_of_it_back_and_redo_does_it_again(store: Store) -> None:
    kept, other = actions.add(store, "companies", FULL), actions.add(store, "companies", OTHER)
    for company in (kept, other):
        actions.add(store, "contacts", {"name": "张伟", "company_id": company})
        actions.add(store, "visits", {"text": "谈", "company_id": company})
    before = everything(store)
    actions.merge(store, "companies", kept, other)
    after = everything(store)
    assert actions.undo(store).kept == ()
    assert everything(store) == before
    assert actions.redo(store).kept == ()
    assert everything(store) == after


def test_two_contacts_are_merged_with_both_phones(store: Store, stands: Stands) -> None:
    company = actions.add(store, "companies", {"name": "甲公司"})
    kept = actions.add(store, "contacts", {"name": "张伟", "phone": "13800138000", "company_id": company})
    other = actions.add(store, "contacts", {"name": "张玮", "phone": "13900139000", "post": "总监", "wechat": "zw"})
    visit = actions.add(store, "visits", {"text": "谈", "contact_id": other})
    actions.merge(store, "contacts", kept, other)
    (row,) = stands("contacts")
    assert (row["id"], row["name"], row["phone"], row["post"], row["wechat"]) == (
        kept, "张伟", "+8613800138000", "总监", "zw",
    )  # fmt: skip
    assert "139 0013 9000" in row["note"]
    assert "张玮" in row["note"]
    assert [(one["id"], one["contact_id"]) for one in stands("visits")] == [(visit, kept)]


def test_two_leads_keep_both_amounts_with_their_currencies_and_the_first_report(store: Store, stands: Stands) -> None:
    with working(store) as work:
        early = work.now.replace(year=2025)
        other = work.add(
            "leads", {"title": "电池", "stage": "lost", "stage_reason": "没有地", "amount": 100, "amount_text": "100美元",
                      "currency": "USD", "content": "二期"}, written_at=early,
        )  # fmt: skip
    kept = actions.add(store, "leads", {"title": "电池包", "amount": "100", "content": "一期"})
    actions.merge(store, "leads", kept, other)
    (row,) = stands("leads")
    assert (row["stage"], row["stage_reason"], row["amount"], row["currency"]) == ("lead", "", 100, "CNY")
    assert row["content"] == "一期\n二期"
    for words in ("电池", "没有地", "USD 100", "2025"):
        assert words in row["note"]


def test_an_amount_is_taken_over_with_its_currency(store: Store, stands: Stands) -> None:
    kept = actions.add(store, "leads", {"title": "电池包"})
    other = actions.add(store, "leads", {"title": "电池包", "amount": "300万美元"})
    actions.merge(store, "leads", kept, other)
    (row,) = stands("leads")
    assert (row["amount"], row["amount_text"], row["currency"]) == (3_000_000, "300万美元", "USD")
    assert row["note"] == ""


def test_what_cannot_be_merged_is_refused_and_nothing_is_changed(store: Store) -> None:
    kept, other = (actions.add(store, "companies", {"name": name, "note": "长" * 30_000}) for name in ("甲", "乙"))
    contact = actions.add(store, "contacts", {"name": "张伟"})
    with working(store) as work:
        elsewhere = work.add("companies", {"name": "丙", "group_code": "elsewhere"})
    actions.edit(store, "companies", other, {"note": "短" * 30_000})
    before = everything(store)
    for kind, one, two, reason in (
        ("companies", kept, kept, "merge-itself"),
        ("companies", kept, elsewhere, "merge-groups"),
        ("companies", kept, other, "too-long"),
        ("visits", kept, other, "not-a-choice"),
    ):
        with pytest.raises(Invalid) as refused:
            actions.merge(store, kind, one, two)
        assert refused.value.facts["reason"] == reason
    with pytest.raises(NoSuchRecord):
        actions.merge(store, "companies", kept, contact)
    assert everything(store) == before


def test_what_names_a_record_merged_long_ago_is_led_along_and_is_no_step_for_undo(store: Store, stands: Stands) -> None:
    first, second, third = (actions.add(store, "companies", {"name": name}) for name in ("甲", "乙", "丙"))
    actions.merge(store, "companies", second, first)
    actions.merge(store, "companies", third, second)
    with working(store) as work:
        work.add("visits", {"text": "旧电脑上写的", "visited_on": work.now.date(), "company_id": first})
    assert actions.follow_merges(store) == 1
    assert [row["company_id"] for row in stands("visits")] == [third]
    assert actions.follow_merges(store) == 0
    assert actions.undo(store).label.startswith("Merged company")


def test_a_ring_of_merges_brings_one_record_back_the_same_on_every_laptop(store: Store, stands: Stands) -> None:
    pair = sorted(actions.add(store, "companies", {"name": name}) for name in ("甲", "乙"))
    with working(store) as work:
        for one, other in (pair, pair[::-1]):
            work.change("companies", work.get("companies", one), {"deleted": True, "merged_into": other})
        work.add("visits", {"text": "谈", "visited_on": work.now.date(), "company_id": pair[1]})
    assert actions.follow_merges(store) == 2
    assert [row["id"] for row in stands("companies")] == pair[:1]
    assert [row["company_id"] for row in stands("visits")] == pair[:1]


def test_a_merged_record_that_comes_back_and_is_deleted_for_good_leads_nowhere(store: Store, stands: Stands) -> None:
    kept, other = (actions.add(store, "companies", {"name": name}) for name in ("甲", "乙"))
    actions.merge(store, "companies", kept, other)
    actions.undo(store)
    visit = actions.add(store, "visits", {"text": "谈", "company_id": other})
    actions.delete(store, "companies", other)
    assert actions.follow_merges(store) == 0
    assert [(row["id"], row["company_id"]) for row in stands("visits")] == [(visit, other)]


words = st.text(alphabet="甲乙丙丁 ab;、\n1", max_size=8)
companies = st.fixed_dictionaries(
    {"name": words.filter(str.strip)},
    optional=dict.fromkeys(("short_name", "former_names", "region", "address", "note"), words),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(companies, companies)
def test_every_word_of_both_can_be_read_afterwards_and_undo_is_exact(store: Store, one: Any, two: Any) -> None:
    kept, other = actions.add(store, "companies", one), actions.add(store, "companies", two)
    before = everything(store)["companies"]
    actions.merge(store, "companies", kept, other)
    with closing(store.reader()) as connection:
        (row,) = query.rows(connection, "companies", [kept])
    values = [row[field.name] for field in KINDS["companies"].fields]
    said = "".join(str(value) for value in values).replace("、", "").replace(";", "")
    for stored in before:
        for field in KINDS["companies"].fields:
            if stored["id"] in (kept, other) and field.name not in ("name", "short_name", "former_names"):
                assert str(stored[field.name]).replace("、", "").replace(";", "") in said
    actions.undo(store)
    assert everything(store)["companies"] == before
    for _step in range(2):
        actions.undo(store)
    with pytest.raises(NothingToUndo):
        actions.undo(store)
