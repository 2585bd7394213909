"""From a reading to records: what is sure is found or made and linked, what would be a guess becomes a need of the visit."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from fieldkit.actions.values import LINE_LIMIT, phone_number
from fieldkit.actions.work import Work
from fieldkit.capture.names import key
from fieldkit.domain import needs, stages
from fieldkit.domain.cleaning import stored_line
from fieldkit.store import matching
from fieldkit.store.matching import ContactMatch, LeadMatch

if TYPE_CHECKING:
    import sqlite3

    from fieldkit.capture import Reading
    from fieldkit.capture.reading import Person
    from fieldkit.domain.records import Owned

_LINKS = ("company_id", "contact_id", "lead_id")


class Filing:
    """One visit on its way into the records.

    `visit` holds its columns and gains what is found; what it holds already was decided by a person and stands.
    `needs` are the codes of what was left undecided. What is not `still_open` was settled by a person and is not asked again.
    """

    def __init__(
        self,
        work: Work,
        reading: Reading,
        visit: dict[str, object],
        written_at: datetime,
        *,
        still_open: Collection[str] = needs.CODES,
    ) -> None:
        self.work = work
        self.reading = reading
        self.visit = visit
        self.written_at = written_at
        self.needs: list[str] = []
        self._open = still_open
        self._connection: sqlite3.Connection = work.connection
        self._company_is_new = False

    def file(self, *, context_company: str = "") -> None:
        """Find or make company, contacts and lead. `context_company` is where the line was typed, if it names none."""
        for code in self.reading.questions:
            self._need(code)
        self._fill_visit()
        if needs.COMPANY in self._open and not self.visit.get("company_id"):
            self.visit["company_id"] = self._company(context_company)
        if needs.CONTACT in self._open and not self.visit.get("contact_id"):
            self.visit["contact_id"] = self._contacts()
        if needs.LEAD in self._open and not self.visit.get("lead_id"):
            self.visit["lead_id"] = self._lead()

    def add_followup(self, visit_id: str) -> None:
        """The next step, linked to everything that was found."""
        step = self.reading.next
        if step is None:
            return
        links = {field: self.visit.get(field) or "" for field in _LINKS}
        due_time = f"{step.time:%H:%M}" if step.time else ""
        what = stored_line(step.what)[:LINE_LIMIT] or stored_line(self.reading.text)[:LINE_LIMIT]
        columns = {"what": what, "due_on": step.date, "due_time": due_time, "visit_id": visit_id, **links}
        self.work.add("followups", columns, written_at=self.written_at)

    def link_followups(self, visit_id: str) -> None:
        """Give what comes after the visit the links that it was still without."""
        for followup_id in matching.followups_of(self._connection, visit_id):
            followup = self.work.get("followups", followup_id)
            open_links = {field: self.visit.get(field) or "" for field in _LINKS if not getattr(followup, field)}
            self.work.change("followups", followup, open_links)

    def _need(self, code: str) -> str:
        if code in self._open and code not in self.needs:
            self.needs.append(code)
        return ""

    def _asked(self, code: str) -> bool:
        return code in self.reading.questions and code in self._open

    def _fill_visit(self) -> None:
        reading = self.reading
        found: dict[str, object] = {
            "mode": reading.mode,
            "task_force": reading.task_force,
            "tags": stored_line(" ".join(reading.tags))[:LINE_LIMIT],
            "visited_time": f"{reading.visited_time:%H:%M}" if reading.visited_time else "",
        }
        self.visit |= {field: value for field, value in found.items() if value and not self.visit.get(field)}
        if self.visit.get("amount") is None and needs.AMOUNT not in reading.questions:
            self.visit |= self._amount()

    def _amount(self) -> dict[str, object]:
        reading = self.reading
        if reading.amount is None or reading.amount >= 2**63:
            return {}
        typed = next((found.text for found in reading.amounts if found.amount == reading.amount), "")
        return {"amount": reading.amount, "amount_text": typed, "currency": reading.currency or "CNY"}

    # Company

    def _company(self, context: str) -> str:
        reading, work = self.reading, self.work
        if self._asked(needs.COMPANY):
            return self._need(needs.COMPANY)
        if reading.company_id and work.exists("companies", reading.company_id):
            return reading.company_id
        if reading.company:
            return self._company_called(stored_line(reading.company)[:LINE_LIMIT])
        if context and work.exists("companies", context):
            return context
        return self._company_of_contact() or self._need(needs.COMPANY)

    def _company_called(self, name: str) -> str:
        called = matching.companies_called(self._connection, name)
        if len(called) == 1:
            return called[0]
        unsure = any(mark.kind == "company" and not mark.sure for mark in self.reading.marks)
        if called or unsure or not key(name) or matching.companies_like(self._connection, name):
            return self._need(needs.COMPANY)
        self._company_is_new = True
        columns = {"name": name, "task_force": self.visit.get("task_force") or ""}
        return self.work.add("companies", columns, written_at=self.written_at)

    def _company_of_contact(self) -> str:
        if self._asked(needs.CONTACT):
            return ""
        known = [self.work.find("contacts", person.id) for person in self.reading.contacts if person.id]
        at = {str(getattr(contact, "company_id", "")) for contact in known if contact and not contact.deleted}
        if not at and self.reading.phone:
            people = matching.contacts_with(self._connection, phone_number(self.reading.phone))
            at = {person.company_id for person in people}
        companies = [company for company in at if company and self.work.exists("companies", company)]
        return companies[0] if len(companies) == len(at) == 1 else ""

    # Contacts

    def _contacts(self) -> str:
        if self._asked(needs.CONTACT) or not self.visit.get("company_id"):
            return ""
        people = self.reading.contacts
        if not people:
            return self._contact_by_phone()
        phones = [phone_number(person.phone) for person in people]
        if len(people) == 1 and not phones[0] and self.reading.phone:
            phones = [phone_number(self.reading.phone)]
        found = [self._contact(person, phone) for person, phone in zip(people, phones, strict=True)]
        return found[0]

    def _contact_by_phone(self) -> str:
        phone = phone_number(self.reading.phone or "")
        found = [person for person in self._colleagues() if phone and person.phone == phone]
        return found[0].id if len(found) == 1 else ""

    def _contact(self, person: Person, phone: str) -> str:
        name = stored_line(person.name)[:LINE_LIMIT]
        match = self._matching_contact(person, name, phone)
        if match is None:
            return self._need(needs.CONTACT)
        if match:
            return self._known_contact(match, person, phone)
        columns = {
            "name": name,
            "company_id": self.visit["company_id"],
            "phone": phone,
            "post": stored_line(person.post)[:LINE_LIMIT],
        }
        return self.work.add("contacts", columns, written_at=self.written_at)

    def _matching_contact(self, person: Person, name: str, phone: str) -> str | None:
        """The id of the contact that is meant, `""` for somebody new, None where that would be a guess."""
        colleagues = self._colleagues()
        if person.id and person.id in {colleague.id for colleague in colleagues}:
            return person.id
        by_phone = [colleague.id for colleague in colleagues if phone and colleague.phone == phone]
        by_name = [colleague.id for colleague in colleagues if key(colleague.name) == key(name)]
        for found in (by_phone, by_name):
            if found:
                return found[0] if len(found) == 1 else None
        return self._contact_without_company(name, phone)

    def _contact_without_company(self, name: str, phone: str) -> str | None:
        elsewhere = matching.contacts_with(self._connection, phone) if phone else []
        if not elsewhere:
            return ""
        (first, *others) = elsewhere
        return first.id if not others and not first.company_id and key(first.name) == key(name) else None

    def _known_contact(self, contact_id: str, person: Person, phone: str) -> str:
        contact = self.work.get("contacts", contact_id)
        given = {"phone": phone, "post": stored_line(person.post)[:LINE_LIMIT], "company_id": self.visit["company_id"]}
        self._fill_in("contacts", contact, given)
        if phone and getattr(contact, "phone", "") != phone:
            self._need(needs.PHONE)
        return contact_id

    def _colleagues(self) -> list[ContactMatch]:
        return [] if self._company_is_new else matching.contacts_at(self._connection, str(self.visit["company_id"]))

    # Lead

    def _lead(self) -> str:
        reading, company_id = self.reading, self.visit.get("company_id")
        if self._asked(needs.LEAD):
            return self._need(needs.LEAD)
        if not company_id or not (reading.title or reading.lead_id or self.visit.get("amount")):
            return ""
        leads = [] if self._company_is_new else matching.leads_of(self._connection, str(company_id))
        found = self._matching_lead(leads)
        if found is None:
            return self._need(needs.LEAD)
        return self._known_lead(found) if found else self._new_lead(str(company_id))

    def _matching_lead(self, leads: list[LeadMatch]) -> str | None:
        """The id of the lead that is meant, `""` for a new one, None where that would be a guess."""
        reading = self.reading
        if reading.lead_id:
            return reading.lead_id if reading.lead_id in {lead.id for lead in leads} else None
        if reading.title:
            found = [lead.id for lead in leads if key(lead.title) == key(reading.title)]
            return "" if not found else found[0] if len(found) == 1 else None
        found = [lead.id for lead in leads if lead.amount == self.visit["amount"]]
        return "" if not leads else found[0] if len(found) == 1 else None

    def _new_lead(self, company_id: str) -> str:
        pack = self.work.rule_pack
        company = str(getattr(self.work.get("companies", company_id), "name", ""))
        title = self.reading.title or (company + " project" if company.isascii() else company + "项目")
        stage = self._stage() or stages.first(pack)
        fields = ("amount", "amount_text", "currency", "mode", "task_force")
        given = {field: self.visit[field] for field in fields if self.visit.get(field)}
        columns = {"title": stored_line(title)[:LINE_LIMIT], "company_id": company_id, "stage": stage, **given}
        return self.work.add("leads", columns, written_at=self.written_at)

    def _known_lead(self, lead_id: str) -> str:
        lead = self.work.get("leads", lead_id)
        amount = self.visit.get("amount")
        if amount is not None and getattr(lead, "amount", None) not in (None, amount):
            self._need(needs.AMOUNT)
        elif amount is not None:
            self._fill_in("leads", lead, {field: self.visit[field] for field in ("amount", "amount_text", "currency")})
        self._fill_in("leads", lead, {field: self.visit.get(field) for field in ("mode", "task_force")})
        if stage := self._stage():
            self.work.change("leads", lead, stages.moved(self.work.rule_pack, lead.model_dump(), stage))
        return lead_id

    def _stage(self) -> str:
        stage, pack = self.reading.stage, self.work.rule_pack
        if not stage or stage not in stages.codes(pack):
            return ""
        return self._need(needs.STAGE) if stages.is_set_aside(pack, stage) else stage

    def _fill_in(self, kind: str, record: Owned, given: dict[str, object]) -> None:
        empty = {field: value for field, value in given.items() if value and getattr(record, field) in (None, "")}
        if "amount" in empty:
            empty |= given
        self.work.change(kind, record, empty)
