"""What a visit asks a person, with the records that may be the answer. Reading the line again finds them; nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from fieldkit.actions.asked_names import answered_before, names_said
from fieldkit.actions.figures import Figure, amounts_to_choose, numbers_to_choose
from fieldkit.actions.file_contact import is_short, people_of, surname
from fieldkit.actions.said_names import said as said_of
from fieldkit.capture import Reading, read
from fieldkit.capture.names import key
from fieldkit.domain import needs
from fieldkit.domain.kinds import MOVED
from fieldkit.domain.phone_numbers import numbers
from fieldkit.domain.phones import is_personal
from fieldkit.i18n import _
from fieldkit.store import matching, rows
from fieldkit.store.likeness import alike, sound_alike
from fieldkit.store.names import KnownNames

if TYPE_CHECKING:
    import sqlite3

    from fieldkit.store.connection import Row

MOST = 5
"""Candidates for one question."""


class Asked(NamedTuple):
    """One open question: its code, the field that answers it, the name in the line (may be empty), and who or what it may be."""

    need: str
    field: str
    said: str
    rows: list[Row]
    figures: Sequence[Figure] = ()
    """Values for the field, where the answer is no record."""
    why: str = ""
    """What speaks against the record that the name would mean, as a sentence."""

    def words(self) -> list[str]:
        """What the line says beside each of them; people and projects with their company."""
        beside = [" · ".join(filter(None, (str(row["title"]), str(row.get("company") or "")))) for row in self.rows]
        return [needs.pair(self.said, known) for known in beside]


def asked(connection: sqlite3.Connection, visit: Row) -> list[Asked]:
    """The open questions of a visit (a row), in their order; a company asks whether it is another one with its code."""
    if visit["kind"] == "companies":
        others = [one for one in _with_its_code(connection, visit) if one != visit["id"]]
        return [Asked(needs.TWIN, "", str(visit["title"]), _rows(connection, "companies", others))] if others else []
    codes = str(visit.get("needs") or "").split()
    if not codes:
        return []
    written_at = datetime.fromisoformat(visit["created_at"]).astimezone()
    reading = read(visit["text"], written_at, KnownNames(connection))
    found = {
        needs.COMPANY: _companies,
        needs.CONTACT: _contacts,
        needs.LEAD: _leads,
        needs.PHONE: _phones,
        needs.AMOUNT: _amounts,
    }
    return [
        found[code](connection, visit, reading) if code in found else Asked(code, needs.field_of(code), "", [])
        for code in codes
    ]


def look_alikes(connection: sqlite3.Connection, row: Mapping[str, Any]) -> list[Row]:
    """The records that may be the same as `row`: companies with its code or a name near to its own, others of one name, people
    with one number.
    """
    kind, title = row["kind"], str(row["title"])
    if kind == "companies":
        ids = [*_with_its_code(connection, row), *matching.companies_near(connection, title)]
    else:
        ids = [hit[1] for hit in KnownNames(connection).lookup([key(title)]).get(key(title), ()) if hit[0] == kind]
        ids += [
            one.id
            for one in matching.contacts_at(connection, row.get("company_id") or "")
            if kind == "contacts" and _may_be(key(title), key(one.name))
        ]
        ids += _with_its_number(connection, str(row.get("phone") or ""))
    return [found for found in rows.rows(connection, kind, list(dict.fromkeys(ids))) if found["id"] != row["id"]][:MOST]


def doubles(connection: sqlite3.Connection, row: Mapping[str, Any]) -> list[Row]:
    """The records of which a new one is likely a copy: companies that look like it, people of its name at its company or with
    its number, leads of its title at its company.
    """
    kind, title, company = row["kind"], key(str(row["title"])), str(row.get("company_id") or "")
    if kind == "companies":
        return look_alikes(connection, row)
    ids: list[str] = []
    if kind == "contacts":
        ids = [one.id for one in matching.contacts_at(connection, company) if key(one.name) == title]
        ids += _with_its_number(connection, str(row["phone"]))
    if kind == "leads":
        ids = [lead.id for lead in matching.leads_of(connection, company) if key(lead.title) == title]
    return _rows(connection, kind, [one for one in ids if one != row["id"]])


def _with_its_code(connection: sqlite3.Connection, company: Mapping[str, Any]) -> list[str]:
    return matching.companies_with_code(connection, company["uscc"], company["group_code"])


def _with_its_number(connection: sqlite3.Connection, stored: str) -> list[str]:
    return [
        one.id
        for number in numbers(stored)
        if is_personal(number)
        for one in matching.contacts_with(connection, number)
        if one.has(number)
    ]


def _companies(connection: sqlite3.Connection, visit: Row, reading: Reading) -> Asked:
    marks = [mark for mark in reading.marks if mark.kind == "company"]
    said = said_of(reading)
    people = [person.id for person in reading.contacts] + [
        hit[1]
        for hit in _called(connection, "contacts", [mark.text for mark in reading.marks if mark.kind == "contact"])
    ]
    surnames = [surname(person.name) for person in reading.contacts if person.id and is_short(person.name)]
    people += [one.id for name in surnames for one in matching.contacts_surnamed(connection, key(name))]
    codes = [str(mark.value) for mark in reading.marks if mark.kind == "uscc" and mark.value]
    ids = [one for code in codes for one in matching.companies_with_code(connection, code, visit["group_code"])]
    ids += [reading.company_id or "", *(row["company_id"] for row in _rows(connection, "contacts", people))]
    projects = _called(connection, "leads", [mark.text for mark in reading.marks if mark.kind == "title"])
    ids += [row["company_id"] for row in _rows(connection, "leads", [project[1] for project in projects])]
    values = [str(value) for mark in marks for value in (*mark.candidates, *([mark.value] if mark.value else []))]
    for name in (said, *values):
        ids += (
            [*matching.companies_called(connection, name), *matching.companies_near(connection, name)] if name else []
        )
    before = answered_before(connection, needs.COMPANY, said, "")
    found = _rows(connection, "companies", [*before, *ids])
    return Asked(needs.COMPANY, "company_id", said, found, why=_contradiction(found, codes))


def _contradiction(companies: Sequence[Row], codes: Sequence[str]) -> str:
    """That the code in the line is another company's than the name, or none of theirs."""
    known = [company for company in companies if company["uscc"]]
    if not codes or not known:
        return ""
    for company in known:
        if company["uscc"] in codes:
            return _("The credit code {code} in the line is that of {name}.").format(
                code=company["uscc"], name=company["title"]
            )
    return _("The line has the credit code {code}, {name} has {known}.").format(
        code=codes[0], name=known[0]["title"], known=known[0]["uscc"]
    )


