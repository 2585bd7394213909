"""Dates of the calendar as written in Chinese: years, months and days, in words or digits.

Every function reads at one index of the folded line and answers a `Day`, or None where no date stands there. A `pick` says
how the year or month is found that the words leave open: `days.in_year` takes the nearest, a fixed one its own.
"""

from __future__ import annotations

from fieldkit.capture import days, numbered_days, numbers, periods
from fieldkit.capture.moments import Day
from fieldkit.capture.text import Words, is_digit, skip_space, starts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from fieldkit.capture.moments import MonthPicker, YearPicker

_NOT_MONTH = Words("饼 子 光 球 嫂 牙 星 亮 薪")
_COUNTED_BEFORE = frozenset("第每近前头这那共约超满整")


def year_first(text: str, start: int) -> Day | None:
    """2026年12月3日, 26年12月, 二〇二六年底, 2027Q1, 2026-12-03, 20261203; a year alone is no date (`weak` 4)."""
    written = _written_out(text, start)
    if written:
        return written
    found = _year_number(text, start)
    if found is None:
        return None
    year, index = found
    return year_rest(text, index, lambda _ref, _back, span_of: span_of(year)) or whole_year(
        index, lambda _ref: year, weak=4
    )


def _year_number(text: str, start: int) -> tuple[int, int] | None:
    """The year and where its 年 ends: four digits, or two before 年."""
    found = _spelled_short(text, start) or numbers.whole(text, start)
    if found is None:
        return None
    year, index = found
    length = index - start
    if length == 4 and text.startswith("q", index):
        return year, index
    index = skip_space(text, index)
    if not text.startswith("年", index) or length not in {2, 4}:
        return None
    index = skip_space(text, index + 1 + text.startswith("年度", index))
    if length == 2:
        year += 2000 if year < 70 else 1900
    return (year, index) if days.FIRST_YEAR <= year <= days.LAST_YEAR else None


def _spelled_short(text: str, start: int) -> tuple[int, int] | None:
    """二六年: two digits read out."""
    tens, ones = numbers.DIGITS.get(text[start], 0), numbers.DIGITS.get(text[start + 1 : start + 2], 0)
    return (tens * 10 + ones, start + 2) if tens and ones and text.startswith("年", start + 2) else None


def _written_out(text: str, start: int) -> Day | None:
    """2026-12-03, 2026/12/3, 2026.12.3, 2026-12, 20261203."""
    end = numbers.digits_end(text, start)
    if not numbers.at_boundary_before(text, start):
        return None
    if end - start == 8:
        return _eight_digits(text, start, end)
    if end - start != 4 or text[end : end + 1] not in {"-", "/", "."}:
        return None
    year, mark = int(text[start:end]), text[end]
    month_end = numbers.digits_end(text, end + 1)
    if not 1 <= month_end - end - 1 <= 2:
        return None
    month = int(text[end + 1 : month_end])
    day_end = numbers.digits_end(text, month_end + 1)
    if text.startswith(mark, month_end) and 1 <= day_end - month_end - 1 <= 2:
        number = int(text[month_end + 1 : day_end])
        day_end += text[day_end : day_end + 1] in {"日", "号"}
        return Day(lambda _ref, _back: days.one(days.day(year, month, number)), day_end)
    if mark == "." or not numbers.at_boundary_after(text, month_end) or not _is_recent(days.day(year, month, 1)):
        return None
    return Day(lambda _ref, _back: days.months(year, month), month_end, unit="month")


def _eight_digits(text: str, start: int, end: int) -> Day | None:
    found = days.day(int(text[start : start + 4]), int(text[start + 4 : start + 6]), int(text[start + 6 : end]))
    return (
        Day(lambda _ref, _back: days.one(found), end)
        if _is_recent(found) and numbers.at_boundary_after(text, end)
        else None
    )


def _is_recent(found: date | None) -> bool:
    """Whether digits that could be any number make a date that people write about."""
    return found is not None and 1950 < found.year < 2080


