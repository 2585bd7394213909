"""All mentions of times and amounts in a line, left to right, the rough ones too (千万级, 十几亿, 过几天, 近期)."""

from __future__ import annotations

from fieldkit.capture import amounts, currencies, numbers, relative, times, weekdays
from fieldkit.capture.moments import When
from fieldkit.capture.text import Words, is_digit, is_latin, mask, starts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fieldkit.capture.amounts import Money
    from fieldkit.capture.text import Line

_NUMERALS = frozenset(numbers.DIGITS) | frozenset(numbers.TENS)
_ROUGH_TIMES = Words("""
    改天 改日 择日 择机 近期 近日 最近 不久 不日 尽快 尽早 稍后 稍晚 回头 过几天 过些天 过些日子 过段时间 过一阵 几天后 几天内
    几周后 几个月后 数日后 十几天后 十来天 这几天 这两天 这阵子 过一会儿 一会儿 晚些时候 节前 节后 有空 抽空 下次 届时
""")
_ROUGH = frozenset("上数几多来余好")
_BETWEEN = frozenset("个近") | _ROUGH | numbers.STARTS - {"半"}
_STOPS = frozenset("。;!?\n")
_LONGEST_ROUGH = 10


class Found:
    """What stands in a line: the times, the amounts with where they begin, and the spans of rough times and amounts."""

    __slots__ = ("moneys", "rough_moneys", "rough_times", "whens")

    def __init__(self) -> None:
        self.whens: list[When] = []
        self.moneys: list[tuple[int, Money]] = []
        self.rough_times: list[tuple[int, int]] = []
        self.rough_moneys: list[tuple[int, int]] = []


def find(line: Line, text: str) -> Found:
    """The times and amounts of the masked folded text."""
    found = Found()
    index = 0
    while index < len(text):
        char = text[index]
        if char in {"每", "逢"}:
            index = _past_recurring(text, index)
            continue
        money = amounts.money_at(text, index) if char in amounts.STARTS else None
        when = _time_at(line, text, index) if money is None else None
        if money is not None:
            found.moneys.append((index, money))
            index = money.end
        elif when is not None:
            index = _add_time(text, found.whens, when)
        else:
            index = _rough_end(text, index, found) or _past(text, index)
    return found


def _add_time(text: str, whens: list[When], when: When) -> int:
    """Keep a mention, and the weekdays listed after it; where they end. 次日 and the like need a day before them."""
    if whens and when.day is not None and when.clock is None and _is_clock_before(text, whens[-1], when):
        whens[-1].day, whens[-1].end = when.day, when.end
        return when.end
    if when.day is None or not when.day.told or whens:
        _anchor(text, whens, when)
        whens.append(when)
    if when.day is not None and when.clock is None and whens and whens[-1] is when:
        while (
            when.end == when.day.end
            and text[when.end - 1] in weekdays.WEEKDAYS
            and (day := weekdays.another_weekday(text, when.end))
        ):
            when = When(when.end + 1, day.end, day, None)
            when.anchor = whens[-1]
            whens.append(when)
    return when.end


def _is_clock_before(text: str, clock: When, day: When) -> bool:
    """Whether the time of day stands right before its day: 15:00 明天."""
    return clock.day is None and clock.shift is None and text[clock.end : day.start].strip() == ""


def _past_recurring(text: str, index: int) -> int:
    """Past 每周三, 每天早上8点, 每月5号: what comes again and again is no date."""
    start = index + 1
    start += text[start : start + 1] in {"天", "日", "晚", "早", "年", "月", "个"}
    when = times.when_at(mask(text, index, start), start) if start < len(text) else None
    if when is None:
        return start
    following = when.end + (text[when.end : when.end + 1] in {"和", "、", "及"})
    more = weekdays.weekday(text, following) if following > when.end and following < len(text) else None
    return more.end if more else when.end


def _rough_end(text: str, index: int, found: Found) -> int:
    word = _ROUGH_TIMES.at(text, index)
    if word:
        found.rough_times.append((index, index + len(word)))
        return index + len(word)
    end = _rough_money_end(text, index)
    if end:
        found.rough_moneys.append((index, end))
    return end


def _time_at(line: Line, text: str, index: int) -> When | None:
    """The longer of what the Chinese and the English grammar read; the English is loaded when a line has letters."""
    char = text[index]
    when = times.when_at(text, index) if char in times.STARTS else None
    if line.has_letters and (is_digit(char) or is_latin(char)):
        from fieldkit.capture import english

        told = english.when_at(text, line.plain, index)
        return told if told and (when is None or told.end > when.end) else when
    return when


def _past(text: str, index: int) -> int:
    """Past a number (with its decimals) or a Latin word in which nothing was found, else past one character."""
    char = text[index]
    if is_digit(char):
        while index < len(text) and (
            is_digit(text[index]) or (text[index] in ".," and is_digit(text[index + 1 : index + 2] or " "))
        ):
            index += 1
        return index
    if char in _NUMERALS:
        while index < len(text) and text[index] in _NUMERALS:
            index += 1
        return index
    if is_latin(char):
        while index < len(text) and is_latin(text[index]):
            index += 1
        return index
    return index + 1


def _anchor(text: str, before: list[When], when: When) -> None:
    """周二或周四, 明天上午9点…下午3点: a time that leaves its day or week open takes it from the one before."""
    if not before:
        return
    last = before[-1]
    between = text[last.end : when.start].strip()
    if when.day is None:
        days = [found for found in before if found.day is not None and _may_hold(text, found, when)]
        clocks = [found for found in before if found.day is None and found.shift is None]
        when.anchor = next(iter(days[-1:] or clocks[-1:]), None) if when.shift is None else None
    elif _is_bare_number(text, when) and any(found.day is not None for found in before):
        when.anchor = next(found for found in reversed(before) if found.day is not None)
    elif (
        when.day.told
        or text[when.start : when.day.end] in relative.FROM_TODAY
        or (when.day.open and between in times.LIST)
    ):
        when.anchor = last


def _may_hold(text: str, day: When, clock: When) -> bool:
    """Whether the time of day may be of that day: in another sentence only where the day has a time of its own."""
    return day.clock is not None or _STOPS.isdisjoint(text[day.end : clock.start])


def _is_bare_number(text: str, when: When) -> bool:
    """Whether the day is a number without its month: the 9日 of 12月8日…,9日."""
    day = text[when.start : when.day.end] if when.day is not None else ""
    return day[:1] == "初" or (day[-1:] in {"号", "日"} and "月" not in day and text[when.start] in numbers.STARTS)


def _rough_money_end(text: str, start: int) -> int:
    """Where the rough amount beginning at `start` ends; 0 where none stands."""
    end, rough = start, False
    if text[start] in "个近" or (text[start] in _ROUGH and text[start - 1 : start] == "不"):
        return 0
    while end < len(text) and text[end] in _BETWEEN and end - start < _LONGEST_ROUGH:
        rough = rough or text[end] in _ROUGH
        end += 1
    scale = end
    end += len(starts(text, end, ("万亿", "万", "亿")))
    if end in {scale, start}:
        return 0
    end += len(currencies.currency_at(text, end))
    graded = text.startswith("级", end)
    return end + graded if rough or graded else 0
