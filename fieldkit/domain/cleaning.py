"""Text from other people, made harmless for a terminal: one function, used wherever text leaves the program."""

from __future__ import annotations

_RANGES = (
    (0x00, 0x1F),  # C0, with ESC
    (0x7F, 0x9F),  # DEL and C1
    (0xAD, 0xAD),  # soft hyphen
    (0x61C, 0x61C),  # bidi from here
    (0x180E, 0x180E),
    (0x200B, 0x200F),  # zero-width and bidi marks
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0xD800, 0xDFFF),  # lone surrogates
    (0xFE00, 0xFE0F),  # variation selectors change the width of what stands before them
    (0xFEFF, 0xFEFF),
    (0xFFF9, 0xFFFB),
    (0xE0000, 0xE01EF),  # tags and more variation selectors
)
_SPACES = "\t\v\f\x1c\x1d\x1e\x85\u2028\u2029"
_NEWLINES = "\r\n", "\r", "\x85", "\u2028", "\u2029"


class _Harmful(dict[int, "str | None"]):
    """A translation table that decides a character when it is first met."""

    def __missing__(self, code: int) -> str | None:
        harmful = any(first <= code <= last for first, last in _RANGES)
        self[code] = " " if chr(code) in _SPACES else None if harmful else chr(code)
        return self[code]


_TABLE = _Harmful()


def shown(text: object) -> str:
    """`text` as one line without control, bidi, zero-width, tag and surrogate characters; line ends become spaces."""
    value = str(text)
    if value.isascii() and value.isprintable():
        return value
    for newline in _NEWLINES:
        value = value.replace(newline, "\n")
    return value.replace("\n", " ").translate(_TABLE)


def shown_lines(text: object) -> str:
    """Like `shown`, but lines stay lines."""
    value = str(text)
    for newline in _NEWLINES:
        value = value.replace(newline, "\n")
    return "\n".join(line.translate(_TABLE) for line in value.split("\n"))


_KEPT = "\u200c\u200d" + "".join(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))


class _NotStored(dict[int, "str | None"]):
    """What is left out of stored text: all that is harmful, but not the joiners and selectors that shape a character."""

    def __missing__(self, code: int) -> str | None:
        self[code] = chr(code) if chr(code) in _KEPT or chr(code) == "\t" else _TABLE[code]
        return self[code]


_STORED = _NotStored()


def stored_line(text: str) -> str:
    """`text` as a field of one line keeps it: no control, bidi, zero-width, tag or surrogate characters, no blanks around."""
    return " ".join(stored_text(text).split("\n")).replace("\t", " ").strip()


def stored_text(text: str) -> str:
    """`text` as a field of many lines keeps it: as `stored_line`, but lines, tabs and blanks stay."""
    for newline in _NEWLINES:
        text = text.replace(newline, "\n")
    return "\n".join(line.translate(_STORED) for line in text.split("\n"))
