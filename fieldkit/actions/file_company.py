"""Which company a line is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldkit.actions.phone_numbers import phone_number
from fieldkit.actions.sheet import Sheet, line
from fieldkit.capture.companies import LEGAL, LONGEST, SUFFIXES
from fieldkit.capture.names import key, short_names
from fieldkit.domain import needs

if TYPE_CHECKING:
    from fieldkit.capture import Reading


_AFTER_NAMES = frozenset("谈聊了的和与及签来在就去对说等")
"""Small words that end a name."""


def company_of(sheet: Sheet, context: str) -> str:
    """The id of the company, found or made; empty where it is left to a person.

    `context` is the company at which the line was typed, if it names none itself.
    """
    reading, work = sheet.reading, sheet.work
    if sheet.asks(needs.COMPANY):
        return sheet.need(needs.COMPANY)
    if reading.company_id and work.exists("companies", reading.company_id):
        unsure = goes_on(reading) or _stands_elsewhere(sheet, reading.company_id)
        return sheet.need(needs.COMPANY) if unsure else reading.company_id
    if reading.company:
        return _called(sheet, line(reading.company))
    if context and work.exists("companies", context):
        return context
    return _implied(sheet) or sheet.need(needs.COMPANY)


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


def _stands_elsewhere(sheet: Sheet, company_id: str) -> bool:
    """Whether the line puts a place before the known name that the company's own name has not: 上海字节跳动 is not 北京字节跳动."""
    text, known = sheet.reading.text, str(getattr(sheet.work.get("companies", company_id), "name", ""))
    for mark in sheet.reading.marks:
        if mark.kind == "company" and mark.value == sheet.reading.company:
            for place in (text[max(mark.start - length, 0) : mark.start] for length in (2, 3)):
                if key(mark.text) in short_names(place + mark.text) and place not in known:
                    return True
    return False


def _called(sheet: Sheet, name: str) -> str:
    called = sheet.lookups.companies_called(name)
    if len(called) == 1:
        return called[0]
    unsure = any(mark.kind == "company" and not mark.sure for mark in sheet.reading.marks)
    if called or unsure or not key(name) or sheet.lookups.companies_near(name):
        return sheet.need(needs.COMPANY)
    return sheet.add("companies", {"name": name, "task_force": sheet.visit.get("task_force") or ""})


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
