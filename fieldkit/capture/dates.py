"""Dates of the calendar as written in Chinese: years, months, days, quarters, and their parts.

Every function reads at one index of the folded line and answers a `Day`, or None where no date stands there.
"""

from __future__ import annotations

from fieldkit.capture import days, numbers
from fieldkit.capture.moments import Day
from fieldkit.capture.text import Words, at_boundary, is_digit, skip_space, starts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from fieldkit.capture.days import Span

    YearPicker = Callable[[date, bool, Callable[[int], Span | None]], Span | None]
    MonthPicker = Callable[[date, bool, Callable[[int, int], Span | None]], Span | None]

MONTH_PARTS = {
    "上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31), "月初": (1, 10), "初": (1, 10), "月中": (15, 15), "中": (15, 15),
    "月底": (31, 31), "月末": (31, 31), "底": (31, 31), "末": (31, 31), "头": (1, 10), "月尾": (31, 31), "最后一天": (31, 31),
}  # fmt: skip
"""Part of a month → its first and last day; days past the month's end mean its last day."""
BARE_MONTH_PARTS = {
    "上旬": (1, 10),
    "中旬": (11, 20),
    "下旬": (21, 31),
    "月初": (1, 10),
    "月中": (15, 15),
    "月底": (31, 31),
    "月末": (31, 31),
}
YEAR_PARTS = {"年初": (1, 1), "年中": (6, 1), "年底": (12, 0), "年末": (12, 0), "岁末": (12, 0), "年尾": (12, 0)}
"""Part of a year → its month; (month, 0) means the last day of that month."""
SEASONS = {"春": 3, "夏": 6, "秋": 9, "冬": 12}
HALVES = {"上半年": 1, "下半年": 7}
ENDS = {"末": 31, "底": 31, "初": 1}
_MONTH_PART_WORDS = Words(MONTH_PARTS)
_BARE_PART_WORDS = Words(BARE_MONTH_PARTS)
_YEAR_PART_WORDS = Words(YEAR_PARTS)
_HALF_WORDS = Words(HALVES)
TO = ("到", "至", "--", "-", "~")
_NOT_MONTH = Words("""
    饼 子 光 球 嫂 牙 星 亮 薪 租 供 均 产
""")
_NOT_DAY_NUMBER = Words("""
    厂 楼 线 机 院 门 地块 地 车间 仓 库 井 路 产品 文 令 公告 桥 馆 展 会议室 窗 码 召 称 基地 项目 园 桌 炉 泵
    包间 包厢 位 出口 航站 厅 房 栋 幢 座 室 店 站 台 柜 摊 公馆 公路 高炉 矿 坑 船 舱 塔 段 标 电池 员工 首长
    人物 种子 院 字 牌 汽油 柴油
""")
_NOT_DAY = Words("""
    游 均 产 常 元 本 报 企 资 系 式 语 化 处理 用 程 照 夜 韩 方
""")
_STREET_BEFORE = frozenset("月路街道巷弄厦座号栋幢区编第牌房楼村组园院期")
_COUNTED_BEFORE = frozenset("第每近前头这那共约超满整")


def year_first(text: str, start: int) -> Day | None:
    """2026年12月3日, 26年12月, 二〇二六年底, 2026-12-03, 20261203."""
    written = _written_out(text, start)
    if written:
        return written
    found = _year_number(text, start)
    if found is None:
        return None
    year, index = found
    day = year_rest(text, index, lambda _ref, _back, span_of: span_of(year))
    return day or whole_year(index, lambda _ref: year, weak=4)


def _year_number(text: str, start: int) -> tuple[int, int] | None:
    tens, ones = numbers.DIGITS.get(text[start]), numbers.DIGITS.get(text[start + 1 : start + 2])
    spelled = tens and ones is not None and text.startswith("年", start + 2)
    found = (tens * 10 + ones, start + 2) if spelled and tens and ones else numbers.whole(text, start)
    if found is None:
        return None
    year, index = found
    length = index - start
    index = skip_space(text, index)
    if not text.startswith("年", index) or length not in {2, 4}:
        return None
    index += 1 + text.startswith("年度", index)
    index = skip_space(text, index)
    if length == 2:
        year += 2000
    return (year, index) if days.FIRST_YEAR <= year <= days.LAST_YEAR else None


