"""Holidays, solar terms and lunar dates by name: 春节, 国庆, 腊月二十, 正月十五, 大年初三, 冬至.

The calendar behind the lunar ones is loaded when a line first names one.
"""

from __future__ import annotations

from datetime import date, timedelta

from fieldkit.capture import days, numbers
from fieldkit.capture.moments import Day
from fieldkit.capture.text import is_digit, skip_space, starts, word_in, words

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
FIRSTS = frozenset(name[0] for name in NAMES) | frozenset("农阴旧正腊冬初闰")
_NEEDS_MORE = frozenset({"十一", "年夜", "雨水", "小雪", "大雪"})
"""Names that are numbers or common words besides: they count with 节, 节气, 前, 后, 期间, 假期, 长假, 那天 only."""
_PLAIN = frozenset({"元旦", "春节", "端午", "中秋", "除夕", "元宵", "七夕"})
"""Names that are hardly ever part of another name."""
NUMBERED = frozenset({"五一", "五四", "六一", "七一", "八一", "十一", "三八", "七夕"})
_FREE_BEFORE = frozenset("在到等于争要就取")
_MORE = words("""
    节 节气 时节 前 后 之前 之后 以前 以后 期间 假期 长假 小长假 放假 假 当天 当日 那天 这天 左右 黄金周
""")
_TAILS = ("节假期", "节长假", "小长假", "节期间", "长假", "假期", "节日", "节气", "时节", "节")
_BEGINNINGS = frozenset("年月最当起周之季期旬世")
_SCHOOL = ("级", "中", "学", "的学", "毕业", "班", "年级", "生", "步", "衷", "心")
_LUNAR_MARKS = ("农历", "阴历", "旧历")
_DAY_NUMERALS = frozenset("一二三四五六七八九十")
_LUNAR_MONTHS = {"正": 1, "腊": 12, "冬": 11}
_TENS = {"初": 0, "十": 10, "廿": 20, "卅": 30}


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
        _finder(lambda y: _span(name, y, whole), year),
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


def _finder(
    span_of: Callable[[int], Span | None], year: Callable[[date], int] | None
) -> Callable[[date, bool], Span | None]:
    if year is not None:
        return lambda ref, _back: span_of(year(ref))
    return lambda ref, back: days.nearest(ref, back, range(ref.year - 1, ref.year + 3), span_of)


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
        return _lunar(1, 1, number, number[1], year) if number else None
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
    return _lunar(month, -month if leap else month, spoken, spoken[1], year)


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


def _lunar(month: int, leap_month: int, number: tuple[int, int], end: int, year: Callable[[date], int] | None) -> Day:
    del month

    def span_of(lunar_year: int) -> Span | None:
        from fieldkit.capture import lunar

        found = lunar.day(lunar_year, leap_month, number[0])
        return (found, found) if found else None

    return Day(_finder(span_of, year), end, open=year is None)


def _lunar_month(month: int, leap: bool, text: str, end: int, year: Callable[[date], int] | None) -> Day:
    """正月, 腊月底: the whole of a lunar month, or its first or last ten days, or its last day."""
    part = {"初": 0, "底": 2, "末": 2}.get(text[end : end + 1])

    def span_of(lunar_year: int) -> Span | None:
        from fieldkit.capture import lunar

        span = lunar.month(lunar_year, -month if leap else month)
        if span is None or part is None:
            return span
        return (span[1], span[1]) if part else (span[0], span[0] + timedelta(9))

    return Day(_finder(span_of, year), end + (part is not None), open=year is None, unit="month", weak=2)


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
    return plain, _lunar(month, month, number, number[1], None)
