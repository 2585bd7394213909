"""People and projects of one company that stand there twice, as after two companies were merged. Nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from fieldkit.capture.names import key
from fieldkit.domain.phone_numbers import phone_number
from fieldkit.store import matching

if TYPE_CHECKING:
    import sqlite3

    from fieldkit.store.matching import ContactMatch


class Twins(NamedTuple):
    """Two records of one kind and title that are one and the same; the first is the one to stay."""

    kind: str
    kept: str
    other: str
    title: str


def twins_at(connection: sqlite3.Connection, company_id: str) -> list[Twins]:
    """The company's contacts of one name with one number, or one of them without; and its leads of one title. Each record is
    named once as the other.
    """
    people = sorted(matching.contacts_at(connection, company_id), key=lambda one: (not one.phone, one.id))
    pairs = [
        Twins("contacts", one.id, two.id, one.name)
        for one, two in combinations(people, 2)
        if key(one.name) == key(two.name) and _one_number(one, two)
    ]
    leads = sorted(matching.leads_of(connection, company_id), key=lambda one: one.id)
    pairs += [
        Twins("leads", one.id, two.id, one.title)
        for one, two in combinations(leads, 2)
        if key(one.title) == key(two.title)
    ]
    return _each_once(pairs)


def _one_number(one: ContactMatch, two: ContactMatch) -> bool:
    return not one.phone or not two.phone or two.has(phone_number(one.phone)) or one.has(phone_number(two.phone))


def _each_once(pairs: Sequence[Twins]) -> list[Twins]:
    """Where three are one, two of them go into the first; where one may be either of two, a person says which."""
    gone: set[str] = set()
    found = []
    for pair in pairs:
        if pair.kept not in gone and pair.other not in gone:
            gone.add(pair.other)
            found.append(pair)
    return found
