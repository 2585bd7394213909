"""Dates of the lunar calendar: 农历八月十五, 腊月二十, 正月初八, 大年初三, 初五.

The calendar itself is loaded when a line first names one.
"""

from __future__ import annotations

from datetime import date, timedelta

from fieldkit.capture import days, numbers
from fieldkit.capture.moments import Day
from fieldkit.capture.text import is_digit, skip_space, starts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from fieldkit.capture.days import Span

_BEGINNINGS = frozenset("年月最当起周之季期旬世读上念")
_SCHOOL = ("级", "中", "学", "的学", "毕业", "班", "年级", "生", "步", "衷", "心")
_LUNAR_MARKS = ("农历", "阴历", "旧历")
_DAY_NUMERALS = frozenset("一二三四五六七八九十")
_LUNAR_MONTHS = {"正": 1, "腊": 12, "冬": 11}
_TENS = {"初": 0, "廿": 20}
FIRSTS = numbers.STARTS | frozenset("农阴旧大年闰") | frozenset(_LUNAR_MONTHS)
"""Characters with which a lunar date begins that has its month."""


def lunar_date(text: str, start: int, year: Callable[[date], int] | None = None) -> Day | None:
    """农历八月十五, 腊月二十, 正月初八, 大年初三, 五月初五; a lunar month alone is its span.

    八月十五 without 农历 and without 日 is no date here: it may be either calendar's (see `either_calendar`).
    """
    mark = starts(text, start, _LUNAR_MARKS)
    index = start + len(mark)
    named = numbers.whole(text, index) if mark else None
    if named and text.startswith("年", named[1]) and days.FIRST_YEAR <= named[0] <= days.LAST_YEAR:
        lunar_year = named[0]
        return lunar_date(text, named[1] + 1, lambda _ref: lunar_year)
    lead = starts(text, index, ("大年初", "年初"))
    if lead and (lead == "大年初" or text[index + 2 : index + 3] in _DAY_NUMERALS):
        number = _lunar_day(text, index + len(lead) - 1)
        return _lunar(1, number, number[1], year) if number else None
    leap = text.startswith("闰", index)
    index += leap
    month = _LUNAR_MONTHS.get(text[index : index + 1], 0)
    sure = bool(mark or month or leap)
    index += 1
    if not month:
        found = numbers.whole(text, index - 1)
        if found is None or not 1 <= found[0] <= 12 or (is_digit(text[index - 1]) and not mark):
            return None
        month, index = found
    if not text.startswith("月", index):
        return None
    index = skip_space(text, index + 1)
    spoken = _lunar_day(text, index)
    if spoken is None:
        return _lunar_month(month, leap, text, index, year) if sure else None
    if not sure and text[index] not in {"初", "廿"}:
        return None
    return _lunar(-month if leap else month, spoken, spoken[1], year)


def day_of_lunar_month(text: str, start: int) -> Day | None:
    """初五: that day of the coming lunar month, of the last one looking back; no school year (初一学生), no beginning (年初一季度)."""
    if not text.startswith("初", start) or (start and text[start - 1] in _BEGINNINGS):
        return None
    number = _lunar_day(text, start)
    if number is None or text.startswith(_SCHOOL, number[1]):
        return None

    def find(ref: date, back: bool) -> Span | None:
        from fieldkit.capture import lunar

        def there(by: int) -> Span | None:
            month = lunar.month_near(ref, by)
            return (month[0] + timedelta(number[0] - 1),) * 2 if month else None

        return days.nearest(ref, back, range(-1, 1) if back else range(2), there)

    return Day(find, number[1], open=True, unit="weekday")


def either_calendar(text: str, start: int) -> tuple[Day, ...]:
    """八月十五, 三月三: either the Gregorian or the lunar date; both are answered, the Gregorian first."""
    found = numbers.whole(text, start)
    if found is None or is_digit(text[start]) or not 1 <= found[0] <= 12 or not text.startswith("月", found[1]):
        return ()
    month = found[0]
    number = _lunar_day(text, found[1] + 1)
    if (
        number is None
        or is_digit(text[found[1] + 1])
        or text[number[1] - 1] in {"日", "号"}
        or text[found[1] + 1] in {"初", "廿"}
    ):
        return ()

    def span_of(year: int) -> Span | None:
        there = days.day(year, month, number[0])
        return (there, there) if there else None

    plain = Day(lambda ref, back: days.in_year(ref, back, span_of), number[1], open=True, weak=2)
    return plain, _lunar(month, number, number[1], None)


def _lunar_day(text: str, start: int) -> tuple[int, int] | None:
    """初八, 十五, 廿三, 二十, 三十; digits where 农历 stands before."""
    if text[start : start + 1] in {"初", "廿"}:
        ones = numbers.DIGITS.get(
            text[start + 1 : start + 2], 10 if text.startswith("十", start + 1) and text[start] == "初" else 0
        )
        if ones:
            return _TENS[text[start]] + ones, start + 2
        return (20, start + 1) if text[start] == "廿" else None
    found = numbers.whole(text, start)
    if (
        found is None
        or not 1 <= found[0] <= 30
        or text[found[1] : found[1] + 1] in {"点", "年", "个", "万", "亿", "天"}
    ):
        return None
    return found[0], found[1] + (text[found[1] : found[1] + 1] in {"日", "号"})


def _lunar(month: int, number: tuple[int, int], end: int, year: Callable[[date], int] | None) -> Day:
    """That day of a lunar month; a leap month is negative."""

    def span_of(lunar_year: int) -> Span | None:
        from fieldkit.capture import lunar

        found = lunar.day(lunar_year, month, number[0])
        return (found, found) if found else None

    return Day(days.of_year(span_of, year), end, open=year is None)


def _lunar_month(month: int, leap: bool, text: str, end: int, year: Callable[[date], int] | None) -> Day:
    """正月, 腊月底: the whole of a lunar month, or its first or last ten days, or its last day."""
    part = {"初": 0, "底": 2, "末": 2}.get(text[end : end + 1])

    def span_of(lunar_year: int) -> Span | None:
        from fieldkit.capture import lunar

        span = lunar.month(lunar_year, -month if leap else month)
        if span is None or part is None:
            return span
        return (span[1], span[1]) if part else (span[0], span[0] + timedelta(9))

    return Day(days.of_year(span_of, year), end + (part is not None), open=year is None, unit="month", weak=2)
