"""Whether a label of ours is meant by what somebody types: a piece of the text, its pinyin, or its initials."""

from __future__ import annotations


def matches(typed: str, label: str) -> bool:
    """Whether every word of `typed` is in `label`; Chinese labels are also found by pinyin and by initials."""
    return all(_holds(word, label) for word in typed.casefold().split())


def _holds(word: str, label: str) -> bool:
    if word in label.casefold():
        return True
    if not word.isascii() or label.isascii():
        return False
    from fieldkit.store import pinyin

    return any(word in "".join(syllables) for syllables in pinyin.sequences(label)) or any(
        word in letters for letters in pinyin.initials(label)
    )
