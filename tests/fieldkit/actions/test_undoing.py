"""Undo takes back exactly what was done, redo does it again, and neither loses what came in from the centre."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldkit import actions, i18n
from fieldkit.actions.work import table_of, working
from fieldkit.errors import NothingToRedo, NothingToUndo, RecordError
from fieldkit.locations import Locations
from fieldkit.replication.laptop import open_store
from fieldkit.store import history, inbox, query
from fieldkit.store.store import Store

NOW = datetime.fromisoformat("2026-11-26T10:00:00+08:00")

Stands = Callable[[str], list[dict[str, Any]]]
KINDS = ("companies", "contacts", "leads", "visits", "followups")
LINE = "拜访宁德时代 @张伟 13800138000 动力电池包项目 2.5亿 下周三回访 #新能源 !上门"


def elsewhere(store: Store, kind: str, record_id: str, **fields: object) -> None:
    """Somebody else's change, as it stands once it has come in from the centre."""
    with store.session() as session:
        record = session.get(table_of(kind), record_id)
        for field, value in fields.items():
            setattr(record, field, value)
        session.commit()


def standing(store: Store) -> dict[str, list[dict[str, Any]]]:
    connection = store.reader()
    try:
        return {kind: query.rows(connection, kind, sorted(query.ids(connection, kind))) for kind in KINDS}
    finally:
        connection.close()


def test_the_deeds_are_taken_back_one_after_the_other_and_done_again(store: Store, stands: Stands) -> None:
    company = actions.add(store, "companies", {"name": "宁德时代"})
    actions.edit(store, "companies", company, {"name": "比亚迪"})
    actions.delete(store, "companies", company)
    assert actions.undo(store).label == "Deleted company 比亚迪"
    assert stands("companies")[0]["name"] == "比亚迪"
    assert actions.undo(store).touched == (("companies", company),)
    assert stands("companies")[0]["name"] == "宁德时代"
    actions.undo(store)
    assert stands("companies") == []
    with pytest.raises(NothingToUndo):
        actions.undo(store)
    for name in (["宁德时代"], ["比亚迪"], []):
        actions.redo(store)
        assert [row["name"] for row in stands("companies")] == name
    with pytest.raises(NothingToRedo):
        actions.redo(store)


def test_something_new_ends_what_could_be_done_again(store: Store, stands: Stands) -> None:
    actions.add(store, "companies", {"name": "宁德时代"})
    actions.undo(store)
    actions.add(store, "companies", {"name": "比亚迪"})
    with pytest.raises(NothingToRedo):
        actions.redo(store)
    actions.undo(store)
    actions.redo(store)
    assert [row["name"] for row in stands("companies")] == ["比亚迪"]


def test_undo_leaves_what_somebody_else_has_changed_since_and_says_so(store: Store, stands: Stands) -> None:
    company = actions.add(store, "companies", {"name": "宁德时代", "region": "福建"})
    actions.edit(store, "companies", company, {"name": "比亚迪", "region": "广东"})
    elsewhere(store, "companies", company, name="国轩高科", address="合肥")
    undone = actions.undo(store)
    assert undone.kept == (actions.Kept("companies", company, "name"),)
    found = stands("companies")[0]
    assert (found["name"], found["region"], found["address"]) == ("国轩高科", "福建", "合肥")
    again = actions.redo(store)
    assert again.kept == undone.kept
    assert (stands("companies")[0]["name"], stands("companies")[0]["region"]) == ("国轩高科", "广东")


def test_an_amount_goes_back_with_its_text_and_currency_or_not_at_all(store: Store, stands: Stands) -> None:
    lead = actions.add(store, "leads", {"title": "x", "amount": "2.5亿"})
    actions.edit(store, "leads", lead, {"amount": "500万美元"})
    elsewhere(store, "leads", lead, amount=6_000_000, amount_text="600万美元")
    assert {kept.field for kept in actions.undo(store).kept} == {"amount", "amount_text", "currency"}
    found = stands("leads")[0]
    assert (found["amount"], found["amount_text"], found["currency"]) == (6_000_000, "600万美元", "USD")


def test_an_added_record_that_others_have_worked_on_stays(store: Store, stands: Stands) -> None:
    company = actions.add(store, "companies", {"name": "宁德时代"})
    elsewhere(store, "companies", company, note="they answered")
    assert actions.undo(store).kept == (actions.Kept("companies", company, "deleted"),)
    assert stands("companies")[0]["note"] == "they answered"


def test_joining_a_group_is_no_change_that_holds_up_undo(store: Store, stands: Stands) -> None:
    company = actions.add(store, "companies", {"name": "宁德时代"})
    elsewhere(store, "companies", company, group_code="digital", person_id="me")
    assert actions.undo(store).kept == ()
    assert stands("companies") == []


def test_a_record_that_left_the_laptop_is_told_and_stops_nothing(store: Store) -> None:
    company = actions.add(store, "companies", {"name": "宁德时代"})
    connection = store.writer()
    connection.execute("DELETE FROM companies")
    connection.close()
    assert actions.undo(store).kept == (actions.Kept("companies", company, "deleted"),)
    assert actions.redo(store).kept == (actions.Kept("companies", company, "deleted"),)


