"""The names that a company had before (曾用名), several in one field."""

from __future__ import annotations

from collections.abc import Iterable

SEPARATOR = "、"
_SEPARATORS = str.maketrans({";": SEPARATOR, "；": SEPARATOR, "\n": SEPARATOR})
"""A comma is none: it stands in Co., Ltd."""


def each(field: str) -> list[str]:
    """The names in the field, in order."""
    return [name for part in field.translate(_SEPARATORS).split(SEPARATOR) if (name := part.strip())]


def joined(names: Iterable[str]) -> str:
    """The field that holds these names, each once."""
    return SEPARATOR.join(dict.fromkeys(names))
