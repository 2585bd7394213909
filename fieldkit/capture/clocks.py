"""Times of day: 下午3点, 两点半, 差五分三点, 15:30, 3pm, 上午, 9点到11点半."""

from __future__ import annotations

from datetime import time

from fieldkit.capture import numbers
from fieldkit.capture.moments import Clock
from fieldkit.capture.quantities import is_quantity
from fieldkit.capture.text import Words, is_digit, is_latin, skip_space, starts, word_in

MORNING, NOON, AFTERNOON, EVENING, NIGHT = (6, 11), (11, 13), (13, 18), (18, 23), (0, 5)
PARTS = {
    "凌晨": (NIGHT, 3), "清晨": (MORNING, 7), "早晨": (MORNING, 8), "早上": (MORNING, 8), "一早": (MORNING, 8), "一大早": (MORNING, 8),
    "大清早": (MORNING, 7), "上午": (MORNING, 9), "中午": (NOON, 12), "正午": (NOON, 12), "午间": (NOON, 12), "午后": (AFTERNOON, 14),
    "下午": (AFTERNOON, 15), "傍晚": ((17, 19), 18), "晚上": (EVENING, 20), "晚间": (EVENING, 20), "夜里": ((20, 23), 22), "夜间": ((20, 23), 22),
    "深夜": ((21, 23), 23), "半夜": (NIGHT, 0), "午夜": (NIGHT, 0), "夜晚": (EVENING, 20), "早间": (MORNING, 8),
}  # fmt: skip
"""Part of the day → the hours it spans, and its usual hour when none is said."""
AFTER_DAY = PARTS | {"早": (MORNING, 8), "晚": (EVENING, 20), "夜": (EVENING, 21), "晨": (MORNING, 7), "午": (NOON, 12)}
_QUARTERS = {"一刻": 15, "三刻": 45, "半": 30, "整": 0, "钟": 0}
_QUARTER_WORDS = Words(_QUARTERS)
_NOT_HOURS = Words("""
    候 间 代 尚 刻 期 常 机 空 段 效 速 装 不时 而
""")
_NOT_CLOCK = Words("""
    建议 意见 要求 问题 想法 共识 好处 诉求 看法 体会 原因 内容 说明 考虑 希望 优势 不足 结论 事 儿 点 上 都 也
""")
_COUNTED_BEFORE = frozenset("有这那第提几了以下快早晚大小差讲谈说出成列做占达涨跌升降增减近超约的够")
_RATIO_BEFORE = frozenset("比率尺占")


def part_at(text: str, start: int, words: dict[str, tuple[tuple[int, int], int]] = PARTS) -> tuple[str, int] | None:
    """The part of the day that is named at `start`, and where it ends."""
    word = word_in(text, start, words, 3)
    return (word, start + len(word)) if word else None


def clock_at(text: str, start: int, *, after_day: bool) -> Clock | None:
    """The time of day at `start`, with its end when it is a range. After a day, bare hours and 早/晚 count as well."""
    part = part_at(text, start, AFTER_DAY if after_day else PARTS) or _short_part(text, start)
    name, index = part or ("", start)
    between = _between(text, index, name) if part or after_day else None
    if between:
        return between
    hours = _hour(text, skip_space(text, index) if part else index, trusted=bool(part) or after_day)
    if hours is None:
        if part is None or (
            name in {"早", "夜", "晨", "午", "晚", "晚上"}
            and text[index : index + 1] in {"餐", "饭", "会", "宴", "好", "安", "报", "辈", "于"}
        ):
            return None
        spanned, usual = AFTER_DAY[name]
        return Clock(time(usual), index, part=spanned)
    hour, minute, end, exact = hours
    start_time, late = _placed(hour, minute, name, exact)
    clock = Clock(start_time, end, half=not name and not exact and 1 <= hour <= 12, late=late)
    _add_until(text, clock, name)
    return clock


def digital_at(text: str, start: int) -> Clock | None:
    """15:30 at `start`, with its end when it is a range; nothing that is less plainly a time of day."""
    return clock_at(text, start, after_day=True) if start < len(text) and _digital(text, start) else None


