"""From a typed line to its reading: each kind of thing takes its stretch of the line, the rest is left for the next."""

from __future__ import annotations

from fieldkit.capture import amounts, people, phones, signs, subjects, times, verbs
from fieldkit.capture.reading import AmountRead, DateRead, Mark, Next, Person, Reading
from fieldkit.capture.roles import Mention, settle
from fieldkit.capture.text import Line, mask

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime

    from fieldkit.capture.reading import Known


def read(text: str, now: datetime, known: Known | None = None) -> Reading:
    """What the line means at `now` (local time), with the names the store knows. Never fails, whatever the text."""
    return _Reader(Line(text), now, known).reading


class _Reader:
    """One pass over one line. `left` is the folded text in which everything read so far is masked."""

    def __init__(self, line: Line, now: datetime, known: Known | None) -> None:
        self.line = line
        self.now = now
        self.known = known
        self.left = line.folded
        self.reading = Reading(line.raw)
        self._signs()
        self._phones()
        moments = self._moments_and_money()
        found_verbs = verbs.find_verbs(self.left)
        settle(self.line, self.reading, moments, found_verbs, now, self.left)
        self._people()
        self._subjects(found_verbs)
        self.reading.marks.sort(key=lambda found: (found.start, found.end))

    def _take(self, kind: str, start: int, end: int, value: str | int | None, *, sure: bool = True, candidates: tuple[str | int, ...] = ()) -> Mark:
        start, end = self.line.trim(start, end)
        at, until = self.line.span(start, end)
        found = Mark(kind, at, until, self.line.raw[at:until], value, sure, candidates)
        self.reading.marks.append(found)
        self.left = mask(self.left, start, end)
        return found

    def _signs(self) -> None:
        reading = self.reading
        for sign in signs.find_signs(self.left):
            if sign.mark == "!":
                kind, code = ("mode", signs.MODES[sign.word]) if sign.word in signs.MODES else ("stage", signs.STAGES[sign.word])
                if getattr(reading, kind) is None:
                    setattr(reading, kind, code)
                self._take(kind, sign.start, sign.end, code)
                continue
            code = signs.task_force(sign.word)
            if code and reading.task_force is None:
                reading.task_force = code
            elif not code:
                reading.tags.append(self.line.plain[sign.start + 1 : sign.start + 1 + len(sign.word)])
            self._take("task_force" if code else "tag", sign.start, sign.end, code or sign.word)
        for person in people.signed(self.line):
            self._add_person(person)

    def _add_person(self, person: people.Found) -> None:
        at, until = self.line.span(person.start, person.end)
        self.reading.contacts.append(Person(at, until, person.name, person.post))
        self._take("contact", person.start, person.end, person.name)

    def _phones(self) -> None:
        found = phones.find_phones(self.left)
        for person in people.before_phone(self.left, found):
            if "\0" not in self.left[person.start : person.end]:
                self._add_person(person)
        for phone in found:
            self.reading.phones.append(phone.digits)
            self._take("phone", phone.start, phone.end, phone.digits)
        self.reading.phone = self.reading.phones[0] if self.reading.phones else None

    def _moments_and_money(self) -> list[Mention]:
        mentions: list[Mention] = []
        index, text = 0, self.left
        while index < len(text):
            char = text[index]
            when = times.when_at(text, index) if char in times.STARTS else None
            money = amounts.money_at(text, index) if char in amounts.STARTS else None
            if money and (when is None or money.end >= when.end):
                self._add_money(index, money)
                index = money.end
            elif when:
                mentions.append(Mention(when))
                self.left = mask(self.left, when.start, when.end)
                index = when.end
            else:
                index = self._past(index)
        return mentions

    def _past(self, index: int) -> int:
        text = self.left
        if not text[index].isdigit():
            return index + 1
        while index < len(text) and (text[index].isdigit() or text[index] in ".,"):
            index += 1
        return index

    def _add_money(self, start: int, money: amounts.Money) -> None:
        if money.amount is None:
            return
        role = roles_of_money(self.left, start)
        found = self._take("amount", start, money.end, money.amount, sure=money.exact and money.most is None,
                           candidates=(money.amount, money.most) if money.most else ())
        self.reading.amounts.append(AmountRead(found.start, found.end, found.text, money.amount, money.most, money.currency, role))
        if self.reading.amount is None and role in {"", "investment", "loan"} and not money.most:
            self.reading.amount, self.reading.currency = money.amount, money.currency

    def _people(self) -> None:
        for person in people.titled(self.left):
            self._add_person(person)
        if self.reading.contacts:
            self.reading.contact = self.reading.contacts[0].name
            self.reading.contacts[0].phone = self.reading.phone or ""

    def _subjects(self, found_verbs: list[verbs.Verb]) -> None:
        reading = self.reading
        for project in subjects.projects(self.line, self.left)[:1]:
            reading.title = self.line.plain[project.start : project.end]
            self._take("title", project.start, project.end, reading.title)
        for company in subjects.companies(self.line, self.left, found_verbs):
            name = self.line.plain[company.start : company.end].strip()
            if company.person:
                continue
            if reading.company is None:
                reading.company = name
            self._take("company", company.start, company.end, name)


def roles_of_money(text: str, start: int) -> str:
    return ""
