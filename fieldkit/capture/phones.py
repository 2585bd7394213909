"""Telephone numbers: mobile, landline with area code and extension, 400 numbers, +86 and other countries."""

from __future__ import annotations

from fieldkit.capture.numbers import digits_end
from fieldkit.capture.text import is_digit, is_latin, starts

EXTENSION = ("转", "分机", " ext.", " ext", "ext.", "ext", "-")
_LABELS = ("电话", "座机", "固话", "手机", "tel", "tel:", "phone")
_JOINTS = " -"
_PARTS = frozenset(" -()")
"""What may stand between the digits of a number."""
_SHORTEST = 7
"""Digits of a local number."""


class Phone:
    """A number as typed, read as digits (`13800138000`, `+15551234567`, `05585123456转801`)."""

    __slots__ = ("digits", "end", "start")

    def __init__(self, start: int, end: int, digits: str) -> None:
        self.start = start
        self.end = end
        self.digits = digits


def find_phones(text: str) -> list[Phone]:
    """Every telephone number in the folded line, in order."""
    found: list[Phone] = []
    index = 0
    while index < len(text):
        char = text[index]
        if is_digit(char) or (char in "+(" and index + 1 < len(text) and is_digit(text[index + 1])):
            end = digits_end(text, index + 1)
            long = end - index >= _SHORTEST or text[end : end + 1] in _PARTS or char in "+("
            phone = _phone_at(text, index) if long and not (index and _is_joined(text, index)) else None
            index = phone.end if phone else end
            if phone:
                found.append(phone)
            continue
        index += 1
    return found


def _is_joined(text: str, index: int) -> bool:
    """Whether what stands before the digits belongs to them: a letter, a currency, a point, a comma between digits."""
    before = text[index - 1]
    return is_digit(before) or is_latin(before) or before in ".¥$" or (before == "," and is_digit(text[index - 2]))


def _phone_at(text: str, start: int) -> Phone | None:
    foreign = text.startswith("+", start)
    digits, ends = _digits(text, start + foreign)
    if foreign and not digits.startswith("86"):
        return Phone(start, ends[-1], "+" + digits) if 8 <= len(digits) <= 15 else None
    skipped = (
        2 if foreign else 4 if digits.startswith("0086") else 2 if digits.startswith("861") and len(digits) >= 13 else 0
    )
    national = digits[skipped:]
    if national[:1] == "0" and skipped:
        skipped, national = skipped + 1, national[1:]
    length = _length(national)
    if skipped and not length and national[:1] not in {"0", "1"} and 9 <= len(national) <= 12:
        length, national = _length("0" + national), "0" + national
        skipped -= 1
    if length and _hyphen_after_seven(text, ends, national, skipped):
        length = _area(national) + 7
    if length and not is_digit(text[ends[skipped + length - 1]] if ends[skipped + length - 1] < len(text) else " "):
        end = ends[skipped + length - 1]
        return _extended(text, start, end, national[:length], mobile=national[0] == "1")
    if not skipped and starts_label(text, start) and 7 <= len(digits) <= 8:
        return _extended(text, start, ends[len(digits) - 1], digits, mobile=False)
    return None


def starts_label(text: str, start: int) -> bool:
    """Whether 电话, 座机 or tel stands right before."""
    before = text[max(0, start - 6) : start].rstrip(": ")
    return before.endswith(_LABELS)


def _digits(text: str, start: int) -> tuple[str, list[int]]:
    """The digits from `start` over single spaces, hyphens and brackets, and the end of each."""
    digits: list[str] = []
    ends: list[int] = []
    index = start
    while index < len(text) and len(digits) < 20:
        char = text[index]
        if is_digit(char):
            digits.append(char)
            ends.append(index + 1)
        elif char in "()" and len(digits) <= 5:
            pass
        elif char not in _JOINTS or index + 1 >= len(text) or not (is_digit(text[index + 1]) or text[index + 1] == "("):
            break
        index += 1
    return "".join(digits), ends


def _length(digits: str) -> int:
    """How many of the digits are one national number; 0 when none is."""
    if len(digits) >= 11 and digits[0] == "1" and digits[1] in "3456789":
        return 11
    if digits[:3] in {"400", "800"} and len(digits) >= 10:
        return 10
    if digits[:1] == "0" and len(digits) >= 10 and digits[1] != "0":
        area = _area(digits)
        if digits[area] not in "01":
            return min(len(digits), area + 8 if len(digits) >= area + 8 else area + 7)
    return 0


def _area(digits: str) -> int:
    """How many digits the area code of a landline has, its 0 among them."""
    return 3 if digits[1] in "12" else 4


def _hyphen_after_seven(text: str, ends: list[int], national: str, skipped: int) -> bool:
    """Whether the local number ends with its seventh digit, because a hyphen and an extension follow: 0558-5123456-801."""
    last = skipped + _area(national) + 7
    return national[0] == "0" and last < len(ends) and text[ends[last - 1]] == "-"


def _extended(text: str, start: int, end: int, digits: str, *, mobile: bool) -> Phone:
    word = starts(text, end, EXTENSION)
    index = end + len(word)
    while word and text.startswith(" ", index):
        index += 1
    last = index
    while last < len(text) and is_digit(text[last]):
        last += 1
    if word and 1 <= last - index <= 6 and not (mobile and word == "-"):
        return Phone(start, last, f"{digits}转{text[index:last]}")
    return Phone(start, end, digits)
