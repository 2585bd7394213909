"""Numbers as people write them: 3,000.50, 两点五, 二〇二六, 壹亿贰仟万, 1千5百, two hundred fifty."""

from __future__ import annotations

from fieldkit.capture.text import is_digit, latin_word, words

Number = tuple[int, int, int]
"""An exact value and where it ends: (digits, decimal places, end); 2.5 ending at 3 is (25, 1, 3)."""

DIGITS = dict(zip("零〇一二三四五六七八九", (0, *range(10)), strict=True))
DIGITS |= {"两": 2, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9, "俩": 2, "仨": 3}
TENS = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
SCORES = {"廿": 20, "卅": 30}
STARTS = frozenset("0123456789") | frozenset(DIGITS) | frozenset("十拾廿卅百千半")
SPOKEN = dict(
    zip(
        words("a one two three four five six seven eight nine ten eleven twelve fifteen"),
        (1, *range(1, 13), 15),
        strict=True,
    )
)
SPOKEN |= dict(zip(words("twenty thirty forty fifty sixty seventy eighty ninety"), range(20, 100, 10), strict=True))
"""Number words of English."""
TO = ("到", "至", "--", "-", "~")
"""What joins the two ends of a range."""
LONGEST = 30
"""Digits in a figure; what is longer is no number that anybody writes."""


def arabic(text: str, start: int) -> Number | None:
    """A number in digits, with thousands separators and a decimal part: 3,000.50."""
    end = digits_end(text, start)
    if end == start or end - start > LONGEST:
        return None
    digits = text[start:end]
    if end - start <= 3 and digits[0] != "0":
        while text.startswith(",", end) and digits_end(text, end + 1) == end + 4:
            digits += text[end + 1 : end + 4]
            end += 4
    if text.startswith(".", end) and end + LONGEST > (fraction := digits_end(text, end + 1)) > end + 1:
        places = fraction - end - 1
        return int(digits + text[end + 1 : fraction]), places, fraction
    return int(digits), 0, end


def digits_end(text: str, start: int) -> int:
    """Where the run of digits beginning at `start` ends."""
    end, length = start, len(text)
    while end < length and "0" <= text[end] <= "9":
        end += 1
    return end


def at_boundary_before(text: str, index: int) -> bool:
    """Whether no letter, digit or point stands before `index`; a colon may, where it parts a label from its value."""
    if index and text[index - 1] == ":":
        return index == 1 or not is_digit(text[index - 2])
    return index == 0 or not (text[index - 1].isascii() and (text[index - 1].isalnum() or text[index - 1] in "./-¥$"))


def at_boundary_after(text: str, index: int) -> bool:
    """Whether no letter, digit, percentage or joined number follows at `index`."""
    if index < len(text) and text[index].isalnum():
        return not text[index].isascii()
    joined = text[index : index + 1] in {".", "/", "-", ":", ","} and text[index + 1 : index + 2].isdigit()
    return not joined and not text.startswith("%", index)


def chinese(text: str, start: int) -> Number | None:
    """A whole Chinese number below ten thousand: 十二, 二十五, 一百零三, 两千三百, 二〇二六, 廿三."""
    spelled = _spelled(text, start)
    if spelled is not None:
        return spelled
    total = digit = 0
    index, limit = start, 10_000
    while index < len(text):
        char = text[index]
        if char in DIGITS:
            if digit or (index > start and text[index - 1] in DIGITS and DIGITS[text[index - 1]]):
                break
            digit = DIGITS[char]
        elif char in TENS and TENS[char] < limit and (digit or (index == start and TENS[char] == 10)):
            total, digit, limit = total + (digit or 1) * TENS[char], 0, TENS[char]
        elif char in SCORES and index == start:
            total, limit = SCORES[char], 10
        else:
            break
        index += 1
    if index == start:
        return None
    return total + digit, 0, index


def _spelled(text: str, start: int) -> Number | None:
    """Digits read out one by one: 二〇二六, 一三八零零."""
    end = start
    while end < len(text) and text[end] in DIGITS:
        end += 1
    if end - start < (2 if text.startswith(("零", "〇"), start) else 3) or text[end : end + 1] in TENS:
        return None
    value = 0
    for char in text[start:end]:
        value = value * 10 + DIGITS[char]
    return value, 0, end


def whole(text: str, start: int) -> tuple[int, int] | None:
    """A whole number in digits or in Chinese, without separators, and where it ends."""
    if text[start : start + 1] not in STARTS:
        return None
    numbers = _met.of(text)
    if start not in numbers:
        numbers[start] = _whole(text, start)
    return numbers[start]


class _Met:
    """The whole numbers of the text that was read last: each reader of dates asks for them again."""

    def __init__(self) -> None:
        self._last: tuple[str, dict[int, tuple[int, int] | None]] = "", {}

    def of(self, text: str) -> dict[int, tuple[int, int] | None]:
        last = self._last
        if last[0] is not text:
            self._last = last = text, {}
        return last[1]


_met = _Met()


def _whole(text: str, start: int) -> tuple[int, int] | None:
    end = digits_end(text, start)
    if end > start:
        return (int(text[start:end]), end) if end - start <= 9 else None
    found = chinese(text, start)
    return (found[0], found[2]) if found else None


def section(text: str, start: int) -> Number | None:
    """The number before a unit of money: 2.5, 3,000.50, 两点五, 1千5百, 一千五百."""
    found = arabic(text, start)
    if found is None:
        found = chinese(text, start)
        return _with_fraction(text, found) if found else None
    value, places, end = found
    total, limit = 0, 10_000
    while (ten := TENS.get(text[end : end + 1], limit)) < limit:
        total, value, limit, end = total + value * ten, 0, ten, end + 1
        following = arabic(text, end)
        if following is None or following[1] or places:
            break
        if text[following[2] : following[2] + 1] not in TENS:
            if following[0] < limit and text[following[2] : following[2] + 1] in {"万", "亿"}:
                value, end = following[0], following[2]
            break
        value, _, end = following
    return total + value, places, end


def _with_fraction(text: str, found: Number) -> Number:
    value, _, end = found
    if not text.startswith("点", end):
        return found
    index = end + 1
    while index < len(text) and text[index] in DIGITS:
        value = value * 10 + DIGITS[text[index]]
        index += 1
    return (value, index - end - 1, index) if index > end + 1 else found


def spoken(text: str, start: int) -> tuple[int, int]:
    """A number in English words and where the word after it begins: two hundred fifty; 0 for none."""
    total, end = 0, start
    while True:
        word, after = latin_word(text, end)
        if word == "hundred" and total:
            total *= 100
        elif word in SPOKEN:
            total += SPOKEN[word]
        elif not (word == "and" and total % 100 == 0 and total):
            return total, end
        end = after + (text[after : after + 1] in {" ", "-"})
