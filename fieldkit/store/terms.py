"""A typed query as words, each with the full-text expression that finds it. Pure; no text makes an invalid expression."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby, islice, pairwise, product
from string import digits

from fieldkit.store.documents import any_initial, initial, initial_pairs, sound
from fieldkit.store.filters import LONGEST_QUERY
from fieldkit.store.forms import initial_ends, spelled_ends
from fieldkit.store.numbers import dialled_ways, extension_apart
from fieldkit.store.pinyin import AROUND, readings
from fieldkit.store.syllables import blurred, finished, initials, is_initial, mixed, spellings
from fieldkit.store.tokens import beginnings, folded, is_latin, pairs, pieces, tokens

MOST_WORDS = 12
_LONGEST_WORD = 64  # characters of one word that are looked for
_TELLING = 7  # tokens of a phrase; every other one costs a walk through its records
_TOGETHER = AROUND + 1  # syllables or initials of one phrase
_MOST_APART = 4  # ways to read syllables with signs between
_PARTS = re.compile("[a-z][a-zü]*|[^a-z]+")
_NUMBERED = re.compile(
    "(?=[0-9]*[a-z]+[0-9]*[a-z])(?:[a-z]*[0-9]){1,4}[a-z]*"
)  # as in 58tongcheng: few digits, more letters
_SIGNED = re.compile("[0-9a-z][\\W_]+[0-9a-z]")


class Part:
    """A piece of a word: its `text`, and where that is letters the `spelled` ways to read them, those with initials before
    or between syllables (`mixed`), and the `initials`.
    """

    __slots__ = ("initials", "mixed", "spelled", "text")

    def __init__(self, text: str, *, letters: bool) -> None:
        self.text = text
        self.spelled = [parts for parts in _spelled(text) if parts != [text[:1]]] if letters else []
        self.mixed = mixed(text.replace("ü", "v")) if letters and not self.spelled else []
        self.initials = initials(text) if letters and text.isascii() else ""

    @property
    def expression(self) -> str:
        """What finds it: as it is written, by its syllables, by its initials, by both."""
        written = list(map(_phrase, beginnings(self.text)))
        spelled = _phrases([*self._sounds(), *self._letters()])
        return _any_of([*dict.fromkeys([*written, *spelled]), *(one for way in self.mixed for one in _both(way))])

    def _sounds(self) -> Iterator[list[str]]:
        for parts in self.spelled:
            yield from _unfinished(parts)
            for whole, form in spelled_ends(parts):
                yield [*map(sound, whole), sound(form)]

    def _letters(self) -> Iterator[list[str]]:
        if len(self.initials) == 1:
            yield from ([token] for token in any_initial(self.initials))
        elif self.initials:
            yield initial_pairs(self.initials)
            for whole, form in initial_ends(self.initials):
                yield initial_pairs(whole + form) if whole else [initial(form)]


def _spelled(text: str) -> list[list[str]]:
    """The ways to read letters as syllables; digits before them stand for themselves."""
    letters = text.lstrip(digits)
    return [[*text[: len(text) - len(letters)], *parts] for parts in spellings(letters)]


def _apart(word: str, cut: Sequence[str]) -> list[Part]:
    """Letters with signs between, xi'an, as the syllables of one name; nothing where they are none: R&D is that text alone."""
    ways = [[parts for parts in spellings(text) if parts != [text[:1]]] for text in cut]
    part = Part(word, letters=False)
    part.spelled = [list(chain(*read)) for read in islice(product(*ways), _MOST_APART)]
    return [part] if part.spelled else []


def _joints(parts: Sequence[Part]) -> Iterator[tuple[Part, str]]:
    """What finds a character and a letter side by side, in a name's initials or as they are written; and whose letter it is."""
    for before, after in pairwise(parts):
        last, first = pieces(before.text)[-1], pieces(after.text)[0]
        chinese, letters = (first, before) if last.isascii() else (last, after)
        read = readings(chinese)
        if read is None or not letters.initials or (chinese is first and (letters.spelled or letters.mixed)):
            continue
        if chinese is last:
            ends = [letters.initials[0], *(form for whole, form in initial_ends(letters.initials[0]) if not whole)]
            joint = [initial(sounds[0], end) for sounds in read[1] for end in ends]
            written = tokens(chinese + letters.text)[:2]
        else:
            ends = [letter for sounds in read[1] for letter in (sounds[0], *_forms(chinese))]
            joint = [initial(letters.initials[-1], end) for end in ends]
            written = tokens(letters.text + chinese)[-2:]
        yield letters, _any_of([_phrase(written), *(_phrase([token]) for token in dict.fromkeys(joint))])


def _forms(char: str) -> Iterator[str]:
    return (
        form for sounds in (readings(char) or (False, ()))[1] for whole, form in initial_ends(sounds[0]) if not whole
    )


def _unfinished(parts: Sequence[str]) -> list[list[str]]:
    """The tokens of syllables, the last of which may be unfinished."""
    *whole, last = parts
    return [[*map(sound, whole), sound(end)] for end in finished(blurred(last))]


