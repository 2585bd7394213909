"""Times told in English: next Wednesday, tomorrow 3pm, Dec 3, in two weeks, end of month. Loaded when a line has letters."""

from __future__ import annotations

from datetime import time, timedelta

from fieldkit.capture import dates, days, numbers
from fieldkit.capture.moments import Clock, Day, When
from fieldkit.capture.offsets import Distance, away
from fieldkit.capture.text import Words, is_digit, is_latin, starts, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from fieldkit.capture.days import Span

DAYS = {
    "the day after tomorrow": 2, "day after tomorrow": 2, "the day before yesterday": -2, "day before yesterday": -2, "tomorrow": 1, "tmr": 1,
    "tmrw": 1, "today": 0, "tonight": 0, "this morning": 0, "this afternoon": 0, "this evening": 0, "yesterday": -1, "last night": -1,
}  # fmt: skip
DAY_PARTS = {"tonight": (time(20), (18, 23)), "this morning": (time(9), (6, 11)), "this afternoon": (time(15), (13, 18)),
    "this evening": (time(19), (18, 22)), "last night": (time(20), (18, 23))}  # fmt: skip
PARTS = {"morning": (time(9), (6, 11)), "afternoon": (time(15), (13, 18)), "evening": (time(19), (18, 22)), "night": (time(20), (18, 23)),
    "noon": (time(12), None), "midday": (time(12), None), "midnight": (time(0), None)}  # fmt: skip
WEEKDAYS = {
    name: index
    for index, names in enumerate(
        (
            "monday mon",
            "tuesday tues tue",
            "wednesday wed",
            "thursday thurs thur thu",
            "friday fri",
            "saturday sat",
            "sunday sun",
        )
    )
    for name in names.split()
}
MONTHS = {
    name: index + 1
    for index, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug", "september sept sep", "october oct",
         "november nov", "december dec")
    )
    for name in names.split()
}  # fmt: skip
_WORDS_TOO = frozenset(
    words("""
    mon wed sat sun march mar may jan dec fri thu
    """)
)
"""Names of days and months that are words or names besides: alone they count with a capital."""
_WHICH = {"this": 0, "next": 1, "last": -1, "coming": 0, "previous": -1, "the coming": 0}
_COUNTS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "twelve": 12,
    "a couple of": 2,
    "half a": 0.5,
    "half an": 0.5,
}
_UNITS = {"day": "day", "week": "week", "month": "month", "quarter": "quarter", "year": "year", "hour": "hour", "minute": "minute", "min": "minute",
    "working day": "work", "business day": "work", "fortnight": "fortnight"}  # fmt: skip
_ENDS = {"end of the ": 0, "end of this ": 0, "end of next ": 1, "end of last ": -1, "end of ": 0}
_END_WORDS = Words(_ENDS)
_HOLIDAYS = {
    "new year's day": (1, 1),
    "christmas eve": (12, 24),
    "christmas": (12, 25),
    "national day": (10, 1),
    "labour day": (5, 1),
    "labor day": (5, 1),
}
_FIRST_WORDS = frozenset(
    phrase.split()[0]
    for table in (DAYS, PARTS, WEEKDAYS, MONTHS, _WHICH, _COUNTS, _ENDS, _HOLIDAYS)
    for phrase in table
) | frozenset("in within after at on early mid late end eom eoy eow year month half q".split())


def when_at(text: str, plain: str, start: int) -> When | None:
    """The mention of a time that begins at `start`; `plain` is the same text with its capitals."""
    if start and (is_latin(text[start - 1]) or is_digit(text[start - 1]) or text[start - 1] in "-."):
        return None
    if is_latin(text[start]) and _word(text, start)[0] not in _FIRST_WORDS:
        return None
    shifted = _far(text, start)
    if shifted:
        return shifted
    day = _day_at(text, plain, start)
    if day is None:
        return _clock_first(text, plain, start)
    word = text[start : day.end]
    if word in DAY_PARTS:
        usual, part = DAY_PARTS[word]
        return When(start, day.end, day, _clock(text, _next(text, day.end)) or Clock(usual, day.end, part=part))
    clock = _clock(text, _next(text, day.end), part=True)
    return When(start, clock.end if clock else day.end, day, clock)


def _next(text: str, index: int) -> int:
    """Past a space or comma and the little words before a time of day."""
    while text[index : index + 1] in {" ", ","} and index < len(text):
        index += 1
    word = starts(text, index, ("at ", "in the ", "on the ", "around ", "by ", "from "))
    return index + len(word)


def _word(text: str, start: int) -> tuple[str, int]:
    end = start
    while end < len(text) and is_latin(text[end]):
        end += 1
    return text[start:end], end


