"""Which date was the visit and which the next step: the verbs beside each date decide."""

from __future__ import annotations

from fieldkit.capture import verbs
from fieldkit.capture.reading import DateRead, Mark, Next
from fieldkit.capture.times import LIST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from fieldkit.capture.moments import Moment, When
    from fieldkit.capture.reading import Reading
    from fieldkit.capture.text import Line
    from fieldkit.capture.verbs import Verb


class Mention:
    """A time in the line with the verb that it belongs to."""

    __slots__ = ("moment", "verb", "when")

    def __init__(self, when: When) -> None:
        self.when = when
        self.verb: Verb | None = None
        self.moment: Moment | None = None


def settle(line: Line, reading: Reading, mentions: Sequence[Mention], found: Sequence[Verb], now: datetime, left: str) -> None:
    """Resolve every mention looking the way its verb looks, and fill `dates`, `visited` and `next`."""
    for mention in mentions:
        following = [verb for verb in found if verb.start >= mention.when.end]
        mention.verb = following[0] if following else None
        back = mention.verb is not None and mention.verb.kind == verbs.VISIT
        mention.moment = mention.when.resolve(now.replace(tzinfo=None), back)
        _note(line, reading, mention)
        if mention.moment is None:
            continue
        if mention.moment.is_past(now.replace(tzinfo=None)):
            reading.visited = mention.moment.first
        elif mention.verb:
            reading.next = Next(mention.moment.first, mention.moment.time, mention.verb.word)


def _note(line: Line, reading: Reading, mention: Mention) -> None:
    start, end = line.trim(mention.when.start, mention.when.end)
    at, until = line.span(start, end)
    text = line.raw[at:until]
    moment = mention.moment
    reading.marks.append(Mark("date", at, until, text, moment.text() if moment else None, moment is not None))
    if moment:
        reading.dates.append(DateRead(at, until, text, moment))