def test_a_filed_line_is_taken_back_whole_and_is_not_filed_again(store: Store, stands: Stands) -> None:
    def state() -> str:
        connection = store.reader()
        try:
            return str((inbox.get(connection, line) or {})["state"])
        finally:
            connection.close()

    line = actions.keep_note(store, LINE)
    actions.file_waiting(store)
    before = standing(store)
    actions.undo(store)
    assert not any(stands(kind) for kind in KINDS)
    assert state() == "dropped"
    assert actions.file_waiting(store) == []
    actions.redo(store)
    assert standing(store) == before
    assert state() == "filed"


def test_the_history_is_told_newest_first_in_the_language_in_use(store: Store) -> None:
    lead = actions.add(store, "leads", {"title": "电池包"})
    actions.move_stage(store, lead, "签约")
    actions.undo(store)
    connection = store.reader()
    try:
        entries = history.recent(connection)
    finally:
        connection.close()
    assert [(entry["label"], entry["undone"]) for entry in entries] == [
        ("Moved lead 电池包 to Signed", True),
        ("Added lead 电池包", False),
    ]


def test_what_undo_leaves_is_told_as_people_call_it(store: Store) -> None:
    one, two = (actions.add(store, "leads", {"title": title, "amount": "1亿"}) for title in ("骨料", "砂石"))
    actions.merge(store, "leads", one, two)
    with working(store) as work:
        lead: Any = work.find("leads", two)
        work.change("leads", lead, {"deleted": False, "merged_into": "", "note": "又有了"})
        work.change("leads", lead, {"deleted": True})
    assert actions.undo(store).left() == ["Merged into"]
    actions.edit(store, "leads", one, {"amount": "2亿"})
    with working(store) as work:
        work.change("leads", work.get("leads", one), {"amount": 5, "amount_text": "5元"})
    i18n.use_language("zh_CN")
    try:
        assert actions.undo(store).left() == ["金额"]
    finally:
        i18n.use_language("en")


# Any sequence of deeds

_NAMES = st.sampled_from(["宁德时代", "比亚迪", "国轩高科"])
_AMOUNTS = st.sampled_from(["2.5亿", "500万美元", ""])
_DEEDS = st.lists(
    st.one_of(
        st.tuples(st.just("add company"), _NAMES),
        st.tuples(st.just("add lead"), _AMOUNTS),
        st.tuples(st.just("note"), st.sampled_from([LINE, "拜访比亚迪 @李娜", "雨"])),
        st.tuples(st.just("edit"), st.integers(0, 9), _NAMES),
        st.tuples(st.just("amount"), st.integers(0, 9), _AMOUNTS),
        st.tuples(st.just("move"), st.integers(0, 9), st.sampled_from(["talks", "signed", "lost", "lead"])),
        st.tuples(st.just("delete"), st.sampled_from(KINDS), st.integers(0, 9)),
        st.tuples(st.just("done"), st.integers(0, 9)),
        st.tuples(st.just("settle"), st.integers(0, 9), st.integers(0, 9)),
        st.tuples(st.just("undo")),
        st.tuples(st.just("redo")),
    ),
    max_size=12,
)


def pick(store: Store, kind: str, number: int) -> str:
    found = standing(store)[kind]
    return str(found[number % len(found)]["id"]) if found else "nobody"


def do(store: Store, deed: tuple[Any, ...]) -> None:
    what, *how = deed
    deeds: dict[str, Callable[[], object]] = {
        "add company": lambda: actions.add(store, "companies", {"name": how[0]}),
        "add lead": lambda: actions.add(store, "leads", {"title": "电池包", "amount": how[0]}),
        "note": lambda: (actions.keep_note(store, how[0]), actions.file_waiting(store)),
        "edit": lambda: actions.edit(store, "companies", pick(store, "companies", how[0]), {"name": how[1]}),
        "amount": lambda: actions.edit(store, "leads", pick(store, "leads", how[0]), {"amount": how[1]}),
        "move": lambda: actions.move_stage(store, pick(store, "leads", how[0]), how[1], "because"),
        "delete": lambda: actions.delete(store, how[0], pick(store, how[0], how[1])),
        "done": lambda: actions.complete_followup(store, pick(store, "followups", how[0])),
        "settle": lambda: actions.settle(
            store, pick(store, "visits", how[0]), {"company_id": pick(store, "companies", how[1])}
        ),
        "undo": lambda: actions.undo(store),
        "redo": lambda: actions.redo(store),
    }
    with contextlib.suppress(RecordError, NothingToUndo, NothingToRedo):
        deeds[what]()


def repeat(deed: Callable[[Store], actions.Undone], store: Store) -> list[actions.Undone]:
    done = []
    while True:
        try:
            done.append(deed(store))
        except (NothingToUndo, NothingToRedo):
            return done


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=_DEEDS)
def test_undoing_everything_is_the_beginning_and_doing_it_again_the_end(
    migrated: Path, deeds: list[tuple[Any, ...]]
) -> None:
    with tempfile.TemporaryDirectory() as home:
        shutil.copy(migrated, Path(home) / "fieldkit.db")
        store = open_store(Locations(home), lambda: NOW)
        try:
            for deed in deeds:
                do(store, deed)
            repeat(actions.redo, store)
            end = standing(store)
            undone = repeat(actions.undo, store)
            assert standing(store) == {key: [] for key in KINDS}
            done = repeat(actions.redo, store)
            assert standing(store) == end
            assert all(not each.kept for each in (*undone, *done))
            assert len(undone) == len(done)
        finally:
            store.close()