def _written_out(text: str, start: int) -> Day | None:
    """2026-12-03, 2026/12/3, 2026.12.3, 2026-12, 20261203."""
    end = numbers.digits_end(text, start)
    if not at_boundary_before(text, start):
        return None
    if end - start == 8 and at_boundary_after(text, end):
        found = days.day(int(text[start : start + 4]), int(text[start + 4 : start + 6]), int(text[start + 6 : end]))
        return Day(lambda _ref, _back: (found, found), end) if found and 1950 < found.year < 2080 else None
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
        return Day(lambda _ref, _back: one(days.day(year, month, number)), day_end)
    if (
        mark == "."
        or not at_boundary_after(text, month_end)
        or days.day(year, month, 1) is None
        or not 1950 < year < 2080
    ):
        return None
    return Day(lambda _ref, _back: days.months(year, month), month_end, unit="month")


def month_first(text: str, start: int) -> Day | None:
    """12月3日, 十二月, 3月底, 1-3月, 一季度末, Q1, 12.3, 12/3: the year is left open."""
    day = year_rest(text, start, days.in_year, fixed=False)
    if day and text[start - 1 : start] in _COUNTED_BEFORE and start:
        return None
    return day or slashed(text, start)


def slashed(text: str, start: int, *, joined: bool = False) -> Day | None:
    """12/3, 12.3, 12-3 standing alone, or `joined` to a day before as the end of a range."""
    end = numbers.digits_end(text, start)
    mark = text[end : end + 1]
    last = numbers.digits_end(text, end + 1)
    if not (
        1 <= end - start <= 2
        and 1 <= last - end - 1 <= 2
        and mark in {"/", ".", "-"}
        and (joined or at_boundary_before(text, start))
    ):
        return None
    first, second = int(text[start:end]), int(text[end + 1 : last])
    if first > 12 and mark == "/":
        first, second = second, first
    if days.day(2024, first, second) is None or (mark != "/" and text[end + 1] == "0" and last - end == 2):
        return None
    return Day(
        lambda ref, back: days.in_year(ref, back, lambda year: one(days.day(year, first, second))),
        last,
        open=True,
        weak=3,
    )


def day_first(text: str, start: int) -> Day | None:
    """3号, 28日, 3-5号, 中旬: month and year are left open."""
    if start and text[start - 1] in _STREET_BEFORE:
        return None
    return _day_of_month(text, start, days.in_month, fixed=False) or _day_before_day(text, start)


def _day_before_day(text: str, start: int) -> Day | None:
    """The 3 of 3、4号."""
    first = numbers.whole(text, start)
    if first is None or not text.startswith("、", first[1]) or not 1 <= first[0] <= 31:
        return None
    second = _day_of_month(text, first[1] + 1, days.in_month, fixed=False)
    number, end = first
    if second is None or second.unit != "day":
        return None
    return Day(
        lambda ref, back: days.in_month(ref, back, lambda year, month: one(days.day(year, month, number))),
        end,
        open=True,
    )


def year_rest(text: str, start: int, pick: YearPicker, *, fixed: bool = True) -> Day | None:
    """What can follow a year: a month, a quarter, a half, a part. Not `fixed`: no year was named."""
    return (
        _month_of_year(text, start, pick, fixed=fixed)
        or _quarter(text, start, pick, fixed=fixed)
        or _half(text, start, pick, fixed=fixed)
        or _part_of_year(text, start, pick, fixed=fixed)
    )


def whole_year(end: int, year: Callable[[date], int], weak: int = 0) -> Day:
    """The whole of a year; a year in digits alone is no date (`weak` 4), but a holiday may follow it."""
    return Day(lambda ref, _back: days.months(year(ref), 1, 12), end, unit="year", weak=weak)


def _month_of_year(text: str, start: int, pick: YearPicker, *, fixed: bool) -> Day | None:
    found = numbers.whole(text, start)
    if found is None:
        return None
    month, index = found
    if not 1 <= month <= 12 or index - start > 2:
        return None
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
    word = starts(text, index, TO)
    last = numbers.whole(text, index + len(word)) if word else None
    if last is None or not first < last[0] <= 12 or not text.startswith("月", last[1]):
        return None
    end = last[1] + 1
    end += text.startswith("份", end)
    if numbers.whole(text, end):
        return None
    count = last[0] - first + 1
    return Day(
        lambda ref, back: pick(ref, back, lambda year: days.months(year, first, count)),
        end,
        open=not fixed,
        unit="month",
    )


