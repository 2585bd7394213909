"""Days told in English: tomorrow, next Wednesday, Dec 3rd, end of month, mid-December."""

from __future__ import annotations

from datetime import timedelta

from fieldkit.capture import dates, days, holidays, numbers
from fieldkit.capture.moments import Day
from fieldkit.capture.text import Words, is_latin, latin_word, phrases, starts, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from fieldkit.capture.days import Span

DAYS = {
    "the day after tomorrow": 2, "day after tomorrow": 2, "the day before yesterday": -2, "day before yesterday": -2, "tomorrow": 1, "tmr": 1,
    "tmrw": 1, "today": 0, "tonight": 0, "this morning": 0, "this afternoon": 0, "this evening": 0, "yesterday": -1, "last night": -1,
}  # fmt: skip
WEEKDAYS = {
    name: index
    for index, names in enumerate(phrases("monday mon, tuesday tues tue, wednesday wed, thursday thurs thur thu, friday fri, saturday sat, sunday sun"))
    for name in words(names)
}  # fmt: skip
MONTHS = {
    name: index + 1
    for index, names in enumerate(phrases(
        "january jan, february feb, march mar, april apr, may, june jun, july jul, august aug, september sept sep, october oct, "
        "november nov, december dec"
    ))
    for name in words(names)
}  # fmt: skip
_WORDS_TOO = frozenset(words("mon wed sat sun march mar may jan dec fri thu"))
"""Names of days and months that are words or names besides: alone they count with a capital."""
_WHICH = {"this": 0, "next": 1, "last": -1, "coming": 0, "previous": -1, "the coming": 0}
_ENDS = {"end of the ": 0, "end of this ": 0, "end of next ": 1, "end of last ": -1, "end of ": 0}
_END_WORDS = Words(_ENDS)
_HOLIDAYS = {
    "new year's eve": (12, 31), "new year's day": (1, 1), "christmas eve": (12, 24), "christmas": (12, 25), "national day": (10, 1), "labour day": (5, 1), "labor day": (5, 1),
}  # fmt: skip
_CHINESE_HOLIDAYS = {
    "chinese new year": "春节", "lunar new year": "春节", "spring festival": "春节", "lantern festival": "元宵", "qingming festival": "清明",
    "tomb-sweeping day": "清明", "dragon boat festival": "端午", "mid-autumn festival": "中秋", "mid-autumn": "中秋", "double ninth festival": "重阳",
}  # fmt: skip
_PARTS_OF_YEAR = {
    "first quarter of ": (1, 3), "second quarter of ": (4, 3), "third quarter of ": (7, 3), "fourth quarter of ": (10, 3), "last quarter of ": (10, 3),
    "first half of ": (1, 6), "second half of ": (7, 6),
}  # fmt: skip
FIRST_WORDS = frozenset(
    words(" ".join((
        *DAYS, *WEEKDAYS, *MONTHS, *_WHICH, *_ENDS, *_HOLIDAYS, *_CHINESE_HOLIDAYS, *_PARTS_OF_YEAR,
        "early mid late eom eoy eow month the before after a",
    )))
)  # fmt: skip
"""Words with one of which every day told in letters begins (and some more)."""


def day_at(text: str, plain: str, start: int) -> Day | None:
    """The day told at `start`; `plain` is the same text with its capitals."""
    phrase = phrase_at(text, start, DAYS)
    if phrase:
        by = DAYS[phrase]
        return Day(lambda ref, _back: (ref + timedelta(by), ref + timedelta(by)), start + len(phrase))
    return (
        _week_from(text, plain, start)
        or _part_of_year(text, start)
        or _which(text, start)
        or _end_of(text, start)
        or _month_name(text, plain, start)
        or _number_first(text, start)
        or _weekday(text, plain, start)
        or _holiday(text, start)
    )


def phrase_at(text: str, start: int, table: Iterable[str]) -> str:
    """The longest phrase of a table at `start` that ends with its last word."""
    found = [
        words
        for words in table
        if text.startswith(words, start) and not is_latin(text[start + len(words) : start + len(words) + 1] or " ")
    ]
    return max(found, key=len, default="")


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


def _part_of_year(text: str, start: int) -> Day | None:
    """first quarter of 2027, second half of next year."""
    start += len(starts(text, start, ("the ",)))
    phrase = starts(text, start, tuple(_PARTS_OF_YEAR))
    if not phrase:
        return None
    month, count = _PARTS_OF_YEAR[phrase]
    index = start + len(phrase)
    told = starts(text, index, ("next year", "this year", "last year"))
    year, end = (0, index + len(told)) if told else _year(text, index)
    if told:
        by = _WHICH[told.removesuffix(" year")]
        return Day(lambda ref, _back: days.months(ref.year + by, month, count), end, unit="month")
    return Day(lambda _ref, _back: days.months(year, month, count), end, unit="month") if year else None


def _holiday(text: str, start: int) -> Day | None:
    lead = len(starts(text, start, ("the ",)))
    chinese = phrase_at(text, start + lead, _CHINESE_HOLIDAYS)
    if chinese:
        found = holidays.holiday(_CHINESE_HOLIDAYS[chinese], 0)
        return Day(found.find, start + lead + len(chinese), open=True, unit="holiday") if found else None
    phrase = phrase_at(text, start, _HOLIDAYS)
    if not phrase:
        return None
    month, number = _HOLIDAYS[phrase]
    return Day(
        lambda ref, back: days.in_year(ref, back, lambda year: dates.one(days.day(year, month, number))),
        start + len(phrase),
        open=True,
    )


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
    return len(word) > 2 and word not in MONTHS and word not in WEEKDAYS


def _which(text: str, start: int) -> Day | None:
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
    by = _WHICH[which]
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


def _end_of(text: str, start: int) -> Day | None:
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
        by = _ENDS[lead]
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
    year, after = _year(text, end)
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
        lambda ref, back: days.in_month(ref, back, lambda year, month: dates.one(days.day(year, month, number))),
        end,
        open=True,
    )


def _month_day(text: str, month: int, first: int, last: int, end: int) -> Day:
    year, after = _year(text, end)

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
    if end < len(text) and (is_latin(text[end]) or text[end] in ":%"):
        return 0, start
    return int(text[start : numbers.digits_end(text, start)]), end


def _to_day(text: str, first: int, end: int) -> tuple[int, int]:
    word = starts(text, end, ("-", " - ", " to "))
    last, after = _ordinal(text, end + len(word)) if word else (0, end)
    return (last, after) if last > first else (first, end)


def _year(text: str, end: int) -> tuple[int, int]:
    index = end
    while text[index : index + 1] in {",", " "} and index < len(text):
        index += 1
    after = numbers.digits_end(text, index)
    if (
        after - index == 4
        and text[index:after].startswith(("19", "20"))
        and not is_latin(text[after : after + 1] or " ")
    ):
        return int(text[index:after]), after
    return 0, end
