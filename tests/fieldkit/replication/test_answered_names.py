"""What one member of a group has answered about a name, nobody else of the group is asked again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Any

from fieldkit import actions
from fieldkit.store import query
from fieldkit.store.store import Store

Meet = Callable[[], None]


def companies(store: Store) -> list[tuple[str, str, str]]:
    with closing(store.reader()) as connection:
        found = query.rows(connection, "companies", query.ids(connection, "companies"))
    return [(row["name"], row["former_names"], row["uscc"]) for row in found]


def test_an_answer_its_code_and_its_undo_reach_the_other_laptop(pair: Any, meet: Meet) -> None:
    wang, li = pair
    company = actions.add(wang, "companies", {"name": "宁德时代"})
    visit = actions.file_line(wang, actions.keep_note(wang, "拜访宁德时带 91350900587527783P"))
    assert visit.needs == ("company",)
    actions.settle(wang, visit.id, {"company_id": company})
    meet()
    assert companies(li) == companies(wang) == [("宁德时代", "宁德时带", "91350900587527783P")]
    assert actions.file_line(li, actions.keep_note(li, "回访宁德时带 谈用地")).needs == ()
    actions.undo(wang)
    meet()
    assert companies(li) == companies(wang) == [("宁德时代", "", "")]