def month_first(text: str, start: int) -> Day | None:
    """12月3日, 十二月, 3月底, 1-3月, 一季度末, Q1, 12.3, 12/3: the year is left open."""
    if text[start] in "上下" and not text.startswith("半", start + 1):
        return None
    day = year_rest(text, start, days.in_year, fixed=False)
    if day and start and text[start - 1] in _COUNTED_BEFORE:
        return None
    return day or slashed(text, start)


def slashed(text: str, start: int, *, joined: bool = False) -> Day | None:
    """12/3, 12.3, 12-3 standing alone, or `joined` to a day before as the end of a range."""
    end = numbers.digits_end(text, start)
    last = numbers.digits_end(text, end + 1)
    mark = text[end : end + 1]
    if not (1 <= end - start <= 2 and 1 <= last - end - 1 <= 2 and mark in {"/", ".", "-"}):
        return None
    if not joined and not numbers.at_boundary_before(text, start):
        return None
    first, second = int(text[start:end]), int(text[end + 1 : last])
    if first > 12 and mark == "/":
        first, second = second, first
    if days.day(2024, first, second) is None or (mark != "/" and text[end + 1] == "0"):
        return None
    return Day.picked(days.in_year, lambda year: days.one(days.day(year, first, second)), last, fixed=False, weak=3)


def year_rest(text: str, start: int, pick: YearPicker, *, fixed: bool = True) -> Day | None:
    """What can follow a year: a month, a quarter, a half, a part. Not `fixed`: no year was named."""
    return (
        _month_of_year(text, start, pick, fixed=fixed)
        or periods.quarter(text, start, pick, fixed=fixed)
        or periods.half(text, start, pick, fixed=fixed)
        or periods.part_of_year(text, start, pick, fixed=fixed)
    )


def whole_year(end: int, year: Callable[[date], int], weak: int = 0) -> Day:
    """The whole of a year."""
    return Day(lambda ref, _back: days.months(year(ref), 1, 12), end, unit="year", weak=weak)


def _month_of_year(text: str, start: int, pick: YearPicker, *, fixed: bool) -> Day | None:
    found = (1, start + 1) if text.startswith("元月", start) else numbers.whole(text, start)
    if found is None or not 1 <= found[0] <= 12 or found[1] - start > 3:
        return None
    month, index = found
    ranged = _month_range(text, month, index, pick, fixed=fixed)
    if ranged:
        return ranged
    index = skip_space(text, index)
    if not text.startswith("月", index) or _NOT_MONTH.at(text, index + 1):
        return None
    index += 1
    day = month_rest(
        text, index, lambda ref, back, span_of: pick(ref, back, lambda year: span_of(year, month)), fixed=fixed
    )
    if day.end == index and not fixed:
        day.weak = 1 if is_digit(text[start]) else 2
    day.end += text.startswith("份", day.end)
    return day


def _month_range(text: str, first: int, index: int, pick: YearPicker, *, fixed: bool) -> Day | None:
    """1-3月, 三至五月."""
    word = starts(text, index, numbers.TO)
    last = numbers.whole(text, index + len(word)) if word else None
    if last is None or not first < last[0] <= 12 or not text.startswith("月", last[1]):
        return None
    end = last[1] + 1
    end += text.startswith("份", end)
    if numbers.whole(text, end):
        return None
    count = last[0] - first + 1
    return Day.picked(pick, lambda year: days.months(year, first, count), end, fixed=fixed, unit="month")


def month_rest(text: str, start: int, pick: MonthPicker, *, fixed: bool) -> Day:
    """What can follow a month: a day, days, a part, a week of it; with nothing following, the whole month."""
    index = skip_space(text, start + text.startswith("份", start))
    index += text.startswith("的", index)
    return (
        numbered_days.day_of_month(text, index, pick, fixed=fixed)
        or numbered_days.listed_day(text, index, pick, fixed=fixed)
        or periods.nth_week(text, index, pick, fixed=fixed)
        or periods.part_of_month(text, index, pick, fixed=fixed)
        or numbered_days.bare_day(text, index, pick, fixed=fixed)
        or Day.picked(pick, days.months, start, fixed=fixed, unit="month")
    )
