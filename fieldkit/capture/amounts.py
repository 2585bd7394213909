"""Amounts of money in every spelling: 2.5亿, 1亿2千万, 两点五亿, 3,000.50万元, 300w, 1.2亿美元, $2.5m, 3-5亿."""

from __future__ import annotations

from fieldkit.capture import numbers
from fieldkit.capture.currencies import AFTER, BEFORE, BEFORE_WORDS, YUAN, change, currency_at
from fieldkit.capture.quantities import is_quantity
from fieldkit.capture.scales import ROUGHLY, scaled, value_at
from fieldkit.capture.text import is_digit, is_latin, skip_space, starts

_APPROXIMATE = ("左右", "上下", "以上", "以下", "以内", "多", "余", "出头", "不到")
STARTS = numbers.STARTS | frozenset([word[0] for word in (*BEFORE, *numbers.SPOKEN, "half")])
LARGEST = 10**17
_HALF = 50  # hundredths, from which a yuan is rounded up


class Money:
    """An amount as said: whole units of `currency`, `most` for a range, where it ends, and whether it is exact."""

    __slots__ = ("amount", "currency", "end", "exact", "most")

    def __init__(self, amount: int, most: int | None, currency: str, end: int, exact: bool) -> None:
        self.amount = amount
        self.most = most
        self.currency = currency
        self.end = end
        self.exact = exact


def money_at(text: str, start: int) -> Money | None:
    """The amount that begins at `start`; None for numbers without a unit of money and for quantities of other things."""
    if _is_exponent(text, start):
        return None
    sign = BEFORE_WORDS.at(text, start)
    if sign and is_latin(sign[-1]) and start and is_latin(text[start - 1]):
        return None
    index = skip_space(text, start + len(sign))
    first = value_at(text, index, bool(sign))
    if first is None or (first[1] == 1 and text[index + 1 : index + 2] in numbers.DIGITS):
        return _two_digits(text, index, BEFORE.get(sign, ""))
    value, scale, end = first
    ranged = _range_end(text, end, bool(sign))
    if ranged:
        most, most_scale, end = ranged
        if scale == 1 and (short := numbers.section(text, index)):
            value = scaled(short[0], short[1], most_scale)
        return (
            _with_currency(text, start, end, ends=(value, most), currency=BEFORE.get(sign, ""))
            if value < most
            else None
        )
    if scale == 1 and not sign and not _is_priced(text, end):
        return None
    return _with_currency(text, start, end, ends=(value, None), currency=BEFORE.get(sign, ""))


def _is_exponent(text: str, start: int) -> bool:
    """Whether the digits at `start` are the power in 1e9, 1e+9: no number by themselves."""
    sign = start > 0 and text[start - 1] in "+-"
    return start >= 2 + sign and text[start - 1 - sign] == "e" and is_digit(text[start - 2 - sign])


def _is_priced(text: str, end: int) -> bool:
    """Whether a currency follows a number without 万 or 亿: 3000元, 500块钱, 5000 USD."""
    end += text[end : end + 1] in ROUGHLY
    return currency_at(text, skip_space(text, end)) not in {"", "刀", "欧"}


def _with_currency(text: str, start: int, end: int, *, ends: tuple[int, int | None], currency: str) -> Money | None:
    """The amount (or both ends of a range) read up to `end`, with the words of about and of currency around it."""
    exact = True
    value, most = ends
    more = starts(text, end, ("多", "余", "来"))
    if more == "来" and not currency_at(text, end + 1):
        more = ""
    end += len(more)
    index = skip_space(text, end)
    word = currency_at(text, index)
    if word:
        end = index + len(word)
        currency = AFTER[word] if AFTER[word] != "CNY" or not currency else currency
        cents, end = change(text, end) if word in YUAN else (0, end)
        value += cents >= _HALF
        while extra := starts(text, end, ("人民币", "钱", "整", "rmb")):
            end += len(extra)
    elif is_quantity(text, end):
        return None
    if value > LARGEST or (most or 0) > LARGEST:
        return None
    if (
        more
        or not ROUGHLY.isdisjoint(text[start:end])
        or starts(text, end, _APPROXIMATE)
        or (start and text[start - 1] in "约近超过")
    ):
        exact = False
    return Money(value, most, currency or "CNY", end, exact)


def _range_end(text: str, end: int, signed: bool) -> tuple[int, int, int] | None:
    index = skip_space(text, end)
    unit = currency_at(text, index)
    index += len(unit) if starts(text, index + len(unit), numbers.TO) else 0
    word = starts(text, index, numbers.TO)
    if not word:
        return None
    index = skip_space(text, index + len(word))
    second = value_at(text, index, signed)
    return second if second and (second[1] > 1 or _is_priced(text, second[2])) else None


def _two_digits(text: str, start: int, currency: str) -> Money | None:
    """三四千万, 两三个亿: two neighbouring digits are a range."""
    first, second = numbers.DIGITS.get(text[start : start + 1], 0), numbers.DIGITS.get(text[start + 1 : start + 2], 0)
    if not 0 < first < second:
        return None
    most = value_at(text, start + 1, False)
    if most is None or (most[1] == 1 and not _is_priced(text, most[2])):
        return None
    return _with_currency(text, start, most[2], ends=(most[0] * first // second, most[0]), currency=currency)
