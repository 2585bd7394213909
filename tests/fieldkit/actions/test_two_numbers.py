"""Two telephone numbers in one field: each is found and links; what is no whole number is told."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from fieldkit import actions
from fieldkit.domain.doubts import doubts_about
from fieldkit.domain.phone_numbers import phone_number, spellings
from fieldkit.domain.phones import readable
from fieldkit.store import query
from fieldkit.store.store import Store

Stands = Callable[[str], list[dict[str, Any]]]
ONE, OTHER = "13800138000", "13900139000"
STORED = f"+86{ONE}、+86{OTHER}"
TYPED = [
    f"{ONE}/{OTHER}",
    f"{ONE}、{OTHER}",
    f"{ONE} {OTHER}",
    f"{ONE}，{OTHER}",
    f"{ONE};{OTHER}",
    "138 0013 8000 / 139-0013-9000",
    "138 0013 8000 139 0013 9000",
    STORED,
]


@pytest.mark.parametrize("typed", TYPED)
def test_two_numbers_are_stored_uniformly(typed: str) -> None:
    assert phone_number(typed) == STORED
    assert readable(STORED) == "138 0013 8000、139 0013 9000"
    assert {ONE, OTHER} <= set(spellings(typed))


@pytest.mark.parametrize("typed", ["0558-5123456/7", f"{ONE}/8001", f"{ONE} 张伟", "1380013800"])
def test_what_is_no_whole_number_is_kept_as_typed(typed: str) -> None:
    assert phone_number(typed) == typed


@pytest.mark.parametrize("number", [ONE, OTHER])
def test_either_number_is_found_and_links(store: Store, stands: Stands, number: str) -> None:
    company = actions.add(store, "companies", {"name": "海螺水泥"})
    contact = actions.add(store, "contacts", {"name": "张伟", "company_id": company, "phone": f"{ONE}/{OTHER}"})
    for line in (f"{number} 来电", f"拜访海螺水泥 @张伟 {number}"):
        visit = actions.file_line(store, actions.keep_note(store, line))
        assert visit.needs == ()
    assert {row["contact_id"] for row in stands("visits")} == {contact}
    with closing(store.reader()) as connection:
        assert query.ids(connection, "contacts", text=number) == [contact]
    assert len(stands("contacts")) == 1


def test_a_number_stored_as_typed_links_as_well(store: Store, stands: Stands) -> None:
    company = actions.add(store, "companies", {"name": "海螺水泥"})
    contact = actions.add(store, "contacts", {"name": "张伟", "company_id": company})
    with store.session() as session:
        from fieldkit.domain.records import Contact

        session.get(Contact, contact).phone = f"{ONE}/{OTHER}"
        session.commit()
    assert actions.file_line(store, actions.keep_note(store, f"{OTHER} 来电")).needs == ()
    assert stands("visits")[0]["contact_id"] == contact


def test_ten_digits_are_doubtful() -> None:
    assert [doubt.field for doubt in doubts_about("contacts", {"phone": "1380013800"}, {})] == ["phone"]
    for phone in ("", STORED, ONE, "+1 650 253 0000", "0558-5123456转801"):
        assert doubts_about("contacts", {"phone": phone}, {}) == []
