"""A guide comes to the laptops of its task force, is written by the office alone, and troubles no laptop that does not know it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from fieldkit import actions
from fieldkit.domain import records
from fieldkit.errors import OnlyRead
from fieldkit.ids import new_id
from fieldkit.replication import centre as centres_side
from fieldkit.replication import tables
from fieldkit.replication.enrol import enrol
from fieldkit.replication.laptop import synchronise
from fieldkit.replication.refusals import refusals
from fieldkit.replication.status import read_status
from fieldkit.store import guides, search
from fieldkit.store.store import Store
from sync.devices import Caller

URL = "https://centre.example"
PAIRS = {"digital": "digital", "electronics": "electronics", "office": ""}
Publish = Callable[..., str]


@pytest.fixture
def joined(laptop: Any, centre: Any) -> Callable[..., Store]:
    def make(name: str, group: str = "digital", role: str = "recruiter") -> Store:
        store = laptop(name)
        enrol(store, URL, centre.invite(name, group, role), transport=centre)
        return store

    return make


@pytest.fixture
def publish(centre: Any, clock: Any) -> Publish:
    def write(title: str, task_force: str = "digital", **values: Any) -> str:
        given = {"id": new_id(clock), "version": 1, "position": 1, "published_at": clock()} | values
        section = records.GuideSection(task_force=task_force, title=title, **given)
        centres_side.save(centre.network.server, "office", [section])
        return section.id

    return write


def exchange(store: Store, centre: Any) -> None:
    assert synchronise(store, transport=centre).state == "done"


def held(store: Store) -> list[tuple[str, list[str]]]:
    with closing(store.reader()) as connection:
        return [(one.task_force, [row["title"] for row in one.sections]) for one in guides.held(connection)]


def found(store: Store, words: str) -> list[str]:
    with closing(store.reader()) as connection:
        return [row["title"] for row in search.find(connection, words)]


def test_a_guide_comes_to_its_task_force_and_to_those_who_see_all(joined: Any, centre: Any, publish: Publish) -> None:
    publish("算力政策")
    publish("芯片政策", "electronics")
    wang, zhao = joined("wang"), joined("zhao", "electronics")
    office, leader = joined("office", "office", "office"), joined("leader", "", "leader")
    for store in (wang, zhao, office, leader):
        exchange(store, centre)
    assert (held(wang), held(zhao)) == ([("digital", ["算力政策"])], [("electronics", ["芯片政策"])])
    assert held(office) == held(leader) == [("digital", ["算力政策"]), ("electronics", ["芯片政策"])]
    assert (found(wang, "政策"), found(zhao, "suanli")) == (["算力政策"], [])


@pytest.mark.parametrize(
    ("role", "group", "task_forces"),
    [
        ("recruiter", "digital", {"digital"}),
        ("group-leader", "electronics", {"electronics"}),
        ("recruiter", "unknown", set()),
        ("leader", "", {"digital", "electronics"}),
        ("office", "office", {"digital", "electronics"}),
        ("admin", "office", {"digital", "electronics"}),
    ],
)
def test_the_guides_of_a_role_are_those_of_its_groups(role: str, group: str, task_forces: set[str]) -> None:
    scopes = {scope for scope in tables.reads(role, group, PAIRS) if scope.startswith("guide:")}
    assert scopes == {tables.guide_scope(code) for code in task_forces}
    assert not scopes & tables.writes(role, group)


def test_a_new_version_replaces_what_it_changes_and_what_is_withdrawn_goes(
    joined: Any, centre: Any, publish: Publish
) -> None:
    wang = joined("wang")
    policy, gone = publish("算力政策"), publish("数据标注", position=2)
    exchange(wang, centre)
    publish("算力与存力", id=policy, version=2)
    publish("数据标注", id=gone, version=2, position=2, deleted=True)
    exchange(wang, centre)
    assert held(wang) == [("digital", ["算力与存力"])]
    assert (found(wang, "标注"), found(wang, "存力")) == ([], ["算力与存力"])
    with closing(wang.reader()) as connection:
        assert guides.held(connection)[0].version == 2


def test_who_comes_to_another_group_leaves_the_guide_behind(joined: Any, centre: Any, publish: Publish) -> None:
    publish("算力政策")
    publish("芯片政策", "electronics")
    wang = joined("wang")
    exchange(wang, centre)
    ((credential, caller),) = centre.callers.items()
    reads = tables.reads("recruiter", "electronics", PAIRS)
    centre.callers[credential] = Caller(caller.person, caller.device, reads, tables.writes("recruiter", "electronics"))
    exchange(wang, centre)
    assert held(wang) == [("electronics", ["芯片政策"])]
    assert found(wang, "算力") == []


def test_nobody_writes_a_guide_on_a_laptop(joined: Any, centre: Any, publish: Publish) -> None:
    wang = joined("wang")
    section = publish("算力政策")
    exchange(wang, centre)
    for deed in (
        lambda: actions.edit(wang, "guides", section, {"title": "别的"}),
        lambda: actions.delete(wang, "guides", section),
        lambda: actions.add(wang, "guides", {"title": "别的"}),
    ):
        with pytest.raises(OnlyRead):
            deed()
    assert held(wang) == [("digital", ["算力政策"])]


def test_the_centre_takes_no_guide_from_a_changed_program(
    joined: Any, centre: Any, publish: Publish, clock: Any
) -> None:
    wang, li = joined("wang"), joined("li")
    section = publish("算力政策")
    exchange(wang, centre)
    with wang.session() as session:
        known = session.get(records.GuideSection, section)
        known.title = "改过"
        given = {"version": 9, "position": 2, "published_at": clock()}
        session.add(records.GuideSection(id=new_id(clock), task_force="digital", title="伪造", **given))
        session.commit()
    exchange(wang, centre)
    exchange(li, centre)
    assert held(li) == [("digital", ["算力政策"])]
    with closing(wang.reader()) as connection:
        assert {one.kind for one in refusals(connection)} == {"guides"}
        assert read_status(connection).rejected == 2


def test_a_guide_is_refused_even_to_who_may_write_all(clock: Any) -> None:
    caller = Caller("p", "d", frozenset(), frozenset({"guide:digital", "group:digital"}))
    assert centres_side.refuse(caller, "guides", None, {"task_force": "digital"}) == "reference"


def test_an_older_laptop_exchanges_its_work_all_the_same_and_has_the_guide_once_it_is_renewed(
    joined: Any, centre: Any, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish("算力政策")
    wang, li = joined("wang"), joined("li")
    with monkeypatch.context() as patch:
        patch.setattr(tables, "TABLES", tuple(one for one in tables.TABLES if one is not records.GuideSection))
        patch.setattr(tables, "SCHEMA", 2)
        actions.add(wang, "companies", {"name": "宁德时代"})
        exchange(wang, centre)
        publish("数据标注", position=2)
        exchange(wang, centre)
        assert held(wang) == []
        wang.close()  # the older program ends; what opens the store next is the new one
    exchange(li, centre)
    assert found(li, "宁德") == ["宁德时代"]
    exchange(wang, centre)
    assert held(wang) == [("digital", ["算力政策", "数据标注"])]
    assert found(wang, "宁德") == ["宁德时代"]
