"""A guide (招商指南): its file read, its Markdown divided into sections, and what a new version changes in the former one. Pure."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from fieldkit.domain.cleaning import stored_line, stored_text

LARGEST_FILE = 4 * 1024 * 1024
"""Bytes of a guide's file."""
LONGEST_SECTION = 20_000
"""Characters of a section, title and text: what one record carries through every sync."""
MOST_SECTIONS = 1000
LONGEST_TITLE = 120
"""Characters; a longer line is no heading."""

ADDED, CHANGED, MOVED, UNCHANGED, REMOVED = "added", "changed", "moved", "unchanged", "removed"

_SURELY_UTF8 = 8  # characters past ASCII: no text in GB18030 begins with so many that are UTF-8 by chance
_CONTROLS = re.compile("[\x00-\x08\x0e-\x19\x1b-\x1f]")
_HEADING = re.compile(r" {0,3}(?:#[ \t]+|##(?!#)[ \t]*)(\S.*?)(?:[ \t]+#+)?[ \t]*")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")


class Passage(NamedTuple):
    """A section as its author wrote it."""

    title: str
    text: str


class Standing(NamedTuple):
    """A section of the version that stands, by its record's `id`."""

    id: str
    passage: Passage
    position: int


class Step(NamedTuple):
    """What becomes of one section: `what` (ADDED, CHANGED, MOVED, UNCHANGED, REMOVED), its record's `id` (empty for a new
    one), its words and its place from 1 on.
    """

    what: str
    id: str
    passage: Passage
    position: int


def decoded(data: bytes) -> str | None:
    """The text of a file in UTF-8, in UTF-16 with its mark, or in GB18030; None for anything else and for damaged UTF-8."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = _decoded(data, "utf-16")
    else:
        text = _decoded(data, "utf-8-sig")
        if text is None and not _is_damaged_utf8(data):
            text = _decoded(data, "gb18030")
    return None if text is None or _CONTROLS.search(text) else text


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _is_damaged_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        sound = data[: error.start].decode()
        return sum(not char.isascii() for char in sound) >= _SURELY_UTF8
    return False


def divided(markdown: str) -> list[Passage]:
    """The sections of a text: each `#` or `##` heading begins one, deeper headings belong to its text.

    Text before the first heading is a section called by its first line. Every word stands in one of them, without what
    is harmful to show; nothing but blanks has none.
    """
    passages = []
    for title, lines in _under_headings(stored_text(markdown).split("\n")):
        text = "\n".join(lines).strip("\n").rstrip()
        if title or text:
            passages.append(Passage(title or text.lstrip()[:LONGEST_TITLE].split("\n")[0].rstrip(), text))
    return passages


def _under_headings(lines: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    title, under, fence = "", list[str](), ""
    for line in lines:
        fence = _fenced(line, fence)
        heading = None if fence else _HEADING.fullmatch(line)
        if heading and len(heading[1]) <= LONGEST_TITLE:
            yield title, under
            title, under = stored_line(heading[1]), []
        else:
            under.append(line)
    yield title, under


def _fenced(line: str, fence: str) -> str:
    """The fence that is open after `line`, where `fence` was before: what stands in it is no heading."""
    found = _FENCE.fullmatch(line)
    if found is None:
        return fence
    if not fence:
        return found[1]
    return "" if found[1].startswith(fence) and not found[2].strip() else fence


def compared(former: Sequence[Standing], passages: Sequence[Passage]) -> list[Step]:
    """What makes the sections of `former` into `passages`, in the order of these, then what is removed.

    A section is the same one where all its words are the same, else where its title is, else where its text is.
    """
    same = _paired(former, passages)
    steps = [_step(same.get(place), passage, place + 1) for place, passage in enumerate(passages)]
    kept = {one.id for one in same.values()}
    gone = [Step(REMOVED, one.id, one.passage, one.position) for one in former if one.id not in kept]
    return steps + gone


def _step(former: Standing | None, passage: Passage, position: int) -> Step:
    if former is None:
        return Step(ADDED, "", passage, position)
    moved = UNCHANGED if former.position == position else MOVED
    return Step(moved if former.passage == passage else CHANGED, former.id, passage, position)


def _paired(former: Sequence[Standing], passages: Sequence[Passage]) -> dict[int, Standing]:
    """Place in `passages` → the section that it was."""
    found: dict[int, Standing] = {}
    for key in _KEYS:
        waiting: dict[object, list[Standing]] = {}
        taken = {one.id for one in found.values()}
        for one in former:
            if one.id not in taken:
                waiting.setdefault(key(one.passage), []).append(one)
        for place, passage in enumerate(passages):
            if place not in found and key(passage) and (alike := waiting.get(key(passage))):
                found[place] = alike.pop(0)
    return found


_KEYS: tuple[Callable[[Passage], object], ...] = (lambda one: one, lambda one: one.title, lambda one: one.text)
