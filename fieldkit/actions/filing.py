"""From a reading to records: what is sure is found or made and linked, what would be a guess becomes a need of the visit."""

from __future__ import annotations

from fieldkit.actions.file_company import company_of
from fieldkit.actions.file_contact import contact_of
from fieldkit.actions.file_lead import lead_of
from fieldkit.actions.sheet import Sheet, line
from fieldkit.domain import needs
from fieldkit.store import matching

_LINKS = ("company_id", "contact_id", "lead_id")
_LARGEST = 2**63 - 1


def fill_visit(sheet: Sheet) -> None:
    """Take over what the line says of the visit itself, and ask where it says two things; a field that is given already stands."""
    for code in (needs.AMOUNT, needs.DATE, needs.VISITED):
        if sheet.asks(code):
            sheet.need(code)
    reading, visit = sheet.reading, sheet.visit
    found: dict[str, object] = {
        "mode": reading.mode,
        "task_force": reading.task_force,
        "tags": line(" ".join(reading.tags)),
        "visited_time": f"{reading.visited_time:%H:%M}" if reading.visited_time else "",
    }
    visit |= {field: value for field, value in found.items() if value and not visit.get(field)}
    if visit.get("amount") is None and reading.amount is not None and reading.amount <= _LARGEST:
        typed = next((one.text for one in reading.amounts if one.amount == reading.amount), "")
        visit |= {"amount": reading.amount, "amount_text": line(typed), "currency": reading.currency or "CNY"}


def file_sheet(sheet: Sheet, *, context_company: str = "") -> None:
    """Find or make company, contacts and lead for the visit.

    `context_company` is where the line was typed, if it names no company itself.
    """
    if sheet.is_open(needs.COMPANY, "company_id"):
        sheet.visit["company_id"] = company_of(sheet, context_company)
    if sheet.is_open(needs.CONTACT, "contact_id"):
        sheet.visit["contact_id"] = contact_of(sheet)
    if sheet.is_open(needs.LEAD, "lead_id"):
        sheet.visit["lead_id"] = lead_of(sheet)


def add_followup(sheet: Sheet, visit_id: str) -> None:
    """The next step, linked to everything that was found."""
    step = sheet.reading.next
    if step is None:
        return
    columns = {
        "what": line(step.what) or line(sheet.reading.text),
        "due_on": step.date,
        "due_time": f"{step.time:%H:%M}" if step.time else "",
        "visit_id": visit_id,
        **_links(sheet),
    }
    sheet.add("followups", columns)


def link_followups(sheet: Sheet, visit_id: str) -> None:
    """Give what comes after the visit the links that it was still without."""
    for followup_id in matching.followups_of(sheet.work.connection, visit_id):
        sheet.fill_in("followups", sheet.work.get("followups", followup_id), _links(sheet))


def _links(sheet: Sheet) -> dict[str, object]:
    return {field: sheet.visit.get(field) or "" for field in _LINKS}
