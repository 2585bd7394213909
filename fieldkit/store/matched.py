"""Where in a record a query's words stand, to be shown, and whether the record is spelled as it was typed. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any
from unicodedata import is_normalized

from fieldkit.store import pinyin
from fieldkit.store.documents import FIELDS, NAMES, searched
from fieldkit.store.syllables import blurred
from fieldkit.store.terms import Part, Term
from fieldkit.store.tokens import folded, pieces

_BEFORE, _LONGEST = 12, 60  # characters of a snippet: before the first span, and altogether
_ONE_LINE = dict.fromkeys(map(ord, "\r\n\t\v\f\x1c\x1d\x1e\x85\u2028\u2029"), " ")
Span = tuple[int, int]


def match(kind: str, row: Mapping[str, Any], wanted: Sequence[Term]) -> dict[str, Any] | None:
    """{"field", "text", "spans"}: the field that shows most of the words, a piece of its text on one line, and where in that
    piece they stand, as [start, end); None where there is nothing to show.
    """
    best: tuple[str, list[Span]] = ("", [])
    most = 0
    for field in FIELDS[kind]:
        found = [_spans(kind, field, str(row.get(field) or ""), term) for term in wanted]
        if sum(map(bool, found)) > most:
            most = sum(map(bool, found))
            best = field, sorted({span for spans in found for span in spans})
        if most == len(wanted):
            break
    return {"field": best[0], **_snippet(str(row[best[0]]), best[1])} if most else None


def marked(text: str, found: Mapping[str, Any] | None) -> list[tuple[str, bool]]:
    """`text` in pieces, each with whether it is what `match` found; nothing where not all of that stands in it."""
    parts: list[tuple[str, bool]] = []
    place = 0
    pieces_found = [found["text"][start:end] for start, end in found["spans"]] if found else []
    for piece in pieces_found:
        at = text.find(piece, place)
        if at < 0:
            return []
        parts += [(text[place:at], False), (piece, True)]
        place = at + len(piece)
    return [part for part in (*parts, (text[place:], False)) if part[0]] if parts else []


def is_misspelt(kind: str, values: Mapping[str, Any], wanted: Sequence[Term]) -> bool:
    """Whether a word finds the record of `kind` only by another spelling of its name; `values` hold its FIELDS."""
    for term in wanted:
        for field in NAMES.get(kind, ()):
            if values[field] and _name_spans(kind, field, values[field], term, exactly=True):
                break
        else:
            if not any(_written(values[field], term.text) for field in FIELDS[kind] if values[field]):
                return True
    return False


def stands_in(kind: str, values: Mapping[str, Any], term: Term) -> bool:
    """Whether the word stands in one of the record's FIELDS as it is written, whatever signs stand between its characters;
    or, where it joins letters to other characters, side by side in a name.
    """
    texts = [searched(kind, field, values[field]) for field in FIELDS[kind] if values[field]]
    if any(way in text or _written(text, way) for text in texts for way in term.ways):
        return True
    names = [field for field in NAMES.get(kind, ()) if values[field] and len(term.parts) > 1]
    return any(
        _name_spans(kind, field, values[field], term, exactly=exactly) for exactly in (True, False) for field in names
    )


def _spans(kind: str, field: str, text: str, term: Term) -> list[Span]:
    if not text:
        return []
    for way in term.ways:
        span = _written(text, way)
        if span is not None:
            return [span]
    return _name_spans(kind, field, text, term, exactly=True) or _name_spans(kind, field, text, term, exactly=False)


def _name_spans(kind: str, field: str, text: str, term: Term, *, exactly: bool) -> list[Span]:
    """Where the parts of the word stand side by side in a name, letters by their sound."""
    if field not in NAMES.get(kind, ()) or not term.parts:
        return []
    span = _side_by_side(text, term.parts, None, exactly=exactly)
    return [span] if span else []


def _side_by_side(name: str, parts: Sequence[Part], after: int | None, *, exactly: bool) -> Span | None:
    """Where all of `parts` stand, one after the other with no more than signs between; from `after` on, where it is given."""
    for span in chain(_sounding(name, parts[0], exactly=exactly), _all_written(name, parts[0].text)):
        if after is not None and (span[0] < after or pieces(folded(name[after : span[0]]))):
            continue
        if len(parts) == 1:
            return span
        if rest := _side_by_side(name, parts[1:], span[1], exactly=exactly):
            return span[0], rest[1]
    return None


def _written(text: str, word: str) -> Span | None:
    """Where the folded `word` stands first in `text`, whatever signs stand between its characters."""
    return next(_all_written(text, word), None)


def _all_written(text: str, word: str) -> Iterator[Span]:
    plain = text.lower()
    if len(plain) == len(text) and is_normalized("NFKC", text):
        for found in _pattern(word).finditer(plain):
            yield found.span()
        return
    plain, places = _placed(text)
    for found in _pattern(word).finditer(plain):
        yield places[found.start()], places[found.end() - 1] + 1


@lru_cache(maxsize=256)
def _pattern(word: str) -> re.Pattern[str]:
    runs = pieces(word)
    bounded = [rf"{run}(?![0-9a-z])" if run.isascii() else re.escape(run) for run in runs[:-1]]
    inner = [rf"(?<![0-9a-z]){run}" if run.isascii() else run for run in [*bounded, re.escape(runs[-1])][1:]]
    return re.compile(r"[\W_]*".join([*(bounded or runs)[:1], *inner]))


def _placed(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the place of the one it comes from."""
    parts = [(char, place) for place, one in enumerate(text) for char in folded(one)]
    return "".join(char for char, _ in parts), [place for _, place in parts]