def _short_part(text: str, start: int) -> tuple[str, int] | None:
    """The 晚 of 晚8点, 晚七点半, where an hour follows and it is not the end of another word (最晚8点)."""
    if text[start : start + 1] not in {"早", "晚"} or (start and text[start - 1] in "最尽太很较多趁及"):
        return None
    return (text[start], start + 1) if _hour(text, skip_space(text, start + 1), trusted=True) else None


def _between(text: str, start: int, part: str) -> Clock | None:
    """两三点, 8-10点: from the one hour to the other."""
    ranged = _digits_between(text, start, part)
    if ranged:
        return ranged
    first, second = (numbers.DIGITS.get(text[place : place + 1], 0) for place in (start, start + 1))
    if not 0 < first < second or not text.startswith("点", start + 2):
        return None
    until, _ = _placed(second, 0, part, False)
    return Clock(_placed(first, 0, part, False)[0], start + 3, until=until)


def _digits_between(text: str, start: int, part: str) -> Clock | None:
    end = numbers.digits_end(text, start)
    word = starts(text, end, numbers.TO)
    last = numbers.digits_end(text, end + len(word))
    if (
        not word
        or not 1 <= end - start <= 2
        or not 1 <= last - end - len(word) <= 2
        or text[last : last + 1] not in {"点", "时"}
    ):
        return None
    first, second = int(text[start:end]), int(text[end + len(word) : last])
    if not first < second <= 24 or text.startswith(("点钟头", "时间"), last):
        return None
    until, _ = _placed(second, 0, part, second > 12)
    begin, _ = _placed(first, 0, part, first > 12)
    index = last + 1 + text.startswith("钟", last + 1)
    return Clock(begin, index, until=until) if begin < until else None


def _add_until(text: str, clock: Clock, name: str) -> None:
    index = skip_space(text, clock.end)
    word = starts(text, index, numbers.TO)
    if not word:
        return
    index = skip_space(text, index + len(word))
    part = part_at(text, index)
    if part:
        name, index = part
    until = _hour(text, index, trusted=True)
    if until is None:
        return
    hour, minute, end, exact = until
    value, _ = _placed(hour, minute, name, exact)
    if value < clock.start and value.hour < 12:
        value = value.replace(hour=value.hour + 12)
    if value > clock.start:
        clock.until, clock.end = value, end


def _placed(hour: int, minute: int, part: str, exact: bool) -> tuple[time, bool]:
    """The hour on the 24-hour clock; True when it is the midnight that ends the day."""
    spanned = AFTER_DAY[part][0] if part else None
    if hour == 24 or (hour == 12 and part in {"晚上", "晚", "夜里", "深夜", "半夜", "午夜", "夜"}):
        return time(0, minute), True
    if spanned == NIGHT and part in {"半夜", "午夜"} and 9 <= hour < 12:
        return time(hour + 12, minute), False
    if spanned == NIGHT:
        return time(hour % 12 if hour == 12 else hour, minute), False
    if (hour < 12 and spanned is not None and spanned[0] >= 13) or (spanned == NOON and hour < 6):
        return time(hour + 12, minute), False
    if spanned is None and not exact and 1 <= hour <= 5:
        return time(hour + 12, minute), False
    return time(hour, minute), False


def _hour(text: str, start: int, *, trusted: bool) -> tuple[int, int, int, bool] | None:
    """(hour, minute, end, written on the 24-hour clock)."""
    if text.startswith("差", start):
        return _minutes_to(text, start + 1)
    if start < len(text) and is_digit(text[start]):
        return _digital(text, start) or _spoken(text, start, trusted=trusted)
    return _spoken(text, start, trusted=trusted)


def _digital(text: str, start: int) -> tuple[int, int, int, bool] | None:
    """15:30, 09:00, 9:00:00."""
    end = numbers.digits_end(text, start)
    if not 0 < end - start <= 2 or not text.startswith(":", end):
        return None
    minutes_end = numbers.digits_end(text, end + 1)
    hour = int(text[start:end])
    if minutes_end - end != 3 or hour > 24 or not _RATIO_BEFORE.isdisjoint(text[max(0, start - 3) : start]):
        return None
    minute = int(text[end + 1 : minutes_end])
    if minute > 59 or (hour == 24 and minute):
        return None
    if text.startswith(":", minutes_end) and numbers.digits_end(text, minutes_end + 1) == minutes_end + 3:
        minutes_end += 3
    if minutes_end < len(text) and is_latin(text[minutes_end]):
        return None
    return hour, minute, minutes_end, text[start] == "0" or hour > 12


