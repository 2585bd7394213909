"""Which time was the visit and which is the next step: the verb beside each time decides."""

from __future__ import annotations

from fieldkit.capture import tenses, verbs
from fieldkit.capture.offsets import RECENT
from fieldkit.capture.reading import DateRead, Mark, Next
from fieldkit.capture.tenses import PAUSES, STOPS
from fieldkit.capture.text import GAP

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from fieldkit.capture.moments import Moment, When
    from fieldkit.capture.reading import Reading
    from fieldkit.capture.text import Line
    from fieldkit.capture.verbs import Verb

_SHORT = 14
"""Days of a span that can be a next step without a verb: 等12月中旬董事会."""
_WEEKENDS = ("周末", "周六日", "周六周日", "双休日")
_TOLD = frozenset({"day", "range"})
"""Units of a span from one day to another; in a week, a month or 上旬 a visit was on some day."""
_WEEKEND_LONG = 3  # days
_CHOICE = ("或", "或者", "还是", "或是", "or")


class Role:
    """One mention with its verb, whether that looks back and tells what is `done`, what it comes to, and whether nothing
    happens then (`void`).
    """

    __slots__ = ("back", "done", "moments", "verb", "void", "when")

    def __init__(
        self, when: When, verb: Verb | None, back: bool, moments: list[Moment], *, done: bool, void: bool
    ) -> None:
        self.done = done
        self.void = void
        self.when = when
        self.verb = verb
        self.back = back
        self.moments = moments


def settle(
    line: Line, reading: Reading, whens: Sequence[When], found: Sequence[Verb], *, now: datetime, text: str
) -> None:
    """Resolve every mention of `text` (masked, mentions too), and fill `dates`, `visited`, `next` and the marks of `reading`."""
    now = now.replace(tzinfo=None)
    begun = {when.start for when in whens}
    spoken = [verb for verb in found if not _denied(text, verb) and not (verb.light and verb.end in begun)]
    roles = [_role(line, text, whens, index, found=spoken, now=now) for index in range(len(whens))]
    for role in roles:
        _note(line, reading, role)
    chosen = [
        role for index, role in enumerate(roles) if len(role.moments) == 1 and not _one_of_two(line, roles, index)
    ]
    if len(chosen) < len(roles):
        reading.ask("date")
    for role in sorted(chosen, key=lambda role: _rank(role, now)):
        if role.void or (role.when.day is not None and role.when.day.unit == RECENT):
            continue
        _place(line, reading, role, now=now, text=text, found=spoken)


def _rank(role: Role, now: datetime) -> bool:
    """What has no verb, and what is done today, comes after what is to be done later: 今天寄样品,下周五答复."""
    today = now.date()
    moment = role.moments[0]
    return moment.first >= today and (
        role.verb is None or (moment.first == moment.last == today and moment.time is None)
    )


def _denied(text: str, verb: Verb) -> bool:
    """无回访, 不用再约."""
    return text[: verb.start].endswith(("无", "不", "没有", "没", "未", "无需", "不用", "暂无", "不再", "no ", "not "))


def _role(line: Line, text: str, whens: Sequence[When], index: int, *, found: Sequence[Verb], now: datetime) -> Role:
    when = whens[index]
    until = whens[index + 1].start if index + 1 < len(whens) else len(text)
    since = whens[index - 1].end if index else 0
    verb = _verb_of(text, when, since, until, found)
    if (
        verb is None
        and index + 1 < len(whens)
        and text[when.end : until].strip() in {"", "、", "和", "或", "或者", "及", "与", "到", "至"}
    ):
        last = whens[index + 2].start if index + 2 < len(whens) else len(text)
        verb = _verb_of(text, whens[index + 1], whens[index + 1].end, last, found)
    said = line.folded[when.start : when.end]
    earlier = whens[index - 1] if index else None
    if verb is not None and tenses.belongs_before(text, said, earlier, verb, when):
        verb = None
    if verb is None:
        done = when.open and tenses.is_told_as_past(text, when, since, until)
    else:
        done = tenses.is_done(text, when, verb, until)
    told = when.day is not None and when.day.unit != "holiday" and tenses.is_told_with_le(text, when, until)
    sure_done = done and (verb is not None or told)
    nearest = not done and tenses.lies_behind(text, said, when, verb, since=since, now=now)
    back = done or nearest or tenses.looks_back(text, said, when, verb, since)
    days = when.choices or (when.day,)
    moments = []
    for day in days:
        when.day = day
        moment = when.resolve(now, back)
        if moment and back and not nearest and not sure_done and when.open and (now.date() - moment.last).days > 180:
            moment = tenses.nearer(when, moment, now)
        moments += [moment] if moment else []
    when.settled = moments[0] if moments else None
    if when.day is None and moments and back and not (done or nearest) and not moments[0].is_past(now):
        back = False
    return Role(when, verb, back, moments, done=done, void=tenses.is_void(text, when, since, until))


