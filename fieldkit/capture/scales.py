"""Numbers with their scale: 2千万, 1亿2千万, 5个亿, 三亿五, 两亿五千, 300w, 250 million, half a billion."""

from __future__ import annotations

from fieldkit.capture import numbers
from fieldkit.capture.currencies import currency_at
from fieldkit.capture.quantities import is_quantity
from fieldkit.capture.text import Words, is_digit, is_latin, latin_word, skip_space, starts

_SCALES = {"万亿": 10**12, "亿": 10**8, "千万": 10**7, "百万": 10**6, "十万": 10**5, "万": 10**4, "w": 10**4}
_ENGLISH_SCALES = {
    "trillion": 10**12, "billion": 10**9, "million": 10**6, "thousand": 10**3, "bn": 10**9, "mn": 10**6, "mln": 10**6, "mm": 10**6, "b": 10**9,
    "m": 10**6, "k": 10**3,
}  # fmt: skip
_SHORT = frozenset({"mm", "b", "m", "k"})
"""Scales that are units of length or others besides: they need a currency."""
_SCALE_WORDS = tuple(_SCALES)
_ENGLISH_WORDS = Words(_ENGLISH_SCALES)
ROUGHLY = frozenset("多余来")
"""What makes a number less than exact: 十多亿, 三百来万."""


def value_at(text: str, start: int, signed: bool) -> tuple[int, int, int] | None:
    """(value in units, the last scale, end) of 1亿2千万, 2.5亿, 三亿五, 250 million, 3000."""
    total, last, index = 0, 10**16, start
    while True:
        part = _part(text, index, signed)
        if part is None:
            break
        value, scale, end = part
        if scale == 1 and index > start and last == 10**8 and 1000 <= value < 10**4 and is_digit(text[end - 1]):
            return (total + value * 10**4, last, end) if value % 100 == 0 and not is_quantity(text, end) else None
        if scale == 1 and index > start and text[end - 1] in numbers.TENS:
            return _with_thousands(text, total, value, last=last, end=end)
        if scale == 10**8 and last == 10**4:
            return (total + value // scale) * scale, scale, end
        if scale >= last or (scale == 1 and index > start and not _closes(text, end)):
            break
        total, last, index = total + value, scale, end
        index += (
            text.startswith("零", index)
            and text[index + 1 : index + 2] in numbers.STARTS
            and bool(text[index + 1 : index + 2])
        )
        if scale == 1 or (scale in _ENGLISH_SCALES.values() and text[end - 1].isascii() and is_latin(text[end - 1])):
            break
    if index == start:
        return None
    return _colloquial(text, total, last, index)


def _with_thousands(text: str, total: int, value: int, *, last: int, end: int) -> tuple[int, int, int] | None:
    """两万五千, 两亿五千 (the 万 is not said); None where the number is left in the middle."""
    if last == 10**4:
        return total + value, last, end
    return (total + value * 10**4, last, end) if last == 10**8 and text[end - 1] in {"千", "仟"} else None


def _closes(text: str, end: int) -> bool:
    """Whether 元 ends the amount: the 6500 of 987万6500元."""
    return text[end : end + 1] in {"元", "圆"} and currency_at(text, end) != ""


def _colloquial(text: str, total: int, last: int, end: int) -> tuple[int, int, int]:
    """三亿五, 两万五: the digit after the unit is tenths of it."""
    digit = numbers.DIGITS.get(text[end : end + 1], 0)
    if (
        is_digit(text[end : end + 1] or " ")
        and not text[end + 1 : end + 2].isalnum()
        and text[end + 1 : end + 2] not in {".", "-", ":", "/", "%"}
        and not (text.startswith(",", end + 1) and is_digit(text[end + 2 : end + 3] or " "))
    ):
        digit = int(text[end])
    following = text[end + 1 : end + 2]
    if following in numbers.TENS and following:
        return total, last, end
    if (
        last >= 10**4
        and digit
        and not (
            following
            and (
                (following in numbers.STARTS and not _is_rate(text, end + 1))
                or following in "个点号期楼层月日年周天家人名位条项亿万成"
            )
        )
    ):
        return total + digit * last // 10, last, end + 1
    return total, last, end


def _is_rate(text: str, index: int) -> bool:
    """Whether 一亩, 一平, 一吨 follow: what one of them costs."""
    return text.startswith("一", index) and is_quantity(text, index + 1)


def _part(text: str, start: int, signed: bool) -> tuple[int, int, int] | None:
    """One number with its scale: 2千万, 5个亿, 半个亿, 250 million."""
    if text.startswith("半个亿", start):
        return 5 * 10**7, 10**8, start + 3
    if is_latin(text[start : start + 1] or " "):
        return _in_english(text, start)
    found = numbers.section(text, start)
    if found is None:
        return None
    value, places, end = found
    index = skip_space(text, end)
    index += text.startswith("个", index) and text[index + 1 : index + 2] in {"亿", "万", "多", "余"}
    index += text[index : index + 1] in ROUGHLY and text[index + 1 : index + 2] in {"亿", "万"}
    word = starts(text, index, _SCALE_WORDS)
    if word and not _is_watt(text, index, word):
        scale = _SCALES[word]
        if text.startswith("万", index + len(word)) and scale == 10**4:
            return None
        return scaled(value, places, scale), scale, index + len(word)
    word = _ENGLISH_WORDS.at(text, index) if is_digit(text[start]) else ""
    if (
        word
        and not is_latin(text[index + len(word) : index + len(word) + 1] or " ")
        and (signed or word not in _SHORT or _money_after(text, index + len(word)))
    ):
        return scaled(value, places, _ENGLISH_SCALES[word]), _ENGLISH_SCALES[word], index + len(word)
    return scaled(value, places, 1), 1, end


def _in_english(text: str, start: int) -> tuple[int, int, int] | None:
    """two hundred million, half a billion: (value, scale, end)."""
    if start and text[start - 1].isalnum():
        return None
    halves = starts(text, start, ("half a ",))
    count, end = numbers.spoken(text, start + len(halves)) if not halves else (1, start + len(halves))
    word, after = latin_word(text, end)
    if not count or word not in _ENGLISH_SCALES or word in _SHORT:
        return None
    scale = _ENGLISH_SCALES[word]
    return count * scale // (2 if halves else 1), scale, after


def _money_after(text: str, index: int) -> bool:
    return bool(
        starts(
            text, skip_space(text, index), ("usd", "rmb", "eur", "hkd", "cny", "yuan", "美元", "美金", "元", "dollars")
        )
    )


def _is_watt(text: str, index: int, word: str) -> bool:
    after = text[index + 1 : index + 2]
    return word == "w" and (
        is_latin(after or " ")
        or is_digit(after or " ")
        or starts(text, index + 1, ("功率", "灯", "充", "快充", "电机")) != ""
    )


def scaled(value: int, places: int, scale: int) -> int:
    """The value in whole units, half a unit rounded up."""
    parts: int = 10**places
    return (value * scale * 2 + parts) // (2 * parts)
