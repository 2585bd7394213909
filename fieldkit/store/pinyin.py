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
_SURNAMES = {"黑": "he", "谌": "shen", "贠": "yun"}  # readings that the table lacks


def sequences(name: str) -> list[list[str]]:
    """The syllables of `name`, character by character: first every first reading, then every second where there is one, ….

    Letters and digits stand for themselves; a name without Chinese characters has no sequence.
    """
    known = [readings for char in name if (readings := _readings(char))]
    count = max((readings[0] for readings in known), default=0)
    return [[readings[1][turn] for readings in known] for turn in range(count)]


def initials(spelled: list[list[str]]) -> list[str]:
    """The first letters of `sequences`, without repetition: 宁德时代 → ndsd, ….."""
    return list(dict.fromkeys(["".join([syllable[0] for syllable in syllables]) for syllables in spelled]))


@cache
def _readings(char: str) -> tuple[int, tuple[str, ...]] | None:
    """How many readings `char` has (0 for a letter, which is one), and READINGS of them, the last repeated."""
    if char.isascii():
        return (0, (char.lower(),) * READINGS) if char.isalnum() else None
    accented = _table().get(str(ord(char)), "")
    every = [_SURNAMES.get(char, ""), *map(_without_tone, accented.split(","))]
    options = [reading for reading in dict.fromkeys(every) if reading][:READINGS]
    return (len(options), (*options, *[options[-1]] * (READINGS - len(options)))) if options else None


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
