"""A telephone number as somebody types it to look for it: the digits by which it is indexed. Pure."""

from __future__ import annotations

import re

_HYPHENED = re.compile("[0-9]+(?:[-‐‑‒–—−][0-9]+)+")
_TYPED = re.compile("(?:tel:)?[+(]*[0-9][0-9+().·/‐‑‒–—−-]*")
_EXTENDED = re.compile("(.*[0-9)])(?:转|分机|;?ext[.=:]?|x)([0-9]{1,6})")
_HYPHENED_EXTENSION = re.compile(r"(\+?[(+]*[0-9()-]*?[0-9]{2,4}\)?-?[0-9]{7,8})-([0-9]{1,6})")
_FEWEST = 7  # digits of what is taken for a number with other signs than hyphens
_CHINA = re.compile("86(?=1[0-9]{10}$|[2-9][0-9]{8,10}$|10[0-9]{8}$)")


def dialled_ways(word: str) -> list[str]:
    """The digits of a `folded` word that may be a number, on end, with its country and as dialled in China; nothing where
    they are the word itself.
    """
    digits = "".join(filter(str.isdigit, word))
    if not _HYPHENED.fullmatch(word) and not (_TYPED.fullmatch(word) and len(digits) >= _FEWEST):
        return []
    plain = digits.removeprefix("00") if len(digits) > _FEWEST + 2 else digits
    home = _CHINA.sub("", plain, count=1)
    ways = dict.fromkeys((digits, plain, home) if len(home) >= _FEWEST else (digits,))
    return [way for way in ways if way != word]


def extension_apart(word: str) -> list[str]:
    """The number and its extension, each to be looked for; the word as it is where it has none."""
    for pattern in (_EXTENDED, _HYPHENED_EXTENSION):
        found = pattern.fullmatch(word)
        if found and _TYPED.fullmatch(found[1]) and len(re.sub("[^0-9]", "", found[1])) >= _FEWEST:
            return [found[1], found[2]]
    return [word]