def _sounding(name: str, part: Part, *, exactly: bool) -> Iterator[Span]:
    """The characters of `name` that sound as `part`, by its syllables or its initials."""
    places, sounds, blurs = _known(name)
    for syllables in part.spelled:
        for start in _runs(sounds, syllables) if exactly else _runs(blurs, list(map(blurred, syllables))):
            yield places[start], places[start + len(syllables) - 1] + 1
    ways = part.mixed if exactly else [list(map(blurred, parts)) for parts in part.mixed]
    for parts in [*ways, *([list(part.initials)] if part.initials and exactly else [])]:
        for start in _runs_of_beginnings(sounds if exactly else blurs, parts):
            yield places[start], places[start + len(parts) - 1] + 1


@lru_cache(maxsize=4096)
def _known(name: str) -> tuple[list[int], list[tuple[str, ...]], list[tuple[str, ...]]]:
    """Of the characters that are read: the places, the readings, and these blurred."""
    read = [(place, options[1]) for place, char in enumerate(name) if (options := pinyin.readings(char))]
    sounds = [readings for _, readings in read]
    return [place for place, _ in read], sounds, [tuple(map(blurred, readings)) for readings in sounds]


def _runs(sounds: Sequence[tuple[str, ...]], wanted: Sequence[str]) -> Iterator[int]:
    """Where characters on end read as `wanted`, the last of which may be unfinished."""
    *whole, last = wanted
    for start in range(len(sounds) - len(whole)):
        for place, sound in enumerate(whole, start):
            if sound not in sounds[place]:
                break
        else:
            for sound in sounds[start + len(whole)]:
                if sound.startswith(last):
                    yield start
                    break


def _runs_of_beginnings(sounds: Sequence[tuple[str, ...]], parts: Sequence[str]) -> Iterator[int]:
    """Where characters on end begin with these letters."""
    for start in range(len(sounds) - len(parts) + 1):
        for place, part in enumerate(parts, start):
            for reading in sounds[place]:
                if reading.startswith(part):
                    break
            else:
                break
        else:
            yield start


def _snippet(text: str, spans: Sequence[Span]) -> dict[str, Any]:
    start = 0 if spans[0][1] <= _LONGEST - _BEFORE else max(0, spans[0][0] - _BEFORE)
    end = start + _LONGEST
    head, tail = "…" if start else "", "…" if end < len(text) else ""
    shift = len(head) - start
    inside = list(_joined((first, min(last, end)) for first, last in spans if start <= first < end))
    return {
        "text": head + text[start:end].translate(_ONE_LINE) + tail,
        "spans": [[first + shift, last + shift] for first, last in inside],
    }


def _joined(spans: Iterator[Span]) -> Iterator[Span]:
    """`spans` in order, those that touch made one."""
    open_span: Span | None = None
    for first, last in spans:
        if open_span and first <= open_span[1]:
            open_span = open_span[0], max(last, open_span[1])
            continue
        if open_span:
            yield open_span
        open_span = first, last
    if open_span:
        yield open_span
