"""From a typed line to its reading: each kind of thing takes its stretch of the line, the rest is left for the next."""

from __future__ import annotations

from fieldkit.capture import (
    companies,
    credit_codes,
    freestanding,
    introductions,
    linking,
    mentions,
    names,
    people,
    phones,
    projects,
    purposes,
    roles,
    signs,
    subjects,
    verbs,
)
from fieldkit.capture.reading import AmountRead, Mark, Person, Reading
from fieldkit.capture.text import GAP, Line, is_han, mask

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from fieldkit.capture.amounts import Money
    from fieldkit.capture.moments import When
    from fieldkit.capture.reading import Known


class Reader:
    """One pass over one line. `left` is the folded text in which everything read so far is masked."""

    def __init__(self, text: str, now: datetime, known: Known | None) -> None:
        self.line = line = Line(text)
        self.left = line.folded
        self.reading = Reading(text)
        self.company_end = 0
        self.first_person = 0
        self._signs()
        self._signed_people()
        self._credit_codes()
        found_phones = self._phones()
        self._links(known)
        self._people_before(found_phones)
        self.brands = freestanding.find_brands(self.left)
        whens = self._moments_and_money()
        found = verbs.find_verbs(self._shielded(), line.folded)
        roles.settle(line, self.reading, whens, found, now=now, text=self.left)
        self._spoken_mode()
        self._titled_people(found)
        self._project()
        self._companies(found)
        self._lone_company()
        self._choose_contact()
        self.reading.marks.sort(key=lambda mark: (mark.start, mark.end))

    def _take(
        self,
        kind: str,
        start: int,
        end: int,
        value: str | int | None,
        *,
        sure: bool = True,
        candidates: tuple[str | int, ...] = (),
    ) -> Mark:
        start, end = self.line.trim(start, end)
        at, until = self.line.span(start, end)
        found = Mark(kind, at, until, self.line.raw[at:until], value, sure=sure, candidates=candidates)
        self.reading.marks.append(found)
        self.left = mask(self.left, start, end)
        return found

    def _signs(self) -> None:
        reading = self.reading
        for sign in signs.find_signs(self.left):
            if sign.word in signs.MODES and sign.mark == "!":
                reading.mode = reading.mode or signs.MODES[sign.word]
                self._take("mode", sign.start, sign.end, signs.MODES[sign.word])
            elif sign.mark == "!":
                reading.stage = reading.stage or signs.STAGES[sign.word]
                self._take("stage", sign.start, sign.end, signs.STAGES[sign.word])
            elif code := signs.task_force(sign.word):
                reading.task_force = reading.task_force or code
                self._take("task_force", sign.start, sign.end, code)
            else:
                tag = self.line.plain[sign.start + 1 : sign.start + 1 + len(sign.word)]
                reading.tags.append(tag)
                self._take("tag", sign.start, sign.end, tag)

    def _shielded(self) -> str:
        """What is left to read, without the brands whose names look like times."""
        text = self.left
        for start, end in self.brands:
            text = mask(text, start, end)
        return text

    def _spoken_mode(self) -> None:
        for word, code in signs.SPOKEN_MODES.items():
            index = self.left.find(word)
            if index >= 0 and self.reading.mode is None:
                self.reading.mode = code
                at, until = self.line.span(index, index + len(word))
                self.reading.marks.append(Mark("mode", at, until, self.line.raw[at:until], code))

    def _signed_people(self) -> None:
        for person in signs.signed(self.line):
            self._add_person(person)

    def _add_person(self, person: people.Found) -> None:
        at, until = self.line.span(person.start, person.end)
        self.first_person = min(self.first_person or person.start, person.start)
        name = self.line.plain[person.name_start : person.name_end]
        if is_han(name[-1]):
            name = name.replace(" ", "")
        if all(known.name != name for known in self.reading.contacts):
            self.reading.contacts.append(Person(at, until, name, person.post))
        self._take("contact", person.start, person.end, name)

    def _credit_codes(self) -> None:
        """Credit codes with their labels; an identity card's number is nobody's phone or day, and is left out."""
        codes = credit_codes.find(self.left)
        for found in codes:
            if found.code != "":
                self._take("uscc", found.start, found.end, found.code, sure=found.sure)
            self.left = mask(self.left, found.labelled, found.end)
        said = {found.code for found in codes if found.code}
        if len(said) > 1:
            self.reading.ask("company")
        self.reading.uscc = said.pop() if len(said) == 1 else None

    def _people_before(self, found: list[phones.Phone]) -> None:
        for person in people.before_phone(self.left, found):
            self._add_person(person)

    def _phones(self) -> list[phones.Phone]:
        found = phones.find_phones(self.left)
        self._people_before(found)
        for phone in found:
            self.reading.phones.append(phone.digits)
            self._take("phone", phone.start, phone.end, phone.digits)
        self.reading.phone = self.reading.phones[0] if self.reading.phones else None
        return found

    def _links(self, known: Known | None) -> None:
        if known is None:
            return
        signed = {key: person for person in self.reading.contacts if len(key := names.key(person.name)) >= 2}
        links, people_known = linking.find(self.left, self.line.plain, known, list(signed))
        for key, entries in people_known.items():
            self._link_person(signed[key], entries)
        for link in links:
            self._link(link)

    def _link_person(self, person: Person, entries: tuple[linking.Entry, ...]) -> None:
        if len(entries) == 1:
            person.id = entries[0][1]
        elif entries:
            self.reading.ask("contact")

    def _meant(self, link: linking.Link) -> Sequence[linking.Entry]:
        """The records that a stretch may mean: of several companies the one whose full name it is, where it is one's."""
        entries = link.entries
        if len(entries) == 1 or any(entry[0] != "companies" for entry in entries):
            return entries
        typed = names.key(self.line.plain[link.start : link.end])
        exact = [entry for entry in entries if names.key(entry[2]) == typed]
        return exact if len(exact) == 1 else entries

    def _link(self, link: linking.Link) -> None:
        """Take over what one stretch names; with several records under one name all are offered."""
        entries = self._meant(link)
        field = {"companies": "company", "contacts": "contact", "leads": "title"}.get(entries[0][0])
        if field is None:
            return
        if len(entries) > 1:
            self._take(field, link.start, link.end, None, sure=False, candidates=tuple([entry[2] for entry in entries]))
            self.reading.ask(field)
            return
        _, identity, name = entries[0]
        found = self._take(field, link.start, link.end, name)
        if field == "contact":
            self.reading.contacts.append(Person(found.start, found.end, name, "", identity))
        elif field == "company" and self.reading.company is None:
            self.reading.company, self.reading.company_id = name, identity
            self.company_end = link.end
        elif field == "title" and self.reading.title is None:
            self.reading.title, self.reading.lead_id = name, identity

    def _moments_and_money(self) -> list[When]:
        found = mentions.find(self.line, self._shielded())
        typed = self.left
        for start, money in found.moneys:
            self._add_money(typed, start, money)
        for start, end in found.rough_moneys:
            self._take("amount", start, end, None, sure=False)
            self.reading.ask("amount")
        for start, end in found.rough_times:
            self._take("date", start, end, None, sure=False)
        for when in found.whens:
            self.left = mask(self.left, when.start, when.end)
        main = purposes.main_amount(self.reading.amounts, self.reading.text)
        if main is not None and main.most is None:
            self.reading.amount, self.reading.currency = main.amount, main.currency
        elif main is not None:
            self.reading.ask("amount")
        return found.whens

    def _add_money(self, text: str, start: int, money: Money) -> None:
        role = purposes.purpose(text, start, money.end)
        if money.most is None:
            found = self._take("amount", start, money.end, money.amount, sure=money.exact)
        else:
            found = self._take("amount", start, money.end, None, sure=False, candidates=(money.amount, money.most))
        self.reading.amounts.append(AmountRead(found.start, found.end, found.text, money, role))

    def _titled_people(self, found: list[verbs.Verb]) -> None:
        for person in people.titled(self._shielded(), {verb.end for verb in found}):
            self._add_person(person)
        edges = {verb.end for verb in found}
        for person in introductions.labelled(self._shielded()):
            self._add_person(person)
        for person in introductions.familiar(self._shielded(), edges):
            self._add_person(person)

    def _project(self) -> None:
        for start, end in projects.find(self.left):
            title = self.line.plain[start:end]
            if self.reading.title is None:
                self.reading.title = title
            self._take("title", start, end, title)

    def _companies(self, found: list[verbs.Verb]) -> None:
        """Companies that the store does not know; a name that may be a person's as well is offered as both."""
        for subject in subjects.find(self.line, self.left, found):
            name = self.line.plain[subject.start : subject.end].strip()
            if GAP in name or not name:
                continue
            if subject.person:
                self._person_or_company(subject, name)
                continue
            if subject.unclear:
                self._unclear_company(subject, name)
                continue
            if self.reading.company is None and "company" not in self.reading.questions:
                self.reading.company = name
                self.company_end = subject.end
            self._take("company", subject.start, subject.end, name)

    def _person_or_company(self, subject: subjects.Subject, name: str) -> None:
        """A name after a verb that may be someone's: of a person with a common surname, of a company where one is named."""
        common = name[0] in people.COMMON and name[0] not in companies.TRADE_SURNAMES
        if subject.sure or (common and not self.reading.contacts and self.reading.company is None):
            at, until = self.line.span(subject.start, subject.end)
            self.reading.contacts.append(Person(at, until, name))
            self._take("contact", subject.start, subject.end, name, sure=subject.sure)
        elif self.reading.contacts and self.reading.company is None:
            self.reading.company = name
            self._take("company", subject.start, subject.end, name)
        else:
            self._unclear_company(subject, name)

    def _unclear_company(self, subject: subjects.Subject, name: str) -> None:
        """Offer a name that may be the company's, where none is known yet."""
        if self.reading.company is None:
            shorter = (self.line.plain[subject.start : subject.cut],) if subject.cut else ()
            self._take("company", subject.start, subject.end, None, sure=False, candidates=(*shorter, name))
            self.reading.ask("company")

    def _lone_company(self) -> None:
        """Where no verb tells a company: the one that stands right before the first person."""
        reading = self.reading
        if reading.company is not None or "company" in reading.questions or not self.first_person:
            return
        if subject := subjects.before_person(self.left, self.first_person):
            reading.company = self.line.plain[subject.start : subject.end].strip()
            self._take("company", subject.start, subject.end, reading.company)

    def _choose_contact(self) -> None:
        """The first person named is the contact, the first telephone number theirs unless someone stands nearer to it."""
        reading = self.reading
        if (
            self.company_end
            and not reading.contacts
            and (alone := introductions.alone_after(self.left, self.company_end))
        ):
            self._add_person(alone)
        reading.contacts.sort(key=lambda person: person.start)
        if reading.contacts and "contact" not in reading.questions:
            reading.contact = reading.contacts[0].name
        for mark in reading.marks:
            if mark.kind == "phone" and isinstance(mark.value, str):
                nearest = [person for person in reading.contacts if person.end <= mark.start and not person.phone]
                if nearest:
                    nearest[-1].phone = mark.value