def _phrase(text: str, start: int, table: Iterable[str]) -> str:
    """The longest phrase of a table at `start` that ends with its last word."""
    found = [
        words
        for words in table
        if text.startswith(words, start) and not is_latin(text[start + len(words) : start + len(words) + 1] or " ")
    ]
    return max(found, key=len, default="")


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
    clock = _clock(text, _next(text, end), part=True)
    return When(start, clock.end if clock else end, Day(lambda ref, _back: away(ref, there, sign), end), clock)


def _distance(text: str, start: int) -> Distance | None:
    end = numbers.digits_end(text, start)
    if end > start:
        count: float = int(text[start:end]) if end - start < 5 else 0
    else:
        phrase = _phrase(text, start, _COUNTS)
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


def _day_at(text: str, plain: str, start: int) -> Day | None:
    phrase = _phrase(text, start, DAYS)
    if phrase:
        by = DAYS[phrase]
        return Day(lambda ref, _back: (ref + timedelta(by), ref + timedelta(by)), start + len(phrase))
    return (
        _which(text, start)
        or _end_of(text, start)
        or _month_name(text, plain, start)
        or _number_first(text, start)
        or _weekday(text, plain, start)
        or _holiday(text, start)
    )


def _holiday(text: str, start: int) -> Day | None:
    phrase = _phrase(text, start, _HOLIDAYS)
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
    word, end = _word(text, index)
    if word not in WEEKDAYS or (word in _WORDS_TOO and not plain[index].isupper() and index == start):
        return None
    if text.startswith(".", end) and is_latin(text[end + 1 : end + 2] or " "):
        return None
    weekday = WEEKDAYS[word]

    def span(ref: date, back: bool) -> Span:
        gap = (ref.weekday() - weekday) % 7 or 7 if back else (weekday - ref.weekday()) % 7 or 7
        there = ref + timedelta(-gap if back else gap)
        return there, there

    return Day(span, end, open=True, unit="weekday")


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
    word, end = _word(text, start + len(which) + 1)
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
    phrase = _phrase(text, start, short)
    lead = _END_WORDS.at(text, start)
    if phrase:
        word, end, by = short[phrase], start + len(phrase), 0
    elif lead:
        word, end = _word(text, start + len(lead))
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
    word, end = _word(text, start + len(part))
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
    if (word in _WORDS_TOO and word not in {"jan", "dec"}) or not plain[start].isupper():
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
    word, end = _word(text, index)
    return _month_day(text, MONTHS[word], number, number, end) if word in MONTHS else None


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


def _clock_first(text: str, plain: str, start: int) -> When | None:
    """3pm tomorrow, at 10:30, noon."""
    index = start + len(starts(text, start, ("at ",)))
    clock = _clock(text, index)
    if clock is None:
        return None
    after = _next(text, clock.end)
    day = _day_at(text, plain, after) if after < len(text) and after > clock.end else None
    return When(start, day.end if day else clock.end, day, clock)


def _clock(text: str, start: int, *, part: bool = False) -> Clock | None:
    """3pm, 3:30 pm, 15:30, noon, 2-4pm; with `part` also morning, afternoon."""
    word, end = _word(text, start)
    if word in PARTS:
        usual, hours = PARTS[word]
        return Clock(usual, end, part=hours, late=word == "midnight") if part or hours is None else None
    found = _hour(text, start)
    if found is None:
        return None
    hour, minute, half, end = found
    to = starts(text, end, ("-", " - ", " to ", "~"))
    until = _hour(text, end + len(to)) if to else None
    if until:
        half = half or until[2]
        end = until[3]
    if not half and not text.startswith(":", numbers.digits_end(text, start)):
        return None
    begin = _placed(hour, minute, half)
    finish = _placed(until[0], until[1], until[2] or half) if until else None
    if begin is None:
        return None
    return Clock(begin, end, until=finish if finish and finish > begin else None)


def _placed(hour: int, minute: int, half: str) -> time | None:
    if half:
        return time(hour % 12 + (12 if half == "p" else 0), minute) if 1 <= hour <= 12 else None
    return time(hour, minute) if hour < 24 else None


def _hour(text: str, start: int) -> tuple[int, int, str, int] | None:
    """(hour, minute, "a", "p" or "", end)."""
    end = numbers.digits_end(text, start)
    if not 1 <= end - start <= 2:
        return None
    hour, minute = int(text[start:end]), 0
    if text.startswith(":", end) and numbers.digits_end(text, end + 1) == end + 3:
        minute, end = int(text[end + 1 : end + 3]), end + 3
    tail = starts(text, end, (" a.m.", " p.m.", "a.m.", "p.m.", " am", " pm", "am", "pm"))
    if tail and is_latin(text[end + len(tail) : end + len(tail) + 1] or " "):
        tail = ""
    if minute > 59 or hour > 24 or (not tail and is_latin(text[end : end + 1] or " ")):
        return None
    return hour, minute, tail.strip()[:1], end + len(tail)
