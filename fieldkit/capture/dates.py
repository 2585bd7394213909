"""Dates of the calendar as written in Chinese: years, months and days, in words or digits.

Every function reads at one index of the folded line and answers a `Day`, or None where no date stands there. A `pick` says
how the year or month is found that the words leave open: `days.in_year` takes the nearest, a fixed one its own.
"""

from __future__ import annotations

from fieldkit.capture import days, numbers, periods
from fieldkit.capture.moments import Day
from fieldkit.capture.text import Words, at_boundary, is_digit, skip_space, starts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from fieldkit.capture.days import Span
    from fieldkit.capture.moments import MonthPicker, YearPicker

_NOT_MONTH = Words("饼 子 光 球 嫂 牙 星 亮 薪")
_NOT_DAY_NUMBER = Words("""
    食堂 厂 楼 线 机 院 门 口 地块 地 车间 仓 库 井 路 产品 文 令 公告 桥 馆 展 会议室 窗 码 召 称 基地 项目 园 桌 炉 泵
    包间 包厢 位 出口 航站 厅 房 栋 幢 座 室 店 站 台 柜 摊 公馆 公路 高炉 矿 坑 船 舱 塔 段 标 电池 员工 首长 人物
    种子 字 牌 汽油 柴油 专班 客户 泊位 会议厅 展位 窗口 选手 病房 病区 组 队 产线 生产线 车 文件 议题 问题 令牌
""")
_NOT_DAY = Words("游 均 产 常 元 本 报 企 资 系 式 语 化 处理 用 程 照 夜 韩 方")
_DAY_ALL_THE_SAME = Words("报到 报名 报送 报告 报价 报批 报备 报销 本地 本人 用餐 资料 方案 方便")
_STREET_BEFORE = frozenset("月路街道巷弄厦座号栋幢区编第牌房楼村组园院期")
_TERM_BEFORE = frozenset("后起前")
"""Before a term that is counted from something else than today: 自公告之日起30日内."""
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
    if not at_boundary_before(text, start):
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
    if mark == "." or not at_boundary_after(text, month_end) or not _is_recent(days.day(year, month, 1)):
        return None
    return Day(lambda _ref, _back: days.months(year, month), month_end, unit="month")


def _eight_digits(text: str, start: int, end: int) -> Day | None:
    found = days.day(int(text[start : start + 4]), int(text[start + 4 : start + 6]), int(text[start + 6 : end]))
    return Day(lambda _ref, _back: days.one(found), end) if _is_recent(found) and at_boundary_after(text, end) else None


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
    if not joined and not at_boundary_before(text, start):
        return None
    first, second = int(text[start:end]), int(text[end + 1 : last])
    if first > 12 and mark == "/":
        first, second = second, first
    if days.day(2024, first, second) is None or (mark != "/" and text[end + 1] == "0"):
        return None
    return Day.picked(days.in_year, lambda year: days.one(days.day(year, first, second)), last, fixed=False, weak=3)


def day_first(text: str, start: int) -> Day | None:
    """3号, 28日, 3-5号, 中旬: month and year are left open."""
    if start and (text[start - 1] in _STREET_BEFORE or _after_year_in_brackets(text, start)):
        return None
    if (
        start
        and text[start - 1] in _TERM_BEFORE
        and text.startswith(("日内", "日之内"), numbers.digits_end(text, start))
    ):
        return None
    return (
        periods.bare_part_of_month(text, start)
        or day_of_month(text, start, days.in_month, fixed=False)
        or _day_before_day(text, start)
    )


def _after_year_in_brackets(text: str, start: int) -> bool:
    """Whether the number is that of a document: 皖政〔2026〕12号."""
    return text[start - 1] in "〕])】" and numbers.digits_end(text, max(0, start - 5)) == start - 1


