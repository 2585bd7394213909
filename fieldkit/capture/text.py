"""The typed line folded for reading, with the way back to what was typed."""

from __future__ import annotations

import unicodedata

from fieldkit.capture.simplified import MEANT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

GAP = "\0"
"""Stands in a masked line where something has been read already: no word reaches across it."""

_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")
_ALIKE = {
    "—": "-",
    "–": "-",
    "―": "-",
    "−": "-",
    "‐": "-",
    "‑": "-",
    "∼": "~",
    "〜": "~",
    "￥": "¥",
    "○": "〇",
    "\u3000": " ",
    "\xa0": " ",
    "\t": " ",
}


def _plain(char: str) -> str:
    return _ALIKE.get(char) or unicodedata.normalize("NFKC", char).replace(GAP, " ")


def _lower(text: str) -> str:
    """In lower case, at the same length."""
    small = text.lower()
    return (
        small
        if len(small) == len(text)
        else "".join([char if len(char.lower()) > 1 else char.lower() for char in text])
    )


class Line:
    """One typed line.

    `raw` is the text as typed. `plain` is its compatibility form (NFKC, character by character), `folded` the same
    in lower case and simplified characters; both have equal length. `folded` is what the grammar reads.
    """

    __slots__ = ("_at", "folded", "has_letters", "plain", "raw")

    def __init__(self, raw: str) -> None:
        self.raw = raw
        self._at: Sequence[int] = range(len(raw) + 1)
        if raw.isascii():
            self.plain = raw.replace(GAP, " ").replace("\t", " ")
            self.folded = self.plain.lower()
            self.has_letters = not _LETTERS.isdisjoint(self.folded)
            return
        parts = [char if "\u4e00" <= char <= "\u9fff" or " " <= char <= "~" else _plain(char) for char in raw]
        self.plain = "".join(parts)
        if len(self.plain) != len(raw) or "" in parts:
            self._at = [index for index, part in enumerate(parts) for _ in part] + [len(raw)]
        self.folded = _lower(self.plain).translate(MEANT)
        self.has_letters = not _LETTERS.isdisjoint(self.folded)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original text that `folded[start:end]` (not empty) was read from."""
        return self._at[start], self._at[end - 1] + 1

    def trim(self, start: int, end: int) -> tuple[int, int]:
        """The same folded span without white space at its ends."""
        while start < end and self.folded[start].isspace():
            start += 1
        while end > start and self.folded[end - 1].isspace():
            end -= 1
        return start, end


def mask(text: str, start: int, end: int) -> str:
    """The text with one span taken out of reading; its length stays."""
    return text[:start] + GAP * (end - start) + text[end:]


def is_han(char: str) -> bool:
    """Whether the character is a Chinese one."""
    return "\u3400" <= char <= "\u9fff" or char == "〇"


def is_latin(char: str) -> bool:
    """Whether the character is an ASCII letter (folded: lower case)."""
    return "a" <= char <= "z" or "A" <= char <= "Z"


def is_digit(char: str) -> bool:
    """Whether the character is an ASCII digit (full-width ones are ASCII once folded)."""
    return "0" <= char <= "9"


def words(table: str) -> tuple[str, ...]:
    """The words of a text with white space between them."""
    return tuple(table.split())


def phrases(table: str) -> tuple[str, ...]:
    """The phrases of a text with commas between them; a space at the end of one counts."""
    return tuple([phrase.removeprefix(" ") for phrase in table.split(",")])


class Words:
    """A table of words to look for at a place in a text."""

    __slots__ = ("_firsts", "_longest", "_words")

    def __init__(self, table: str | Iterable[str]) -> None:
        """`table`: the words, or one text with white space between them."""
        self._words = frozenset(words(table) if isinstance(table, str) else table)
        self._firsts = frozenset([word[0] for word in self._words])
        self._longest = max(map(len, self._words))

    def __contains__(self, word: object) -> bool:
        return word in self._words

    def at(self, text: str, index: int) -> str:
        """The longest of the words that stands at `index`, or ""."""
        if index >= len(text) or text[index] not in self._firsts:
            return ""
        for end in range(min(index + self._longest, len(text)), index, -1):
            if text[index:end] in self._words:
                return text[index:end]
        return ""


def latin_word(text: str, start: int) -> tuple[str, int]:
    """The run of ASCII letters at `start`, perhaps empty, and where it ends."""
    end = start
    while end < len(text) and is_latin(text[end]):
        end += 1
    return text[start:end], end


def starts(text: str, index: int, words: tuple[str, ...]) -> str:
    """The first of `words` that stands at `index`, or "". Give longer words first."""
    if not text.startswith(words, index):
        return ""
    for word in words:
        if text.startswith(word, index):
            return word
    return ""


def word_in(text: str, start: int, table: Container[str], longest: int) -> str:
    """The longest word of `table` that stands at `start`, of at most `longest` characters, or ""."""
    for length in range(min(longest, len(text) - start), 0, -1):
        if text[start : start + length] in table:
            return text[start : start + length]
    return ""


def word_start(text: str, index: int) -> int:
    """Where the run of letters, digits and Chinese characters that ends at `index` begins."""
    while index and (text[index - 1].isalnum() or text[index - 1] in "-()+."):
        index -= 1
    return index


def skip_space(text: str, index: int) -> int:
    """The index past one space, if there is one."""
    return index + 1 if text.startswith(" ", index) else index