def month_rest(text: str, start: int, pick: MonthPicker, *, fixed: bool) -> Day:
    """What can follow a month: a day, days, a part, a week of it; with nothing following, the whole month."""
    index = start + text.startswith("份", start)
    index = skip_space(text, index)
    index += text.startswith("的", index)
    day = _day_of_month(text, index, pick, fixed=fixed) or _nth_week(text, index, pick, fixed=fixed)
    if day:
        return day
    word = _MONTH_PART_WORDS.at(text, index)
    if word and not (
        word in {"初", "中", "头"} and starts(text, index + 1, ("步", "次", "级", "国", "心", "期", "部"))
    ):
        first, last = MONTH_PARTS[word]
        return _part_of_month(index + len(word), first, last, pick, fixed=fixed)
    bare = _bare_day(text, index, pick, fixed=fixed)
    if bare:
        return bare
    return Day(lambda ref, back: pick(ref, back, days.months), start, open=not fixed, unit="month")


def _part_of_month(end: int, first: int, last: int, pick: MonthPicker, *, fixed: bool) -> Day:
    unit = "day" if first == last else "part"
    return Day(
        lambda ref, back: pick(ref, back, lambda y, m: days.days_of_month(y, m, first, last)),
        end,
        open=not fixed,
        unit=unit,
    )


def _day_of_month(text: str, start: int, pick: MonthPicker, *, fixed: bool) -> Day | None:
    """3号, 3日, 3-5号, 中旬 (the last only where no month stands before)."""
    if pick is days.in_month:
        word = _BARE_PART_WORDS.at(text, start)
        if word:
            return _part_of_month(start + len(word), *BARE_MONTH_PARTS[word], pick, fixed=fixed)
    found = numbers.whole(text, start)
    if found is None or not 1 <= found[0] <= 31 or found[1] - start > 3:
        return None
    first, index = found
    last, index = _second_day(text, first, index)
    index = skip_space(text, index)
    sign = text[index : index + 1]
    if sign not in {"号", "日"} or (_NOT_DAY_NUMBER if sign == "号" else _NOT_DAY).at(text, index + 1):
        return None

    def span_of(year: int, month: int) -> Span | None:
        begin, end = days.day(year, month, first), days.day(year, month, last)
        return (begin, end) if begin and end else None

    return Day(lambda ref, back: pick(ref, back, span_of), index + 1, open=not fixed)


def _second_day(text: str, first: int, index: int) -> tuple[int, int]:
    """The end of 3-5号, 3至5日, 3号到5号 when the month stands before it only once."""
    after_sign = index + (text[index : index + 1] in {"号", "日"})
    word = starts(text, after_sign, TO)
    second = numbers.whole(text, after_sign + len(word)) if word else None
    if second and first < second[0] <= 31 and text[second[1] : second[1] + 1] in {"号", "日"}:
        return second
    return first, index


def _bare_day(text: str, start: int, pick: MonthPicker, *, fixed: bool) -> Day | None:
    """The day in 12月3 without its 号, in digits only: 八月十五 may be a lunar date."""
    end = numbers.digits_end(text, start)
    if not 1 <= end - start <= 2 or not at_boundary_after(text, end):
        return None
    number = int(text[start:end])
    return Day(lambda ref, back: pick(ref, back, lambda y, m: one(days.day(y, m, number))), end, open=not fixed)


def _nth_week(text: str, start: int, pick: MonthPicker, *, fixed: bool) -> Day | None:
    """第二周, 第一个周一, 最后一周 of a month; its first week is the one with the month's first Monday to Sunday in it."""
    last = text.startswith("最后一", start)
    found = numbers.whole(text, start + 1) if text.startswith("第", start) else None
    if not last and found is None:
        return None
    count, index = (0, start + 3) if last or found is None else found
    index += text.startswith("个", index)
    unit = starts(text, index, ("星期", "礼拜", "周"))
    if not unit or count > 5:
        return None
    index += len(unit)
    weekday = "一二三四五六日".find(text[index]) if index < len(text) else -1

    def span_of(year: int, month: int) -> Span | None:
        whole = days.months(year, month)
        if whole is None:
            return None
        return days.nth_weekday(whole, weekday, count) if weekday >= 0 else days.nth_week(whole, count)

    return Day(
        lambda ref, back: pick(ref, back, span_of),
        index + (weekday >= 0),
        open=not fixed,
        unit="day" if weekday >= 0 else "week",
    )


