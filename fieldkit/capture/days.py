"""Days of the calendar: months, quarters, weeks, and the coming or the last one of each."""

from __future__ import annotations

from datetime import date, timedelta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fieldkit.capture.moments import Finder

Span = tuple[date, date]
"""First and last day, both inside."""
FIRST_YEAR, LAST_YEAR = 1900, 2100


def day(year: int, month: int, number: int) -> date | None:
    """That day, or None where the calendar (or reason) has none."""
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12 and 1 <= number <= month_length(year, month)):
        return None
    return date(year, month, number)


def one(found: date | None) -> Span | None:
    """A single day as a span."""
    return (found, found) if found else None


def month_length(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in {4, 6, 9, 11} else 31


def shift_month(year: int, month: int, by: int) -> tuple[int, int]:
    years, months = divmod(month - 1 + by, 12)
    return year + years, months + 1


def shift(start: date, days: int = 0, months: int = 0) -> date | None:
    """That many calendar months and days later; the 31st becomes the last day of a shorter month."""
    year, month = shift_month(start.year, start.month, months)
    moved = day(year, month, min(start.day, month_length(year, month))) if FIRST_YEAR <= year <= LAST_YEAR else None
    if moved is None or abs(days) > 80_000:
        return None
    moved += timedelta(days)
    return moved if FIRST_YEAR <= moved.year <= LAST_YEAR else None


def months(year: int, month: int, count: int = 1) -> Span | None:
    """The span of `count` whole months."""
    first = day(year, month, 1)
    last_year, last_month = shift_month(year, month, count - 1)
    last = day(last_year, last_month, month_length(last_year, last_month))
    return (first, last) if first and last else None


def days_of_month(year: int, month: int, first: int, last: int) -> Span | None:
    """Part of a month; the days are cut to those that it has."""
    length = month_length(year, month) if 1 <= month <= 12 else 0
    begin, end = day(year, month, min(first, length)), day(year, month, min(last, length))
    return (begin, end) if begin and end else None


def week(reference: date, by: int = 0) -> Span:
    """Monday to Sunday of the week `by` weeks from the reference day's."""
    monday = reference + timedelta(7 * by - reference.weekday())
    return monday, monday + timedelta(6)


def working_days(start: date, count: int) -> date | None:
    """`count` working days on (Monday to Friday; public holidays are not known here)."""
    if abs(count) > 1000:
        return None
    step = timedelta(1 if count >= 0 else -1)
    current, left = start, abs(count)
    while left:
        current += step
        left -= current.weekday() < 5
    return current


def nearest(reference: date, back: bool, periods: Sequence[int], span_of: Callable[[int], Span | None]) -> Span | None:
    """The coming span (not over yet) or, looking back, the last one (begun already) among periods numbered in order."""
    for period in reversed(periods) if back else periods:
        span = span_of(period)
        if span and (span[0] <= reference if back else span[1] >= reference):
            return span
    return None


def in_year(reference: date, back: bool, span_of: Callable[[int], Span | None]) -> Span | None:
    """The nearest of something that comes once a year (or, 29 February, every few years)."""
    years = range(reference.year - 8, reference.year + 1) if back else range(reference.year - 1, reference.year + 9)
    return nearest(reference, back, years, span_of)


def of_year(span_of: Callable[[int], Span | None], year: Callable[[date], int] | None) -> Finder:
    """What finds the days of a year: of the one that `year` tells from the reference day; without it, the nearest."""
    if year is not None:
        return lambda ref, _back: span_of(year(ref))
    return lambda ref, back: nearest(ref, back, range(ref.year - 1, ref.year + 3), span_of)


def in_month(reference: date, back: bool, span_of: Callable[[int, int], Span | None]) -> Span | None:
    """The nearest of something that comes once a month, in the months that have it."""

    def span(by: int) -> Span | None:
        return span_of(*shift_month(reference.year, reference.month, by))

    return nearest(reference, back, range(-3, 1) if back else range(4), span)


def nth_weekday(span: Span, weekday: int, count: int) -> Span | None:
    """The `count`-th such weekday (Monday is 0) in a span; 0 is the last one."""
    if count:
        found = span[0] + timedelta((weekday - span[0].weekday()) % 7 + 7 * (count - 1))
    else:
        found = span[1] - timedelta((span[1].weekday() - weekday) % 7)
    return (found, found) if span[0] <= found <= span[1] else None


def nth_week(span: Span, count: int) -> Span | None:
    """The `count`-th week of a span, cut to it: weeks start on Monday, the first may be short; 0 is the last one."""
    if count == 0:
        return max(span[0], week(span[1])[0]), span[1]
    monday, sunday = week(span[0], count - 1)
    return (max(span[0], monday), min(span[1], sunday)) if monday <= span[1] else None
