"""Mentions of time in a line: a day with its hour, qualifiers (前, 后, 内, 期间) and ranges (周一至周三)."""

from __future__ import annotations

from datetime import timedelta

from fieldkit.capture import (
    clocks,
    dates,
    days,
    holidays,
    lunar_dates,
    numbered_days,
    numbers,
    offsets,
    relative,
    weekdays,
)
from fieldkit.capture.freestanding import FOLLOWERS, stands_free
from fieldkit.capture.moments import Day, When
from fieldkit.capture.text import skip_space, starts, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from fieldkit.capture.days import Span

    Reader = Callable[[str, int], Day | None]

BEFORE = ("之前", "以前", "前夕", "前")
AFTER = ("之后", "以后", "过后", "后")
WITHIN = ("之内", "以内", "期间", "内")
_FIRST_WORKING_DAY = ("的第一个工作日", "第一个工作日", "首个工作日", "第一天上班")
ABOUT = ("前后", "左右", "上下")
ITSELF = {"当天": 0, "当日": 0, "那天": 0, "那日": 0, "这天": 0, "第二天": 1, "次日": 1, "翌日": 1, "第三天": 2}
"""Words after a day that name it again, or a day after it."""
LIST = frozenset({"或", "或者", "、", "和", "与", "及", "还是", "或是", ",", "/", "or", "and", ""})
_NOT_AFTER = frozenset(
    words("""
    后续 后期 后面 后来 后备 后勤 前往 前来 前去 前台 前期 前景 前提 前沿 内部 内容 内蒙 内地 内资 内科 前面
    """)
)
_AFTER_NUMBER = frozenset("年月日号点时:/.-~到至天周星礼个工小钟分季旬、刻q")
_YEARS_TO_COME = frozenset("明来次后大下")


def _first_chars() -> dict[str, tuple[Reader, ...]]:
    firsts: list[tuple[Reader, set[str]]] = [
        (relative.told_day, {word[0] for word in (*relative.DAYS, *relative.DAY_SPANS, *relative.HALF_DAYS)}),
        (relative.next_day, {word[0] for word in relative.NEXT_DAYS}),
        (relative.told_period, {word[0] for word in (*relative.PREFIXES, *relative.YEARS, *relative.BARE_ENDS)}),
        (weekdays.weekday, {word[0] for word in weekdays.WEEKS}),
        (holidays.holiday, set(holidays.FIRSTS)),
        (lunar_dates.day_of_lunar_month, {"初"}),
        (lunar_dates.lunar_date, set(lunar_dates.FIRSTS)),
        (dates.year_first, set(numbers.STARTS)),
        (dates.month_first, {*numbers.STARTS, *"第q上下年春夏秋冬元"}),
        (numbered_days.day_first, {*numbers.STARTS, *"上中下月"}),
    ]
    table: dict[str, tuple[Reader, ...]] = {}
    for reader, chars in firsts:
        for char in chars:
            table[char] = (*table.get(char, ()), reader)
    return table


READERS = _first_chars()
_NO_DISTANCE = frozenset("号月点时:")
_BY_UNIT: dict[str, tuple[Reader, ...]] = {
    **dict.fromkeys("点时:天周星礼个工小钟分刻", ()),
    **dict.fromkeys("号日", (numbered_days.day_first,)),
    "月": (dates.month_first, lunar_dates.lunar_date),
    "年": (dates.year_first,),
}
"""What can begin with a number before this unit; after any other one everything is tried."""
STARTS = (
    frozenset(READERS) | frozenset(part[0] for part in clocks.AFTER_DAY) | frozenset("过再等未今差接往此半一现刚最近")
)


def when_at(text: str, start: int) -> When | None:
    """The longest mention of a time that begins at `start`; None where a name or a quantity stands there."""
    if text[start] in numbers.STARTS:
        unit = _unit_after(text, start)
        return None if unit is None else _numbered(text, start, unit)
    return _longest(text, start, offsets.from_today(text, start), _day_at(text, start))


