"""How text is cut for the index and for queries: a token for each character, and Latin letters and digits carry the next one.

谈45号 → 谈 | a run that begins with 4 | 4 then 5 | 5 then none | 号. So any piece of a number, of a code or of a word in
letters is a phrase, as any piece of Chinese is, and none of the tokens is in nearly every text. Such a pair or beginning
is written as one character for private use. The full-text tables split at blanks alone (tokenizer `ascii`): what a token is, is decided here and not by the
Unicode tables of whichever SQLite is at hand.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

LETTERS = "abcdefghijklmnopqrstuvwxyz"
LATIN = "0123456789" + LETTERS
_FOLLOWING = {
    char: [chr(0xE000 + place * 64 + after) for after in range(len(LATIN) + 1)] for place, char in enumerate(LATIN)
}
"""Each Latin character with nothing after it, then with each other one after it."""
_PAIRS = {char + after: _FOLLOWING[char][place] for char in LATIN for place, after in enumerate(["", *LATIN])}
_START = {char: chr(0xF600 + place) for place, char in enumerate(LATIN)}
_PAIRED = frozenset(_PAIRS.values())
_STARTS = frozenset(_START.values())
_RUN = re.compile("[0-9a-z]+")
_SIGNS = re.compile("[\\W_]+")
_PIECE = re.compile("[0-9a-z]+|[^\\W_]")
_PHONE = re.compile("(?<![0-9])[0-9]{7,15}(?![0-9])")


def folded(text: str) -> str:
    """`text` with compatibility forms (full-width, circled, ligatures) made plain, in lower case."""
    return unicodedata.normalize("NFKC", text).lower()


def pieces(plain: str) -> list[str]:
    """The runs of Latin letters and digits of a `folded` text, and every other letter or digit by itself."""
    return _PIECE.findall(plain)


def tokens(plain: str) -> list[str]:
    """The tokens of a `folded` text in order: one character each."""
    return list(_RUN.sub(_run_tokens, _SIGNS.sub(" ", plain)).replace(" ", ""))


def paired(words: list[str]) -> list[str]:
    """The tokens of a text and each two that stand side by side, as one."""
    return [*words, *pairs(words)]


def pairs(words: list[str]) -> list[str]:
    """Each two tokens that stand side by side, as one; a run says alone how it begins."""
    return [after if one in _STARTS else one + after for one, after in pairwise(words)]


def _run_tokens(run: re.Match[str]) -> str:
    text = run[0]
    return _START[text[0]] + "".join([_PAIRS[text[place : place + 2]] for place in range(len(text))])


def beginnings(plain: str) -> list[list[str]]:
    """The runs of tokens, one of which stands wherever the `folded` text `plain` stands: its ends may be inside a run."""
    found, cut = tokens(plain), pieces(plain)
    if not cut:
        return []
    if cut[0][0] in _START:
        del found[0]
    if cut[-1][0] in _START:
        del found[-1]
    return [found] if found else [[pair] for pair in _FOLLOWING[cut[0]]]


def is_latin(token: str) -> bool:
    """Whether a token is one of a run of Latin letters and digits."""
    return token in _PAIRED or token in _STARTS


def phones(plain: str) -> list[str]:
    """What can be a telephone number in a `folded` text: 7 to 15 digits on end."""
    return _PHONE.findall(plain)
