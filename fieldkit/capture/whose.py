"""Whose a known name is in this line: another company beside somebody, a company named for another's sake, other people's companies."""

from __future__ import annotations

from fieldkit.capture import beside, relations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldkit.capture.draft import Draft
    from fieldkit.capture.verbs import Verb


def company_beside(draft: Draft, found: Sequence[Verb]) -> None:
    """Where somebody known, or a known project, would tell the company, and another is named beside them: offered, not chosen."""
    reading = draft.reading
    if reading.company is not None or "company" in reading.questions:
        return
    if not (reading.lead_id or any(person.id for person in reading.contacts)):
        return
    if span := beside.find(draft.left, draft.people, draft.leads, found):
        draft.take("company", *span, None, sure=False, candidates=(draft.line.plain[span[0] : span[1]].strip(),))
        reading.ask("company")


def company_meant(draft: Draft, found: Sequence[Verb]) -> None:
    """A known company that only tells something of another is offered with it; of two side by side it is asked which."""
    reading = draft.reading
    if reading.company_id is None or not draft.companies:
        return
    at, _ = draft.line.span(*draft.companies[0])
    mark = next(mark for mark in reading.marks if mark.kind == "company" and mark.start == at)
    if mark.value != reading.company:
        return
    if span := relations.other(draft.line.folded, draft.left, draft.companies):
        name = draft.line.plain[span[0] : span[1]].strip()
        mark.sure, mark.candidates, mark.value = False, (str(mark.value), *([name] if name else [])), None
        reading.company = reading.company_id = None
        reading.ask("company")
        return
    known = [draft.line.span(*span)[0] for span in draft.companies[: draft.linked]]
    names = {mark.value for mark in reading.marks if mark.kind == "company" and mark.start in known}
    if len(names) > 1 and relations.are_side_by_side(draft.line.folded, draft.companies, found):
        reading.ask("company")


def people_elsewhere(draft: Draft, found: Sequence[Verb]) -> None:
    """Tell of everybody but the first who stands right behind another company's name than the line's."""
    people = {person.start: person for person in draft.reading.contacts[1:] if not person.id}
    if not people or draft.reading.company is None:
        return
    for start, end in draft.people:
        person = people.get(draft.line.span(start, end)[0])
        if person and (span := beside.before_person(draft.left, start, draft.companies, found)):
            person.elsewhere = draft.line.plain[span[0] : span[1]]
