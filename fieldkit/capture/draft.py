"""A reading in the making: what was read of a line so far, and what of it is left to read."""

from __future__ import annotations

from fieldkit.capture.reading import Mark, Person, Reading
from fieldkit.capture.text import Line, is_han, mask

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fieldkit.capture.people import Found


class Draft:
    """One line and its `reading`; `left` is the folded text in which everything read so far is masked.

    `brands` are the spans of names that look like times. `company_end` is where the company read first ends, `first_person`
    where the first person stands; 0 where none was read. `people` and `companies` are the spans of all that are named,
    `leads` those of known projects; the first `linked` of the companies are known.
    """

    def __init__(self, text: str) -> None:
        self.line = Line(text)
        self.left = self.line.folded
        self.reading = Reading(text)
        self.brands: list[tuple[int, int]] = []
        self.company_end = 0
        self.first_person = 0
        self.people: list[tuple[int, int]] = []
        self.companies: list[tuple[int, int]] = []
        self.linked = 0
        self.leads: list[tuple[int, int]] = []

    def take(
        self,
        kind: str,
        start: int,
        end: int,
        value: str | int | None,
        *,
        sure: bool = True,
        candidates: tuple[str | int, ...] = (),
    ) -> Mark:
        """Mark a span of the folded text as read; nothing else is read there."""
        start, end = self.line.trim(start, end)
        at, until = self.line.span(start, end)
        found = Mark(kind, at, until, self.line.raw[at:until], value, sure=sure, candidates=candidates)
        self.reading.marks.append(found)
        if kind == "company":
            self.companies.append((start, end))
        self.left = mask(self.left, start, end)
        return found

    def add_person(self, person: Found) -> None:
        """Take someone found; who was named before under the same name is kept once."""
        at, until = self.line.span(person.start, person.end)
        self.people.append((person.start, person.end))
        self.first_person = min(self.first_person or person.start, person.start)
        name = self.line.plain[person.name_start : person.name_end]
        if is_han(name[-1]):
            name = name.replace(" ", "")
        if all(known.name != name for known in self.reading.contacts):
            self.reading.contacts.append(Person(at, until, name, person.post))
        self.take("contact", person.start, person.end, name)

    def shielded(self) -> str:
        """What is left to read, without the brands whose names look like times."""
        text = self.left
        for start, end in self.brands:
            text = mask(text, start, end)
        return text
