"""Which company a line is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fieldkit.actions.file_contact import is_short, surname
from fieldkit.actions.said_names import elsewhere, goes_on, said
from fieldkit.actions.sheet import Sheet, line
from fieldkit.actions.values import LINE_LIMIT
from fieldkit.capture.names import key
from fieldkit.domain import former_names, needs
from fieldkit.domain.phone_numbers import phone_number
from fieldkit.store.likeness import near

if TYPE_CHECKING:
    from fieldkit.capture.reading import Person

_SHORT = 2
"""Characters of a name that is a piece of many others."""


def company_of(sheet: Sheet, context: str) -> str:
    """The id of the company, found or made; empty where it is left to a person.

    A credit code in the line tells the company, unless the line calls it by another's name. `context` is the company at which
    the line was typed, if it names none itself.
    """
    code = sheet.reading.uscc or ""
    holders = sheet.lookups.companies_with_code(code)
    if holders:
        return _holder(sheet, holders) or sheet.need(needs.COMPANY)
    company = _by_name(sheet, context)
    return company if not company or _takes_code(sheet, company) else sheet.need(needs.COMPANY)


def learn(sheet: Sheet) -> None:
    """Keep what a person has said of a company by choosing it for the line: that it has this code, and goes by this name too.

    Only a name near to its own is kept, and only one by which no company is known.
    """
    company: Any = sheet.work.find("companies", sheet.company_id)
    name = line(said(sheet.reading))
    if company is None:
        return
    if not sheet.lookups.companies_with_code(sheet.reading.uscc or ""):
        _takes_code(sheet, company.id)
    if not key(name) or sheet.lookups.companies_called(name) or not near(name, sheet.lookups.names_of(company)):
        return
    names = former_names.joined([*former_names.each(company.former_names), name])
    if len(names) <= LINE_LIMIT:
        sheet.work.change("companies", company, {"former_names": names})


def _holder(sheet: Sheet, holders: list[str]) -> str:
    """The one company of those with the line's code that its name may mean; empty where it means another, or several."""
    name = said(sheet.reading)
    meant = sheet.lookups.companies_called(name) or sheet.lookups.companies_near(name) if name else holders
    found = [company for company in holders if company in meant]
    return found[0] if len(found) == 1 else ""


def _takes_code(sheet: Sheet, company_id: str) -> bool:
    """Whether the line's code is the company's, which gets it where it has none."""
    code = sheet.reading.uscc
    if not code:
        return True
    company = sheet.work.get("companies", company_id)
    sheet.fill_in("companies", company, {"uscc": code})
    return getattr(company, "uscc", "") == code


def _is_another(sheet: Sheet, company_id: str) -> bool:
    """Whether the company has a code, and the line surely gives another."""
    known = str(getattr(sheet.work.find("companies", company_id), "uscc", ""))
    sure = any(mark.kind == "uscc" and mark.sure for mark in sheet.reading.marks)
    return bool(known and sure and sheet.reading.uscc and known != sheet.reading.uscc)


def _by_name(sheet: Sheet, context: str) -> str:
    reading, work = sheet.reading, sheet.work
    if sheet.asks(needs.COMPANY):
        return sheet.need(needs.COMPANY)
    if reading.company_id and work.exists("companies", reading.company_id):
        whole = goes_on(reading) or elsewhere(reading)
        if not whole or _begins_so(sheet, reading.company_id, whole):
            return sheet.need(needs.COMPANY) if _has_rivals(sheet, reading.company_id) else reading.company_id
        return _called(sheet, line(whole)) if _is_another(sheet, reading.company_id) else sheet.need(needs.COMPANY)
    if reading.company:
        return _called(sheet, line(reading.company))
    if context and work.exists("companies", context):
        return context
    return _implied(sheet) or sheet.need(needs.COMPANY)


def _begins_so(sheet: Sheet, company_id: str, whole: str) -> bool:
    """Whether a name of the company begins with all that the line says: 特斯拉（上海） is 特斯拉(上海)有限公司."""
    called = sheet.lookups.names_of(sheet.work.find("companies", company_id))
    return any(key(name).startswith(key(whole)) for name in called)


def _has_rivals(sheet: Sheet, company_id: str) -> bool:
    """Whether another company goes by the very name in the line; one that is only called short of its own is none."""
    name = key(said(sheet.reading))
    others = [one for one in sheet.lookups.companies_called(name) if one != company_id]
    rivals: list[Any] = [sheet.work.find("companies", one) for one in others]
    if any(name in map(key, sheet.lookups.names_of(one)) for one in rivals if one):
        return True
    own = map(key, sheet.lookups.names_of(sheet.work.find("companies", company_id)))
    return len(name) <= _SHORT and name not in own and _others_begin_so(sheet, company_id, name)


def _others_begin_so(sheet: Sheet, company_id: str, name: str) -> bool:
    """Whether other companies' names begin with this one, by which the company is called short: 古井 of 古井集团, 古井贡酒."""
    around: list[Any] = [sheet.work.find("companies", one) for one in sheet.lookups.companies_near(name)]
    others = [one for one in around if one and one.id != company_id]
    return any(key(called).startswith(name) for one in others for called in sheet.lookups.names_of(one))


def _named_owners(sheet: Sheet) -> list[str]:
    """The companies of those whom the line calls by name and who have the number in it."""
    owners = sheet.lookups.contacts_with(phone_number(sheet.reading.phone or "")) if sheet.reading.phone else []
    called = {key(mark.text.lstrip("@＠")) for mark in sheet.reading.marks if mark.kind == "contact"}
    return [owner.company_id for owner in owners if key(owner.name) in called]


def _called(sheet: Sheet, name: str) -> str:
    called = sheet.lookups.companies_called(name)
    if len(called) == 1:
        return called[0]
    unsure = any(mark.kind == "company" and not mark.sure for mark in sheet.reading.marks)
    around = [company for company in sheet.lookups.companies_near(name) if not _is_another(sheet, company)]
    if called or unsure or not key(name) or around:
        return sheet.need(needs.COMPANY)
    given = {"task_force": sheet.visit.get("task_force") or "", "uscc": sheet.reading.uscc or ""}
    return sheet.add("companies", {"name": name, **given})


def _may_be_several(sheet: Sheet, person: Person) -> bool:
    """Whether a person who is kept by the surname alone may be another of that surname: 王总, with 王建国 elsewhere."""
    if not is_short(person.name) or sheet.visit.get("contact_id") or sheet.reading.phone:
        return False
    return len(sheet.lookups.contacts_surnamed(surname(person.name))) > 1


def _implied(sheet: Sheet) -> str:
    """The one company of the people and the lead that the line names, when the store knows them."""
    reading, work = sheet.reading, sheet.work
    if any(_may_be_several(sheet, person) for person in reading.contacts if person.id):
        return ""
    people = [str(sheet.visit.get("contact_id") or ""), *(person.id for person in reading.contacts)]
    known = [work.find("contacts", person) for person in people if person]
    known += [work.find("leads", reading.lead_id)] if reading.lead_id else []
    at = {str(getattr(record, "company_id", "")) for record in known if record and not record.deleted}
    if not at and reading.phone:
        at = {person.company_id for person in sheet.lookups.contacts_with(phone_number(reading.phone))}
    if owners := _named_owners(sheet):
        at = set(owners)
    elif sheet.asks(needs.CONTACT) and not sheet.visit.get("contact_id"):
        sheet.need(needs.CONTACT)
        return ""
    companies = [company for company in at if company and work.exists("companies", company)]
    return companies[0] if len(companies) == len(at) == 1 else ""
