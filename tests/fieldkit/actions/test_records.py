"""Adding, editing and deleting: checked, captured, kept in the history, in one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from fieldkit import actions
from fieldkit.errors import Invalid, NoSuchRecord
from fieldkit.replication.status import badges
from fieldkit.store import history, inbox
from fieldkit.store.store import Store

Stands = Callable[[str], list[dict[str, Any]]]


def test_an_added_record_stands_with_its_values(store: Store, stands: Stands) -> None:
    company = actions.add(store, "companies", {"name": " 宁德时代 ", "uscc": "9144 0300 1922 0382 16"})
    contact = actions.add(store, "contacts", {"name": "张伟", "company_id": company, "phone": "+86 138 0013-8000"})
    lead = actions.add(store, "leads", {"title": "电池包", "amount": "2.5亿", "task_force": "数字经济", "mode": "上门"})
    assert [row["id"] for row in stands("companies")] == [company]
    assert stands("companies")[0]["name"] == "宁德时代"
    assert stands("companies")[0]["uscc"] == "914403001922038216"
    assert (
        stands("contacts")[0] | {"id": contact, "company": "宁德时代", "phone": "+8613800138000"}
        == stands("contacts")[0]
    )
    found = stands("leads")[0]
    assert (found["id"], found["amount"], found["amount_text"], found["currency"]) == (
        lead,
        250_000_000,
        "2.5亿",
        "CNY",
    )
    assert (found["task_force"], found["mode"], found["stage"]) == ("digital", "on-site", "lead")


def test_a_visit_without_a_day_was_today(store: Store, stands: Stands) -> None:
    actions.add(store, "visits", {"text": "两行\n文字"})
    assert stands("visits")[0]["visited_on"] == "2026-11-26"
    assert stands("visits")[0]["text"] == "两行\n文字"


def test_everything_written_waits_to_be_sent(store: Store) -> None:
    company = actions.add(store, "companies", {"name": "宁德时代"})
    connection = store.reader()
    try:
        assert badges(connection, "companies", [company]) == {company: "waiting"}
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("kind", "values", "field", "reason"),
    [
        ("companies", {"name": ""}, "name", "required"),
        ("companies", {"region": "福建"}, "name", "required"),
        ("companies", {"name": "\u200b\x00 "}, "name", "required"),
        ("companies", {"name": "甲", "colour": "red"}, "colour", "unknown-field"),
        ("companies", {"name": "甲", "group_code": "digital"}, "group_code", "unknown-field"),
        ("companies", {"name": "甲" * 501}, "name", "too-long"),
        ("contacts", {"name": "张伟", "company_id": "nobody"}, "company_id", "no-such-reference"),
        ("contacts", {"name": "张伟", "phone": "none"}, "phone", "not-a-phone"),
        ("leads", {"title": "x", "amount": "many"}, "amount", "not-an-amount"),
        ("leads", {"title": "x", "amount": "-5"}, "amount", "not-an-amount"),
        ("leads", {"title": "x", "amount": "9" * 30}, "amount", "not-an-amount"),
        ("leads", {"title": "x", "stage": "won"}, "stage", "not-a-choice"),
        ("leads", {"title": "x", "stage": "lost"}, "stage_reason", "reason-needed"),
        ("visits", {"text": "x", "visited_on": "2月30日"}, "visited_on", "not-a-day"),
        ("visits", {"text": "x", "visited_on": ""}, "visited_on", "required"),
        ("visits", {"text": "x", "visited_time": "25:00"}, "visited_time", "not-a-time"),
        ("followups", {"what": "x", "done_at": "soon"}, "done_at", "not-an-instant"),
        ("people", {"name": "x"}, "kind", "not-a-choice"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_written(
    store: Store, stands: Stands, kind: str, values: dict[str, str], field: str, reason: str
) -> None:
    with pytest.raises(Invalid) as refused:
        actions.add(store, kind, values)
    assert (refused.value.facts["field"], refused.value.facts["reason"]) == (field, reason)
    assert not any(stands(each) for each in ("companies", "contacts", "leads", "visits", "followups"))


@pytest.mark.parametrize(
    ("field", "typed", "stored"),
    [
        ("due_on", "2026-12-03", "2026-12-03"),
        ("due_on", "下周三", "2026-12-02"),
        ("due_on", "12月3日", "2026-12-03"),
        ("due_on", date(2026, 12, 3), "2026-12-03"),
        ("due_on", "", None),
        ("due_time", "14:30", "14:30"),
        ("due_time", "１４：３０", "14:30"),
        ("due_time", "下午3点", "15:00"),
        ("due_time", "", ""),
        ("done_at", "2026-11-26T09:00:00+08:00", "2026-11-26T01:00:00.000+00:00"),
        ("done_at", "2026-11-26 09:00", "2026-11-26T01:00:00.000+00:00"),
        ("done_at", "", None),
    ],
)
def test_days_and_times_as_people_type_them(
    store: Store, stands: Stands, field: str, typed: object, stored: str
) -> None:
    followup = actions.add(store, "followups", {"what": "回访"})
    actions.edit(store, "followups", followup, {field: typed})
    assert stands("followups")[0][field] == stored


@pytest.mark.parametrize(
    ("typed", "amount", "currency"),
    [
        ("3000万", 30_000_000, "CNY"),
        ("250,000,000", 250_000_000, "CNY"),
        ("500万美元", 5_000_000, "USD"),
        (7, 7, "CNY"),
    ],
)
def test_amounts_as_people_type_them(store: Store, stands: Stands, typed: object, amount: int, currency: str) -> None:
    lead = actions.add(store, "leads", {"title": "x", "amount": typed})
    found = stands("leads")[0]
    assert (found["amount"], found["currency"], found["amount_text"]) == (amount, currency, str(typed))
    actions.edit(store, "leads", lead, {"amount": ""})
    found = stands("leads")[0]
    assert (found["amount"], found["currency"], found["amount_text"]) == (None, "CNY", "")


def test_an_edit_changes_what_it_names_and_nothing_else(store: Store, stands: Stands) -> None:
    company = actions.add(store, "companies", {"name": "宁德时代", "region": "福建"})
    actions.edit(store, "companies", company, {"address": "宁德市"})
    assert {key: stands("companies")[0][key] for key in ("name", "region", "address")} == {
        "name": "宁德时代",
        "region": "福建",
        "address": "宁德市",
    }
    with pytest.raises(Invalid):
        actions.edit(store, "companies", company, {"name": ""})
    with pytest.raises(NoSuchRecord):
        actions.edit(store, "companies", "nobody", {"name": "甲"})
    assert stands("companies")[0]["name"] == "宁德时代"


def test_an_edit_that_changes_nothing_leaves_no_trace(store: Store) -> None:
    company = actions.add(store, "companies", {"name": "宁德时代"})
    actions.edit(store, "companies", company, {"name": "宁德时代"})
    connection = store.reader()
    try:
        assert len(history.recent(connection)) == 1
    finally:
        connection.close()


def test_what_hangs_on_a_deleted_company_stays(store: Store, stands: Stands) -> None:
    company = actions.add(store, "companies", {"name": "宁德时代"})
    contact = actions.add(store, "contacts", {"name": "张伟", "company_id": company})
    actions.delete(store, "companies", company)
    assert stands("companies") == []
    assert [(row["id"], row["company"]) for row in stands("contacts")] == [(contact, "宁德时代 (deleted)")]
    for change in (
        lambda: actions.edit(store, "companies", company, {"name": "x"}),
        lambda: actions.delete(store, "companies", company),
    ):
        with pytest.raises(NoSuchRecord):
            change()
    with pytest.raises(Invalid):
        actions.add(store, "leads", {"title": "x", "company_id": company})


def test_a_stage_edited_by_hand_obeys_the_rules_of_moving(store: Store, stands: Stands) -> None:
    lead = actions.add(store, "leads", {"title": "x"})
    with pytest.raises(Invalid):
        actions.edit(store, "leads", lead, {"stage": "搁置"})
    actions.edit(store, "leads", lead, {"stage": "搁置", "stage_reason": "no land"})
    with pytest.raises(Invalid):
        actions.edit(store, "leads", lead, {"stage_reason": ""})
    actions.edit(store, "leads", lead, {"stage": "talks"})
    assert (stands("leads")[0]["stage"], stands("leads")[0]["stage_reason"]) == ("talks", "")


def test_moving_a_lead_tells_what_its_stage_still_demands(store: Store, stands: Stands) -> None:
    lead = actions.add(store, "leads", {"title": "x", "amount": "1亿"})
    assert actions.move_stage(store, lead, "签约") == ["company_id", "place_code"]
    assert stands("leads")[0]["stage"] == "signed"
    with pytest.raises(Invalid):
        actions.move_stage(store, lead, "lost")
    actions.move_stage(store, lead, "lost", "went to Suzhou")
    assert stands("leads")[0]["stage_reason"] == "went to Suzhou"


def test_a_followup_is_done_once_and_may_be_reopened(store: Store, stands: Stands) -> None:
    followup = actions.add(store, "followups", {"what": "回访"})
    actions.complete_followup(store, followup)
    actions.complete_followup(store, followup)
    assert stands("followups")[0]["done_at"] == "2026-11-26T02:00:00.000+00:00"
    actions.reopen_followup(store, followup)
    assert stands("followups")[0]["done_at"] is None


def test_deleting_an_inbox_line_drops_it_and_keeps_its_words(store: Store) -> None:
    line = actions.keep_note(store, "拜访宁德时代")
    actions.delete(store, "inbox", line)
    connection = store.reader()
    try:
        kept = inbox.get(connection, line)
    finally:
        connection.close()
    assert kept is not None
    assert (kept["state"], kept["text"]) == ("dropped", "拜访宁德时代")
    assert actions.file_waiting(store) == []
    with pytest.raises(NoSuchRecord):
        actions.delete(store, "inbox", line)


def test_nothing_stays_written_when_the_history_cannot_be(
    store: Store, stands: Stands, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise sqlite3.ProgrammingError("gone")

    monkeypatch.setattr(history, "write", fail)
    with pytest.raises(sqlite3.ProgrammingError):
        actions.add(store, "companies", {"name": "宁德时代"})
    assert stands("companies") == []
