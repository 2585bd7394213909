"""A colleague works on what is merged meanwhile: the words go into the one that stands, once, and come apart with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Any

import pytest

from fieldkit import actions
from fieldkit.replication import merges
from fieldkit.replication.disputes import disputes
from fieldkit.replication.enrol import enrol
from fieldkit.replication.laptop import synchronise
from fieldkit.replication.status import read_status
from fieldkit.store import query, search
from fieldkit.store.store import Store

URL = "https://centre.example"
KINDS = ("companies", "contacts", "leads", "visits", "followups")
ORDERS = ["ABAB", "BABA", "AABBAB", "BBAABA"]
Sync = Callable[[str], None]


class Field:
    """海螺水泥 and 海螺集团 with 张伟 and 张威, 骨料 and 砂石: ids by kind."""

    companies: tuple[str, str]
    contacts: tuple[str, str]
    leads: tuple[str, str]


@pytest.fixture
def sync(pair: tuple[Store, Store], centre: Any) -> Sync:
    """Who exchanges in which order: A and B."""

    def exchange(order: str) -> None:
        for letter in order:
            assert synchronise(pair["AB".index(letter)], transport=centre).state == "done"

    return exchange


@pytest.fixture
def field(pair: tuple[Store, Store], sync: Sync) -> Field:
    a, _b = pair
    made = Field()
    made.companies = _two(a, "companies", [{"name": "海螺水泥"}, {"name": "海螺集团"}])
    one, two = made.companies
    made.contacts = _two(a, "contacts", [{"name": "张伟", "company_id": one}, {"name": "张威", "company_id": two}])
    made.leads = _two(a, "leads", [{"title": "骨料", "company_id": one}, {"title": "砂石", "company_id": two}])
    sync("AB")
    return made


def _two(store: Store, kind: str, values: Sequence[dict[str, object]]) -> tuple[str, str]:
    one, two = (actions.add(store, kind, one) for one in values)
    return one, two


def rows(store: Store, kind: str) -> list[dict[str, Any]]:
    with closing(store.reader()) as connection:
        return query.rows(connection, kind, sorted(query.ids(connection, kind)))


def found(store: Store, words: str) -> set[str]:
    with closing(store.reader()) as connection:
        return {row["id"] for row in search.find(connection, words)}


def conflicts(store: Store) -> int:
    with closing(store.reader()) as connection:
        return len(disputes(connection)) + read_status(connection).conflicts + read_status(connection).waiting


def merge_all(store: Store, field: Field) -> None:
    for kind in ("companies", "contacts", "leads"):
        actions.merge(store, kind, *getattr(field, kind))


def edit_all(store: Store, field: Field) -> None:
    actions.edit(store, "companies", field.companies[1], {"address": "芜湖", "note": "乙的企业备注"})
    actions.edit(store, "contacts", field.contacts[1], {"wechat": "wx77"})
    actions.edit(store, "contacts", field.contacts[1], {"note": "乙的联系人备注", "phone": "13800000002"})
    actions.edit(store, "leads", field.leads[1], {"amount": "3亿", "content": "乙的建设内容"})


WORDS = {
    "companies": ("芜湖", "乙的企业备注"),
    "contacts": ("wx77", "乙的联系人备注", "13800000002"),
    "leads": ("乙的建设内容",),
}


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("merged_first", [True, False])
def test_what_was_written_into_the_merged_one_stands_in_the_other_once_on_every_laptop(
    pair: tuple[Store, Store], field: Field, sync: Sync, order: str, merged_first: bool
) -> None:
    a, b = pair
    deeds = [lambda: merge_all(a, field), lambda: edit_all(b, field)]
    for deed in deeds if merged_first else deeds[::-1]:
        deed()
    sync(order)
    assert [rows(a, kind) for kind in KINDS] == [rows(b, kind) for kind in KINDS]
    for store in pair:
        for kind, words in WORDS.items():
            stands = getattr(field, kind)[0]
            (row,) = rows(store, kind)
            assert row["id"] == stands
            said = "\n".join(map(str, row.values()))
            for one in words:
                assert found(store, one) == {stands}
                assert said.count(one) == 1
        assert rows(store, "leads")[0]["amount"] == 300_000_000
        assert conflicts(store) == 0
    before = [rows(a, kind) for kind in KINDS]
    sync("ABAB")
    assert [rows(a, kind) for kind in KINDS] == [rows(b, kind) for kind in KINDS] == before


def test_what_differs_from_the_one_that_stands_is_told_beneath_it(
    pair: tuple[Store, Store], field: Field, sync: Sync
) -> None:
    a, b = pair
    actions.edit(a, "contacts", field.contacts[0], {"wechat": "wei", "note": "甲"})
    actions.edit(a, "contacts", field.contacts[1], {"post": "总监", "note": "旧"})
    sync("AB")
    actions.merge(a, "contacts", *field.contacts)
    actions.edit(b, "contacts", field.contacts[1], {"wechat": "wx77", "post": "厂长", "note": "旧\n新"})
    sync("ABA")
    for store in pair:
        (row,) = rows(store, "contacts")
        assert (row["wechat"], row["post"]) == ("wei", "总监")
        lines = row["note"].splitlines()
        assert [line for line in lines if line in ("甲", "旧", "新")] == ["甲", "旧", "新"]
        assert row["note"].count("wx77") == row["note"].count("厂长") == row["note"].count("Company") == 1
        assert conflicts(store) == 0


@pytest.mark.parametrize("order", ORDERS)
def test_undo_takes_the_merge_apart_and_what_a_colleague_attached_goes_back(
    pair: tuple[Store, Store], field: Field, sync: Sync, order: str
) -> None:
    a, b = pair
    merge_all(a, field)
    edit_all(b, field)
    (company, contact, lead) = (field.companies[1], field.contacts[1], field.leads[1])
    visit = actions.add(b, "visits", {"text": "谈", "company_id": company, "contact_id": contact, "lead_id": lead})
    person = actions.add(b, "contacts", {"name": "赵六", "company_id": company})
    sync(order)
    for store in pair:
        (seen,) = rows(store, "visits")
        assert (seen["company_id"], seen["contact_id"], seen["lead_id"]) == (
            field.companies[0], field.contacts[0], field.leads[0],
        )  # fmt: skip
    for _step in range(3):
        actions.undo(a)
    sync("ABAB")
    for store in pair:
        (seen,) = rows(store, "visits")
        assert (seen["id"], seen["company_id"], seen["contact_id"], seen["lead_id"]) == (visit, company, contact, lead)
        assert {row["company_id"] for row in rows(store, "contacts") if row["id"] == person} == {company}
        for kind in ("companies", "contacts", "leads"):
            assert set(getattr(field, kind)) <= {row["id"] for row in rows(store, kind)}
        assert conflicts(store) == 0
    assert [rows(a, kind) for kind in KINDS] == [rows(b, kind) for kind in KINDS]


def test_an_undo_before_the_colleague_is_heard_of_leaves_everything_where_it_was(
    pair: tuple[Store, Store], field: Field, sync: Sync
) -> None:
    a, b = pair
    merge_all(a, field)
    sync("A")
    edit_all(b, field)
    actions.add(b, "visits", {"text": "谈", "company_id": field.companies[1]})
    for _step in range(3):
        actions.undo(a)
    sync("ABAB")
    assert [rows(a, kind) for kind in KINDS] == [rows(b, kind) for kind in KINDS]
    for store in pair:
        assert [row["company_id"] for row in rows(store, "visits")] == [field.companies[1]]
        assert {row["id"] for row in rows(store, "contacts")} == set(field.contacts)
        assert conflicts(store) == 0


def test_the_words_are_out_of_reach_where_nobody_takes_them_in(
    pair: tuple[Store, Store], field: Field, sync: Sync, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merges, "_take_in", lambda _store: 0)
    a, b = pair
    actions.edit(b, "contacts", field.contacts[1], {"wechat": "wx77"})
    actions.merge(a, "contacts", *field.contacts)
    sync("ABAB")
    assert found(a, "wx77") == set()
    assert conflicts(a)


def test_a_merge_beside_an_edit_is_told_as_a_merge(
    pair: tuple[Store, Store], field: Field, sync: Sync, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merges, "_take_in", lambda _store: 0)
    a, b = pair
    actions.edit(b, "contacts", field.contacts[1], {"wechat": "wx77"})
    actions.merge(a, "contacts", *field.contacts)
    sync("ABA")
    for store in pair:
        with closing(store.reader()) as connection:
            (dispute,) = disputes(connection)
        assert dispute.sentence() == "王芳 merged it into 张伟, 李强 changed WeChat"
        assert {dispute.kept.words, dispute.other.words} == {"merged it into 张伟", "changed WeChat"}
    actions.undo(a)
    for store in pair:
        with closing(store.reader()) as connection:
            assert [one.sentence() for one in disputes(connection)] == (
                [] if store is a else ["王芳 merged it into 张伟, 李强 changed WeChat"]
            )
    sync("ABA")
    assert [conflicts(store) for store in pair] == [0, 0]


def test_two_merges_at_once_are_told_as_merges_and_their_undoing_leaves_nothing_to_decide(
    pair: tuple[Store, Store], field: Field, sync: Sync
) -> None:
    a, b = pair
    one, two = field.contacts
    actions.merge(a, "contacts", one, two)
    actions.merge(b, "contacts", two, one)
    sync("ABAB")
    for store in pair:
        with closing(store.reader()) as connection:
            told = {dispute.sentence() for dispute in disputes(connection)}
        assert told == {
            "王芳 merged it into 张伟, 李强 changed Remarks",
            "李强 merged it into 张威, 王芳 changed Remarks",
        }
    for store in (a, b):
        actions.undo(store)
        sync("ABAB")
    for store in pair:
        assert {row["id"] for row in rows(store, "contacts")} == {one, two}
        with closing(store.reader()) as connection:
            assert [dispute.sentence() for dispute in disputes(connection)] == []


@pytest.mark.parametrize("merged_first", [True, False])
def test_ones_own_other_laptop_takes_in_what_it_wrote(
    pair: tuple[Store, Store], field: Field, laptop: Any, centre: Any, merged_first: bool
) -> None:
    a, _b = pair
    other = laptop("二号")
    centre.used.clear()
    known = set(centre.callers)
    enrol(other, URL, centre.invite("王芳", "digital"), transport=centre)
    (credential,) = set(centre.callers) - known
    centre.callers[credential] = centre.callers[credential]._replace(device="second-laptop")
    both = (a, other)
    assert synchronise(other, transport=centre).state == "done"
    deeds = [lambda: merge_all(a, field), lambda: edit_all(other, field)]
    for deed in deeds if merged_first else deeds[::-1]:
        deed()
    for store in (*both, *both):
        assert synchronise(store, transport=centre).state == "done"
    assert [rows(a, kind) for kind in KINDS] == [rows(other, kind) for kind in KINDS]
    for store in both:
        for kind, words in WORDS.items():
            (row,) = rows(store, kind)
            assert row["id"] == getattr(field, kind)[0]
            assert all(one in "\n".join(map(str, row.values())) for one in words)
        assert conflicts(store) == 0
