"""The legal form of a company in letters: one token for what nearly every name ends in, so that it costs little and hides nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fieldkit.capture.names import LEGAL
from fieldkit.store.syllables import blurred

FORMS = {form: chr(0xF700 + place) for place, form in enumerate(LEGAL)}
"""A legal form → the character that stands for it."""
_READ = dict(
    zip("股份有限责任公司集团分子总", "gu fen you xian ze ren gong si ji tuan fen zi zong".split(), strict=True)
)
_SYLLABLES = {token: [blurred(_READ[char]) for char in form] for form, token in FORMS.items()}
_INNER = {
    token: [place for place in range(1, len(form)) if form[place : place + 2] in ("有限", "责任", "公司")]
    for form, token in FORMS.items()
}
"""Where in each form a word begins."""
_INITIALS = {token: "".join(_READ[char][0] for char in form) for form, token in FORMS.items()}


def marked(name: str) -> str:
    """`name` with its legal form as one character."""
    for form, token in FORMS.items():
        if name.endswith(form) and len(name) > len(form) + 1:
            return name[: -len(form)] + token
    return name


def spelled_ends(syllables: Sequence[str]) -> Iterator[tuple[Sequence[str], str]]:
    """What is left of `syllables`, the last of which may be unfinished, where their end begins a legal form; and its token.

    Nothing is left where they are two or more of its syllables, from any of its words on.
    """
    sounds = list(map(blurred, syllables))
    for token, form in _SYLLABLES.items():
        for count in range(1, min(len(sounds), len(form)) + 1):
            *whole, last = sounds[-count:]
            if whole == form[: count - 1] and form[count - 1].startswith(last):
                yield syllables[:-count], token
        if len(sounds) > 1 and any(form[place : place + len(sounds)] == sounds for place in _INNER[token]):
            yield [], token


def initial_ends(letters: str) -> Iterator[tuple[str, str]]:
    """What is left of `letters` where their end begins the initials of a legal form; and its token."""
    for token, form in _INITIALS.items():
        for count in range(1, min(len(letters), len(form)) + 1):
            if form.startswith(letters[-count:]):
                yield letters[:-count], token
