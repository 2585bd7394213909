"""The unified social credit code (统一社会信用代码, GB 32100-2015). Real companies have codes that fail: warn, never block."""

from __future__ import annotations

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18


def normalised(code: str) -> str:
    """`code` in capitals without blanks and hyphens."""
    return "".join(char for char in code.upper() if char.isalnum())


def check_character(first: str) -> str:
    """The eighteenth character for the first seventeen; ValueError for a character outside ALPHABET."""
    total = sum(ALPHABET.index(char) * pow(3, position, 31) for position, char in enumerate(first))
    return ALPHABET[-total % 31]


def fault(code: str) -> str:
    """What is wrong with a normalised code: `length`, `character` or `check`; empty where nothing is."""
    if len(code) != LENGTH:
        return "length"
    if any(char not in ALPHABET for char in code):
        return "character"
    return "" if check_character(code[:-1]) == code[-1] else "check"