def _contacts(connection: sqlite3.Connection, visit: Row, reading: Reading) -> Asked:
    """Of the people at the company those with a name like the one in the line, or all where none is."""
    said = names_said(reading, needs.CONTACT, str(visit.get("contact") or ""))
    colleagues = matching.contacts_at(connection, visit["company_id"]) if visit["company_id"] else []
    like = [one.id for one in colleagues if said and _may_be(key(said), key(one.name))]
    known = [hit[1] for hit in _called(connection, "contacts", [said])]
    known += [one for person in people_of(reading) or () for one in _with_its_number(connection, person.phone)]
    found = _rows(connection, "contacts", [*known, *like] or [c.id for c in colleagues])
    before = answered_before(connection, needs.CONTACT, said, visit["company_id"]) if visit["company_id"] else []
    found = _rows(connection, "contacts", [*before, *(one["id"] for one in found)])
    return Asked(needs.CONTACT, "contact_id", said, found, _moves(connection, visit, said, found))


def _moves(connection: sqlite3.Connection, visit: Row, said: str, found: Sequence[Row]) -> list[Figure]:
    """Of those who are known by this name at another company, that they work at the visit's company now."""
    here = next(iter(rows.titles(connection, "companies", [visit["company_id"]]).values()), "")
    text = _("{name} works at {company} now, no longer at {former}")
    return [
        Figure(MOVED + one["id"], text.format(name=one["title"], company=here, former=one["company"]))
        for one in found
        if here and one["company_id"] not in ("", visit["company_id"]) and key(one["title"]) == key(said)
    ]


def _phones(connection: sqlite3.Connection, visit: Row, reading: Reading) -> Asked:
    figures = numbers_to_choose(connection, visit, reading)
    return Asked(needs.PHONE, needs.field_of(needs.PHONE), "", [], figures)


def _amounts(connection: sqlite3.Connection, visit: Row, reading: Reading) -> Asked:
    figures = amounts_to_choose(connection, visit, reading)
    return Asked(needs.AMOUNT, needs.field_of(needs.AMOUNT), "", [], figures)


def _called(connection: sqlite3.Connection, kind: str, names: Iterable[str]) -> list[tuple[str, str, str]]:
    """(kind, id, name) of the records of `kind` of these names; a sign before a name is none of it."""
    found = KnownNames(connection).lookup(list({key(name) for name in names}))
    return [hit for hits in found.values() for hit in hits if hit[0] == kind]


def _may_be(said: str, name: str) -> bool:
    return alike(said, name) or sound_alike(said, name) or said[:1] == name[:1]


def _leads(connection: sqlite3.Connection, visit: Row, reading: Reading) -> Asked:
    leads = matching.leads_of(connection, visit["company_id"]) if visit["company_id"] else []
    said, here = names_said(reading, needs.LEAD), visit["company_id"]
    before = answered_before(connection, needs.LEAD, said, here) if here else []
    ids = [*before, reading.lead_id or "", *(lead.id for lead in leads)]
    return Asked(needs.LEAD, "lead_id", said, _rows(connection, "leads", ids))


def _rows(connection: sqlite3.Connection, kind: str, ids: Iterable[str]) -> list[dict[str, Any]]:
    return rows.rows(connection, kind, [record_id for record_id in dict.fromkeys(ids) if record_id][:MOST])
