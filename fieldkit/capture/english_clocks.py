"""Times of day told in English: 3pm, 3:30 pm, 15:30, noon, 2-4pm, morning."""

from __future__ import annotations

from datetime import time

from fieldkit.capture import numbers
from fieldkit.capture.moments import Clock
from fieldkit.capture.text import is_latin, latin_word, starts

PARTS = {"morning": (time(9), (6, 11)), "afternoon": (time(15), (13, 18)), "evening": (time(19), (18, 22)), "night": (time(20), (18, 23)),
    "noon": (time(12), None), "midday": (time(12), None), "midnight": (time(0), None)}  # fmt: skip


_SHIFTS = {"half past ": 30, "quarter past ": 15, "a quarter past ": 15, "quarter to ": -15, "a quarter to ": -15}
_HOURS = {
    word: hour + 1 for hour, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split())
}
_PART_AFTER = {
    " in the morning": "a",
    " in the afternoon": "p",
    " in the evening": "p",
    " tomorrow morning": "a",
    " tomorrow afternoon": "p",
}


def _shifted(text: str, start: int) -> Clock | None:
    """half past two, quarter to three in the afternoon, quarter past 3 pm."""
    lead = starts(text, start, tuple(_SHIFTS))
    if not lead:
        return None
    index = start + len(lead)
    word, end = latin_word(text, index)
    hour, half = _HOURS.get(word, 0), ""
    if not hour:
        found = _hour(text, index)
        if found is None or found[1]:
            return None
        hour, _, half, end = found
    said = starts(text, end, tuple(_PART_AFTER))
    half = half or _PART_AFTER.get(said, "") or ("p" if hour <= 5 else "a")
    end += len(said) if said.startswith(" in") else 0
    minutes = (hour % 12 + (12 if half == "p" else 0)) * 60 + _SHIFTS[lead]
    return Clock(time(minutes // 60 % 24, minutes % 60), end)


def clock_at(text: str, start: int, *, part: bool = False) -> Clock | None:
    """3pm, 3:30 pm, 15:30, noon, 2-4pm, half past two; with `part` also morning, afternoon."""
    shifted = _shifted(text, start)
    if shifted:
        return shifted
    word, end = latin_word(text, start)
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
