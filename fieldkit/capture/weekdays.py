"""Weekdays and weeks: 周三, 星期天, 周末, 周一至五, 下周五, 本周初, 下周."""

from __future__ import annotations

from datetime import timedelta

from fieldkit.capture import days, numbers, periods
from fieldkit.capture.moments import Day
from fieldkit.capture.text import is_digit, skip_space, starts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date

    from fieldkit.capture.days import Span

WEEKS = ("星期", "礼拜", "周")
WEEKDAYS = {
    char: index for index, chars in enumerate(("一1", "二2", "三3", "四4", "五5", "六6", "日天末7")) for char in chars
}
_COUNTS = frozenset("每两几半一二三四五六七八九十逢隔0123456789")
PARTS_AFTER = ("上午", "下午", "中午", "傍晚", "早", "晚", "夜", "晨", "凌晨")
"""Parts of the day that may stand right after a day."""


def week_rest(text: str, index: int, by: int) -> Day | None:
    """What can follow 本周, 下周: a weekday, weekdays, the weekend, the beginning or middle; with nothing, the week."""
    if same := _same_weekday(text, index, by):
        return same
    index = skip_space(text, index) if text[index + 1 : index + 2] in WEEKDAYS else index
    again = skip_space(text, index + text.startswith("的", index))
    again += len(starts(text, again, WEEKS))
    if text[again : again + 1] in WEEKDAYS and again - index >= 1:
        index = again
    word = text[index : index + 1]
    if working := periods.working_day(text, index, lambda ref, _back, span_of: span_of(days.week(ref, by))):
        return working
    if text.startswith("六日", index):
        return Day(lambda ref, _back: _weekdays(ref, by, 5, 6), index + 2)
    if word == "末":
        return Day(lambda ref, _back: _weekdays(ref, by, 5, 6), index + 1, unit="week")
    if word in {"初", "中"}:
        first, last = (0, 1) if word == "初" else (2, 3)
        return Day(lambda ref, _back: _weekdays(ref, by, first, last), index + 1, unit="week")
    if word in WEEKDAYS and word:
        weekday, end = WEEKDAYS[word], index + 1
        last, end = _until_weekday(text, weekday, end)
        return Day(lambda ref, _back: _weekdays(ref, by, weekday, last), end)
    if starts(text, index, ("期", "边", "转", "报", "刊", "年", "岁", "长")):
        return None
    return Day(lambda ref, _back: days.week(ref, by), index, unit="week")


def _same_weekday(text: str, index: int, by: int) -> Day | None:
    """下周今天, 上周的今天."""
    index += text.startswith("的", index)
    if not text.startswith(("今天", "今日"), index):
        return None
    return Day(lambda ref, _back: days.one(ref + timedelta(7 * by)), index + 2)


def _weekdays(ref: date, by: int, first: int, last: int) -> Span:
    monday = days.week(ref, by)[0]
    return monday + timedelta(first), monday + timedelta(last)


def another_weekday(text: str, start: int) -> Day | None:
    """The 三 of 周一、三、五, told from the day before it."""
    index = start + 1
    following = text[index + 1 : index + 2]
    if text[start : start + 1] not in {"、", "和"} or text[index : index + 1] not in WEEKDAYS or following.isdigit():
        return None
    if following in _COUNTS or following in {
        "点",
        "月",
        "号",
        "日",
        "天",
        "个",
        "家",
        "人",
        "期",
        "楼",
        "年",
        "亿",
        "万",
        "千",
        "百",
        "是",
        "要",
    }:
        return None
    there = WEEKDAYS[text[index]]
    return Day(
        lambda ref, _back: (ref + timedelta((there - ref.weekday()) % 7 or 7),) * 2,
        index + 1,
        open=True,
        unit="weekday",
    )


def _until_weekday(text: str, weekday: int, end: int) -> tuple[int, int]:
    """The end of 周一至五: the last weekday without its 周."""
    word = starts(text, end, numbers.TO)
    char = text[end + len(word) : end + len(word) + 1] if word else ""
    last = WEEKDAYS.get(char, -1)
    following = text[end + len(word) + 1 : end + len(word) + 2]
    if (
        last > weekday
        and char not in {"天", "末"}
        and following not in {"点", "月", "时", "号", "日", "天", "个", "人"}
    ):
        return last, end + len(word) + 1
    return weekday, end


def _is_sunday(text: str, start: int) -> bool:
    """Whether 周天 is a day by itself, and not the end of 一周 or the beginning of a name."""
    alone = start + 2 >= len(text) or not text[start + 2].isalnum() or bool(starts(text, start + 2, PARTS_AFTER))
    return alone and (start == 0 or not text[start - 1].isalnum())


def weekday(text: str, start: int) -> Day | None:
    """周三, 星期天, 礼拜五, 周末, 周一至五: the coming one, never today; looking back, the last one."""
    unit = starts(text, start, WEEKS)
    index = start + len(unit)
    word = text[index : index + 1]
    if not unit or word not in WEEKDAYS or not word:
        return None
    if start and text[start - 1] in _COUNTS and text[max(0, start - 2) : start - 1] not in {"周", "期", "拜"}:
        return None
    if unit == "周" and (
        text[index + 1 : index + 2] in {"次", "天", "年"} or (word == "天" and not _is_sunday(text, start))
    ):
        return None
    if word == "末":
        return Day(
            lambda ref, back: days.nearest(ref, back, range(-2, 3), lambda by: _weekdays(ref, by, 5, 6)),
            index + 1,
            open=True,
            weak=2,
        )
    if is_digit(word) and index + 1 < len(text) and (is_digit(text[index + 1]) or text[index + 1] in ".,:%"):
        return None
    if text.startswith("六日", index):
        return Day(
            lambda ref, back: days.nearest(ref, back, range(-2, 3), lambda by: _weekdays(ref, by, 5, 6)),
            index + 2,
            open=True,
        )
    first = WEEKDAYS[word]
    last, end = _until_weekday(text, first, index + 1)

    def span(ref: date, back: bool) -> Span:
        gap = (ref.weekday() - first) % 7 or 7 if back else (first - ref.weekday()) % 7 or 7
        begin = ref + timedelta(-gap if back else gap)
        return begin, begin + timedelta(last - first)

    return Day(span, end, open=True, weak=1, unit="weekday")


def past_weekday(text: str, day: Day) -> int:
    """12月3日(周四), 12月3日 周四: the weekday only repeats the date."""
    if day.unit not in {"day", "holiday"} or text[day.end - 2 : day.end - 1] in {"周", "期", "拜"}:
        return day.end
    index = skip_space(text, day.end)
    bracket = text[index : index + 1] == "("
    index += bracket
    listed = text.startswith(",", index) and not bracket
    index = skip_space(text, index + listed)
    index += len(starts(text, index, ("下", "本", "这", "上"))) if bracket else 0
    unit = starts(text, index, WEEKS)
    index += len(unit)
    if not unit or text[index : index + 1] not in WEEKDAYS or text[index : index + 1] == "末":
        return day.end
    if bracket and not text.startswith(")", index + 1):
        return day.end
    if listed and text[index + 1 : index + 2] not in {"", ",", "。", "上", "下", "早", "晚", "中"}:
        return day.end
    return index + 1 + bracket
