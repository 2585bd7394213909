"""From a typed line to its reading: each kind of thing takes its stretch of the line, the rest is left for the next."""

from __future__ import annotations

from fieldkit.capture import (
    company_names,
    freestanding,
    introductions,
    mentions,
    people,
    phones,
    projects,
    purposes,
    roles,
    signs,
    subjects,
    verbs,
)
from fieldkit.capture.draft import Draft
from fieldkit.capture.reading import AmountRead, Mark, Person
from fieldkit.capture.text import GAP, mask

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime

    from fieldkit.capture.amounts import Money
    from fieldkit.capture.moments import When
    from fieldkit.capture.reading import Known

_FEWEST_DIGITS = 7
"""In a credit code: the six of its place, and one of its registry."""


class Reader(Draft):
    """One pass over one line."""

    def __init__(self, text: str, now: datetime, known: Known | None) -> None:
        super().__init__(text)
        self._signs()
        self._credit_codes()
        found_phones = self._phones()
        if known is not None:
            from fieldkit.capture import linking

            linking.link(self, known)
            self.linked = len(self.companies)
        self._people_before(found_phones)
        self.brands = freestanding.find_brands(self.left)
        whens = self._moments_and_money()
        found = verbs.find_verbs(self.shielded(), self.line.folded)
        roles.settle(self.line, self.reading, whens, found, now=now, text=self.left)
        self._spoken_mode()
        self._titled_people(found)
        self._project()
        self._companies(found)
        self._lone_company()
        doubtful = known is not None and self._may_be_anothers()
        if doubtful:
            from fieldkit.capture import whose

            whose.company_beside(self, found)
            whose.company_meant(self, found)
        self._choose_contact()
        if doubtful:
            whose.people_elsewhere(self, found)
        self.reading.marks.sort(key=lambda mark: (mark.start, mark.end))

    def _may_be_anothers(self) -> bool:
        """Whether the line names what the store knows, or several people: only then `whose` has something to tell apart."""
        reading = self.reading
        linked = reading.company_id or reading.lead_id or any(person.id for person in reading.contacts)
        return bool(linked) or len(reading.contacts) > 1

    def _signs(self) -> None:
        reading = self.reading
        for sign in signs.find_signs(self.left):
            if sign.word in signs.MODES and sign.mark == "!":
                reading.mode = reading.mode or signs.MODES[sign.word]
                self.take("mode", sign.start, sign.end, signs.MODES[sign.word])
            elif sign.mark == "!":
                reading.stage = reading.stage or signs.STAGES[sign.word]
                self.take("stage", sign.start, sign.end, signs.STAGES[sign.word])
            elif code := signs.task_force(sign.word):
                reading.task_force = reading.task_force or code
                self.take("task_force", sign.start, sign.end, code)
            else:
                tag = self.line.plain[sign.start + 1 : sign.start + 1 + len(sign.word)]
                reading.tags.append(tag)
                self.take("tag", sign.start, sign.end, tag)
        for person in signs.signed(self.line):
            self.add_person(person)

    def _spoken_mode(self) -> None:
        for word, code in signs.SPOKEN_MODES.items():
            index = self.left.find(word)
            if index >= 0 and self.reading.mode is None:
                self.reading.mode = code
                at, until = self.line.span(index, index + len(word))
                self.reading.marks.append(Mark("mode", at, until, self.line.raw[at:until], code))

    def _credit_codes(self) -> None:
        """Credit codes with their labels; an identity card's number is nobody's phone or day, and is left out."""
        if sum([self.left.count(digit) for digit in "0123456789"]) < _FEWEST_DIGITS:
            return
        from fieldkit.capture import credit_codes

        codes = credit_codes.find(self.left)
        for found in codes:
            if found.code != "":
                self.take("uscc", found.start, found.end, found.code, sure=found.sure)
            self.left = mask(self.left, found.labelled, found.end)
        said = {found.code for found in codes if found.code}
        if len(said) > 1:
            self.reading.ask("company")
        self.reading.uscc = said.pop() if len(said) == 1 else None

    def _people_before(self, found: list[phones.Phone]) -> None:
        for person in people.before_phone(self.left, found):
            self.add_person(person)

    def _phones(self) -> list[phones.Phone]:
        found = phones.find_phones(self.left)
        self._people_before(found)
        for phone in found:
            self.reading.phones.append(phone.digits)
            self.take("phone", phone.start, phone.end, phone.digits)
        self.reading.phone = self.reading.phones[0] if self.reading.phones else None
        return found

    def _moments_and_money(self) -> list[When]:
        found = mentions.find(self.line, self.shielded())
        typed = self.left
        for start, money in found.moneys:
            self._add_money(typed, start, money)
        for start, end in found.rough_moneys:
            self.take("amount", start, end, None, sure=False)
            self.reading.ask("amount")
        for start, end in found.rough_times:
            self.take("date", start, end, None, sure=False)
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
            found = self.take("amount", start, money.end, money.amount, sure=money.exact)
        else:
            found = self.take("amount", start, money.end, None, sure=False, candidates=(money.amount, money.most))
        self.reading.amounts.append(AmountRead(found.start, found.end, found.text, money, role))

    def _titled_people(self, found: list[verbs.Verb]) -> None:
        edges = {verb.end for verb in found}
        for person in people.titled(self.shielded(), edges):
            self.add_person(person)
        for person in introductions.labelled(self.shielded()):
            self.add_person(person)
        for person in introductions.familiar(self.shielded(), edges):
            self.add_person(person)

    def _project(self) -> None:
        for start, end in projects.find(self.left):
            title = self.line.plain[start:end]
            if self.reading.title is None:
                self.reading.title = title
            self.take("title", start, end, title)

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
            self.take("company", subject.start, subject.end, name)

    def _person_or_company(self, subject: subjects.Subject, name: str) -> None:
        """A name after a verb that may be someone's: of a person with a common surname, of a company where one is named."""
        common = name[0] in people.COMMON and name[0] not in company_names.TRADE_SURNAMES
        if subject.sure or (common and not self.reading.contacts and self.reading.company is None):
            at, until = self.line.span(subject.start, subject.end)
            self.people.append((subject.start, subject.end))
            self.reading.contacts.append(Person(at, until, name))
            self.take("contact", subject.start, subject.end, name, sure=subject.sure)
        elif self.reading.contacts and self.reading.company is None:
            self.reading.company = name
            self.take("company", subject.start, subject.end, name)
        else:
            self._unclear_company(subject, name)

    def _unclear_company(self, subject: subjects.Subject, name: str) -> None:
        """Offer a name that may be the company's, where none is known yet."""
        if self.reading.company is None:
            shorter = (self.line.plain[subject.start : subject.cut],) if subject.cut else ()
            self.take("company", subject.start, subject.end, None, sure=False, candidates=(*shorter, name))
            self.reading.ask("company")

    def _lone_company(self) -> None:
        """Where no verb tells a company: the one that stands right before the first person."""
        reading = self.reading
        if reading.company is not None or "company" in reading.questions or not self.first_person:
            return
        if subject := subjects.before_person(self.left, self.first_person):
            reading.company = self.line.plain[subject.start : subject.end].strip()
            self.take("company", subject.start, subject.end, reading.company)

    def _choose_contact(self) -> None:
        """The first person named is the contact, the first telephone number theirs unless someone stands nearer to it."""
        reading = self.reading
        if (
            self.company_end
            and not reading.contacts
            and (alone := introductions.alone_after(self.left, self.company_end))
        ):
            self.add_person(alone)
        reading.contacts.sort(key=lambda person: person.start)
        if reading.contacts and "contact" not in reading.questions:
            reading.contact = reading.contacts[0].name
        for mark in reading.marks:
            if mark.kind == "phone" and isinstance(mark.value, str):
                nearest = [person for person in reading.contacts if person.end <= mark.start and not person.phone]
                if nearest:
                    nearest[-1].phone = mark.value
