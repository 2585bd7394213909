"""Names of the local store found in the line: one look-up of every stretch that may be a name, the longest match first."""

from __future__ import annotations

from fieldkit.capture import names
from fieldkit.capture.reading import Person
from fieldkit.capture.text import is_digit, is_latin, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence

    from fieldkit.capture.draft import Draft
    from fieldkit.capture.reading import Known

    Entry = tuple[str, str, str]
    """(kind, id, name) of a record."""

LONGEST = 24
_PLAIN_WORDS = frozenset(
    words("""
    今天 明天 昨天 后天 上午 下午 晚上 周末 拜访 走访 考察 接待 会见 电话 微信 联系 跟进 回访 签约 项目 公司
    投资 合作 企业 客户 领导 met call visit project next week with send back and the
    """)
)


class Link:
    """A stretch of the line that names something in the store: its span and every (kind, id, name) it may be."""

    __slots__ = ("end", "entries", "start")

    def __init__(self, start: int, end: int, entries: Sequence[Entry]) -> None:
        self.start = start
        self.end = end
        self.entries = tuple(entries)


class Stretch:
    """A run of name characters without its spaces: the text, where each character stands in the line, where words may be cut."""

    __slots__ = ("_at", "_cuts", "texts")

    def __init__(self, folded: str, plain: str, start: int, end: int) -> None:
        self._at = [index for index in range(start, end) if folded[index] != " "]
        text = folded[start:end].replace(" ", "")
        typed = plain[start:end].lower().replace(" ", "")
        self.texts = (text,) if typed == text or len(typed) != len(text) else (text, typed)
        self._cuts = [place for place in range(len(text) + 1) if self._is_cut(folded, place)]

    def _is_cut(self, folded: str, place: int) -> bool:
        """Whether no Latin word and no number is cut in two there."""
        if not 0 < place < len(self._at) or self._at[place] > self._at[place - 1] + 1:
            return True
        before, after = folded[self._at[place - 1]], folded[self._at[place]]
        return not ((is_latin(before) and is_latin(after)) or (is_digit(before) and is_digit(after)))

    def pairs(self) -> set[str]:
        """The first two characters of every part that may be a name."""
        return {pair for text in self.texts for begin in self._cuts if len(pair := text[begin : begin + 2]) == 2}

    def fragments(self, begun: Container[str]) -> set[str]:
        """Every part of 2 to 24 characters that may be a name; `begun` are the pairs with which names begin."""
        cuts = self._cuts
        found = {
            text[begin:until]
            for text in self.texts
            for first, begin in enumerate(cuts)
            if text[begin : begin + 2] in begun
            for until in cuts[first + 1 : first + 1 + LONGEST]
            if 2 <= until - begin <= LONGEST
        }
        if not found:
            return found
        if min(self.texts[0]) < "\x80":
            found = {text for text in found if not text.isdigit() and (len(text) > 2 or not text.isascii())}
        return found - _PLAIN_WORDS

    def places(self, fragment: str) -> Iterator[tuple[int, int]]:
        """The spans of the line in which the fragment stands."""
        for text in self.texts:
            begin = text.find(fragment)
            while begin >= 0:
                until = begin + len(fragment)
                if begin in self._cuts and until in self._cuts:
                    yield self._at[begin], self._at[until - 1] + 1
                begin = text.find(fragment, begin + 1)


def link(draft: Draft, known: Known) -> None:
    """Take over what the store knows of the names in the line, and of the people marked with `@`."""
    signed = {key: person for person in draft.reading.contacts if len(key := names.key(person.name)) >= 2}
    links, people = _find(draft.left, draft.line.plain, known, list(signed))
    for key, entries in people.items():
        _link_person(draft, signed[key], entries)
    for found in links:
        _take_over(draft, found)


def _link_person(draft: Draft, person: Person, entries: tuple[Entry, ...]) -> None:
    if len(entries) == 1:
        person.id = entries[0][1]
    elif entries:
        draft.reading.ask("contact")


def _meant(draft: Draft, link: Link) -> Sequence[Entry]:
    """The records that a stretch may mean: of several companies the one whose full name it is, where it is one's."""
    entries = link.entries
    if len(entries) == 1 or any(entry[0] != "companies" for entry in entries):
        return entries
    typed = names.key(draft.line.plain[link.start : link.end])
    exact = [entry for entry in entries if names.key(entry[2]) == typed]
    return exact if len(exact) == 1 else entries


def _take_over(draft: Draft, link: Link) -> None:
    """Take over what one stretch names; with several records under one name all are offered."""
    reading, entries = draft.reading, _meant(draft, link)
    field = {"companies": "company", "contacts": "contact", "leads": "title"}.get(entries[0][0])
    if field is None:
        return
    if len(entries) > 1:
        draft.take(field, link.start, link.end, None, sure=False, candidates=tuple([entry[2] for entry in entries]))
        reading.ask(field)
        return
    _, identity, name = entries[0]
    found = draft.take(field, link.start, link.end, name)
    if field == "contact":
        draft.people.append((link.start, link.end))
        reading.contacts.append(Person(found.start, found.end, name, "", identity))
    elif field == "company" and reading.company is None:
        reading.company, reading.company_id = name, identity
        draft.company_end = link.end
    elif field == "title" and reading.title is None:
        reading.title, reading.lead_id = name, identity
        draft.leads.append((link.start, link.end))


def _find(
    text: str, plain: str, known: Known, signed: Sequence[str]
) -> tuple[list[Link], dict[str, tuple[Entry, ...]]]:
    """The links of a masked folded text, in order, none overlapping, and the contacts that the `signed` keys name.

    `plain` is the same text before folding.
    """
    stretches = [Stretch(text, plain, start, end) for start, end in _stretches(text)]
    begun = known.beginnings(list(set().union(*[stretch.pairs() for stretch in stretches])))
    fragments = set(signed).union(*[stretch.fragments(begun) for stretch in stretches])
    if not fragments:
        return [], {}
    answers = known.lookup(list(fragments))
    matches = [
        (begin - until, begin, until, entries)
        for key, entries in answers.items()
        if entries
        for stretch in stretches
        for begin, until in stretch.places(key)
    ]
    taken = _apart(text, plain, matches) if matches else []
    people = {key: tuple(entry for entry in answers.get(key, ()) if entry[0] == "contacts") for key in signed}
    return sorted(taken, key=lambda link: link.start), people


def _apart(text: str, plain: str, matches: Iterable[tuple[int, int, int, Sequence[Entry]]]) -> list[Link]:
    """The longest of the matches (-length, begin, end, records) that stand there as names and do not overlap."""
    from fieldkit.capture import standing

    found = sorted(matches, key=lambda match: match[:2])
    ends = {until for _, _, until, entries in found if any(entry[0] != "leads" for entry in entries)}
    taken: list[Link] = []
    for _, begin, until, entries in found:
        if all(until <= link.start or link.end <= begin for link in taken):
            meant = [entry for entry in entries if standing.stands(text, plain, begin, until, entry=entry, ends=ends)]
            taken += [Link(begin, until, meant)] if meant else []
    return taken


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """Runs of name characters: Chinese, letters, digits, and single spaces between Latin words."""
    start = -1
    for index, char in enumerate(text):
        inside = char.isalnum() or (char == " " and start >= 0 and _joins(text, index))
        if inside and start < 0:
            start = index
        elif not inside and start >= 0:
            yield start, index
            start = -1
    if start >= 0:
        yield start, len(text)


def _joins(text: str, space: int) -> bool:
    before, after = text[space - 1], text[space + 1 : space + 2]
    return before.isascii() and before.isalnum() and is_latin(after or " ")
