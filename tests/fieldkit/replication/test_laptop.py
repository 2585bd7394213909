"""A laptop's store opens light, files before it exchanges, and shows conflicts that people can settle."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fieldkit import actions
from fieldkit.errors import Invalid, NoSuchRecord, NotEnrolled, Withdrawn
from fieldkit.replication.disputes import Dispute, disputes, settle
from fieldkit.replication.enrol import enrol
from fieldkit.replication.laptop import as_failure, synchronise
from fieldkit.replication.status import badges, read_status
from fieldkit.store import inbox, query
from fieldkit.store.store import Store
from sync.errors import Revoked

URL = "https://centre.example"
Laptop = Callable[[str], Store]
LINE = "拜访宁德时代 @张伟 13800138000 动力电池包项目 2.5亿 下周三回访 #新能源 !上门"


def rows(store: Store, kind: str) -> list[dict[str, Any]]:
    connection = store.reader()
    try:
        return query.rows(connection, kind, query.ids(connection, kind))
    finally:
        connection.close()


@pytest.fixture
def joined(laptop: Laptop, centre: Any) -> Callable[[str, str], Store]:
    def make(name: str, group: str = "digital") -> Store:
        store = laptop(name)
        enrol(store, URL, centre.invite(name, group), transport=centre)
        return store

    return make


@pytest.fixture
def disputed(joined: Any, centre: Any) -> tuple[Store, Store, str]:
    """Two laptops of one group after both changed the amount of one lead; the second one's change came later."""
    wang, li = joined("wang"), joined("li")
    lead = actions.add(wang, "leads", {"title": "电池包", "amount": "1亿"})
    for store in (wang, li):
        assert synchronise(store, transport=centre).state == "done"
    actions.edit(wang, "leads", lead, {"amount": "2亿", "note": "wang's"})
    actions.edit(li, "leads", lead, {"amount": "300万美元", "content": "li's"})
    for store in (wang, li, wang):
        assert synchronise(store, transport=centre).state == "done"
    return wang, li, lead


def told(store: Store) -> list[Dispute]:
    connection = store.reader()
    try:
        return disputes(connection)
    finally:
        connection.close()


