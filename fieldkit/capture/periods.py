"""Parts of the year and month: quarters, halves, 年底, 上旬, 月底, 第一周, seasons."""

from __future__ import annotations

from datetime import timedelta

from fieldkit.capture import days, numbers
from fieldkit.capture.moments import Day
from fieldkit.capture.text import Words, is_digit, is_latin, starts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from fieldkit.capture.days import Span
    from fieldkit.capture.moments import MonthPicker, YearPicker

OF_MONTH = {
    "上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31), "上中旬": (1, 20), "中下旬": (11, 31), "上半月": (1, 15), "下半月": (16, 31),
    "上半个月": (1, 15), "下半个月": (16, 31), "月初": (1, 10), "初": (1, 10), "头": (1, 10), "月中": (15, 15), "中": (15, 15), "月中旬": (11, 20),
    "月底": (31, 31), "月末": (31, 31), "底": (31, 31), "末": (31, 31), "月尾": (31, 31), "最后一天": (31, 31),
}  # fmt: skip
"""Part of a month → its first and last day; days past the month's end mean its last day."""
OF_YEAR = {
    "年初": (1, 1),
    "年中": (6, 1),
    "年底": (12, 0),
    "年末": (12, 0),
    "年终": (12, 0),
    "岁末": (12, 0),
    "年尾": (12, 0),
}
"""Part of a year → its month; (month, 0) means the last day of that month."""
SEASONS = {"春": 3, "夏": 6, "秋": 9, "冬": 12}
HALVES = {"上半年": 1, "下半年": 7}
_OF_MONTH = Words(OF_MONTH)
_BARE_OF_MONTH = Words([part for part in OF_MONTH if len(part) > 1 and part != "最后一天"])
_OF_YEAR = Words(OF_YEAR)
_HALVES = Words(HALVES)
_NOT_PARTS = Words(
    "初步 初次 初级 初期 中国 中心 中期 中部 头部 头条 末位 底部 底价 底盘 年终奖 年终总结 年终会 年中秋 月中秋 年中元 月中元 月底薪 月末位 月初步 月中标"
)


def working_day(
    text: str, start: int, pick: Callable[[date, bool, Callable[[Span], Span | None]], Span | None]
) -> Day | None:
    """最后一个工作日, 第一个工作日 of a period."""
    start += text.startswith("的", start)
    word = starts(text, start, ("最后一个工作日", "最后工作日", "第一个工作日", "首个工作日"))
    if not word:
        return None
    last = word.startswith("最后")

    def span_of(span: Span) -> Span | None:
        outside = span[1] + timedelta(1) if last else span[0] - timedelta(1)
        found = days.working_days(outside, -1 if last else 1)
        return (found, found) if found else None

    return Day(lambda ref, back: pick(ref, back, span_of), start + len(word))


def part_of_month(text: str, start: int, pick: MonthPicker, *, fixed: bool) -> Day | None:
    """上旬, 底, 最后一天 after a month."""
    if working := _working_day_of_month(text, start, pick, fixed=fixed):
        return working
    if text.startswith("倒数第二天", start):
        return Day.picked(pick, _last_but_one, start + 5, fixed=fixed)
    count = text[start + 1 : start + 2]
    if (
        text[start : start + 1] in {"头", "前"}
        and count in numbers.DIGITS
        and text.startswith("天", start + 2)
        and count
    ):
        most = numbers.DIGITS[count]
        return Day.picked(
            pick, lambda year, month: days.days_of_month(year, month, 1, most), start + 3, fixed=fixed, unit="part"
        )
    word = _OF_MONTH.at(text, start)
    return _part(start + len(word), word, pick, fixed=fixed) if word and not _NOT_PARTS.at(text, start) else None


def _working_day_of_month(text: str, start: int, pick: MonthPicker, *, fixed: bool) -> Day | None:
    def within(ref: date, back: bool, span_of: Callable[[Span], Span | None]) -> Span | None:
        def of_month(year: int, month: int) -> Span | None:
            whole = days.months(year, month)
            return span_of(whole) if whole else None

        return pick(ref, back, of_month)

    found = working_day(text, start, within)
    if found is not None:
        found.open = not fixed
    return found


def _last_but_one(year: int, month: int) -> Span | None:
    whole = days.months(year, month)
    return (whole[1] - timedelta(1),) * 2 if whole else None


def bare_part_of_month(text: str, start: int) -> Day | None:
    """中旬, 月底, 下半月: the month is left open."""
    word = _BARE_OF_MONTH.at(text, start)
    return (
        _part(start + len(word), word, days.in_month, fixed=False) if word and not _NOT_PARTS.at(text, start) else None
    )


def _part(end: int, word: str, pick: MonthPicker, *, fixed: bool) -> Day:
    first, last = OF_MONTH[word]
    unit = "day" if first == last else "part"
    return Day.picked(
        pick, lambda year, month: days.days_of_month(year, month, first, last), end, fixed=fixed, unit=unit
    )


