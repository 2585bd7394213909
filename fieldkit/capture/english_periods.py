"""Days told in English from a whole they are part of: next week, end of month, first quarter of 2027, holidays."""

from __future__ import annotations

from datetime import timedelta

from fieldkit.capture import days, holidays
from fieldkit.capture.english_words import (
    CHINESE_HOLIDAYS,
    ENDS,
    HOLIDAYS,
    MONTHS,
    PARTS_OF_YEAR,
    WEEKDAYS,
    WHICH,
    phrase_at,
    year_at,
)
from fieldkit.capture.moments import Day
from fieldkit.capture.text import Words, latin_word, starts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from fieldkit.capture.days import Span

_END_WORDS = Words(ENDS)


def part_of_year(text: str, start: int) -> Day | None:
    """first quarter of 2027, second half of next year."""
    start += len(starts(text, start, ("the ",)))
    phrase = starts(text, start, tuple(PARTS_OF_YEAR))
    if not phrase:
        return None
    month, count = PARTS_OF_YEAR[phrase]
    index = start + len(phrase)
    told = starts(text, index, ("next year", "this year", "last year"))
    year, end = (0, index + len(told)) if told else year_at(text, index)
    if told:
        by = WHICH[told.removesuffix(" year")]
        return Day(lambda ref, _back: days.months(ref.year + by, month, count), end, unit="month")
    return Day(lambda _ref, _back: days.months(year, month, count), end, unit="month") if year else None


def holiday(text: str, start: int) -> Day | None:
    lead = len(starts(text, start, ("the ",)))
    chinese = phrase_at(text, start + lead, CHINESE_HOLIDAYS)
    if chinese:
        found = holidays.holiday(CHINESE_HOLIDAYS[chinese], 0)
        return Day(found.find, start + lead + len(chinese), open=True, unit="holiday") if found else None
    phrase = phrase_at(text, start, HOLIDAYS)
    if not phrase:
        return None
    month, number = HOLIDAYS[phrase]
    return Day(
        lambda ref, back: days.in_year(ref, back, lambda year: days.one(days.day(year, month, number))),
        start + len(phrase),
        open=True,
    )


def which(text: str, start: int) -> Day | None:
    """next Wednesday, this week, last month, next year."""
    start += len(starts(text, start, ("on ",)))
    which = next(
        (
            word
            for word in ("the coming", "coming", "previous", "this", "next", "last")
            if text.startswith(word + " ", start)
        ),
        "",
    )
    if not which:
        return None
    by = WHICH[which]
    word, end = latin_word(text, start + len(which) + 1)
    if word in WEEKDAYS:
        weekday = WEEKDAYS[word]
        if which.endswith("coming"):
            return Day(lambda ref, _back: (ref + timedelta((weekday - ref.weekday()) % 7 or 7),) * 2, end)
        return Day(lambda ref, _back: (days.week(ref, by)[0] + timedelta(weekday),) * 2, end)
    if word in MONTHS:
        month = MONTHS[word]
        return Day(
            lambda ref, _back: days.in_year(ref, by < 0, lambda year: days.months(year, month)), end, unit="month"
        )
    find = _period(word, by)
    return Day(find, end, unit=word) if find else None


def _period(word: str, by: int) -> Callable[[date, bool], Span | None] | None:
    finders: dict[str, Callable[[date, bool], Span | None]] = {
        "week": lambda ref, _back: days.week(ref, by),
        "weekend": lambda ref, _back: (days.week(ref, by)[0] + timedelta(5), days.week(ref, by)[1]),
        "month": lambda ref, _back: days.months(*days.shift_month(ref.year, ref.month, by)),
        "quarter": lambda ref, _back: days.months(
            *days.shift_month(ref.year, ref.month - (ref.month - 1) % 3, 3 * by), 3
        ),
        "year": lambda ref, _back: days.months(ref.year + by, 1, 12),
    }
    return finders.get(word)


def end_of(text: str, start: int) -> Day | None:
    """end of month, end of next quarter, end of December, eom, year-end."""
    short = {
        "eom": "month",
        "eoy": "year",
        "eow": "week",
        "year-end": "year",
        "year end": "year",
        "month-end": "month",
        "month end": "month",
    }
    phrase = phrase_at(text, start, short)
    lead = _END_WORDS.at(text, start)
    if phrase:
        word, end, by = short[phrase], start + len(phrase), 0
    elif lead:
        word, end = latin_word(text, start + len(lead))
        by = ENDS[lead]
    else:
        return None
    if word in MONTHS:
        month = MONTHS[word]
        return Day(
            lambda ref, back: days.in_year(ref, back, lambda year: days.days_of_month(year, month, 31, 31)),
            end,
            open=True,
        )
    find = _period(word, by)

    def last(ref: date, back: bool) -> Span | None:
        span = find(ref, back) if find else None
        return (span[1], span[1]) if span else None

    return Day(last, end) if find else None