def _both(parts: Sequence[str]) -> list[str]:
    """What finds initials and syllables that stand side by side; their end may begin a legal form."""
    return [_mixture(parts), *(_mixture(whole, form) for whole, form in spelled_ends(parts) if whole)]


def _mixture(parts: Sequence[str], form: str = "") -> str:
    """All the initials on end, and each run of syllables."""
    found = _phrases([initial_pairs("".join([part[0] for part in parts]) + form)])
    runs = [(are, list(run)) for are, run in groupby(parts, is_initial)]
    for place, (are_initials, run) in enumerate(runs, 1):
        if place == len(runs) and form:
            found.append(_phrase([*([] if are_initials else map(sound, run)), sound(form)]))
        elif not are_initials:
            ends = _unfinished(run) if place == len(runs) else [list(map(sound, run))]
            found.append(_any_of(_phrases(ends)))
    return f"({' AND '.join(found)})"


class Term:
    """One word of a query: its `text`, the FTS5 `expression` that finds it, and its `parts` where letters may be pinyin.

    `ways` are the text and, of a number, its digits as they are dialled.
    `paired` is the expression where tokens stand singly and in pairs. Both may find more than hold the word, unless it is
    `sure` for records whose tokens have places, `sure_in_pairs` for the others. `signed` where a sign stands between letters
    or digits.
    """

    __slots__ = ("expression", "paired", "parts", "signed", "sure", "sure_in_pairs", "text", "ways")

    def __init__(self, text: str) -> None:
        self.text = text
        self.ways = [text, *dialled_ways(text)]
        self.signed = _SIGNED.search(text) is not None
        self.parts = _parts(text)
        written = [run for way in self.ways for run in beginnings(way)]
        found = list(dict.fromkeys([part.expression for part in self.parts]))
        if len(self.parts) > 1:
            joints = list(_joints(self.parts))
            met = [part.expression for part, _ in joints if len(part.text) == 1]
            joined = " AND ".join([*(one for one in found if one not in met), *(joint for _, joint in joints)])
            self.expression = _any_of([*map(_phrase, written), f"({joined})"])
        else:
            self.expression = found[0] if found else _any_of([_phrase(_telling(run)) for run in written])
        self.sure = len(found) == 1 or (not found and all(len(run) <= _TELLING for run in written))
        self.paired = _any_of([*map(_pairs, written)])
        self.sure_in_pairs = all(len(run) <= 2 for run in written)

    @property
    def may_be_misspelt(self) -> bool:
        """Whether it finds names that are spelled otherwise, too."""
        ways = [parts for part in self.parts for parts in (*part.spelled, *part.mixed)]
        return any(_blurs(syllable) for parts in ways for syllable in parts)


def terms(query: str) -> list[Term]:
    """The words of `query`, separated by blanks; what holds neither letter nor digit is no word."""
    words = (one[:_LONGEST_WORD] for word in folded(query[:LONGEST_QUERY]).split() for one in extension_apart(word))
    return [Term(word) for word in words if pieces(word)][:MOST_WORDS]


def _parts(word: str) -> list[Part]:
    """The word cut before and after each run of letters, 张w → 张 | w; nothing where it holds no letters, or a digit that
    is no part of a name.
    """
    if _NUMBERED.fullmatch(word):
        return [Part(word, letters=True)]
    cut = [text for text in _PARTS.findall(word) if pieces(text)]
    if any(char.isdecimal() for char in word) or not any(text[0].isascii() for text in cut):
        return []
    if any(one[0].isascii() and after[0].isascii() for one, after in pairwise(cut)):
        return _apart(word, cut) if cut[0][0].isascii() else []
    return [Part(text, letters=text[0].isascii() and text[0].isalpha()) for text in cut]


def _blurs(syllable: str) -> bool:
    return syllable[0] in "zcsnl" or blurred(syllable) != syllable or syllable[-1] == "n"


def _phrase(words: list[str]) -> str:
    return f'"{" ".join(words)}"'


def _phrases(runs: Iterable[list[str]]) -> list[str]:
    """One for each run of tokens: as phrases that overlap by half where it is longer than what stands by another reading,
    those told once that several runs begin with.
    """
    ends: dict[tuple[str, ...], dict[str, None]] = {}
    for run in runs:
        last = max(0, len(run) - _TOGETHER)
        starts = range(0, last, _TOGETHER // 2)
        begun = tuple([_phrase(run[start : start + _TOGETHER]) for start in starts])
        ends.setdefault(begun, {})[_phrase(run[last:])] = None
    found: list[str] = []
    for begun, once in ends.items():
        ended = list(once)
        found += [f"({' AND '.join([*begun, _any_of(ended)])})"] if begun else ended
    return found


def _telling(run: list[str]) -> list[str]:
    """Enough of a long run to find it by: a name tells by its beginning, a number or code by its end."""
    return run[-_TELLING:] if is_latin(run[-1]) else run[:_TELLING]


def _pairs(words: list[str]) -> str:
    found = dict.fromkeys(pairs(words) or words)
    return f"({' AND '.join([_phrase([token]) for token in found])})"


def _any_of(expressions: list[str]) -> str:
    return expressions[0] if len(expressions) == 1 else f"({' OR '.join(expressions)})"