def part_of_year(text: str, start: int, pick: YearPicker, *, fixed: bool) -> Day | None:
    """年底, 年初, 春天; after a year 底, 初, 春 as well."""
    word = _OF_YEAR.at(text, start)
    if fixed and text.startswith("最后一个月", start):
        return Day.picked(pick, lambda year: days.months(year, 12), start + 5, fixed=fixed, unit="month")
    if fixed and text.startswith("第一天", start):
        return Day.picked(pick, lambda year: days.days_of_month(year, 1, 1, 1), start + 3, fixed=fixed)
    if fixed and text.startswith("最后一天", start):
        return Day.picked(pick, lambda year: days.days_of_month(year, 12, 31, 31), start + 4, fixed=fixed)
    if not word and fixed and text[start : start + 1] in {"初", "中", "底", "末", "终"}:
        start -= 1
        word = "年" + text[start + 1]
    if not word:
        return _season(text, start, pick, fixed=fixed)
    if _NOT_PARTS.at("年" + text[start + 1 : start + 5], 0) or _NOT_PARTS.at(text, start):
        return None
    month, first = OF_YEAR[word]
    end = start + len(word)
    if first:
        return Day.picked(pick, lambda year: days.months(year, month), end, fixed=fixed, unit="part")
    return Day.picked(pick, lambda year: days.days_of_month(year, month, 31, 31), end, fixed=fixed)


def _season(text: str, start: int, pick: YearPicker, *, fixed: bool) -> Day | None:
    season = text[start : start + 1]
    named = text[start + 1 : start + 2] in {"天", "季"}
    if season not in SEASONS or not (fixed or named) or text[start + 1 : start + 2] in {"节", "至", "分"}:
        return None
    month = SEASONS[season]
    return Day.picked(pick, lambda year: days.months(year, month, 3), start + 1 + named, fixed=fixed, unit="month")


def half(text: str, start: int, pick: YearPicker, *, fixed: bool) -> Day | None:
    """上半年, 下半年."""
    word = _HALVES.at(text, start)
    if not word:
        return None
    month = HALVES[word]
    return Day.picked(pick, lambda year: days.months(year, month, 6), start + len(word), fixed=fixed, unit="month")


def quarter(text: str, start: int, pick: YearPicker, *, fixed: bool) -> Day | None:
    """一季度, 第三季度末, Q1."""
    found = _quarter_letter(text, start) or _quarter_number(text, start)
    if found is None:
        return None
    number, index = found

    def first_month(ref: date, back: bool, span_of: Callable[[int, int], Span | None]) -> Span | None:
        return pick(ref, back, lambda year: span_of(year, 3 * number - 2))

    return quarter_rest(text, index, first_month, fixed=fixed)


def _quarter_letter(text: str, start: int) -> tuple[int, int] | None:
    number, after = text[start + 1 : start + 2], text[start + 2 : start + 3] or " "
    before = text[start - 1] if start else " "
    if not text.startswith("q", start) or number not in {"1", "2", "3", "4"} or is_latin(before):
        return None
    return None if is_latin(after) or is_digit(after) else (int(number), start + 2)


def _quarter_number(text: str, start: int) -> tuple[int, int] | None:
    found = numbers.whole(text, start + text.startswith("第", start))
    if found is None or not 1 <= found[0] <= 4:
        return None
    number, index = found
    index += text.startswith("个", index)
    return (number, index + 1 + text.startswith("季度", index)) if text.startswith("季", index) else None


def quarter_rest(text: str, start: int, pick: MonthPicker, *, fixed: bool) -> Day:
    """A quarter, picked by its first month, or its beginning or end."""
    part = text[start : start + 1]
    last_day = start + text.startswith("的", start)
    if text.startswith("最后一天", last_day):
        return Day.picked(
            pick, lambda year, month: days.days_of_month(year, month + 2, 31, 31), last_day + 4, fixed=fixed
        )
    if part in {"末", "底"}:
        return Day.picked(pick, lambda year, month: days.days_of_month(year, month + 2, 31, 31), start + 1, fixed=fixed)
    if part == "初":
        return Day.picked(
            pick, lambda year, month: days.days_of_month(year, month, 1, 10), start + 1, fixed=fixed, unit="part"
        )
    return Day.picked(pick, lambda year, month: days.months(year, month, 3), start, fixed=fixed, unit="month")


def nth_week(text: str, start: int, pick: MonthPicker, *, fixed: bool) -> Day | None:
    """第二周, 第一个周一, 最后一周 of a month; weeks start on Monday, the first of them may be short."""
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
    weekday = "一二三四五六日".find(text[index].replace("天", "日")) if index < len(text) else -1

    def span_of(year: int, month: int) -> Span | None:
        whole = days.months(year, month)
        if whole is None:
            return None
        return days.nth_weekday(whole, weekday, count) if weekday >= 0 else days.nth_week(whole, count)

    return Day.picked(pick, span_of, index + (weekday >= 0), fixed=fixed, unit="day" if weekday >= 0 else "week")
