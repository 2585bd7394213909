"""A telephone number as typed → as it is stored, so that 138 0013 8000 and 0086-13800138000 are one number.

A number that came to be stored as it was typed, from an older version or a file, stays so until somebody edits it: written
over, it would travel as everybody's edit of every such contact, beside what colleagues change there. It is looked for and
compared in its uniform form instead.
"""

from __future__ import annotations

import re
import unicodedata

from fieldkit.domain.phones import BESIDE, EXTENSION, dialled, is_international

_HOME = "CN"
_ALLOWED = frozenset("0123456789+-(). ")
_EXTENSIONS = (EXTENSION, "转", "分机", "ext.", "ext", "x", "-")
_LONGEST_EXTENSION = 6  # digits
_BETWEEN = re.compile(r"\s*[/\\、,;|\n]\s*|\s+(?=\+?\d{7,}(?!\d))|\s+(?=1\d\d \d{4} \d{4}\b)")


def phone_number(typed: str) -> str:
    """The number as `domain.phones` describes it, or several; what is no whole and possible number, or holds other words, as typed."""
    text = unicodedata.normalize("NFKC", typed).strip()
    if not text or is_international(text):
        return text
    return _international(text) or _extended(text.lower()) or _several(text) or text


def numbers(stored: str) -> list[str]:
    """Every number of a stored field, each in its uniform form; a field that could not be made sense of is one."""
    return phone_number(stored).split(BESIDE) if stored else []


def has_number(stored: str, number: str) -> bool:
    """Whether a stored field holds this number (uniform)."""
    return bool(number) and (stored == number or number in numbers(stored))


def beside(stored: str, number: str) -> str:
    """The field with one more number."""
    return BESIDE.join(dict.fromkeys([*numbers(stored), number]))


def is_whole(stored: str) -> bool:
    """Whether each number of the field can be dialled as it stands."""
    return all(map(is_international, numbers(stored)))


def spellings(stored: str) -> list[str]:
    """The ways in which people look for a stored number, also one that was stored as it was typed: those of its uniform form
    first, then its own.
    """
    each = numbers(stored)
    own = [] if BESIDE.join(each) == stored and all(map(is_international, each)) else [stored]
    return list(dict.fromkeys([*(digits for number in each for digits in dialled(number)), *own]))


def _several(text: str) -> str:
    """The numbers of a text that holds nothing but whole numbers; empty where it does not."""
    parts = [part for part in _BETWEEN.split(text) if part]
    each = [_international(part) or _extended(part.lower()) for part in parts]
    return BESIDE.join(dict.fromkeys(each)) if len(parts) > 1 and all(each) else ""


def _extended(text: str) -> str:
    """The number with the extension that follows a word for one or a last hyphen; empty where there is none."""
    for mark in _EXTENSIONS:
        number, said, extension = text.rpartition(mark)
        digits = extension.strip()
        if (
            said
            and digits.isdigit()
            and len(digits) <= _LONGEST_EXTENSION
            and (whole := _international(number.strip()))
        ):
            return whole + EXTENSION + digits
    return ""


def _international(number: str) -> str:
    """E.164, empty where the number is not a possible one; one of China without its country must be a real one."""
    if not number or not _ALLOWED.issuperset(number):
        return ""
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number, _HOME)
    except phonenumbers.NumberParseException:
        return ""
    abroad = number.startswith(("+", "00"))
    fits = phonenumbers.is_possible_number(parsed) if abroad else phonenumbers.is_valid_number(parsed)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) if fits else ""