def _spoken(text: str, start: int, *, trusted: bool) -> tuple[int, int, int, bool] | None:
    """3点, 三点半, 十点一刻, 15时30分, 两点二十."""
    found = numbers.whole(text, start)
    if found is None:
        return None
    hour, index = found
    index = skip_space(text, index)
    unit = text[index : index + 1]
    if hour > 24 or index - start > 4 or unit not in {"点", "时"} or text.startswith("点钟头", index):
        return None
    exact = hour > 12 or hour == 0
    minute, end = _minutes(text, index + 1)
    said = end > index + 1
    if text[index + 1 : index + 2] in {"差", "过"} and (around := _minutes_around(text, index + 1)):
        return (
            (hour, around[0], around[1], exact)
            if around[0] > 0
            else ((hour - 1) % 24 or 12, 60 + around[0], around[1], exact)
        )
    if unit == "时" and (_NOT_HOURS.at(text, index + 1) or not (said or trusted or hour > 12)):
        return None
    if not said and unit == "点" and _not_a_clock(text, start, index + 1, trusted=trusted):
        return None
    end += not said and text.startswith(("多", "许"), end)
    if minute < 0 or (hour == 24 and minute):
        return None
    return hour, minute, end, exact


def _not_a_clock(text: str, start: int, end: int, *, trusted: bool) -> bool:
    """Whether N点 counts points (两点建议), is a decimal (两点五亿) or means a bit (快一点)."""
    if end < len(text) and (text[end] in numbers.DIGITS or is_digit(text[end])):
        return True
    word = _NOT_CLOCK.at(text, end)
    if len(word) > 1 or (word and not trusted):
        return True
    return not trusted and (
        (text[start - 1 : start] in _COUNTED_BEFORE and not text.startswith("大约", start - 2))
        if start
        else text[start] == "一" and not is_digit(text[start])
    )


def _minutes(text: str, start: int) -> tuple[int, int]:
    """The minutes after 点 and where they end; -1 when a number stands there that cannot be minutes."""
    index = skip_space(text, start)
    word = _QUARTER_WORDS.at(text, index)
    if word:
        return _QUARTERS[word], index + len(word)
    lead = text[index : index + 1] in {"零", "〇", "0"}
    found = numbers.whole(text, index)
    if found is None:
        return 0, start
    minute, end = found
    said = text.startswith("分", end) and not text.startswith("分之", end)
    if said:
        return (minute, end + 1) if minute < 60 else (-1, end)
    counted = is_quantity(text, end) and not text.startswith("分", end)
    if not counted and ((10 <= minute < 60 and end - index <= 3) or (lead and minute < 10 and end - index == 2)):
        return minute, end
    return 0, start


def _minutes_around(text: str, start: int) -> tuple[int, int] | None:
    """The 差五分 of 八点差五分 (negative) or the 过五分 of 九点过五分, and where it ends."""
    found = (15, start + 3) if text.startswith("一刻", start + 1) else numbers.whole(text, start + 1)
    if found is None or not 0 < found[0] < 60:
        return None
    minute, end = found
    end += text.startswith("分", end)
    return (minute if text[start] == "过" else -minute), end + text.startswith("钟", end)


def _minutes_to(text: str, start: int) -> tuple[int, int, int, bool] | None:
    """差五分三点, 差一刻九点: so many minutes before the hour."""
    if text.startswith("一刻", start):
        minute, index = 15, start + 2
    else:
        found = numbers.whole(text, start)
        if found is None or not text.startswith("分", found[1]):
            return None
        minute, index = found[0], found[1] + 1
        index += text.startswith("钟", index)
    hour = _spoken(text, index, trusted=True)
    if hour is None or hour[1] or not 0 < minute < 60:
        return None
    return (hour[0] - 1) % 24 or 12, 60 - minute, hour[2], hour[3]
