"""Text in terminal cells: Chinese takes two."""

from __future__ import annotations

from unicodedata import combining, east_asian_width


def cells(text: str) -> int:
    """How many terminal cells `text` takes."""
    return sum(_cells(character) for character in text)


def fit(text: str, width: int) -> str:
    """`text` cut with … or filled with blanks to exactly `width` cells."""
    if cells(text) <= width:
        return text + " " * (width - cells(text))
    kept, used = "", 0
    for character in text:
        if used + _cells(character) > width - 1:
            break
        kept += character
        used += _cells(character)
    return kept + "…" + " " * (width - used - 1)


def _cells(character: str) -> int:
    if combining(character):
        return 0
    return 2 if east_asian_width(character) in "WF" else 1
