"""What of a record can be found: its words, its name in letters, the keys of its name, its telephone numbers. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

from fieldkit.capture import names
from fieldkit.capture.phones import find_phones
from fieldkit.domain import former_names
from fieldkit.domain.phone_numbers import phone_number, spellings
from fieldkit.domain.phones import is_international
from fieldkit.store import pinyin, spoken
from fieldkit.store.forms import FORMS, marked
from fieldkit.store.syllables import blurred
from fieldkit.store.tokens import LATIN, folded, paired, phones, tokens

_INITIALS = {char: place for place, char in enumerate([*LATIN, *FORMS.values()], 1)}
_SYLLABLE = "·"  # before each syllable, so that a name's letters and words in letters stay apart
EVERY = "0"
"""The token that every record has."""
_BREAK = f" {EVERY} "  # between two texts or two readings, so that no phrase runs across
_SEALS = [[chr(0xF0000 + place * 1024 + part) for part in range(1024)] for place in range(3)]
LONGEST_INITIALS = 6  # letters; nobody types the initials of a longer name

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


PAIRED = frozenset(FIELDS) - frozenset(NAMES)
"""The kinds whose tokens are indexed singly and in pairs, without their places: half the room where texts are long."""


class Document:
    """What the index holds for one record; `seal` (three tokens, 30 bits) changes whenever the words do.

    `also` are names of records that were merged into it: it goes by them too.
    """

    __slots__ = ("keys", "phones", "seal", "words")

    def __init__(self, kind: str, values: Mapping[str, str], also: Sequence[str] = ()) -> None:
        texts = [folded(searched(kind, field, values[field])) for field in FIELDS[kind] if values[field]]
        texts += map(folded, also)
        called = [*names_of(kind, values), *also]
        if kind in PAIRED:
            words = " ".join([" ".join(paired(tokens(text))) for text in texts])
        else:
            words = _BREAK.join(
                [" ".join(tokens(text)) for text in texts] + [part for name in called for part in _letters(kind, name)]
            )
        self.seal = _seal(words)
        self.words = f"{words}{_BREAK}{' '.join(self.seal)}"
        self.keys = {stored_key(kind, key) for name in called for key in name_keys(kind, name)}
        self.phones = {number[::-1] for text in texts for number in phones(text)} if kind == "contacts" else set()


def searched(kind: str, field: str, value: str) -> str:
    """What of a field's value is indexed: telephone numbers in every way that they are written and dialled, those in a
    contact's remarks too.
    """
    if field == "phone":
        return " ".join(spellings(value))
    numbers = numbers_in(value) if kind == "contacts" and field == "note" else []
    return " ".join([value, *(digits for number in numbers for digits in spellings(number))])


def numbers_in(text: str) -> list[str]:
    """The telephone numbers that stand in a text, however they are spaced, as they are stored."""
    found = [phone_number(one.digits) for one in find_phones(folded(text))]
    return [number for number in found if is_international(number)]


def names_of(kind: str, values: Mapping[str, Any]) -> list[str]:
    """Every name that the record goes by."""
    fields = [(field, str(values[field])) for field in NAMES.get(kind, ()) if values[field]]
    return [
        name for field, value in fields for name in (former_names.each(value) if field == "former_names" else [value])
    ]


def _letters(kind: str, name: str) -> list[str]:
    """The readings of `name` as tokens: its sounds syllable by syllable, its initials in pairs."""
    read = marked(name) if kind == "companies" else name
    spelled = pinyin.sequences(read, spoken.told(read, person=kind == "contacts"))
    sounds = dict.fromkeys(" ".join(map(sound, syllables)) for syllables in spelled)
    first, *others = sounds or [""]
    letters = [" ".join([*initial_pairs(letters), initial(letters[-1])]) for letters in pinyin.first_letters(spelled)]
    return [reading for reading in (first, *(other for other in others if other not in first), *letters) if reading]


def initial_pairs(letters: str) -> list[str]:
    """The tokens of initials that stand side by side, each with the one after it."""
    return list(map(initial, letters, letters[1:]))


def initial(letter: str, following: str = "") -> str:
    """The token of an initial and the one after it, or of the last one of a name."""
    return chr(0xE900 + _INITIALS[letter] * 64 + (_INITIALS[following] if following else 0))


def any_initial(letter: str) -> list[str]:
    """The tokens of an initial, whatever comes after it."""
    return [initial(letter, following) for following in ("", *_INITIALS)]


def sound(syllable: str) -> str:
    """The token of a syllable: alike for syllables that are often mistaken, so that a misspelt name is found too."""
    return _SYLLABLE + blurred(syllable)


def name_keys(kind: str, name: str) -> list[str]:
    """The normalised name, the shorter names of a company, and the initials of each."""
    called = [names.key(name), *(names.short_names(name) if kind == "companies" else ())]
    short = [name for name in called if len(name) <= LONGEST_INITIALS]
    letters = [key for name in short for key in _initials(kind, name)]
    return [key for key in called if key] + [key for key in letters if len(key) > 1]


def stored_key(kind: str, key: str) -> str:
    """Under which key the index has a name with this one: a company's stands there without its legal form."""
    return names.bare(key) if kind == "companies" else key


def _initials(kind: str, name: str) -> list[str]:
    """By every reading for a person; otherwise as the name is read and as it is spoken."""
    if kind == "contacts":
        return pinyin.initials(name, spoken.told(name, person=True))
    return [pinyin.usual_initials(name), spoken.initials(name)]


def _seal(words: str) -> list[str]:
    digest = int.from_bytes(blake2b(words.encode(), digest_size=4).digest(), "big")
    return [seals[digest >> shift & 1023] for seals, shift in zip(_SEALS, (0, 10, 20), strict=True)]
