"""Which stretch of a line names a known or a new company, person or project: what is linked, and what is asked instead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from fieldkit import actions
from fieldkit.store.store import Store

Stands = Callable[[str], list[dict[str, Any]]]
Known = dict[str, str]
"""Company → its people and, behind a #, its projects, with spaces between them; a number stands behind a colon."""


def keep(store: Store, known: Known) -> None:
    for company, things in known.items():
        company_id = actions.add(store, "companies", {"name": company})
        for thing in things.split(" "):
            name, _, phone = thing.partition(":")
            if name.startswith("#"):
                actions.add(store, "leads", {"title": name[1:], "company_id": company_id})
            elif name:
                actions.add(store, "contacts", {"name": name, "phone": phone, "company_id": company_id})


def filed(store: Store, stands: Stands, line: str) -> tuple[str, str, str, tuple[str, ...]]:
    """The names of company, person and project at which a line is filed, and what it asks."""
    found = actions.file_line(store, actions.keep_note(store, line))
    (visit,) = [row for row in stands("visits") if row["id"] == found.id]
    titles = {row["id"]: str(row["title"]) for kind in ("companies", "contacts", "leads") for row in stands(kind)}
    company, contact, lead = (titles.get(visit[field], "") for field in ("company_id", "contact_id", "lead_id"))
    return company, contact, lead, found.needs


@pytest.mark.parametrize(
    "line",
    [
        "欧阳明来电",
        "诸葛青来访",
        "尉迟敬德来电",
        "单于飞来电",
        "慕容云海来访",
        "上官婉来电 13511110000",
        "与单于晓明座谈",
        "约尉迟恭下周三见面",
        "东方日升来访",
    ],
)
def test_somebody_with_a_double_surname_makes_no_company(store: Store, stands: Stands, line: str) -> None:
    assert filed(store, stands, line) == ("", "", "", ("company",))
    assert stands("companies") == []


def test_somebody_with_a_double_surname_is_read_with_a_known_company(store: Store, stands: Stands) -> None:
    keep(store, {"海螺水泥": ""})
    assert filed(store, stands, "海螺水泥欧阳明来电") == ("海螺水泥", "欧阳明", "", ())