def _numbered(text: str, start: int, unit: str) -> When | None:
    readers = _BY_UNIT.get(unit)
    if readers is None:
        return _longest(text, start, offsets.from_today(text, start), _day_at(text, start))
    far = unit not in _NO_DISTANCE or text[start] in offsets.PAIRS
    distance = offsets.from_today(text, start) if far else None
    return _longest(text, start, distance, _day_of(text, start, readers) if readers else None)


def _longest(
    text: str, start: int, distance: tuple[Day | None, timedelta | None, int] | None, day: Day | None
) -> When | None:
    if distance is not None and (day is None or distance[2] >= day.end):
        return _far(text, start, distance)
    choices = holidays.around_new_year(text, start) if text[start] == "年" else lunar_dates.either_calendar(text, start)
    if choices and (day is None or choices[0].end >= day.end):
        return _chosen(text, start, choices)
    if day is not None:
        return _completed(text, start, day)
    clock = clocks.clock_at(text, start, after_day=False)
    return When(start, _past_qualifier(text, clock.end), None, clock) if clock else None


def _chosen(text: str, start: int, choices: tuple[Day, ...]) -> When | None:
    when = When(start, choices[0].end, choices[0], None)
    when.choices = choices if len(choices) > 1 else ()
    return when if stands_free(text, start, when.end, choices[0].weak) else None


def _unit_after(text: str, start: int) -> str | None:
    """The character after the number, which tells its unit; "" where it says little; None where no time can stand."""
    end = start + 1
    while end < len(text) and text[end] in numbers.STARTS:
        end += 1
    end += text[end : end + 1] in {"来", "多", "余"}
    if clocks.part_at(text, start) or text[start : start + 2] in holidays.NUMBERED:
        return ""
    unit = text[skip_space(text, end) : skip_space(text, end) + 1]
    return unit if unit in _AFTER_NUMBER else "" if end - start == 8 else None


def _far(text: str, start: int, found: tuple[Day | None, timedelta | None, int]) -> When:
    day, by, end = found
    clock = clocks.clock_at(text, skip_space(text, end + text.startswith("的", end)), after_day=True) if day else None
    when = When(start, clock.end if clock else end, day, clock)
    when.shift = by
    return when


def _day_at(text: str, start: int) -> Day | None:
    return _day_of(text, start, READERS.get(text[start], ()))


def _day_of(text: str, start: int, readers: tuple[Reader, ...]) -> Day | None:
    best: Day | None = None
    for reader in readers:
        found = reader(text, start)
        if found is not None and (best is None or found.end > best.end):
            best = found
    return _in_that_year(text, best) if best is not None and best.unit == "year" else best


def _in_that_year(text: str, year: Day) -> Day:
    """明年春节, 2027年腊月二十: the holiday or lunar date of a year just named."""
    find = year.find

    def number(ref: date) -> int:
        span = find(ref, False)
        return span[0].year if span else 0

    index = skip_space(text, year.end)
    index += text.startswith("的", index)
    if text.startswith(("今天", "今日"), index):
        return Day(lambda ref, _back: days.one(days.day(number(ref), ref.month, ref.day)), index + 2)
    return holidays.holiday(text, index, number) or lunar_dates.lunar_date(text, index, number) or year


def _completed(text: str, start: int, day: Day) -> When | None:
    """The day with what follows it: its weekday again, a second day, a qualifier, a time of day."""
    end = day.end
    day = _ranged(text, day)
    day = _qualified(text, day)
    if day.end == end:
        day.end = weekdays.past_weekday(text, day)
    index = skip_space(text, day.end)
    index += text.startswith("的", index) or (text.startswith("t", index) and text[index - 1].isdigit())
    clock = clocks.clock_at(text, index, after_day=True)
    if clock is None and text.startswith((",", ", "), index):
        clock = clocks.digital_at(text, index + 1 + text.startswith(" ", index + 1))
    if clock is None and day.unit == "year" and not _is_year_meant(text, start, day.end):
        return None
    if clock is None and not stands_free(text, start, day.end, day.weak):
        return None
    return When(start, _past_qualifier(text, clock.end) if clock else day.end, day, clock)


