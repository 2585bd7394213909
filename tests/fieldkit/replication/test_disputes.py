"""Conflicts in words, settled either way with undo; a deletion beside an edit; refused records sent again or given up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest

from fieldkit import actions, i18n
from fieldkit.errors import NoSuchRecord, NothingToUndo
from fieldkit.replication.disputes import Dispute, dispute_named, disputes, settle
from fieldkit.replication.enrol import enrol
from fieldkit.replication.laptop import synchronise
from fieldkit.replication.refusals import Refusal, give_up, refusals, send_again
from fieldkit.replication.status import badges, read_status
from fieldkit.store import query
from fieldkit.store.store import Store

URL = "https://centre.example"
Meet = Callable[[], None]


@pytest.fixture
def chinese() -> Iterator[None]:
    i18n.use_language("zh_CN")
    yield
    i18n.use_language(i18n.FALLBACK)


def told(store: Store) -> list[Dispute]:
    with closing(store.reader()) as connection:
        return disputes(connection)


def refused(store: Store) -> list[Refusal]:
    with closing(store.reader()) as connection:
        return refusals(connection)


def rows(store: Store, kind: str) -> list[dict[str, Any]]:
    with closing(store.reader()) as connection:
        return query.rows(connection, kind, query.ids(connection, kind))


def values_of(dispute: Dispute) -> tuple[str, str, str]:
    return dispute.field, dispute.kept.words, dispute.other.words


def test_both_values_of_an_amount_keep_their_own_currency(pair: Any, meet: Meet) -> None:
    wang, li = pair
    lead = actions.add(wang, "leads", {"title": "电池包", "amount": "1亿"})
    meet()
    actions.edit(wang, "leads", lead, {"amount": "2亿"})
    actions.edit(li, "leads", lead, {"amount": "300万美元"})
    meet()
    for store in pair:
        (found,) = told(store)
        assert values_of(found) == ("amount", "USD 3 million", "CNY 200 million")
        assert (found.kept.name, found.other.name) == ("李强", "王芳")
    assert (told(wang)[0].mine.words, told(li)[0].mine.words) == ("CNY 200 million", "USD 3 million")


def test_a_reference_is_told_by_its_name_also_when_that_is_deleted(pair: Any, meet: Meet) -> None:
    wang, li = pair
    first, second = (actions.add(wang, "companies", {"name": name}) for name in ("宁德时代", "古井贡酒"))
    visit = actions.add(wang, "visits", {"text": "谈了一次"})
    meet()
    actions.edit(wang, "visits", visit, {"company_id": first, "visited_on": "2026-11-20"})
    actions.edit(li, "visits", visit, {"company_id": second, "visited_on": "2026-11-21"})
    meet()
    actions.delete(li, "companies", first)
    meet()
    held = {values_of(one) for one in told(li)}
    assert ("company_id", "古井贡酒", "宁德时代") in held
    assert ("visited_on", "2026-11-21", "2026-11-20") in held


@pytest.mark.parametrize("deleted_last", [True, False])
def test_a_deletion_beside_an_edit_is_told_to_both_and_settled_either_way(
    pair: Any, meet: Meet, chinese: None, deleted_last: bool
) -> None:
    wang, li = pair
    lead = actions.add(wang, "leads", {"title": "电池包", "amount": "1亿"})
    meet()
    deeds = [lambda: actions.edit(li, "leads", lead, {"amount": "2亿"}), lambda: actions.delete(wang, "leads", lead)]
    for deed in deeds if deleted_last else reversed(deeds):
        deed()
    meet()
    for store in pair:
        (found,) = told(store)
        assert found.sentence() == "王芳删除了它，李强改了金额"
        assert (found.title, found.gone) == ("电池包", deleted_last)
        assert len(rows(store, "leads")) == (0 if deleted_last else 1)
    (found,) = told(wang)
    settle(wang, found.id, "theirs")
    assert [row["amount"] for row in rows(wang, "leads")] == [200_000_000]
    meet()
    assert [told(store) for store in pair] == [[], []]
    assert [len(rows(store, "leads")) for store in pair] == [1, 1]
    if deleted_last:
        actions.undo(wang)
        meet()
        assert [rows(store, "leads") for store in pair] == [[], []]


def test_a_deletion_of_what_was_known_is_no_conflict(pair: Any, meet: Meet) -> None:
    wang, li = pair
    lead = actions.add(wang, "leads", {"title": "电池包"})
    meet()
    actions.edit(li, "leads", lead, {"amount": "2亿"})
    actions.edit(wang, "leads", lead, {"note": "beside it"})
    meet()
    actions.delete(wang, "leads", lead)
    meet()
    assert [told(store) for store in pair] == [[], []]
    assert [rows(store, "leads") for store in pair] == [[], []]


def test_a_conflict_of_a_record_that_was_deleted_later_is_seen_and_settled(pair: Any, meet: Meet) -> None:
    wang, li = pair
    lead = actions.add(wang, "leads", {"title": "电池包", "amount": "1亿"})
    meet()
    actions.edit(wang, "leads", lead, {"amount": "2亿"})
    actions.edit(li, "leads", lead, {"amount": "3亿"})
    meet()
    actions.delete(wang, "leads", lead)
    meet()
    (found,) = told(li)
    assert (found.gone, found.title) == (True, "电池包")
    settle(li, found.id, "", "5亿")
    meet()
    assert [told(store) for store in pair] == [[], []]


def test_settling_goes_into_the_history_as_one_change(pair: Any, meet: Meet) -> None:
    wang, li = pair
    lead = actions.add(wang, "leads", {"title": "电池包", "amount": "1亿"})
    meet()
    actions.edit(wang, "leads", lead, {"amount": "2亿"})
    actions.edit(li, "leads", lead, {"amount": "300万美元"})
    meet()
    settle(wang, told(wang)[0].id, "mine")
    assert actions.undo(wang).label == "Settled lead 电池包"
    (row,) = rows(wang, "leads")
    assert (row["amount"], row["amount_text"], row["currency"]) == (3_000_000, "300万美元", "USD")
    actions.redo(wang)
    meet()
    for store in pair:
        (row,) = rows(store, "leads")
        assert (row["amount"], row["currency"]) == (200_000_000, "CNY")
        assert told(store) == []


@pytest.mark.parametrize("heard", [False, True], ids=["before the others hear of it", "after"])
@pytest.mark.parametrize(("choice", "value"), [("mine", None), ("theirs", None), ("", "合肥 / 上海")])
@pytest.mark.parametrize("settler", [0, 1], ids=["whose value gave way", "whose value stands"])
def test_undo_takes_a_decision_back_and_both_values_are_in_sight_again(
    pair: Any, meet: Meet, choice: str, value: str | None, heard: bool, settler: int
) -> None:
    company = actions.add(pair[0], "companies", {"name": "古井贡酒"})
    meet()
    for store, region in zip(pair, ("合肥", "上海"), strict=True):
        actions.edit(store, "companies", company, {"region": region})
    meet()
    store = pair[settler]
    actions.edit(store, "companies", company, {"note": "unrelated"})
    settle(store, told(store)[0].id, choice, value)
    if heard:
        meet()
        assert [told(one) for one in pair] == [[], []]
    assert actions.undo(store).label == "Settled company 古井贡酒"
    assert [values_of(one) for one in told(store)] == [("region", "上海", "合肥")]
    meet()
    assert [(values_of(one), one.other.name) for each in pair for one in told(each)] == [
        (("region", "上海", "合肥"), "王芳")
    ] * 2
    assert [row["note"] for each in pair for row in rows(each, "companies")] == ["unrelated"] * 2
    actions.redo(store)
    assert told(store) == []
    meet()
    assert [told(one) for one in pair] == [[], []]
    assert len({row["region"] for each in pair for row in rows(each, "companies")}) == 1


def test_a_decision_that_somebody_has_overtaken_is_not_taken_back(pair: Any, meet: Meet) -> None:
    wang, li = pair
    company = actions.add(wang, "companies", {"name": "古井贡酒"})
    meet()
    for store, region in ((wang, "合肥"), (li, "上海")):
        actions.edit(store, "companies", company, {"region": region})
    meet()
    settle(wang, told(wang)[0].id, "mine")
    meet()
    actions.edit(li, "companies", company, {"region": "北京"})
    meet()
    assert [kept.field for kept in actions.undo(wang).kept] == ["region"]
    meet()
    assert [told(store) for store in pair] == [[], []]


def test_of_three_values_the_one_that_was_chosen_stands(laptop: Any, centre: Any, pair: Any, meet: Meet) -> None:
    wang, li = pair
    zhao = laptop("赵敏")
    enrol(zhao, URL, centre.invite("赵敏", "digital"), transport=centre)
    company = actions.add(wang, "companies", {"name": "古井贡酒", "region": "亳州"})
    meet()
    synchronise(zhao, transport=centre)
    for store, region in ((wang, "合肥"), (li, "上海"), (zhao, "北京")):
        actions.edit(store, "companies", company, {"region": region})
    for store in (wang, li, zhao, wang):
        synchronise(store, transport=centre)
    held = {one.other.words: one.id for one in told(wang)}
    assert set(held) == {"合肥", "上海"}
    settle(wang, held["上海"], "theirs")
    assert [row["region"] for row in rows(wang, "companies")] == ["上海"]
    assert [one.other.words for one in told(wang)] == ["合肥"]


def test_a_conflict_is_named_by_its_id_or_its_records(pair: Any, meet: Meet) -> None:
    wang, li = pair
    company = actions.add(wang, "companies", {"name": "古井贡酒"})
    meet()
    for store, region in ((wang, "合肥"), (li, "上海")):
        actions.edit(store, "companies", company, {"region": region})
    meet()
    (found,) = told(wang)
    with closing(wang.reader()) as connection:
        assert dispute_named(connection, found.id[:8]) == found
        assert dispute_named(connection, company) == found
        assert dispute_named(connection, found.id[:3]) is None
        assert dispute_named(connection, "ffffffffff") is None


def test_a_refused_edit_given_up_takes_the_centres_version_and_undo_sends_it_again(
    pair: Any, meet: Meet, strict: Any
) -> None:
    wang, li = pair
    lead = actions.add(wang, "leads", {"title": "电池包", "note": "good"})
    meet()
    actions.edit(wang, "leads", lead, {"note": "bad", "title": "电池包一期"})
    actions.edit(li, "leads", lead, {"content": "from li"})
    meet()
    (found,) = refused(wang)
    assert (found.title, found.reason, found.gone) == ("电池包一期", "author", False)
    assert "name" in found.why
    give_up(wang, "leads", lead)
    assert refused(wang) == []
    meet()
    (row,) = rows(wang, "leads")
    assert (row["title"], row["note"], row["content"]) == ("电池包", "good", "from li")
    with closing(wang.reader()) as connection:
        assert badges(connection, "leads", [lead]) == {}
        assert read_status(connection)[:5] == (0, None, 0, 0, 0)
    actions.undo(wang)
    (row,) = rows(wang, "leads")
    assert (row["title"], row["note"]) == ("电池包一期", "bad")
    assert told(wang) == []
    meet()
    assert len(refused(wang)) == 1


def test_a_refused_new_record_given_up_goes_and_undo_brings_it_back(pair: Any, meet: Meet, strict: Any) -> None:
    wang, li = pair
    lead = actions.add(wang, "leads", {"title": "电池包", "note": "bad"})
    meet()
    give_up(wang, "leads", lead)
    assert rows(wang, "leads") == refused(wang) == []
    meet()
    assert rows(wang, "leads") == rows(li, "leads") == []
    actions.undo(wang)
    actions.edit(wang, "leads", lead, {"note": "better"})
    meet()
    assert [row["note"] for store in pair for row in rows(store, "leads")] == ["better", "better"]


def test_what_only_this_laptop_has_is_given_up_taken_back_and_refused_again_without_losing_a_word(
    laptop: Any, centre: Any
) -> None:
    leader = laptop("陈立")
    enrol(leader, URL, centre.invite("陈立", "", "leader"), transport=centre)
    contact = actions.add(leader, "contacts", {"name": "重要人", "phone": "13900001111", "note": "只在此处"})
    for _ in range(2):
        synchronise(leader, transport=centre)
        assert [one.id for one in refused(leader)] == [contact]
        give_up(leader, "contacts", contact)
        synchronise(leader, transport=centre)
        actions.undo(leader)
    synchronise(leader, transport=centre)
    (row,) = rows(leader, "contacts")
    assert (row["name"], row["phone"], row["note"]) == ("重要人", "+8613900001111", "只在此处")
    (found,) = refused(leader)
    assert (found.title, found.gone) == ("重要人", False)


def test_an_edit_given_up_and_taken_back_before_the_next_exchange_is_no_conflict(
    pair: Any, meet: Meet, strict: Any
) -> None:
    wang, _li = pair
    lead = actions.add(wang, "leads", {"title": "电池包", "note": "good"})
    meet()
    actions.edit(wang, "leads", lead, {"note": "bad"})
    meet()
    give_up(wang, "leads", lead)
    actions.undo(wang)
    strict.network.server._rules = strict.network.server._rules._replace(refuse=None)
    meet()
    assert [(row["note"], told(store)) for store in pair for row in rows(store, "leads")] == [("bad", []), ("bad", [])]


def test_a_refused_record_is_sent_again_as_it_is(pair: Any, meet: Meet, strict: Any) -> None:
    wang, li = pair
    lead = actions.add(wang, "leads", {"title": "电池包", "note": "bad"})
    meet()
    strict.network.server._rules = strict.network.server._rules._replace(refuse=None)
    meet()
    assert rows(li, "leads") == []
    send_again(wang, "leads", lead)
    meet()
    assert [row["note"] for row in rows(li, "leads")] == ["bad"]


def test_only_what_was_refused_is_given_up_or_sent_again(pair: Any, meet: Meet) -> None:
    wang, _li = pair
    lead = actions.add(wang, "leads", {"title": "电池包"})
    for answer in (give_up, send_again):
        with pytest.raises(NoSuchRecord):
            answer(wang, "leads", lead)
    meet()
    with pytest.raises(NoSuchRecord):
        give_up(wang, "leads", lead)
    assert len(rows(wang, "leads")) == 1
    actions.undo(wang)
    with pytest.raises(NothingToUndo):
        actions.undo(wang)
