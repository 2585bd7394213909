"""A person answers what a visit needs; what hung on the answer is filed with it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from fieldkit.actions.asked_names import names_said
from fieldkit.actions.figures import keep_number, take_amount
from fieldkit.actions.file_company import learn
from fieldkit.actions.file_contact import told_of_contact
from fieldkit.actions.file_lead import told_of_lead
from fieldkit.actions.filing import add_followup, file_sheet, fill_visit, link_followups
from fieldkit.actions.lookups import Lookups
from fieldkit.actions.sheet import Sheet
from fieldkit.actions.work import Work
from fieldkit.capture import read
from fieldkit.domain import needs
from fieldkit.store import matching

if TYPE_CHECKING:
    from fieldkit.domain.records import Owned

_ANSWERS = {needs.COMPANY: "company_id", needs.CONTACT: "contact_id", needs.LEAD: "lead_id"}

_FOLLOWS: Mapping[str, Collection[str]] = {
    needs.COMPANY: needs.CODES,
    needs.READING: needs.CODES,
    needs.CONTACT: (needs.PHONE,),
    needs.LEAD: (needs.AMOUNT, needs.STAGE),
}
"""What may be asked anew once a code is answered."""


def answer(work: Work, visit: Owned, settled: Collection[str]) -> None:
    """Take `settled` codes off the visit, and file again from its text what these or its fields now make sure.

    What other visits ask by the same words is filed again too: it closes where filing would now know the answer.
    """
    asked = str(getattr(visit, "needs", "")).split()
    _answer(work, visit, settled)
    work.flush()
    for code in needs.NAMED:
        if code in settled and (code in asked or needs.COMPANY in asked):
            for other in _asking_alike(work, visit, code):
                _answer(work, other, ())


def _asking_alike(work: Work, visit: Owned, code: str) -> list[Owned]:
    """The other visits that ask for this code by the words by which this one asked, people and projects at the same company."""
    columns = visit.model_dump()
    reading = read(columns["text"], columns["created_at"].astimezone(work.now.tzinfo), Lookups(work))
    words = names_said(reading, code)
    alike = matching.asking(work.connection, code, words) if words else []
    waiting: list[Any] = [work.get("visits", other) for other in alike]
    return [
        other
        for other in waiting
        if other.id != visit.id
        and (code == needs.COMPANY or other.company_id == columns["company_id"])
        and needs.READING not in other.needs.split()
    ]


def _answer(work: Work, visit: Owned, settled: Collection[str]) -> None:
    columns: dict[str, Any] = visit.model_dump()
    before = columns["needs"].split()
    if not before:
        return
    written_at: datetime = columns["created_at"].astimezone(work.now.tzinfo)
    lookups = Lookups(work)
    reading = read(columns["text"], written_at, lookups)
    was_open = {code for asked in before for code in (asked, *_FOLLOWS.get(asked, ()))}
    chosen = [code for code in (needs.CONTACT, needs.LEAD) if code in was_open and code in settled]
    asked_anew = {code for answered in chosen for code in _FOLLOWS[answered] if code not in before}
    if needs.PHONE in before and needs.CONTACT in settled:
        chosen = list(dict.fromkeys([needs.CONTACT, *chosen]))
    still_open = was_open - set(settled) | asked_anew
    sheet = Sheet(work, lookups, reading, columns, written_at, still_open=still_open)
    if needs.READING in before:
        fill_visit(sheet)
    if needs.COMPANY in before and needs.COMPANY in settled:
        learn(sheet)
    file_sheet(sheet)
    if needs.CONTACT in chosen:
        told_of_contact(sheet)
        if needs.PHONE in before:
            keep_number(work, columns, reading)
    if needs.AMOUNT in before and needs.AMOUNT in settled:
        take_amount(work, columns)
    if needs.LEAD in chosen:
        told_of_lead(sheet)
    if needs.READING in before:
        add_followup(sheet, visit.id)
    work.flush()
    link_followups(sheet, visit.id)
    left = [code for code in before if code in still_open and not columns.get(_ANSWERS.get(code, ""))]
    left = [code for code in dict.fromkeys([*left, *sheet.needs]) if code != needs.READING]
    work.change("visits", visit, columns | {"needs": " ".join(left)})