def _quarter(text: str, start: int, pick: YearPicker, *, fixed: bool) -> Day | None:
    """一季度, 第三季度末, Q1."""
    if (
        text.startswith("q", start)
        and text[start + 1 : start + 2] in {"1", "2", "3", "4"}
        and at_boundary_before(text, start)
    ):
        number, index = int(text[start + 1]), start + 2
        if index < len(text) and text[index].isascii() and text[index].isalnum():
            return None
    else:
        found = numbers.whole(text, start + text.startswith("第", start))
        if found is None or not 1 <= found[0] <= 4:
            return None
        number, index = found
        index += text.startswith("个", index)
        if not text.startswith("季", index):
            return None
        index += 2 if text.startswith("季度", index) else 1
    return quarter_rest(
        text, index, lambda ref, back, of: pick(ref, back, lambda year: of(year, 3 * number - 2)), fixed=fixed
    )


def quarter_rest(text: str, start: int, pick: MonthPicker, *, fixed: bool) -> Day:
    """A quarter, picked by its first month, or its beginning or end."""
    part = text[start : start + 1]
    if part in {"末", "底"}:
        return Day(
            lambda ref, back: pick(ref, back, lambda y, m: days.days_of_month(y, m + 2, 31, 31)),
            start + 1,
            open=not fixed,
        )
    if part == "初":
        return Day(
            lambda ref, back: pick(ref, back, lambda y, m: days.days_of_month(y, m, 1, 10)),
            start + 1,
            open=not fixed,
            unit="part",
        )
    return Day(
        lambda ref, back: pick(ref, back, lambda y, m: days.months(y, m, 3)), start, open=not fixed, unit="month"
    )


def _half(text: str, start: int, pick: YearPicker, *, fixed: bool) -> Day | None:
    word = _HALF_WORDS.at(text, start)
    if not word:
        return None
    month = HALVES[word]
    return Day(
        lambda ref, back: pick(ref, back, lambda year: days.months(year, month, 6)),
        start + len(word),
        open=not fixed,
        unit="month",
    )


def _part_of_year(text: str, start: int, pick: YearPicker, *, fixed: bool) -> Day | None:
    """年底, 年初; after a year 底, 初, 春天 as well."""
    word = _YEAR_PART_WORDS.at(text, start)
    if not word and fixed and text[start : start + 1] in {"初", "中", "底", "末"}:
        word = "年" + text[start]
        start -= 1
    if word and not text.startswith("秋", start + len(word)):
        month, first = YEAR_PARTS[word]
        end = start + len(word)
        if first:
            return Day(
                lambda ref, back: pick(ref, back, lambda year: days.months(year, month)),
                end,
                open=not fixed,
                unit="part",
            )
        return Day(
            lambda ref, back: pick(ref, back, lambda year: days.days_of_month(year, month, 31, 31)), end, open=not fixed
        )
    season = text[start : start + 1]
    if (
        season in SEASONS
        and (fixed or text[start + 1 : start + 2] in {"天", "季"})
        and not text.startswith("节", start + 1)
    ):
        month = SEASONS[season]
        end = start + 1 + (text[start + 1 : start + 2] in {"天", "季"})
        return Day(
            lambda ref, back: pick(ref, back, lambda year: days.months(year, month, 3)),
            end,
            open=not fixed,
            unit="month",
        )
    return None


def one(found: date | None) -> Span | None:
    """A single day as a span."""
    return (found, found) if found else None


def at_boundary_before(text: str, index: int) -> bool:
    """Whether no letter, digit or point stands before `index`."""
    return index == 0 or not (text[index - 1].isascii() and (text[index - 1].isalnum() or text[index - 1] in "./-:¥$"))


def at_boundary_after(text: str, index: int) -> bool:
    """Whether no letter, digit or joined number follows at `index`."""
    if at_boundary(text, index):
        return not (
            text[index : index + 1] in {".", "/", "-", ":", "%", ","} and text[index + 1 : index + 2].isdigit()
        ) and not text.startswith("%", index)
    return not text[index].isascii()
