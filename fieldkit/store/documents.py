"""What of a record can be found: its words, its name in letters, the keys of its name, its telephone numbers. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from fieldkit.capture import names
from fieldkit.domain import former_names
from fieldkit.domain.phone_numbers import spellings
from fieldkit.store import pinyin
from fieldkit.store.syllables import blurred
from fieldkit.store.tokens import LETTERS, folded, phones, tokens

INITIALS = {char: chr(0xF100 + place) for place, char in enumerate("0123456789" + LETTERS)}
"""The initial of a character of a name → its token."""
_SYLLABLE = "·"  # before each syllable, so that a name's letters and words in letters stay apart
_BREAK = " 0 "  # between two texts or two readings, so that no phrase runs across
LONGEST_INITIALS = 8  # letters; nobody types the initials of a longer name

FIELDS: Mapping[str, tuple[str, ...]] = {
    "companies": ("name", "short_name", "former_names", "uscc", "region", "address", "note"),
    "contacts": ("name", "post", "phone", "wechat", "email", "note"),
    "leads": ("title", "content", "note"),
    "visits": ("text", "place", "tags"),
    "followups": ("what", "note"),
    "guides": ("title", "text"),
}
"""kind → the fields whose words are indexed."""

NAMES: Mapping[str, tuple[str, ...]] = {
    "companies": ("name", "short_name", "former_names"),
    "contacts": ("name",),
    "leads": ("title",),
    "guides": ("title",),
}
"""kind → the fields that people call the record by; `former_names` holds several names."""


class Document:
    """What the index holds for one record; `digest` (64 bits, signed) changes whenever any of it does."""

    __slots__ = ("digest", "keys", "phones", "words")

    def __init__(self, kind: str, values: Mapping[str, str]) -> None:
        texts = [folded(_text(field, values[field])) for field in FIELDS[kind] if values[field]]
        called = names_of(kind, values)
        self.words = _BREAK.join(
            [" ".join(tokens(text)) for text in texts] + [part for name in called for part in _letters(name)]
        )
        self.keys = {key for name in called for key in name_keys(kind, name)}
        self.phones = {number[::-1] for text in texts for number in phones(text)}
        self.digest = _digest(self.words)


def _text(field: str, value: str) -> str:
    return " ".join(spellings(value)) if field == "phone" else value


def names_of(kind: str, values: Mapping[str, Any]) -> list[str]:
    """Every name that the record goes by."""
    fields = [(field, str(values[field])) for field in NAMES.get(kind, ()) if values[field]]
    return [
        name for field, value in fields for name in (former_names.each(value) if field == "former_names" else [value])
    ]


def _letters(name: str) -> list[str]:
    """The readings of `name` as tokens: its sounds syllable by syllable, its initials letter by letter."""
    spelled = pinyin.sequences(name)
    sounds = dict.fromkeys(" ".join(map(sound, syllables)) for syllables in spelled)
    first, *others = sounds or [""]
    letters = [" ".join([INITIALS[letter] for letter in letters]) for letters in pinyin.first_letters(spelled)]
    return [reading for reading in (first, *(other for other in others if other not in first), *letters) if reading]


def sound(syllable: str) -> str:
    """The token of a syllable: alike for syllables that are often mistaken, so that a misspelt name is found too."""
    return _SYLLABLE + blurred(syllable)


def name_keys(kind: str, name: str) -> list[str]:
    """The normalised name, the shorter names of a company, and the initials of each."""
    called = [names.key(name), *(names.short_names(name) if kind == "companies" else ())]
    short = [name for name in called if len(name) <= LONGEST_INITIALS]
    letters = [key for name in short for key in pinyin.initials(name)]
    return [key for key in called if key] + [key for key in letters if len(key) > 1]


def _digest(*texts: str) -> int:
    return int.from_bytes(blake2b("\0".join(texts).encode(), digest_size=8).digest(), "big", signed=True)
