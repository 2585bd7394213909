"""A typed query as words, each with the full-text expression that finds it. Pure; no text makes an invalid expression."""

from __future__ import annotations

import re

from fieldkit.store.documents import INITIALS, sound
from fieldkit.store.filters import LONGEST_QUERY
from fieldkit.store.syllables import blurred, finished, initials, spellings
from fieldkit.store.tokens import beginnings, folded, pieces

MOST_WORDS = 12
_LONGEST_WORD = 64  # characters of one word that are looked for
_PARTS = re.compile("[a-z]+|[^a-z]+")


class Part:
    """A piece of a word: its `text`, and where that is letters the `spelled` ways to read them and the `initials`."""

    __slots__ = ("initials", "spelled", "text")

    def __init__(self, text: str, *, letters: bool) -> None:
        self.text = text
        self.spelled = [parts for parts in spellings(text) if parts != [text[:1]]] if letters else []
        self.initials = initials(text) if letters else []

    @property
    def expression(self) -> str:
        """What finds it: as it is written, by its syllables, by its initials."""
        sounds = [[*map(sound, whole), sound(end)] for *whole, last in self.spelled for end in finished(blurred(last))]
        letters = [[INITIALS[letter] for letter in self.initials]] if self.initials else []
        return _any_of([*dict.fromkeys(map(_phrase, [*beginnings(self.text), *sounds, *letters]))])


class Term:
    """One word of a query: its `text`, the FTS5 `expression` that finds it, and its `parts` where letters may be pinyin.

    `paired` is the expression where tokens stand singly and in pairs; unless it `is_sure` it finds more than hold the word.
    """

    __slots__ = ("expression", "is_sure", "paired", "parts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.parts = _parts(text)
        written = beginnings(text)
        found = [part.expression for part in self.parts]
        if len(found) > 1:
            self.expression = _any_of([*map(_phrase, written), f"({' AND '.join(found)})"])
        else:
            self.expression = found[0] if found else _any_of([*map(_phrase, written)])
        self.paired = _any_of([*map(_pairs, written)])
        self.is_sure = all(len(tokens) <= 2 for tokens in written)

    @property
    def may_be_misspelt(self) -> bool:
        """Whether it finds names that are spelled otherwise, too."""
        return any(_blurs(syllable) for part in self.parts for parts in part.spelled for syllable in parts)


def terms(query: str) -> list[Term]:
    """The words of `query`, separated by blanks; what holds neither letter nor digit is no word."""
    words = (word[:_LONGEST_WORD] for word in folded(query[:LONGEST_QUERY]).split())
    return [Term(word) for word in words if pieces(word)][:MOST_WORDS]


def _parts(word: str) -> list[Part]:
    """The word cut before and after each run of letters, 张w → 张 | w; nothing where it holds no letters, or a digit."""
    cut = [text for text in _PARTS.findall(word) if pieces(text)]
    if any(char.isdecimal() for char in word) or not any(text[0].isascii() for text in cut):
        return []
    return [Part(text, letters=text[0].isascii() and text[0].isalpha()) for text in cut]


def _blurs(syllable: str) -> bool:
    return syllable[0] in "zcsnl" or blurred(syllable) != syllable or syllable[-1] == "n"


def _phrase(words: list[str]) -> str:
    return f'"{" ".join(words)}"'


def _pairs(words: list[str]) -> str:
    pairs = dict.fromkeys(map(str.__add__, words, words[1:])) if len(words) > 1 else words
    return f"({' AND '.join([_phrase([pair]) for pair in pairs])})"


def _any_of(expressions: list[str]) -> str:
    return expressions[0] if len(expressions) == 1 else f"({' OR '.join(expressions)})"
