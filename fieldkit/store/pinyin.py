"""Chinese names in letters, for the index: every usual reading of every character, without tones.

The table is pypinyin's; importing the package itself would load its 65 MB of phrases. It is read when the first name is indexed.
"""

from __future__ import annotations

import json
import os
import unicodedata
from functools import cache
from importlib.util import find_spec

READINGS = 3  # of one character; what comes later in the table is archaic
_MISSING = {
    "黑": "he",
    "尉": "yu",
    "区": "ou",
    "盖": "ge",
    "朴": "piao",
    "覃": "qin",
    "亳": "bo",
    "涡": "guo",
    "六": "lu",
}


def sequences(name: str) -> list[list[str]]:
    """The syllables of `name`, character by character: first every first reading, then every second where there is one, ….

    Letters and digits stand for themselves; a name without Chinese characters has no sequence.
    """
    readings = [_readings(char) for char in name]
    known = [options for options in readings if options]
    if not any(char >= "一" for char in name):
        return []
    count = max((len(options) for options in known), default=0)
    return [[options[min(turn, len(options) - 1)] for options in known] for turn in range(count)]


def initials(name: str) -> list[str]:
    """The first letters of `name`, one string for each sequence, without repetition: 宁德时代 → ndsd."""
    return list(dict.fromkeys("".join(syllable[0] for syllable in syllables) for syllables in sequences(name)))


@cache
def _readings(char: str) -> tuple[str, ...]:
    if char.isascii():
        return (char.lower(),) if char.isalnum() else ()
    accented = _table().get(str(ord(char)), "")
    plain = [_without_tone(reading) for reading in accented.split(",")][:READINGS] if accented else []
    return tuple(dict.fromkeys([*plain, *filter(None, [_MISSING.get(char)])]))


def _without_tone(reading: str) -> str:
    letters = unicodedata.normalize(
        "NFD", reading.replace("ü", "v").replace("ǚ", "v").replace("ǜ", "v").replace("ǘ", "v")
    )
    return "".join(letter for letter in letters if letter.isascii() and letter.isalpha())


@cache
def _table() -> dict[str, str]:
    package = find_spec("pypinyin")
    if package is None or not package.submodule_search_locations:
        return {}
    with open(os.path.join(package.submodule_search_locations[0], "pinyin_dict.json"), encoding="utf-8") as file:
        loaded: dict[str, str] = json.load(file)
    return loaded
