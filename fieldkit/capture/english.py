"""Times told in English: next Wednesday, tomorrow 3pm, in two weeks. Loaded when a line has letters."""

from __future__ import annotations

from datetime import time, timedelta

from fieldkit.capture import numbers
from fieldkit.capture.english_clocks import PARTS, clock_at
from fieldkit.capture.english_days import day_at
from fieldkit.capture.english_words import FIRST_WORDS, phrase_at
from fieldkit.capture.moments import Clock, Day, When
from fieldkit.capture.offsets import Distance, away
from fieldkit.capture.text import is_digit, is_latin, latin_word, starts, words

DAY_PARTS = {"tonight": (time(20), (18, 23)), "this morning": (time(9), (6, 11)), "this afternoon": (time(15), (13, 18)),
    "this evening": (time(19), (18, 22)), "last night": (time(20), (18, 23))}  # fmt: skip
MOVED = ("moved ", "rescheduled ", "postponed ", "changed ")
"""Before from: the first day no longer holds."""
_TO = (" to ", " through ", " until ", " - ")
_COUNTS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12,
    "a couple of": 2, "half a": 0.5, "half an": 0.5,
}  # fmt: skip
_UNITS = {"day": "day", "week": "week", "month": "month", "quarter": "quarter", "year": "year", "hour": "hour", "minute": "minute", "min": "minute",
    "working day": "work", "business day": "work", "fortnight": "fortnight"}  # fmt: skip
_FIRST_WORDS = (
    FIRST_WORDS
    | PARTS.keys()
    | set(words(" ".join(_COUNTS)))
    | {"in", "within", "after", "at", "on", "between", "from", "quarter", "half"}
)


def when_at(text: str, plain: str, start: int) -> When | None:
    """The mention of a time that begins at `start`; `plain` is the same text with its capitals."""
    if start and (is_latin(text[start - 1]) or is_digit(text[start - 1]) or text[start - 1] in "-."):
        return None
    if is_latin(text[start]) and latin_word(text, start)[0] not in _FIRST_WORDS:
        return None
    shifted = _far(text, start)
    if shifted:
        return shifted
    between = len(starts(text, start, ("between ", "from ")))
    day = day_at(text, plain, start + between)
    if between and text.endswith(MOVED, 0, start):
        return When(start + between, day.end, day, None) if day else None
    if not text.endswith(MOVED, 0, max(0, start - 5)):
        day = _to_another(text, plain, day, between=between > 0)
    if day is None:
        return _clock_first(text, plain, start)
    word = text[start : day.end]
    if word in DAY_PARTS:
        usual, part = DAY_PARTS[word]
        return When(start, day.end, day, clock_at(text, _next(text, day.end)) or Clock(usual, day.end, part=part))
    clock = clock_at(text, _next(text, day.end), part=True)
    return When(start, clock.end if clock else day.end, day, clock)


def _to_another(text: str, plain: str, day: Day | None, *, between: bool) -> Day | None:
    """Monday to Wednesday, between Dec 3 and Dec 5; Thursday, December 3, where the date only says which Thursday."""
    if day is None:
        return None
    if day.unit == "weekday" and text.startswith(", ", day.end):
        exact = day_at(text, plain, day.end + 2)
        return exact if exact and exact.unit == "day" and exact.open else day
    word = starts(text, day.end, (*_TO, " and ") if between else _TO)
    last = day_at(text, plain, day.end + len(word)) if word else None
    if last is None:
        return None if between else day
    return day.until(last)


def _next(text: str, index: int) -> int:
    """Past a space or comma and the little words before a time of day."""
    while text[index : index + 1] in {" ", ","} and index < len(text):
        index += 1
    word = starts(text, index, ("at ", "in the ", "on the ", "around ", "by ", "from "))
    return index + len(word)


def _far(text: str, start: int) -> When | None:
    """in two weeks, within 3 days, 3 days ago, two weeks later."""
    lead = starts(text, start, ("in ", "within ", "after "))
    there = _distance(text, start + len(lead))
    if there is None:
        return None
    sign, end = 1, there.end
    if not lead:
        tail = starts(text, end, (" ago", " later", " from now"))
        if not tail:
            return None
        sign, end = (-1 if tail == " ago" else 1), end + len(tail)
    if there.unit in {"hour", "minute"}:
        when = When(start, end, None, None)
        when.shift = timedelta(minutes=there.most[1] * sign)
        return when
    clock = clock_at(text, _next(text, end), part=True)
    return When(start, clock.end if clock else end, Day(lambda ref, _back: away(ref, there, sign), end), clock)


def _distance(text: str, start: int) -> Distance | None:
    end = numbers.digits_end(text, start)
    if end > start:
        count: float = int(text[start:end]) if end - start < 5 else 0
    else:
        phrase = phrase_at(text, start, _COUNTS)
        count, end = _COUNTS.get(phrase, 0), start + len(phrase)
    end += text[end : end + 1] in {" ", "-"} and bool(count)
    unit = _phrase_unit(text, end)
    if not count or not unit:
        return None
    kind = _UNITS[unit]
    end += len(unit)
    end += text.startswith("s", end)
    if is_latin(text[end : end + 1] or " "):
        return None
    per = {"week": 7, "fortnight": 14, "hour": 60}.get(kind, 1)
    months = {"month": 1, "quarter": 3, "year": 12}.get(kind, 0)
    length = (int(count * months), 0) if months else (0, int(count * per))
    return Distance(length, length, "day" if kind == "fortnight" else kind, end)


def _phrase_unit(text: str, start: int) -> str:
    return max((unit for unit in _UNITS if text.startswith(unit, start)), key=len, default="")


def _clock_first(text: str, plain: str, start: int) -> When | None:
    """3pm tomorrow, at 10:30, noon."""
    index = start + len(starts(text, start, ("at ",)))
    clock = clock_at(text, index)
    if clock is None:
        return None
    after = _next(text, clock.end)
    day = day_at(text, plain, after) if after < len(text) and after > clock.end else None
    return When(start, day.end if day else clock.end, day, clock)
