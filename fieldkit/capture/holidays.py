"""Holidays and solar terms by name: 春节, 国庆, 端午假期, 母亲节, 冬至, 年前.

The calendar behind the lunar ones is loaded when a line first names one.
"""

from __future__ import annotations

from datetime import date, timedelta

from fieldkit.capture import days
from fieldkit.capture.moments import Day
from fieldkit.capture.text import starts, word_in, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from fieldkit.capture.days import Span

GREGORIAN = {
    "元旦": (1, 1, 3), "情人节": (2, 14, 1), "妇女节": (3, 8, 1), "三八节": (3, 8, 1), "三八妇女节": (3, 8, 1), "五一劳动节": (5, 1, 5), "五一国际劳动节": (5, 1, 5), "六一儿童节": (6, 1, 1), "七一建党节": (7, 1, 1), "八一建军节": (8, 1, 1), "植树节": (3, 12, 1), "愚人节": (4, 1, 1), "劳动节": (5, 1, 5),
    "五一": (5, 1, 5), "青年节": (5, 4, 1), "五四青年节": (5, 4, 1), "儿童节": (6, 1, 1), "六一": (6, 1, 1), "建党节": (7, 1, 1), "七一": (7, 1, 1),
    "建军节": (8, 1, 1), "八一": (8, 1, 1), "教师节": (9, 10, 1), "国庆": (10, 1, 7), "十一": (10, 1, 7), "双十一": (11, 11, 1), "双11": (11, 11, 1),
    "万圣节": (11, 1, 1), "双十二": (12, 12, 1), "双12": (12, 12, 1), "平安夜": (12, 24, 1), "圣诞": (12, 25, 1), "跨年夜": (12, 31, 1),
}  # fmt: skip
"""Holiday → month, day, days off."""
LUNAR = {
    "春节": (1, 1, 7), "大年初一": (1, 1, 1), "元宵": (1, 15, 1), "龙抬头": (2, 2, 1), "端午": (5, 5, 3), "七夕": (7, 7, 1), "中元": (7, 15, 1), "中秋": (8, 15, 3),
    "重阳": (9, 9, 1), "腊八": (12, 8, 1), "小年": (12, 23, 1), "除夕": (12, 30, 1), "大年三十": (12, 30, 1), "年三十": (12, 30, 1), "大年夜": (12, 30, 1),
    "年夜": (12, 30, 1),
}  # fmt: skip
TERMS = words("""
    小寒 大寒 立春 雨水 惊蛰 春分 清明 谷雨 立夏 小满 芒种 夏至 小暑 大暑 立秋 处暑 白露 秋分 寒露 霜降 立冬 小雪 大雪 冬至
""")
BY_WEEKDAY = {"母亲节": (5, 6, 2), "父亲节": (6, 6, 3), "感恩节": (11, 3, 4)}
"""Holiday → month, weekday (Monday is 0), which of them."""
NAMES = frozenset((*GREGORIAN, *LUNAR, *TERMS, *BY_WEEKDAY))
FIRSTS = frozenset(name[0] for name in NAMES)
_NEEDS_MORE = frozenset({"十一", "年夜", "雨水", "小雪", "大雪"})
"""Names that are numbers or common words besides: they count with 节, 节气, 前, 后, 期间, 假期, 长假, 那天 only."""
_PLAIN = frozenset({"元旦", "春节", "端午", "中秋", "除夕", "元宵", "七夕"})
"""Names that are hardly ever part of another name."""
NUMBERED = frozenset({"五一", "五四", "六一", "七一", "八一", "十一", "三八", "七夕"})
_FREE_BEFORE = frozenset("在到等于争要就取")
_MORE = words("""
    节 时节 前 后 之前 之后 以前 以后 期间 长假 小长假 放假 假 当天 当日 那天 这天 左右 黄金周
""")
_TAILS = ("节假期", "节长假", "小长假", "节期间", "长假", "假期", "节日", "节气", "时节", "节")


def holiday(text: str, start: int, year: Callable[[date], int] | None = None) -> Day | None:
    """A holiday by name; with `year` (from 明年, 2027年) in that year, else the coming one."""
    name = word_in(text, start, NAMES, 7)
    if not name:
        return None
    index = start + len(name)
    if name in _NEEDS_MORE and not starts(text, index, _MORE):
        return None
    end = index + len(starts(text, index, _TAILS))
    whole = (
        text.startswith(("期间", "假期", "长假", "小长假", "黄金周"), index)
        or text[index:end] not in {"", "节", "节日", "节气", "时节"}
        or text.startswith("期间", end)
    )
    return Day(
        days.of_year(lambda y: _span(name, y, whole), year),
        end,
        open=year is None,
        unit="holiday",
        weak=0 if year or end > index else 1 if name in _PLAIN and not _is_place(text, end) else 2,
    )


def _is_place(text: str, end: int) -> bool:
    """Whether the name is a place's: 元旦村."""
    return text[end : end + 1] in {"村", "镇", "乡", "路", "街", "桥", "山", "湖", "店", "庄", "厂"}


def _span(name: str, year: int, whole: bool) -> Span | None:
    if name in BY_WEEKDAY:
        month, weekday, count = BY_WEEKDAY[name]
        whole_month = days.months(year, month)
        return days.nth_weekday(whole_month, weekday, count) if whole_month else None
    if name in GREGORIAN:
        month, number, off = GREGORIAN[name]
        first = days.day(year, month, number)
    else:
        first, off = _from_lunar_calendar(name, year)
    if first is None:
        return None
    return first, first + timedelta(off - 1 if whole else 0)


def _from_lunar_calendar(name: str, year: int) -> tuple[date | None, int]:
    from fieldkit.capture import lunar

    if name in LUNAR:
        month, number, off = LUNAR[name]
        if name in {"除夕", "大年三十", "年三十", "大年夜", "年夜"}:
            new_year = lunar.day(year, 1, 1)
            return (new_year - timedelta(1) if new_year else None), off
        return lunar.day(year, month, number) if name not in {"腊八", "小年"} else lunar.day(
            year - 1, month, number
        ), off
    return lunar.solar_term(name, year), 1


def around_new_year(text: str, start: int) -> tuple[Day, ...]:
    """年前: before the year ends or before the Spring Festival, either may be meant; 年后: after the Spring Festival."""
    after = text.startswith("年后", start)
    if not (after or text.startswith("年前", start)) or (
        start and text[start - 1] not in _FREE_BEFORE and text[start - 1].isalnum()
    ):
        return ()

    def festival(ref: date, back: bool) -> Span | None:
        span = days.nearest(ref, back, range(ref.year - 1, ref.year + 3), lambda year: _span("春节", year, False))
        there = span[0] + timedelta(1 if after else -1) if span else None
        return (there, there) if there else None

    spring = Day(festival, start + 2, open=True, weak=2, sure=False)
    return (spring,) if after else (Day(lambda ref, _back: (date(ref.year, 12, 31),) * 2, start + 2, weak=2), spring)
