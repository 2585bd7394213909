"""Distances from today: 三天后, 两周内, 半个月, 一个半月后, 过两天, 10个工作日内, 两小时后."""

from __future__ import annotations

from datetime import timedelta

from fieldkit.capture import days, numbers
from fieldkit.capture.moments import Day
from fieldkit.capture.text import Words, is_latin, skip_space, starts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date

    from fieldkit.capture.days import Span

UNITS = {
    "个工作日": "work", "工作日": "work", "个星期": "week", "个礼拜": "week", "星期": "week", "礼拜": "week", "周": "week", "个月": "month",
    "个季度": "quarter", "季度": "quarter", "个年头": "year", "年": "year", "天": "day", "日": "day", "个小时": "hour", "小时": "hour",
    "个钟头": "hour", "钟头": "hour", "分钟": "minute", "刻钟": "quarter hour",
}  # fmt: skip
DIRECTIONS = {
    "以后": 1, "之后": 1, "过后": 1, "后": 1, "以内": 2, "之内": 2, "内": 2, "以前": -1, "之前": -1, "前": -1,
}  # fmt: skip
_UNIT_WORDS = Words(UNITS)
_DIRECTION_WORDS = Words(DIRECTIONS)
NOW = frozenset({"现在", "此刻", "此时", "此时此刻", "刚才", "刚刚"})
"""What means this moment where nothing else is said; inside a sentence it tells no date."""
BEFORE = ("再过", "过个", "过", "等", "隔个", "隔")
AHEAD = ("未来", "今后", "接下来", "往后", "此后")
"""Words that make a length of time the days from tomorrow on: 未来三天."""
BEHIND = ("过去的", "过去", "最近", "近")
"""Words that make a length of time the days up to yesterday: 过去三天."""
_NOT_DIRECTION = Words("""
    前往 前来 前去 前台 前期 前景 前提 前沿 前列 前端 后续 后期 后面 后来 内部 内容 内地 前后
""")
_DIRECTION_ALL_THE_SAME = Words("""
    前提交 前提供 前提出 后来复 后来访 后来考 后来亳 后来看 后来谈 后来签 后来电 后来取 后来拿 后来接 后来找 后面谈
    后面签 后面试
""")
_NEXT_STEPS = Words("给 回 再 答复 签 见 来 去 寄 发 送 约 定 到 出 完成")
"""What follows 十天左右 where it is so far ahead, and not a length of time."""
RECENT = "recent"
"""The unit of days up to yesterday: nothing happens on one of them."""
_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_MINUTES = {"hour": 60, "minute": 1, "quarter hour": 15}
PAIRS = frozenset("两俩仨半")
"""Numerals that need no 个 before 月: 两月后."""
FROM_ELSEWHERE = frozenset("后起前")
"""Before a term that is counted from something else than today: 合同签订后10个工作日内, 自公告之日起30日内."""
_COUNTED_BEFORE = frozenset("第每前近逾超满上")


class Distance:
    """A length of time as said: in minutes, days, working days or months; `most` is the longer one of 两三天.

    `rough` says that it is the least of what may be meant (十来天, 二十多天).
    """

    __slots__ = ("end", "least", "most", "rough", "unit")

    def __init__(
        self, least: tuple[int, int], most: tuple[int, int], unit: str, end: int, *, rough: bool = False
    ) -> None:
        self.least = least
        self.most = most
        self.unit = unit
        self.end = end
        self.rough = rough


def distance(text: str, start: int) -> Distance | None:
    """三天, 半个月, 一个半月, 两三周, 一年半, 10个工作日."""
    counted = _count(text, start)
    if counted is None:
        return None
    least, most, halves, index = counted
    more = text[index : index + 1] in {"来", "多", "余"} and least >= 10 and index < len(text)
    index = skip_space(text, index + more)
    if text.startswith("个半", index):
        halves, index = 1, index + 2
        unit = _UNIT_WORDS.at(text, index) or ("月" if text.startswith("月", index) else "")
    else:
        unit = _UNIT_WORDS.at(text, index)
    if not unit and text.startswith("月", index) and text[start] in PAIRS:
        unit = "月"
    kind = UNITS.get(unit, "month" if unit == "月" else "")
    if not kind:
        return None
    index += len(unit)
    more_to_come = text.startswith(("个月", "年", "个"), index + 1)
    if text.startswith("半", index) and kind in {"year", "week", "day", "hour"} and not halves and not more_to_come:
        halves, index = 1, index + 1
    found = Distance(_length(least, halves, kind), _length(most, halves, kind), kind, index, rough=more)
    return _and_minutes(text, found) if kind == "hour" else found


def _and_minutes(text: str, hours: Distance) -> Distance:
    """一个小时四十分钟."""
    more = numbers.whole(text, hours.end)
    unit = starts(text, more[1], ("分钟", "分")) if more else ""
    if more is None or not unit:
        return hours
    length = 0, hours.most[1] + more[0]
    return Distance(length, length, "minute", more[1] + len(unit))


