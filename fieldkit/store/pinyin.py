"""Chinese names in letters, for the index: every usual reading of every character, without tones.

The table is pypinyin's; importing the package itself would load its 65 MB of phrases. It is read when the first name is indexed.
"""

from __future__ import annotations

import json
import os
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from itertools import combinations, product
from math import prod

from fieldkit.store.forms import FORMS

READINGS = 3  # of one character; what comes later in the table is archaic
AROUND = 7
"""Syllables on either side that come with another reading: a phrase of one more never runs across its ends."""
_MOST_COMBINED = 24  # readings of a name
_NOTHING: Mapping[int, str] = {}
_READ_ONE_WAY = frozenset(  # in names; what companies' names end in, their trades and places
    "股份有限公司集团科技能新信息电气业体汽食服机化游术半车零部件精造广圳波温肥杭莞"
)
_FORMS = frozenset(FORMS.values())
_SURNAMES = {"黑": "he", "谌": "shen", "贠": "yun"}  # readings that the table lacks


def sequences(name: str, said: Mapping[int, str] = _NOTHING) -> list[list[str]]:
    """The syllables of `name` as it is usually read, then with each other reading of a character, and with every
    combination of them where these are few; of what is far from another reading only AROUND syllables on either side.

    `said` are readings to take for the usual ones, by their places. Letters and digits stand for themselves; a name
    without Chinese characters has no sequence.
    """
    known = [read for place, char in enumerate(name) if (read := _told(char, said.get(place)))]
    if not any(is_chinese for is_chinese, _ in known):
        return []
    usual = [options[0] for _, options in known]
    unclear = [place for place, (_, options) in enumerate(known) if len(options) > 1]
    few = prod(len(options) for _, options in known) <= _MOST_COMBINED
    others = [
        _around(usual, dict(zip(places, chosen, strict=True)))
        for count in range(1, len(unclear) + 1 if few else 2)
        for places in combinations(unclear, count)
        for chosen in product(*(known[place][1][1:] for place in places))
    ]
    return [usual, *others]


def _told(char: str, said: str | None) -> tuple[bool, tuple[str, ...]] | None:
    known = readings(char)
    return (known[0], tuple(dict.fromkeys((said, *known[1])))) if known and said else known


def _around(usual: list[str], others: Mapping[int, str]) -> list[str]:
    first, last = max(0, min(others) - AROUND), max(others) + AROUND + 1
    return [others.get(place, syllable) for place, syllable in enumerate(usual[:last])][first:]


def initials(name: str, said: Mapping[int, str] = _NOTHING) -> list[str]:
    """The first letters of the whole of a short `name` in every way that `sequences` has it: 宁德时代 → ndsd, zdsd."""
    return first_letters(sequences(name, said))


def usual_initials(name: str) -> str:
    """The first of `initials`; empty for a name without Chinese characters."""
    known = [read for char in name if (read := readings(char))]
    return "".join([options[0][0] for _, options in known]) if any(is_chinese for is_chinese, _ in known) else ""


def first_letters(spelled: list[list[str]]) -> list[str]:
    """The first letters of `sequences`; what the first of them holds already is left out."""
    letters = ["".join([syllable[0] for syllable in syllables]) for syllables in spelled]
    return letters[:1] + [other for other in dict.fromkeys(letters[1:]) if other not in letters[0]]


@cache
def readings(char: str) -> tuple[bool, tuple[str, ...]] | None:
    """Whether `char` is Chinese, and its readings, the usual one first; None for what is not read at all."""
    if char.isascii():
        return (False, (char.lower(),)) if char.isalnum() else None
    if char in _FORMS:
        return False, (char,)
    accented = _table().get(str(ord(char)), "")
    every = [*map(without_tone, accented.split(",")), _SURNAMES.get(char, "")]
    most = 1 if char in _READ_ONE_WAY else READINGS
    options = tuple(reading for reading in dict.fromkeys(every) if reading)[:most]
    return (True, options) if options else None


def usual_reading(char: str) -> str:
    """The reading of a Chinese character that comes first, with its tone; empty where there is none."""
    return _table().get(str(ord(char)), "").partition(",")[0]


def without_tone(reading: str) -> str:
    """The letters of a reading, ü as v."""
    letters = decomposed(reading.replace("ü", "v").replace("ǚ", "v").replace("ǜ", "v").replace("ǘ", "v"))
    return "".join(letter for letter in letters if letter.isascii() and letter.isalpha())


def decomposed(reading: str) -> str:
    """Letters and their accents apart."""
    return unicodedata.normalize("NFD", reading)


@cache
def _table() -> dict[str, str]:
    package = find_spec("pypinyin")
    if package is None or not package.submodule_search_locations:
        return {}
    with open(os.path.join(package.submodule_search_locations[0], "pinyin_dict.json"), encoding="utf-8") as file:
        loaded: dict[str, str] = json.load(file)
    return loaded
