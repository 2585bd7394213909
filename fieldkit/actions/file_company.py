"""Which company a line is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fieldkit.actions.sheet import Sheet, line
from fieldkit.actions.values import LINE_LIMIT
from fieldkit.capture.companies import LEGAL, LONGEST, SUFFIXES
from fieldkit.capture.names import key, short_names
from fieldkit.domain import former_names, needs
from fieldkit.domain.phone_numbers import phone_number
from fieldkit.store.likeness import near

if TYPE_CHECKING:
    from fieldkit.capture import Reading


_AFTER_NAMES = frozenset("谈聊了的和与及签来在就去对说等")
"""Small words that end a name."""


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
    code, company = sheet.reading.uscc, sheet.work.get("companies", company_id)
    if code:
        sheet.fill_in("companies", company, {"uscc": code})
    return not code or getattr(company, "uscc", "") == code


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
        whole = goes_on(reading) or _elsewhere(reading)
        if whole and _is_another(sheet, reading.company_id):
            return _called(sheet, line(whole))
        return sheet.need(needs.COMPANY) if whole else reading.company_id
    if reading.company:
        return _called(sheet, line(reading.company))
    if context and work.exists("companies", context):
        return context
    return _implied(sheet) or sheet.need(needs.COMPANY)


def said(reading: Reading) -> str:
    """The company's name as the line has it, with all the words that belong to it; empty where it names none."""
    marks = [mark.text for mark in reading.marks if mark.kind == "company"]
    return goes_on(reading) or _elsewhere(reading) or next(iter(marks), "") or reading.company or ""


def goes_on(reading: Reading) -> str:
    """The whole name, where the line goes on after a name that the store knows: 比亚迪 is known, 比亚迪汽车 is met."""
    text = reading.text
    for mark in reading.marks:
        if mark.kind != "company" or mark.value != reading.company:
            continue
        end = _name_goes_to(text, mark.end)
        bounds = {other.start for other in reading.marks}
        if end > mark.end and (end in bounds or not text[end : end + 1].isalnum() or text[end] in _AFTER_NAMES):
            return text[mark.start : end]
    return ""


def _name_goes_to(text: str, start: int) -> int:
    """Past the words of which companies' names are made that stand at `start`."""
    end = start
    while word := next((word for word in SUFFIXES if text.startswith(word, end)), ""):
        end += len(word)
    legal = [text.find(word, end, end + LONGEST) for word in LEGAL]
    last = max((place + len(word) for place, word in zip(legal, LEGAL, strict=True) if place >= 0), default=end)
    return last if text[start:last].isalnum() else end


def _elsewhere(reading: Reading) -> str:
    """The whole name, where the line puts a place before it that the known company's has not: 上海字节跳动, known is 北京字节跳动."""
    text = reading.text
    for mark in reading.marks:
        if mark.kind == "company" and mark.value == reading.company:
            for place in (text[max(mark.start - length, 0) : mark.start] for length in (2, 3)):
                if key(mark.text) in short_names(place + mark.text) and place not in (reading.company or ""):
                    return place + mark.text
    return ""


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


def _implied(sheet: Sheet) -> str:
    """The one company of the people and the lead that the line names, when the store knows them."""
    reading, work = sheet.reading, sheet.work
    people = [str(sheet.visit.get("contact_id") or ""), *(person.id for person in reading.contacts)]
    known = [work.find("contacts", person) for person in people if person]
    known += [work.find("leads", reading.lead_id)] if reading.lead_id else []
    at = {str(getattr(record, "company_id", "")) for record in known if record and not record.deleted}
    if not at and reading.phone:
        at = {person.company_id for person in sheet.lookups.contacts_with(phone_number(reading.phone))}
    if sheet.asks(needs.CONTACT) and not sheet.visit.get("contact_id"):
        sheet.need(needs.CONTACT)
        return ""
    companies = [company for company in at if company and work.exists("companies", company)]
    return companies[0] if len(companies) == len(at) == 1 else ""