def _count(text: str, start: int) -> tuple[int, int, int, int] | None:
    """(least, most, halves, end) of 三, 两三, 半."""
    if text.startswith("半", start):
        return 0, 0, 1, start + 1
    if text[start + 1 : start + 2] in numbers.DIGITS and text[start + 1 : start + 2]:
        first, second = numbers.DIGITS.get(text[start], 0), numbers.DIGITS[text[start + 1]]
        if 0 < first < second and text[start + 2 : start + 3] not in numbers.DIGITS:
            return first, second, 0, start + 2
    found = numbers.whole(text, start)
    if found is None or found[0] > 5000:
        return None
    value, end = found
    if (
        text[end : end + 1] in {"-", "~", "到", "至"}
        and (second_found := numbers.whole(text, end + 1))
        and second_found[0] > value
    ):
        return value, second_found[0], 0, second_found[1]
    return value, value, 0, end


def _length(count: int, halves: int, kind: str) -> tuple[int, int]:
    """(months, days) or, for hours and minutes, (0, minutes)."""
    if kind in _MONTHS:
        months = count * _MONTHS[kind] + halves * (_MONTHS[kind] // 2)
        return months, 15 if halves and kind == "month" else 0
    if kind in _MINUTES:
        return 0, count * _MINUTES[kind] + halves * _MINUTES[kind] // 2
    return 0, count * _DAYS.get(kind, 1) + (halves * 4 if kind == "week" else 0)


def from_today(text: str, start: int) -> tuple[Day | None, timedelta | None, int] | None:
    """A day (or, for hours, a stretch of time) so far from now; and where it ends."""
    if start and text[start - 1] in _COUNTED_BEFORE:
        return None
    if text[start] in "现此刚" and text.strip(" ,.。!?") in NOW:
        return None, timedelta(0), len(text.rstrip(" ,.。!?"))
    if behind := starts(text, start, BEHIND):
        return _days_behind(text, start + len(behind))
    ahead = starts(text, start, AHEAD)
    if ahead:
        return _days_ahead(text, start + len(ahead))
    word = starts(text, start, BEFORE)
    there = distance(text, start + len(word))
    if there is None:
        return None
    index = skip_space(text, there.end)
    about = starts(text, index, ("左右", "上下"))
    index += len(about)
    direction = _DIRECTION_WORDS.at(text, index)
    if direction and _NOT_DIRECTION.at(text, index) and not _DIRECTION_ALL_THE_SAME.at(text, index):
        return None
    if not direction and not word and not (about and _NEXT_STEPS.at(text, index)):
        return None
    sign = DIRECTIONS[direction] if direction else 1
    if sign == 2 and start and text[start - 1] in FROM_ELSEWHERE:
        return None
    end = index + len(direction)
    if there.unit in _MINUTES:
        return None, timedelta(minutes=there.most[1] * (1 if sign > 0 else -1)), end
    if text[there.end - 1] == "日" and sign < 0 and there.unit == "day":
        return None
    if sign == 2:
        there.least, sign = there.most, 1
    rough = there.least != there.most or there.rough or bool(about) or word.startswith("隔")
    return Day(lambda ref, _back: away(ref, there, sign), end, sure=not rough), None, end


def _days_ahead(text: str, start: int) -> tuple[Day | None, timedelta | None, int] | None:
    start += text.startswith("的", start)
    there = distance(text, start)
    if there is None or there.unit in _MINUTES:
        return None

    def find(ref: date, _back: bool) -> Span | None:
        last = _reached(ref, there.most, 1, there.unit)
        return (ref + timedelta(1), last) if last and last > ref else None

    end = there.end + len(starts(text, there.end, ("之内", "以内", "内")))
    return Day(find, end, unit="range"), None, end


def _days_behind(text: str, start: int) -> tuple[Day | None, timedelta | None, int] | None:
    there = distance(text, start)
    if there is None or there.unit not in {"day", "week", "month"} or is_latin(text[start]):
        return None

    def find(ref: date, _back: bool) -> Span | None:
        first = _reached(ref, there.most, -1, there.unit)
        return (first, ref - timedelta(1)) if first and first < ref else None

    end = there.end + len(starts(text, there.end, ("之内", "以内", "以来", "内", "里")))
    return Day(find, end, unit=RECENT), None, end


def away(start: date, there: Distance, sign: int) -> Span | None:
    """The day so far after (`sign` 1) or before (-1) `start`; for a rough distance the span of days."""
    first, last = (_reached(start, length, sign, there.unit) for length in (there.least, there.most))
    if first is None or last is None:
        return None
    return (first, last) if first <= last else (last, first)


def _reached(start: date, length: tuple[int, int], sign: int, unit: str) -> date | None:
    months, number = length
    if unit == "work":
        return days.working_days(start, sign * number)
    return days.shift(start, sign * number, sign * months)