def _is_year_meant(text: str, start: int, end: int) -> bool:
    """Whether a year that is told from this one is a time: alone, or one to come with what happens in it (明年开工).

    The others say of which year a figure is: 去年营收50亿元, 今年计划投入8亿元.
    """
    if not text[:start].strip() + text[end:].strip(" ,.。!?"):
        return True
    return text[start] in _YEARS_TO_COME and bool(FOLLOWERS.at(text, end)) and text[end] != "的"


def _ranged(text: str, first: Day) -> Day:
    index = skip_space(text, first.end + text.startswith("起", first.end))
    word = starts(text, index, numbers.TO)
    if not word:
        return first
    index = skip_space(text, index + len(word))
    second = (_day_at(text, index) or dates.slashed(text, index, joined=True)) if index < len(text) else None
    return first if second is None or second.weak == 4 else first.until(second)


def _qualified(text: str, day: Day) -> Day:
    """前, 后, 内, 期间, 前一天, 后两周 after a day."""
    index = day.end
    if text[index : index + 2] in _NOT_AFTER:
        return day
    again = starts(text, index + text.startswith("的", index), tuple(ITSELF))
    if again and day.unit in {"day", "holiday", "weekday"}:
        by = ITSELF[again]
        end = index + text.startswith("的", index) + len(again)
        return _derived(day, end, lambda span: (span[0] + timedelta(by),) * 2)
    word = starts(text, index, (*ABOUT, *BEFORE, *AFTER, *WITHIN))
    if not word:
        return day
    holiday = day.unit == "holiday" and not text.endswith(("假期", "长假", "假"), 0, index)
    if not holiday and word in AFTER and (first := starts(text, index + len(word), _FIRST_WORKING_DAY)):
        return _derived(day, index + len(word) + len(first), lambda span: days.one(days.working_days(span[1], 1)))
    if word in {"前", "后"} and text[index + 1 : index + 2] in numbers.STARTS and text[index + 1 : index + 2]:
        there = offsets.distance(text, index + 1)
        if there is not None:
            sign = -1 if word == "前" else 1
            return _derived(day, there.end, lambda span: offsets.away(span[0] if sign < 0 else span[1], there, sign))
    if word in ABOUT:
        return _derived(day, index + len(word), lambda span: span, sure=False)
    if word in WITHIN:
        keep = word == "期间"
        return _derived(day, index + len(word), lambda span: span if keep else (span[1], span[1]))
    if word == "前夕":
        return _derived(day, index + len(word), lambda span: (span[0] - timedelta(1),) * 2)
    moved = _before if word in BEFORE else _after
    return _derived(day, index + len(word), moved)


def _derived(day: Day, end: int, moved: Callable[[Span], Span | None], *, sure: bool = True) -> Day:
    def find(ref: date, back: bool) -> Span | None:
        span = day.find(ref, back)
        return moved(span) if span else None

    return Day(find, end, open=day.open, unit="day", sure=sure and day.sure)


def _before(span: Span) -> Span:
    """The day named, on which it is due at the latest; before a longer span the day before it."""
    first = span[0] - timedelta(span[0] != span[1])
    return first, first


def _after(span: Span) -> Span:
    """The day named, from which on it may be; after a longer span the day after it."""
    return (span[1] + timedelta(span[0] != span[1]),) * 2


def _past_qualifier(text: str, end: int) -> int:
    """下午3点前, 5点左右: the words belong to the mention and leave its time as it is."""
    if text[end : end + 2] in _NOT_AFTER:
        return end
    return end + len(starts(text, end, (*ABOUT, *BEFORE, *AFTER)))
