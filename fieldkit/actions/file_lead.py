"""Which project of the visit's company a line is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldkit.actions.sheet import Sheet, line
from fieldkit.capture.names import key
from fieldkit.domain import needs, stages
from fieldkit.store.likeness import alike

if TYPE_CHECKING:
    from fieldkit.capture import Reading

_MONEY = ("amount", "amount_text", "currency")


def lead_of(sheet: Sheet) -> str:
    """The id of the lead, found or made at the visit's company.

    Empty where the line names no project and no amount, and where it would be a guess.
    """
    title = _title(sheet.reading)
    if not sheet.company_id or (title == "" and sheet.visit.get("amount") is None):
        return ""
    found = None if title is None else _match(sheet, title)
    if found is None:
        return sheet.need(needs.LEAD)
    return _known(sheet, found) if found else _new(sheet, title or _title_for(sheet))


def told_of_lead(sheet: Sheet) -> None:
    """Give the lead that a person has chosen for the line, or made, what the line says of it, as filing does."""
    lead_id = str(sheet.visit.get("lead_id") or "")
    if sheet.work.exists("leads", lead_id):
        _known(sheet, lead_id)


def _title(reading: Reading) -> str | None:
    """The project's title as typed, `""` where the line names none, None where it is not clear which."""
    for mark in reading.marks:
        if mark.kind == "title" and not mark.sure:
            called = {key(candidate) for candidate in set(map(str, mark.candidates))}
            return line(str(mark.candidates[0])) if called == {key(mark.text)} else None
    return line(reading.title or "")


def _match(sheet: Sheet, title: str) -> str | None:
    """The id of the lead that is meant, `""` for a new one, None where that would be a guess."""
    leads, reading = sheet.leads(), sheet.reading
    if reading.lead_id and any(lead.id == reading.lead_id for lead in leads):
        return reading.lead_id
    if reading.lead_id and not any(key(mark.text) == key(title) for mark in reading.marks if mark.kind == "title"):
        return None
    same = [
        lead.id for lead in leads if (key(lead.title) == key(title) if title else lead.amount == sheet.visit["amount"])
    ]
    if same:
        return same[0] if len(same) == 1 else None
    if title and any(_is_near(title, lead.title) for lead in leads):
        return None
    return "" if title or not leads else None


def _is_near(title: str, other: str) -> bool:
    """Whether two titles may be one project's; another phase or number is another project."""
    one, two = (key(text).removesuffix("项目").removesuffix("project") for text in (title, other))
    return [char for char in one if char.isnumeric()] == [char for char in two if char.isnumeric()] and alike(one, two)


def _title_for(sheet: Sheet) -> str:
    """A project that the line gives only an amount for is called after its company."""
    company = str(getattr(sheet.work.get("companies", sheet.company_id), "name", ""))
    return line(f"{company} project" if company.isascii() else f"{company}项目")


def _new(sheet: Sheet, title: str) -> str:
    stage = _stage(sheet) or stages.first(sheet.work.rule_pack)
    given = {field: sheet.visit[field] for field in (*_MONEY, "mode", "task_force") if sheet.visit.get(field)}
    return sheet.add("leads", {"title": title, "company_id": sheet.company_id, "stage": stage, **given})


def _known(sheet: Sheet, lead_id: str) -> str:
    lead, amount = sheet.work.get("leads", lead_id), sheet.visit.get("amount")
    if amount is not None and getattr(lead, "amount", None) is None:
        sheet.work.change("leads", lead, {field: sheet.visit[field] for field in _MONEY})
    elif amount is not None and getattr(lead, "amount", None) != amount:
        sheet.need(needs.AMOUNT)
    sheet.fill_in("leads", lead, {field: sheet.visit.get(field) for field in ("mode", "task_force")})
    if stage := _stage(sheet):
        sheet.work.change("leads", lead, stages.moved(sheet.work.rule_pack, lead.model_dump(), stage))
    return lead_id


def _stage(sheet: Sheet) -> str:
    """The stage that the line gives; one that takes a reason is left to a person."""
    stage, pack = sheet.reading.stage, sheet.work.rule_pack
    if not stage or stage not in stages.codes(pack):
        return ""
    return sheet.need(needs.STAGE) if stages.is_set_aside(pack, stage) else stage
