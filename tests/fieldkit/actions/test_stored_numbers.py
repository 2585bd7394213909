"""A number that was stored as it was typed is found and compared as the uniform one is, and is not written over."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from fieldkit import actions
from fieldkit.actions.candidates import look_alikes
from fieldkit.actions.work import working
from fieldkit.store import rows, search
from fieldkit.store.store import Store

Stands = Callable[[str], list[dict[str, Any]]]
MOBILE = ["138 0013 8000", "138-0013-8000", "0086 138 0013 8000", "８６－１３８００１３８０００", "+8613800138000"]
LANDLINE = ["0558-5123456转801", "(0558)5123456 ext 801", "0558 512 3456 分机 801", "+865585123456;ext=801"]
ASKED = {
    "mobile": ["13800138000", "138 0013 8000", "8613800138000", "+86 138 0013 8000", "0013800"],
    "landline": ["05585123456", "0558-5123456", "0558-5123456转801", "865585123456", "5123456", "801"],
}
NUMBERS = [("mobile", one) for one in MOBILE] + [("landline", one) for one in LANDLINE]


def stored(store: Store, phone: str, **fields: str) -> str:
    """A contact as an older version wrote it."""
    with working(store) as work:
        return work.add("contacts", {"name": "张伟", "phone": phone, **fields})


@pytest.mark.parametrize(("sort", "phone"), NUMBERS)
def test_it_is_found_by_every_way_to_write_the_number(store: Store, sort: str, phone: str) -> None:
    contact = stored(store, phone)
    for query in ASKED[sort]:
        with closing(store.reader()) as connection:
            assert [row["id"] for row in search.find(connection, query)] == [contact], query


@pytest.mark.parametrize(("sort", "phone"), NUMBERS)
def test_a_note_with_the_number_is_filed_at_its_owner_and_leaves_it_as_it_stands(
    store: Store, stands: Stands, sort: str, phone: str
) -> None:
    company = actions.add(store, "companies", {"name": "宁德时代"})
    contact = stored(store, phone, company_id=company)
    typed = ASKED[sort][2 if sort == "landline" else 0]
    for line in (f"电话 {typed} 谈扩产", f"拜访宁德时代 @张伟 {typed}"):
        assert actions.file_line(store, actions.keep_note(store, line)).needs == ()
    assert {row["contact_id"] for row in stands("visits")} == {contact}
    assert [row["phone"] for row in stands("contacts")] == [phone]


@pytest.mark.parametrize("phone", MOBILE)
def test_people_with_one_number_may_be_one_and_merging_them_tells_it_once(
    store: Store, stands: Stands, phone: str
) -> None:
    first, second = stored(store, "13800138000"), stored(store, phone, name="老张")
    with closing(store.reader()) as connection:
        (row,) = rows.rows(connection, "contacts", [first])
        assert [one["id"] for one in look_alikes(connection, row)] == [second]
    actions.merge(store, "contacts", first, second)
    (kept,) = stands("contacts")
    assert (kept["phone"], "138" in kept["note"]) == ("13800138000", False)


def test_colleagues_behind_one_switchboard_are_not_offered_as_one(store: Store) -> None:
    first, _second = stored(store, "0558-5123456"), stored(store, "05585123456", name="李强")
    with closing(store.reader()) as connection:
        assert look_alikes(connection, rows.rows(connection, "contacts", [first])[0]) == []


def test_an_edit_makes_it_uniform(store: Store, stands: Stands) -> None:
    contact = stored(store, "138 0013 8000")
    actions.edit(store, "contacts", contact, {"phone": "138 0013 8000"})
    assert [row["phone"] for row in stands("contacts")] == ["+8613800138000"]
