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
    0x00AAD,
    0x0BACA,
    0x005B2,
    0x00DA5,
    0x07EA2,
    0x00D4A,
    0x10595,
    0x00A97,
    0x00556,
    0x0C575,  # 1951
    0x00AD5,
    0x006D2,
    0x08755,
    0x00EA5,
    0x0064A,
    0x0664F,
    0x00A9B,
    0x0EADA,
    0x0056A,
    0x00B69,  # 1961
    0x0ABB2,
    0x00B52,
    0x00B25,
    0x08B2B,
    0x00A4B,
    0x10AAB,
    0x002AD,
    0x0056D,
    0x0D5A9,
    0x00DA9,  # 1971
    0x00D92,
    0x08E95,
    0x00D25,
    0x14E4D,
    0x00A56,
    0x002B6,
    0x0C2F5,
    0x006D5,
    0x00EA9,
    0x0AF52,  # 1981
    0x00E92,
    0x00D26,
    0x0652E,
    0x00A57,
    0x10AD6,
    0x0035A,
    0x006D5,
    0x0AB69,
    0x00749,
    0x00693,  # 1991
    0x08A9B,
    0x0052B,
    0x00A5B,
    0x04AAE,
    0x0056A,
    0x0EDD5,
    0x00BA4,
    0x00B49,
    0x0AD53,
    0x00A95,  # 2001
    0x0052D,
    0x0855D,
    0x00AB5,
    0x12BAA,
    0x005D2,
    0x00DA5,
    0x0DE8A,
    0x00D4A,
    0x00C95,
    0x08A9E,  # 2011
    0x00556,
    0x00AB5,
    0x04ADA,
    0x006D2,
    0x0C765,
    0x00725,
    0x0064B,
    0x0A657,
    0x00CAB,
    0x0055A,  # 2021
    0x0656E,
    0x00B69,
    0x16F52,
    0x00B52,
    0x00B25,
    0x0DD0B,
    0x00A4B,
    0x004AB,
    0x0A2BB,
    0x005AD,  # 2031
    0x00B6A,
    0x04DAA,
    0x00D92,
    0x0EEA5,
    0x00D25,
    0x00A55,
    0x0BA4D,
    0x004B6,
    0x005B5,
    0x076D2,  # 2041
    0x00EC9,
    0x10F92,
    0x00E92,
    0x00D26,
    0x0D516,
    0x00A57,
    0x00556,
    0x09365,
    0x00755,
    0x00749,  # 2051
    0x0674B,
    0x00693,
    0x0EAAB,
    0x0052B,
    0x00A5B,
    0x0AABA,
    0x0056A,
    0x00B65,
    0x08BAA,
    0x00B4A,  # 2061
    0x10D95,
    0x00A95,
    0x0052D,
    0x0C56D,
    0x00AB5,
    0x005AA,
    0x085D5,
    0x00DA5,
    0x00D4A,
    0x06E4D,  # 2071
    0x00C96,
    0x0ECCE,
    0x00556,
    0x00AB5,
    0x0BAD2,
    0x006D2,
    0x00EA5,
    0x0872A,
    0x0068B,
    0x10697,  # 2081
    0x004AB,
    0x0055B,
    0x0D556,
    0x00B6A,
    0x00752,
    0x08B95,
    0x00B45,
    0x00A8B,
    0x04A4F,  # 2091
)
"""For each lunar year, from bit 0: twelve months, 1 where a month has 30 days and 0 where 29; the same for the leap month; from
bit 13 the number of the month that the leap month follows, 0 for none. Source: cnlunar 0.2.5."""
_TERMS = {
    "立春": (2, 3.87), "惊蛰": (3, 5.63), "春分": (3, 20.646), "清明": (4, 4.81), "谷雨": (4, 20.1), "立夏": (5, 5.52), "夏至": (6, 21.37),
    "立秋": (8, 7.5), "处暑": (8, 23.13), "秋分": (9, 23.042), "霜降": (10, 23.438), "立冬": (11, 7.438), "冬至": (12, 21.94),
}  # fmt: skip
"""Solar term → its month, and the day in 2000 as a fraction (the usual short formula for this century)."""

_OFF_BY = {("立秋", 2002): 1, ("冬至", 2021): -1, ("霜降", 2089): 1, ("立冬", 2089): 1}
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
