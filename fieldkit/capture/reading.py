"""What one line was read as, and what scripts see of it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence
    from datetime import date, time

    from fieldkit.capture.amounts import Money
    from fieldkit.capture.moments import Moment


class Known:
    """What the local store knows; the store brings its own, this one knows nothing."""

    __slots__ = ()

    def beginnings(self, pairs: Sequence[str]) -> Container[str]:
        """Those of `pairs`, each of two characters, with which a name begins. Called at most once for a line."""
        del pairs
        return ()

    def lookup(self, fragments: Sequence[str]) -> Mapping[str, Sequence[tuple[str, str, str]]]:
        """For each of `fragments` (made by `names.key`) that is a name: (kind, id, full name) of every record it names.

        kind is `companies`, `contacts` or `leads`. Called at most once for a line.
        """
        del fragments
        return {}


class Mark:
    """One stretch of the typed line that was understood.

    `start` and `end` count characters of the original text; `text` is what stands there. `value` is the date or time in
    ISO form, the amount in whole units, the code or the name; None where it is understood what kind of thing stands there
    but not which. `sure` is False where a person should look; `candidates` are then the possible values, none chosen.
    """

    __slots__ = ("candidates", "end", "kind", "start", "sure", "text", "value")

    def __init__(
        self,
        kind: str,
        start: int,
        end: int,
        text: str,
        value: str | int | None,
        *,
        sure: bool = True,
        candidates: Sequence[str | int] = (),
    ) -> None:
        self.kind = kind
        self.start = start
        self.end = end
        self.text = text
        self.value = value
        self.sure = sure
        self.candidates = tuple(candidates)

    def as_json(self) -> dict[str, object]:
        return {
            "kind": self.kind,
            "text": self.text,
            "start": self.start,
            "end": self.end,
            "value": self.value,
            "sure": self.sure,
            "candidates": list(self.candidates),
        }


class DateRead:
    """A date in the line: `date`, the last day `until` when it is a span, the `time` and `until_time` when said."""

    __slots__ = ("date", "end", "start", "text", "time", "until", "until_time")

    def __init__(self, start: int, end: int, text: str, moment: Moment) -> None:
        self.start = start
        self.end = end
        self.text = text
        self.date = moment.first
        self.until = moment.last if moment.last != moment.first else None
        self.time = moment.time
        self.until_time = moment.until_time

    def as_json(self) -> dict[str, object]:
        return {
            "text": self.text,
            "start": self.start,
            "end": self.end,
            "date": self.date.isoformat(),
            "until": self.until.isoformat() if self.until else None,
            "time": clock_text(self.time),
        }


class AmountRead:
    """An amount of money in whole units of `currency` (ISO 4217).

    `most` is the upper end of a range whose lower end is `amount`. `role` says what it is the amount of: `investment`, `fixed`
    (fixed assets), `loan`, `other` (output, tax, registered capital, …) or "" where the line does not say.
    """

    __slots__ = ("amount", "currency", "end", "most", "role", "start", "text")

    def __init__(self, start: int, end: int, text: str, money: Money, role: str) -> None:
        self.start = start
        self.end = end
        self.text = text
        self.amount = money.amount
        self.most = money.most
        self.currency = money.currency
        self.role = role

    def as_json(self) -> dict[str, object]:
        return {
            "text": self.text,
            "start": self.start,
            "end": self.end,
            "amount": self.amount,
            "currency": self.currency,
        }


class Person:
    """Someone named in the line: `name` as typed (王总, 张伟), `post` when said, `id` when the store knows them.

    `elsewhere` is the company right before them where it is not the line's: 宁德时代张伟介绍天赐材料李总.
    """

    __slots__ = ("elsewhere", "end", "id", "name", "phone", "post", "start")

    def __init__(self, start: int, end: int, name: str, post: str = "", identity: str = "") -> None:
        self.start = start
        self.end = end
        self.name = name
        self.post = post
        self.phone = ""
        self.id = identity
        self.elsewhere = ""

    def as_json(self) -> dict[str, object]:
        return {
            "name": self.name,
            "post": self.post,
            "phone": self.phone,
            "id": self.id,
            "start": self.start,
            "end": self.end,
        }


class Next:
    """The next step: the day it is due, the time of day when said, and what is to be done in the typed words."""

    __slots__ = ("date", "time", "what")

    def __init__(self, date: date, time: time | None, what: str) -> None:
        self.date = date
        self.time = time
        self.what = what

    def as_json(self) -> dict[str, object]:
        return {"date": self.date.isoformat(), "time": clock_text(self.time), "what": self.what}


class Reading:
    """What one typed line was read as. Nothing in it is a guess: what has two readings is in `questions` and not chosen.

    `questions` are codes of fields (`company`, `contact`, `date`, `amount`, …) whose marks carry `candidates`.
    """

    __slots__ = (
        "amount", "amounts", "company", "company_id", "contact", "contacts", "currency", "dates", "lead_id", "marks", "mode", "next",
        "phone", "phones", "questions", "stage", "tags", "task_force", "text", "title", "uscc", "visited", "visited_time",
    )  # fmt: skip

    def __init__(self, text: str) -> None:
        self.text = text
        self.company: str | None = None
        self.company_id: str | None = None
        self.contact: str | None = None
        self.phone: str | None = None
        self.title: str | None = None
        self.lead_id: str | None = None
        self.uscc: str | None = None
        self.amount: int | None = None
        self.currency: str | None = None
        self.mode: str | None = None
        self.visited: date | None = None
        self.visited_time: time | None = None
        self.next: Next | None = None
        self.dates: list[DateRead] = []
        self.amounts: list[AmountRead] = []
        self.contacts: list[Person] = []
        self.phones: list[str] = []
        self.task_force: str | None = None
        self.stage: str | None = None
        self.tags: list[str] = []
        self.marks: list[Mark] = []
        self.questions: list[str] = []

    def ask(self, field: str) -> None:
        """Note that `field` has more than one reading."""
        if field not in self.questions:
            self.questions.append(field)

    def as_json(self) -> dict[str, object]:
        """The keys that scripts rely on, in their order, then the further ones."""
        return {
            "company": self.company,
            "contact": self.contact,
            "phone": self.phone,
            "title": self.title,
            "amount": self.amount,
            "currency": self.currency,
            "mode": self.mode,
            "visited": self.visited.isoformat() if self.visited else None,
            "next": self.next.as_json() if self.next else None,
            "dates": [found.as_json() for found in self.dates],
            "amounts": [found.as_json() for found in self.amounts],
            "contacts": [found.as_json() for found in self.contacts],
            "phones": list(self.phones),
            "task_force": self.task_force,
            "stage": self.stage,
            "tags": list(self.tags),
            "visited_time": clock_text(self.visited_time),
            "uscc": self.uscc,
            "marks": [found.as_json() for found in self.marks],
            "questions": list(self.questions),
        }


def clock_text(value: time | None) -> str | None:
    """HH:MM, or None."""
    return value.strftime("%H:%M") if value else None
