"""Days told in English: tomorrow, next Wednesday, Dec 3rd, end of month, mid-December."""

from __future__ import annotations

from datetime import timedelta

from fieldkit.capture import days, english_periods, numbers
from fieldkit.capture.english_words import DAYS, MONTHS, WEEKDAYS, phrase_at, year_at
from fieldkit.capture.moments import Day
from fieldkit.capture.people import PINYIN_SURNAMES
from fieldkit.capture.text import is_digit, is_latin, latin_word, starts, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date

    from fieldkit.capture.days import Span

_WORDS_TOO = frozenset(words("mon wed sat sun march mar may jan dec fri thu"))
"""Names of days and months that are words or names besides: alone they count with a capital."""


def day_at(text: str, plain: str, start: int) -> Day | None:
    """The day told at `start`; `plain` is the same text with its capitals."""
    phrase = phrase_at(text, start, DAYS)
    if phrase:
        by = DAYS[phrase]
        return Day(lambda ref, _back: (ref + timedelta(by), ref + timedelta(by)), start + len(phrase))
    return (
        _week_from(text, plain, start)
        or english_periods.part_of_year(text, start)
        or english_periods.which(text, start)
        or english_periods.end_of(text, start)
        or _month_name(text, plain, start)
        or _number_first(text, start)
        or _weekday(text, plain, start)
        or english_periods.holiday(text, start)
    )


def _week_from(text: str, plain: str, start: int) -> Day | None:
    """a week from Monday, two weeks from tomorrow."""
    lead = starts(text, start, ("a week from ", "two weeks from ", "one week from "))
    inner = day_at(text, plain, start + len(lead)) if lead else None
    if inner is None:
        return None
    by, find = timedelta(14 if lead.startswith("two") else 7), inner.find

    def later(ref: date, _back: bool) -> Span | None:
        span = find(ref, False)
        return (span[0] + by, span[1] + by) if span else None

    return Day(later, inner.end)


def _weekday(text: str, plain: str, start: int) -> Day | None:
    index = start + len(starts(text, start, ("on ",)))
    word, end = latin_word(text, index)
    if word not in WEEKDAYS or (word in _WORDS_TOO and not plain[index].isupper() and index == start):
        return None
    if text.startswith(".", end) and is_latin(text[end + 1 : end + 2] or " "):
        return None
    if index == start and _is_part_of_a_name(plain, end):
        return None
    weekday = WEEKDAYS[word]

    def span(ref: date, back: bool) -> Span:
        gap = (ref.weekday() - weekday) % 7 or 7 if back else (weekday - ref.weekday()) % 7 or 7
        there = ref + timedelta(-gap if back else gap)
        return there, there

    return Day(span, end, open=True, unit="weekday")


def _is_part_of_a_name(plain: str, end: int) -> bool:
    """April Wang, Sunday Robotics: a capitalised word follows that is no month and no time."""
    if not plain.startswith(" ", end) or not plain[end + 1 : end + 2].isupper():
        return False
    word, _ = latin_word(plain.lower(), end + 1)
    return (len(word) > 2 or word in PINYIN_SURNAMES) and word not in MONTHS and word not in WEEKDAYS


def _month_name(text: str, plain: str, start: int) -> Day | None:
    """Dec 3, December 3rd 2026, Dec 2026, mid-December; a month alone with a capital."""
    part = starts(text, start, ("early ", "mid-", "mid ", "late "))
    word, end = latin_word(text, start + len(part))
    if word not in MONTHS:
        return None
    month = MONTHS[word]
    end += text.startswith(".", end)
    if part:
        first, last = {"e": (1, 10), "m": (11, 20), "l": (21, 31)}[part[0]]
        return Day(
            lambda ref, back: days.in_year(ref, back, lambda year: days.days_of_month(year, month, first, last)),
            end,
            open=True,
            unit="part",
        )
    number, after = _ordinal(text, end + text.startswith(" ", end))
    if number:
        last, after = _to_day(text, number, after)
        return _month_day(text, month, number, last, after)
    year, after = year_at(text, end)
    if year:
        return Day(lambda _ref, _back: days.months(year, month), after, unit="month")
    if (
        (word in _WORDS_TOO and word not in {"jan", "dec"})
        or not plain[start].isupper()
        or _is_part_of_a_name(plain, end)
    ):
        return None
    return Day(
        lambda ref, back: days.in_year(ref, back, lambda year: days.months(year, month)), end, open=True, unit="month"
    )


def _number_first(text: str, start: int) -> Day | None:
    """3 Dec, 3rd of December 2026."""
    lead = len(starts(text, start, ("the ", "on the ")))
    number, end = _ordinal(text, start + lead)
    if not number:
        return None
    index = end + len(starts(text, end, (" of ", " ")))
    word, after = latin_word(text, index)
    if word in MONTHS:
        return _month_day(text, MONTHS[word], number, number, after)
    if not lead or not is_latin(text[end - 1]):
        return None
    return Day(
        lambda ref, back: days.in_month(ref, back, lambda year, month: days.one(days.day(year, month, number))),
        end,
        open=True,
    )


def _month_day(text: str, month: int, first: int, last: int, end: int) -> Day:
    year, after = year_at(text, end)

    def span_of(number: int) -> Span | None:
        begin, until = days.day(number, month, first), days.day(number, month, last)
        return (begin, until) if begin and until else None

    if year:
        return Day(lambda _ref, _back: span_of(year), after)
    return Day(lambda ref, back: days.in_year(ref, back, span_of), end, open=True)


def _ordinal(text: str, start: int) -> tuple[int, int]:
    end = numbers.digits_end(text, start)
    if not 1 <= end - start <= 2 or not 1 <= int(text[start:end]) <= 31:
        return 0, start
    end += len(starts(text, end, ("st", "nd", "rd", "th")))
    timed = text.startswith(":", end) and is_digit(text[end + 1 : end + 2] or " ")
    if end < len(text) and (is_latin(text[end]) or text[end] == "%" or timed):
        return 0, start
    return int(text[start : numbers.digits_end(text, start)]), end


def _to_day(text: str, first: int, end: int) -> tuple[int, int]:
    word = starts(text, end, ("-", " - ", " to "))
    last, after = _ordinal(text, end + len(word)) if word else (0, end)
    return (last, after) if last > first else (first, end)