def test_opening_a_store_loads_nothing_heavy(migrated: Path) -> None:
    code = (
        "import sys\n"
        "from fieldkit.clock import system_clock\n"
        "from fieldkit.locations import Locations\n"
        "from fieldkit.replication.laptop import open_store\n"
        "from fieldkit.replication import status\n"
        "import fieldkit.actions\n"
        "store = open_store(Locations(sys.argv[1]), system_clock({}))\n"
        "connection = store.reader()\n"
        "print(status.read_status(connection).state, store.me.name)\n"
        "connection.close()\n"
        "heavy = {'sqlmodel', 'sqlalchemy', 'pydantic', 'httpx', 'alembic', 'textual'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "store.session().close()\n"
        "assert 'sqlmodel' in sys.modules\n"
        "store.close()\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, str(migrated.parent)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_what_waits_is_filed_before_it_is_exchanged(joined: Any, centre: Any) -> None:
    wang, li = joined("wang"), joined("li")
    visit = actions.keep_note(wang, LINE)
    told: list[Any] = []
    outcome = synchronise(wang, told.append, transport=centre)
    assert (outcome.state, outcome.sent, outcome.waiting) == ("done", 5, 0)
    assert told
    assert synchronise(li, transport=centre).received >= 5
    (found,) = rows(li, "visits")
    assert (found["id"], found["company"], found["contact"], found["lead"]) == (
        visit,
        "宁德时代",
        "张伟",
        "动力电池包项目",
    )


def test_what_was_received_is_known_by_name(joined: Any, centre: Any) -> None:
    wang, li = joined("wang"), joined("li")
    actions.keep_note(wang, LINE)
    for store in (wang, li):
        synchronise(store, transport=centre)
    actions.keep_note(li, LINE)
    synchronise(li, transport=centre)
    assert [len(rows(li, kind)) for kind in ("companies", "contacts", "leads", "visits")] == [1, 1, 1, 2]


def test_another_group_sees_nothing(joined: Any, centre: Any) -> None:
    wang, zhao = joined("wang"), joined("zhao", "electronics")
    actions.keep_note(wang, LINE)
    for store in (wang, zhao):
        assert synchronise(store, transport=centre).state == "done"
    assert rows(zhao, "visits") == rows(zhao, "companies") == []


def test_before_enrolment_lines_are_filed_all_the_same(laptop: Laptop) -> None:
    store = laptop("wang")
    actions.keep_note(store, LINE)
    with pytest.raises(NotEnrolled):
        synchronise(store)
    assert len(rows(store, "visits")) == 1


def test_a_line_that_cannot_be_sent_is_safe_and_told(joined: Any, centre: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    store = joined("wang")
    visit = actions.keep_note(store, LINE)
    centre.faults = ["request"] * 50
    outcome = synchronise(store, transport=centre)
    assert (outcome.state, outcome.waiting) == ("unreachable", 5)
    connection = store.reader()
    try:
        status = read_status(connection)
        assert (status.waiting, status.state) == (5, "unreachable")
        assert badges(connection, "visits", [visit]) == {visit: "waiting"}
        assert inbox.waiting(connection) == []
    finally:
        connection.close()
    centre.faults = []
    assert synchronise(store, transport=centre).state == "done"


def test_different_fields_of_one_record_both_survive_and_one_field_keeps_both_values(disputed: Any) -> None:
    wang, li, _lead = disputed
    for store in (wang, li):
        (found,) = rows(store, "leads")
        assert (found["note"], found["content"], found["amount"], found["currency"]) == (
            "wang's",
            "li's",
            3_000_000,
            "USD",
        )
    held = {one.field: (one.kept.value, one.other.value) for one in told(wang)}
    assert held == {"amount": (3_000_000, 200_000_000)}
    connection = wang.reader()
    try:
        assert read_status(connection).conflicts == 1
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("choice", "value", "amount", "text", "currency"),
    [
        ("mine", None, 200_000_000, "2亿", "CNY"),
        ("theirs", None, 3_000_000, "300万美元", "USD"),
        ("", "5亿", 500_000_000, "5亿", "CNY"),
    ],
)
def test_a_conflict_is_settled_for_everybody(
    disputed: Any, centre: Any, choice: str, value: object, amount: int, text: str, currency: str
) -> None:
    wang, li, lead = disputed
    settle(wang, told(wang)[0].id, choice, value)
    assert told(wang) == []
    for store in (wang, li, wang):
        assert synchronise(store, transport=centre).state == "done"
    for store in (wang, li):
        (found,) = rows(store, "leads")
        assert (found["id"], found["amount"], found["amount_text"]) == (lead, amount, text)
        assert found["currency"] == currency
        assert told(store) == []


def test_a_choice_that_is_none_changes_nothing(disputed: Any) -> None:
    wang, _li, _lead = disputed
    (dispute,) = told(wang)
    with pytest.raises(Invalid):
        settle(wang, dispute.id, "both")
    with pytest.raises(Invalid):
        settle(wang, dispute.id, "", "plenty")
    with pytest.raises(NoSuchRecord):
        settle(wang, "nothing", "mine")
    assert told(wang) == [dispute]


def test_undo_keeps_what_came_in_from_the_centre(joined: Any, centre: Any) -> None:
    wang, li = joined("wang"), joined("li")
    lead = actions.add(wang, "leads", {"title": "电池包"})
    for store in (wang, li):
        synchronise(store, transport=centre)
    actions.edit(wang, "leads", lead, {"title": "电池包一期", "note": "wang's"})
    for store in (wang, li):
        synchronise(store, transport=centre)
    actions.edit(li, "leads", lead, {"title": "电池包二期"})
    for store in (li, wang):
        synchronise(store, transport=centre)
    assert [kept.field for kept in actions.undo(wang).kept] == ["title"]
    assert (rows(wang, "leads")[0]["title"], rows(wang, "leads")[0]["note"]) == ("电池包二期", "")


def test_a_withdrawn_laptop_is_told() -> None:
    assert isinstance(as_failure(Revoked()), Withdrawn)
