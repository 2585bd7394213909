"""What of a record can be found: its words, its name in letters, the keys of its name, its telephone numbers. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

from fieldkit.capture import names
from fieldkit.store import pinyin
from fieldkit.store.tokens import phones, tokens

_BREAK = "0"  # stands between two texts or two readings, so that no phrase runs across
LONGEST_INITIALS = 8  # letters; nobody types the initials of a longer name

FIELDS: Mapping[str, tuple[str, ...]] = {
    "companies": ("name", "short_name", "uscc", "region", "address", "note"),
    "contacts": ("name", "post", "phone", "wechat", "email", "note"),
    "leads": ("title", "content", "note"),
    "visits": ("text", "place", "tags"),
    "followups": ("what", "note"),
}
"""kind → the fields whose words are indexed."""

NAMES: Mapping[str, tuple[str, ...]] = {"companies": ("name", "short_name"), "contacts": ("name",), "leads": ("title",)}
"""kind → the fields that people call the record by."""


class Document:
    """What the index holds for one record; `digest` (64 bits, signed) changes whenever any of it does."""

    __slots__ = ("digest", "keys", "phones", "pinyin", "text")

    def __init__(self, kind: str, values: Mapping[str, Any]) -> None:
        texts = [str(values[field]) for field in FIELDS[kind] if values[field]]
        words = [tokens(text) for text in texts]
        called = [str(values[field]) for field in NAMES.get(kind, ()) if values[field]]
        self.text = f" {_BREAK} ".join(" ".join(found) for found in words)
        self.pinyin = " ".join(_letters(name) for name in called)
        self.keys = _keys(kind, called)
        self.phones = {number[::-1] for found in words for number in phones(found)}
        self.digest = _digest(self.text, *called)


def _letters(name: str) -> str:
    spelled = pinyin.sequences(name)
    parts = [" ".join(syllables) for syllables in spelled]
    parts += [" ".join(letters) for letters in pinyin.initials(name)]
    return f" {_BREAK} ".join([*parts, ""]).rstrip()


def _keys(kind: str, called: Sequence[str]) -> set[str]:
    keys: set[str] = set()
    for name in called:
        keys.add(names.key(name))
        shorts = names.short_names(name) if kind == "companies" else []
        keys.update(shorts)
        for spelled in (name, *shorts):
            keys.update(letters for letters in pinyin.initials(spelled) if 1 < len(letters) <= LONGEST_INITIALS)
    return {key for key in keys if key}


def _digest(*texts: str) -> int:
    return int.from_bytes(blake2b("\0".join(texts).encode(), digest_size=8).digest(), "big", signed=True)
