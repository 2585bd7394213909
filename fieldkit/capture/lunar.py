"""The Chinese lunar calendar from 1951 to 2099: lunar months and days, and the solar terms, as days of our calendar."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fieldkit.capture.days import Span

FIRST_YEAR = 1951
_FIRST_NEW_YEAR = date(1951, 2, 6)
_MONTHS = (
    0x00aad, 0x0baca, 0x005b2, 0x00da5, 0x07ea2, 0x00d4a, 0x10595, 0x00a97, 0x00556, 0x0c575,
    0x00ad5, 0x006d2, 0x08755, 0x00ea5, 0x0064a, 0x0664f, 0x00a9b, 0x0eada, 0x0056a, 0x00b69,
    0x0abb2, 0x00b52, 0x00b25, 0x08b2b, 0x00a4b, 0x10aab, 0x002ad, 0x0056d, 0x0d5a9, 0x00da9,
    0x00d92, 0x08e95, 0x00d25, 0x14e4d, 0x00a56, 0x002b6, 0x0c2f5, 0x006d5, 0x00ea9, 0x0af52,
    0x00e92, 0x00d26, 0x0652e, 0x00a57, 0x10ad6, 0x0035a, 0x006d5, 0x0ab69, 0x00749, 0x00693,
    0x08a9b, 0x0052b, 0x00a5b, 0x04aae, 0x0056a, 0x0edd5, 0x00ba4, 0x00b49, 0x0ad53, 0x00a95,
    0x0052d, 0x0855d, 0x00ab5, 0x12baa, 0x005d2, 0x00da5, 0x0de8a, 0x00d4a, 0x00c95, 0x08a9e,
    0x00556, 0x00ab5, 0x04ada, 0x006d2, 0x0c765, 0x00725, 0x0064b, 0x0a657, 0x00cab, 0x0055a,
    0x0656e, 0x00b69, 0x16f52, 0x00b52, 0x00b25, 0x0dd0b, 0x00a4b, 0x004ab, 0x0a2bb, 0x005ad,
    0x00b6a, 0x04daa, 0x00d92, 0x0eea5, 0x00d25, 0x00a55, 0x0ba4d, 0x004b6, 0x005b5, 0x076d2,
    0x00ec9, 0x10f92, 0x00e92, 0x00d26, 0x0d516, 0x00a57, 0x00556, 0x09365, 0x00755, 0x00749,
    0x0674b, 0x00693, 0x0eaab, 0x0052b, 0x00a5b, 0x0aaba, 0x0056a, 0x00b65, 0x08baa, 0x00b4a,
    0x10d95, 0x00a95, 0x0052d, 0x0c56d, 0x00ab5, 0x005aa, 0x085d5, 0x00da5, 0x00d4a, 0x06e4d,
    0x00c96, 0x0ecce, 0x00556, 0x00ab5, 0x0bad2, 0x006d2, 0x00ea5, 0x0872a, 0x0068b, 0x10697,
    0x004ab, 0x0055b, 0x0d556, 0x00b6a, 0x00752, 0x08b95, 0x00b45, 0x00a8b, 0x04a4f,
)  # fmt: skip
"""For each lunar year, from bit 0: twelve months, 1 where a month has 30 days and 0 where 29; the same for the leap month; from
bit 13 the number of the month that the leap month follows, 0 for none. Source: cnlunar 0.2.5."""
_TERMS = {
    "小寒": (1, 5.4055), "大寒": (1, 20.12), "立春": (2, 3.87), "雨水": (2, 18.73), "惊蛰": (3, 5.63), "春分": (3, 20.646), "清明": (4, 4.81),
    "谷雨": (4, 20.1), "立夏": (5, 5.52), "小满": (5, 21.04), "芒种": (6, 5.678), "夏至": (6, 21.37), "小暑": (7, 7.108), "大暑": (7, 22.83),
    "立秋": (8, 7.5), "处暑": (8, 23.13), "白露": (9, 7.646), "秋分": (9, 23.042), "寒露": (10, 8.318), "霜降": (10, 23.438), "立冬": (11, 7.438),
    "小雪": (11, 22.36), "大雪": (12, 7.18), "冬至": (12, 21.94),
}  # fmt: skip
"""Solar term → its month, and the day in 2000 as a fraction (the usual short formula for this century)."""

_OFF_BY = {
    ("立秋", 2002): 1, ("小满", 2008): 1, ("小暑", 2016): 1, ("小寒", 2019): -1, ("冬至", 2021): -1, ("雨水", 2026): -1, ("大寒", 2082): 1,
    ("霜降", 2089): 1, ("立冬", 2089): 1,
}  # fmt: skip
"""Where that formula misses by a day."""


def day(year: int, month: int, number: int) -> date | None:
    """The day of a lunar date; a negative month is the leap month after it. The 30th of a short month is its last day."""
    span = _month(year, month)
    if span is None or not 1 <= number <= 30:
        return None
    return min(span[0] + timedelta(number - 1), span[1])


def month(year: int, number: int) -> Span | None:
    """First and last day of a lunar month; None where the year has no such (leap) month."""
    return _month(year, number)


def solar_term(name: str, year: int) -> date | None:
    """The day of a solar term in a year of this century."""
    if not 2000 <= year <= 2099:
        return None
    number, fraction = _TERMS[name]
    years = year - 2000
    leaps = (years - 1) // 4 if number < 3 else years // 4
    return date(year, number, int(years * 0.2422 + fraction) - leaps + _OFF_BY.get((name, year), 0))


@cache
def _new_year(year: int) -> date:
    if year == FIRST_YEAR:
        return _FIRST_NEW_YEAR
    return _new_year(year - 1) + timedelta(sum(length for _, length in _lengths(year - 1)))


@cache
def _lengths(year: int) -> list[tuple[int, int]]:
    """(month, days) in order; the leap month carries the negative number of the month it follows."""
    bits = _MONTHS[year - FIRST_YEAR]
    leap = bits >> 13
    found = []
    for number in range(1, 13):
        found.append((number, 29 + (bits >> (number - 1) & 1)))
        if number == leap:
            found.append((-number, 29 + (bits >> 12 & 1)))
    return found


def _month(year: int, number: int) -> Span | None:
    if not FIRST_YEAR <= year < FIRST_YEAR + len(_MONTHS):
        return None
    first = _new_year(year)
    for found, length in _lengths(year):
        if found == number:
            return first, first + timedelta(length - 1)
        first += timedelta(length)
    return None


def month_near(reference: date, by: int) -> Span | None:
    """The lunar month `by` months from the one in which `reference` lies; None outside the calendar."""
    years = range(max(FIRST_YEAR, reference.year - 2), min(FIRST_YEAR + len(_MONTHS), reference.year + 2))
    spans = [span for year in years for number, _ in _lengths(year) if (span := _month(year, number))]
    place = next((place for place, span in enumerate(spans) if span[0] <= reference <= span[1]), None)
    return spans[place + by] if place is not None and 0 <= place + by < len(spans) else None