def _day_before_day(text: str, start: int) -> Day | None:
    """The 3 of 3、4号."""
    first = numbers.whole(text, start)
    if first is None or text[first[1] : first[1] + 1] not in {"、", ","} or not 1 <= first[0] <= 31:
        return None
    if text[first[1]] == "," and numbers.digits_end(text, start) == start:
        return None
    number, end = first
    if day_of_month(text, end + 1, days.in_month, fixed=False) is None:
        return None
    return Day.picked(days.in_month, lambda year, month: days.one(days.day(year, month, number)), end, fixed=False)


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
        day_of_month(text, index, pick, fixed=fixed)
        or _listed_day(text, index, pick, fixed=fixed)
        or periods.nth_week(text, index, pick, fixed=fixed)
        or periods.part_of_month(text, index, pick, fixed=fixed)
        or _bare_day(text, index, pick, fixed=fixed)
        or Day.picked(pick, days.months, start, fixed=fixed, unit="month")
    )


def _listed_day(text: str, start: int, pick: MonthPicker, *, fixed: bool) -> Day | None:
    """The 3 of 12月3,4日 and 12月3、4日."""
    end = numbers.digits_end(text, start)
    if not 1 <= end - start <= 2 or text[end : end + 1] not in {"、", ","}:
        return None
    number, last = int(text[start:end]), numbers.digits_end(text, end + 1)
    if (
        not 1 <= last - end - 1 <= 2
        or text[last : last + 1] not in {"日", "号"}
        or not 1 <= number < int(text[end + 1 : last])
    ):
        return None
    return Day.picked(pick, lambda year, month: days.one(days.day(year, month, number)), end, fixed=fixed)


def day_of_month(text: str, start: int, pick: MonthPicker, *, fixed: bool) -> Day | None:
    """3号, 3日, 3-5号."""
    found = numbers.whole(text, start)
    if found is None or not 1 <= found[0] <= 31 or found[1] - start > 3:
        return None
    first, index = found
    last, index = _second_day(text, first, index)
    index = skip_space(text, index)
    sign = text[index : index + 1]
    if sign not in {"号", "日"}:
        return None
    if (_NOT_DAY_NUMBER if sign == "号" else _NOT_DAY).at(text, index + 1) and not _DAY_ALL_THE_SAME.at(
        text, index + 1
    ):
        return None
    if sign == "号" and text[index + 1 : index + 2] in {"、", "和", "及"} and _is_listed_number(text, index + 2):
        return None

    def span_of(year: int, month: int) -> Span | None:
        begin, end = days.day(year, month, first), days.day(year, month, last)
        return (begin, end) if begin and end else None

    return Day.picked(pick, span_of, index + 1, fixed=fixed)


def _is_listed_number(text: str, start: int) -> bool:
    """Whether the 5号楼 of 3号、5号楼 stands at `start`."""
    found = numbers.whole(text, start)
    if found is None or not text.startswith("号", found[1]):
        return False
    after = found[1] + 1
    if text[after : after + 1] in {"、", "和", "及"}:
        return _is_listed_number(text, after + 1)
    return bool(_NOT_DAY_NUMBER.at(text, after)) and not _DAY_ALL_THE_SAME.at(text, after)


def _second_day(text: str, first: int, index: int) -> tuple[int, int]:
    """The end of 3-5号, 3至5日, 3号到5号 when the month stands before it only once."""
    after_sign = index + (text[index : index + 1] in {"号", "日"})
    word = starts(text, after_sign, numbers.TO)
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
    return Day.picked(pick, lambda year, month: days.one(days.day(year, month, number)), end, fixed=fixed)


def at_boundary_before(text: str, index: int) -> bool:
    """Whether no letter, digit or point stands before `index`; a colon may, where it parts a label from its value."""
    if index and text[index - 1] == ":":
        return index == 1 or not is_digit(text[index - 2])
    return index == 0 or not (text[index - 1].isascii() and (text[index - 1].isalnum() or text[index - 1] in "./-¥$"))


def at_boundary_after(text: str, index: int) -> bool:
    """Whether no letter, digit, percentage or joined number follows at `index`."""
    if not at_boundary(text, index):
        return not text[index].isascii()
    joined = text[index : index + 1] in {".", "/", "-", ":", ","} and text[index + 1 : index + 2].isdigit()
    return not joined and not text.startswith("%", index)