def _verb_of(text: str, when: When, since: int, until: int, found: Sequence[Verb]) -> Verb | None:
    """The verb right after in the same clause, else the one before it, else one after a pause."""
    after = next((verb for verb in found if when.end <= verb.start < until), None)
    if after and not STOPS.isdisjoint(text[when.end : after.start]):
        after = None
    if after and PAUSES.isdisjoint(text[when.end : after.start]):
        return after
    before = next((verb for verb in reversed(found) if since <= verb.start < when.start), None)
    if before and STOPS.isdisjoint(text[before.end : when.start]):
        return before
    return after if after and not text[when.end : after.start].strip(" ,:") else None


def _note(line: Line, reading: Reading, role: Role) -> None:
    start, end = line.trim(role.when.start, role.when.end)
    at, until = line.span(start, end)
    text = line.raw[at:until]
    values = [moment.text() for moment in role.moments]
    one = len(values) == 1
    sure = one and (role.when.day is None or role.when.day.sure)
    reading.marks.append(
        Mark("date", at, until, text, values[0] if one else None, sure=sure, candidates=() if one else values)
    )
    reading.dates += [DateRead(at, until, text, moment) for moment in role.moments]


def _one_of_two(line: Line, roles: Sequence[Role], index: int) -> bool:
    """Whether 或 joins this time with a neighbour: neither is chosen."""
    for left, right in ((index - 1, index), (index, index + 1)):
        if (
            left >= 0
            and right < len(roles)
            and line.folded[roles[left].when.end : roles[right].when.start].strip() in _CHOICE
        ):
            return True
    return False


def _place(line: Line, reading: Reading, role: Role, *, now: datetime, text: str, found: Sequence[Verb]) -> None:
    """Put one resolved time where it belongs: the visit, the next step, or nowhere (a milestone of the project)."""
    moment, verb = role.moments[0], role.verb
    if verb is not None and verb.kind == verbs.MILESTONE:
        return
    today = now.date()
    if _is_told_visit(line, role, today) and (verb or any(other.kind == verbs.VISIT for other in found)):
        if reading.visited is None:
            reading.visited, reading.visited_time = moment.first, moment.time
    elif moment.last < today or (
        moment.last == moment.first
        and moment.is_past(now)
        and (role.back or verb is None or (verb.kind == verbs.VISIT and not verb.light) or moment.time is not None)
    ):
        if reading.visited is None and (verb is not None or any(other.kind == verbs.VISIT for other in found)):
            if moment.last != moment.first:
                reading.ask("visited")
            else:
                reading.visited, reading.visited_time = moment.first, moment.time
    elif reading.next is None and (verb is not None or (moment.last - moment.first).days <= _SHORT):
        day = moment.first if moment.first >= today else moment.last
        reading.next = Next(day, moment.time, _what(line, text, role.when, verb))


def _is_told_visit(line: Line, role: Role, today: date) -> bool:
    """Whether a visit took these days, so that it was on the first: 上周末接待…, 周一到周三走访….

    In 上周拜访… it was on some day of them; 周末接待… may be the coming one.
    """
    day, verb, moment = role.when.day, role.verb, role.moments[0]
    length = (moment.last - moment.first).days + 1
    if length == 1 or moment.first >= today or day is None or (day.unit not in _TOLD and length > _WEEKEND_LONG):
        return False
    if not role.done and line.folded.startswith(_WEEKENDS, role.when.start):
        return False
    if moment.last == today:
        return verb is not None and verb.kind == verbs.VISIT and not verb.light
    return moment.last < today and (verb is None or verb.kind == verbs.VISIT or verb.word.startswith("来"))


def _what(line: Line, text: str, when: When, verb: Verb | None) -> str:
    """What is to be done, in the typed words: from the verb (or the time) to the end of its clause."""
    start = verb.start if verb is not None else when.end
    end = verb.end if verb is not None else start
    while (
        end < len(text)
        and text[end] not in PAUSES
        and text[end] != GAP
        and not (text[end] == " " and not _latin_between(text, end))
    ):
        end += 1
    start, end = line.trim(start, end)
    what = line.plain[start:end].rstrip("。.")
    return what.removesuffix(" by").removesuffix(" on").removesuffix(" at").removesuffix(" before")


def _latin_between(text: str, space: int) -> bool:
    """Whether the space only parts two English words."""
    return (
        text[space - 1 : space].isascii()
        and text[space - 1 : space].isalnum()
        and text[space + 1 : space + 2].isascii()
        and text[space + 1 : space + 2].isalnum()
    )
