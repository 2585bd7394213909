"""Two figures for one thing: a telephone number that is not the contact's, an amount that is not the lead's. Which one stands?

Such a question closes by itself as soon as both say the same. No number of a line is lost by choosing a contact for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from fieldkit.actions.file_contact import people_of
from fieldkit.capture import Reading, read
from fieldkit.capture.names import key
from fieldkit.domain import needs
from fieldkit.domain.money import YUAN, money_text
from fieldkit.domain.phone_numbers import beside, has_number, phone_number
from fieldkit.domain.phones import readable
from fieldkit.i18n import _
from fieldkit.store import matching, rows
from fieldkit.store.names import KnownNames

if TYPE_CHECKING:
    import sqlite3

    from fieldkit.actions.work import Work
    from fieldkit.domain.records import Owned


class Figure(NamedTuple):
    """One answer: the `value` that is given for the field, and what it says in words."""

    value: str
    words: str


class Doubted(NamedTuple):
    """A contact (a row) with another number than the line has."""

    contact: Mapping[str, Any]
    number: str


def doubted_number(connection: sqlite3.Connection, visit: Mapping[str, Any], reading: Reading) -> Doubted | None:
    """The first contact of the line who has another number than the line says; None where every number is known."""
    people = people_of(reading)
    told = [("", phone_number(reading.phone or ""))] if people is None or not people else []
    told += [(person.name, person.phone) for person in people or ()]
    colleagues = matching.contacts_at(connection, visit["company_id"]) if visit["company_id"] else []
    for place, (name, number) in enumerate(told):
        called = [one.id for one in colleagues if key(one.name) == key(name)]
        contact_id = visit["contact_id"] if place == 0 else called[0] if len(called) == 1 else ""
        for contact in rows.rows(connection, "contacts", [contact_id] if number and contact_id else []):
            if contact["phone"] and not has_number(contact["phone"], number):
                return Doubted(contact, number)
    return None


def numbers_to_choose(connection: sqlite3.Connection, visit: Mapping[str, Any], reading: Reading) -> list[Figure]:
    """Both numbers, the contact's, the line's."""
    doubted = doubted_number(connection, visit, reading)
    if doubted is None:
        return []
    name, old, new = doubted.contact["title"], doubted.contact["phone"], doubted.number
    both = beside(old, new)
    return [
        Figure(both, _("{name}: both, {value}").format(name=name, value=readable(both))),
        Figure(old, _("{name}: {value}, as known").format(name=name, value=readable(old))),
        Figure(new, _("{name}: {value}, as the line says").format(name=name, value=readable(new))),
    ]


def amounts_to_choose(connection: sqlite3.Connection, visit: Mapping[str, Any], reading: Reading) -> list[Figure]:
    """The line's amount and the lead's, or those that the line may mean."""
    if visit["amount"] is None:
        unsure = [mark for mark in reading.marks if mark.kind == "amount" and not mark.sure]
        found = [int(one) for mark in unsure for one in mark.candidates if isinstance(one, int)]
        return [Figure(str(one), money_text(one, reading.currency or YUAN)) for one in dict.fromkeys(found)]
    leads = rows.rows(connection, "leads", [visit["lead_id"]] if visit["lead_id"] else [])
    if not leads or leads[0]["amount"] is None:
        return []
    return [
        Figure(_typed(visit), _("{value}, as the line says").format(value=_money(visit))),
        Figure(
            _typed(leads[0]), _("{value}, as known of {title}").format(value=_money(leads[0]), title=leads[0]["title"])
        ),
    ]


def take_number(work: Work, visit: Owned, typed: object) -> None:
    """A person says which number the contact has: it stands there. Raises Invalid."""
    from fieldkit.actions.values import read_values
    from fieldkit.domain.kinds import KINDS

    columns = visit.model_dump()
    doubted = doubted_number(work.connection, columns, _read(work, columns))
    if doubted is not None and str(typed or "").strip():
        contact = work.get("contacts", doubted.contact["id"])
        work.change("contacts", contact, read_values(KINDS["contacts"], {"phone": typed}, work))
        close_settled(work, "contacts", contact, besides=visit.id)


def keep_number(work: Work, visit: Mapping[str, Any], reading: Reading) -> None:
    """A person says that it is this contact, whatever the number: the line's number goes beside the one that is known."""
    work.flush()
    doubted = doubted_number(work.connection, visit, reading)
    if doubted is not None:
        contact = work.get("contacts", doubted.contact["id"])
        work.change("contacts", contact, {"phone": beside(doubted.contact["phone"], doubted.number)})
        close_settled(work, "contacts", contact, besides=visit["id"])


def take_amount(work: Work, visit: Mapping[str, Any]) -> None:
    """A person says which amount it is: the lead has it too."""
    lead_id = str(visit["lead_id"] or "")
    if visit["amount"] is not None and work.exists("leads", lead_id):
        fields = ("amount", "amount_text", "currency")
        lead = work.get("leads", lead_id)
        work.change("leads", lead, {field: visit[field] for field in fields})
        close_settled(work, "leads", lead, besides=visit["id"])


def close_settled(work: Work, kind: str, record: Owned, *, besides: str = "") -> None:
    """Close the questions of visits that ask for what the contact or lead now says, but not of the visit `besides`."""
    code = {"contacts": needs.PHONE, "leads": needs.AMOUNT}[kind]
    work.flush()
    for visit_id in matching.asking(work.connection, code):
        visit = work.get("visits", visit_id)
        columns = visit.model_dump()
        if visit_id != besides and _is_of(kind, record, columns) and not _stands_open(work, code, columns):
            work.change("visits", visit, {"needs": " ".join(one for one in columns["needs"].split() if one != code)})


def _is_of(kind: str, record: Owned, visit: Mapping[str, Any]) -> bool:
    """Whether the visit may ask about this record; it asks about the other people of its line too."""
    if kind == "leads":
        return bool(visit["lead_id"] == record.id)
    return bool(visit["contact_id"] == record.id or visit["company_id"] == getattr(record, "company_id", ""))


def _stands_open(work: Work, code: str, visit: Mapping[str, Any]) -> bool:
    if code == needs.PHONE:
        return doubted_number(work.connection, visit, _read(work, visit)) is not None
    lead: Any = work.find("leads", visit["lead_id"])
    return visit["amount"] is None or bool((lead.amount, lead.currency) != (visit["amount"], visit["currency"]))


def _read(work: Work, visit: Mapping[str, Any]) -> Reading:
    written_at: datetime = visit["created_at"].astimezone(work.now.tzinfo)
    return read(visit["text"], written_at, KnownNames(work.connection))


def _money(record: Mapping[str, Any]) -> str:
    return money_text(record["amount"], record["currency"] or YUAN)


def _typed(record: Mapping[str, Any]) -> str:
    return str(record["amount_text"] or record["amount"])
