"""Whether two names may be meant to be one: one within the other, another character of the same sound, one slip of the key.

Never more than a question for a person: 比亚迪 and 比亚迪汽车 are alike, and are two companies.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from fieldkit.capture.names import PLACES, key, short_names
from fieldkit.store import pinyin

SHORTEST = 2
_INSIDE = 3
"""Characters that a name inside another has at least, where it does not begin or end it."""
_DROPPED, _REPLACED = 4, 5
"""Characters that the longer name has at least where one is left out, or is another: shorter names differ by that much."""
_SOUNDING = 2  # characters that may be written otherwise


def core(name: str) -> str:
    """The shortest that people call a company by: 宁德时代新能源科技股份有限公司 → 宁德时代."""
    return next((called for called in reversed(short_names(name)) if called not in PLACES), key(name))


def near(name: str, names: Iterable[str]) -> bool:
    """Whether one of a company's names is alike to `name`."""
    wanted = core(name)
    return any(alike(wanted, called) for known in names for called in (key(known), core(known)))


def alike(one: str, other: str) -> bool:
    """Whether two keys of names are near each other; other numbers are other names: 一厂 1 and 一厂 10."""
    short, long = sorted((one, other), key=len)
    if len(short) < SHORTEST or _digits(short) != _digits(long):
        return False
    ends_it = long.endswith(short) and not short.isascii()
    if long.startswith(short) or ends_it or (len(short) >= _INSIDE and short in long):
        return True
    return sound_alike(short, long) or _one_slip(short, long)


def _digits(name: str) -> str:
    return "".join(filter(str.isdigit, name))


def same_sound(one: str, other: str) -> bool:
    """Whether two characters share a reading."""
    return one == other or not set(_readings(one)).isdisjoint(_readings(other))


def _readings(char: str) -> tuple[str, ...]:
    found = pinyin.readings(char)
    return found[1] if found and found[0] else ()


def sound_alike(one: str, other: str) -> bool:
    """Whether two keys of names are the same but for a character or two of the same sound: 张伟, 张玮."""
    if len(one) != len(other):
        return False
    differing = [pair for pair in zip(one, other, strict=True) if pair[0] != pair[1]]
    return len(differing) <= _SOUNDING and all(same_sound(*pair) for pair in differing)


def _one_slip(short: str, long: str) -> bool:
    """Whether one character is left out, added, replaced, or changed places with its neighbour."""
    if len(long) - len(short) > 1:
        return False
    same = next((place for place in range(len(short)) if short[place] != long[place]), len(short))
    if len(short) < len(long):
        return len(long) >= _DROPPED and short[same:] == long[same + 1 :]
    swapped = any(
        short[:place] + after + before + short[place + 2 :] == long
        for place, (before, after) in enumerate(pairwise(short))
    )
    return len(long) >= _REPLACED and (swapped or short[same + 1 :] == long[same + 1 :])
