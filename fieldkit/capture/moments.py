"""Points in time as said: what stands in the line, and what it means on a given day."""

from __future__ import annotations

from datetime import date, time, timedelta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from typing import ParamSpec

    from fieldkit.capture.days import Span

    P = ParamSpec("P")
    Finder = Callable[[date, bool], Span | None]
    """(reference day, looking back?) → the days meant, or None when the calendar has no such day."""
    YearPicker = Callable[[date, bool, Callable[[int], Span | None]], Span | None]
    """Chooses a year and answers what the function finds in it."""
    MonthPicker = Callable[[date, bool, Callable[[int, int], Span | None]], Span | None]
    """The same for a month of a year."""


_NEAR = 15
"""Days within which a number without its month is of the month told before: 12月8日…,9日."""


class Day:
    """A day or span of days as said, ending at `end` in the text.

    `open` says that the words leave the year, month or week to the reader (周三, 3号, 12月): then it matters whether the
    line looks back or ahead. `unit` is the grain: `day`, `weekday`, `part`, `week`, `month`, `year`. `weak` tells how easily the words are
    part of a name: 0 never, 1 before a trade (明天科技), 2 before anything but plain words (今日头条), 3 unless it stands alone
    (12.3). `sure` is False where the words are rough (两三天后). `told` marks days told from the one before (次日).
    """

    __slots__ = ("end", "find", "open", "sure", "told", "unit", "weak")

    def __init__(
        self,
        find: Finder,
        end: int,
        *,
        open: bool = False,
        unit: str = "day",
        weak: int = 0,
        sure: bool = True,
        told: bool = False,
    ) -> None:
        self.find = find
        self.end = end
        self.open = open
        self.unit = unit
        self.weak = weak
        self.sure = sure
        self.told = told

    @classmethod
    def picked(
        cls,
        pick: Callable[[date, bool, Callable[P, Span | None]], Span | None],
        span_of: Callable[P, Span | None],
        end: int,
        *,
        fixed: bool,
        unit: str = "day",
        weak: int = 0,
    ) -> Day:
        """The days that `span_of` finds in the year (or year and month) that `pick` chooses; not `fixed`, none was named."""
        return cls(lambda ref, back: pick(ref, back, span_of), end, open=not fixed, unit=unit, weak=weak)

    def until(self, last: Day) -> Day:
        """The span from this day to `last`, which is told from it where it is open: 周一至周三, Dec 3 to Dec 8."""

        def find(ref: date, back: bool) -> Span | None:
            begin = self.find(ref, back)
            end = last.find(begin[0] if last.open else ref, False) if begin else None
            return (begin[0], end[1]) if begin and end and begin[0] <= end[1] else None

        return Day(find, last.end, open=self.open, unit="range")


class Clock:
    """A time of day as said: the time, until when, and where it ends in the text.

    `part` is the hour range of a part of the day (上午: 6–11) when no hour was said, with its usual hour as `start`.
    `half` says that the hour may be of either half of the day (两点, 8点). `late` marks midnight at the end of the day.
    """

    __slots__ = ("end", "half", "late", "part", "start", "until")

    def __init__(
        self,
        start: time,
        end: int,
        *,
        until: time | None = None,
        half: bool = False,
        late: bool = False,
        part: tuple[int, int] | None = None,
    ) -> None:
        self.start = start
        self.end = end
        self.until = until
        self.half = half
        self.late = late
        self.part = part


class Moment:
    """What was meant: first and last day (the same for one day), the time and until when, where said."""

    __slots__ = ("first", "last", "time", "until_time")

    def __init__(self, first: date, last: date, clock: time | None = None, until_time: time | None = None) -> None:
        self.first = first
        self.last = last
        self.time = clock
        self.until_time = until_time

    def is_past(self, now: datetime) -> bool:
        """Whether it lies behind `now`; today without a time of day does, so far as a visit is concerned."""
        if self.first != now.date():
            return self.first < now.date()
        return self.time is None or self.time <= now.time()

    def text(self) -> str:
        """ISO: 2026-12-02, 2026-12-02T15:00, or a span 2026-11-30/2026-12-06."""
        start = self.first.isoformat() + (self.time.strftime("T%H:%M") if self.time else "")
        return start if self.last == self.first else f"{start}/{self.last.isoformat()}"


def _later(clock: time) -> time:
    """The same hour of the second half of the day."""
    return clock.replace(hour=clock.hour % 12 + 12)


class When:
    """One mention of a time in the folded line: a day, a time of day, or both.

    `anchor` is an earlier mention that this one takes its day from (下午3点) or counts on from (次日, 或周四), through what that
    has `settled` to. `choices` are the days it may be, where the words have two readings; `shift` a stretch of time from now.
    """

    __slots__ = ("anchor", "choices", "clock", "day", "end", "settled", "shift", "start")

    def __init__(self, start: int, end: int, day: Day | None, clock: Clock | None) -> None:
        self.start = start
        self.end = end
        self.day = day
        self.clock = clock
        self.anchor: When | None = None
        self.shift: timedelta | None = None
        self.choices: tuple[Day, ...] = ()
        self.settled: Moment | None = None

    @property
    def open(self) -> bool:
        """Whether looking back or ahead makes a difference."""
        return self.day is None or self.day.open

    def resolve(self, now: datetime, back: bool = False) -> Moment | None:
        """What is meant, seen from `now`; None for a day that does not exist."""
        try:
            return self._found(now, back)
        except OverflowError:
            return None

    def _found(self, now: datetime, back: bool) -> Moment | None:
        if self.shift is not None:
            there = now + self.shift
            return Moment(there.date(), there.date(), there.time().replace(second=0, microsecond=0))
        if self.day is None:
            return self._bare_clock(now, back)
        span = self._span(now, back)
        if span is None:
            return None
        first, last = span
        if self.clock is None:
            return Moment(first, last)
        if self.clock.late:
            first, last = first + timedelta(1), last + timedelta(1)
        return Moment(first, last, self.clock.start, self.clock.until)

    def _span(self, now: datetime, back: bool) -> Span | None:
        assert self.day is not None
        if self.anchor is not None and self.anchor.settled is not None and self.day.open:
            before = self.anchor.settled.first
            near = self.day.find(before, False)
            if (
                near is None
                or self.day.unit not in {"day", "weekday"}
                or self.day.told
                or (near[0] - before).days <= _NEAR
            ):
                return near
        return self.day.find(now.date(), back)

    def _bare_clock(self, now: datetime, back: bool) -> Moment:
        clock = self.clock
        assert clock is not None
        if self.anchor is not None and self.anchor.settled is not None:
            day, before = self.anchor.settled.first, self.anchor.settled.time
            late = clock.half and before is not None and clock.start < before and clock.start.hour + 12 > before.hour
            return Moment(
                day, day, _later(clock.start) if late and before and before.hour >= 12 else clock.start, clock.until
            )
        today = now.date()
        begins = clock.part[0] if clock.part else clock.start.hour
        ends = clock.part[1] if clock.part else clock.start.hour
        if back and (begins, clock.start.minute) > (now.hour, now.minute):
            today -= timedelta(1)
        elif not back and (
            clock.late or (ends, clock.start.minute if not clock.part else 59) <= (now.hour, now.minute)
        ):
            today += timedelta(1)
        return Moment(today, today, clock.start, clock.until)
