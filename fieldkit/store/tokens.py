"""How text is cut for the index and for queries: one character of Chinese, one run of letters, one run of digits a token.

The FTS table splits at spaces alone (tokenizer `ascii`), so that what a token is, is decided here and not by the Unicode
tables of whichever SQLite is at hand.
"""

from __future__ import annotations

import unicodedata

SHORTEST_PHONE, LONGEST_PHONE = 7, 15


def tokens(text: str) -> list[str]:
    """The tokens of `text` in order, compatibility forms folded, lower case."""
    folded = text if text.isascii() else unicodedata.normalize("NFKC", text)
    found: list[str] = []
    run = ""
    for char in folded.lower():
        if is_run(char) and (not run or char.isdigit() == run[-1].isdigit()):
            run += char
            continue
        if run:
            found.append(run)
        run = char if is_run(char) else ""
        if not run and char.isalnum():
            found.append(char)
    return [*found, run] if run else found


def is_run(char: str) -> bool:
    """Whether `char` is written in words (letters below the Chinese blocks, digits) rather than standing for itself."""
    return char < "\u2e80" and char.isalnum()


def phones(words: list[str]) -> set[str]:
    """The tokens that can be telephone numbers."""
    return {word for word in words if SHORTEST_PHONE <= len(word) <= LONGEST_PHONE and word.isdigit()}
