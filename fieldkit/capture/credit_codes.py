"""Unified social credit codes in a line (GB 32100-2015), told from other numbers of eighteen characters.

A code names its registry (91 for companies) and the place of registration (GB/T 2260), and ends in a check character. So
does an identity card (GB 11643), with the holder's birthday where a code has the organisation's own number.
"""

from __future__ import annotations

from fieldkit.capture.text import is_digit, is_latin, words
from fieldkit.uscc import ALPHABET, LENGTH, fault

_CHARS = frozenset(ALPHABET.lower())
_REGISTRIES = frozenset(
    words("11 12 13 19 21 29 31 32 33 34 35 39 41 49 51 52 53 59 61 62 69 71 72 79 81 89 91 92 93 a1 a9 n1 n2 n3 n9 y1")
)
_OF_COMPANIES = frozenset(words("91 92 93"))
_PROVINCES = frozenset(
    words("10 11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82")
)
_BEGINNINGS = _REGISTRIES | _PROVINCES
_LABELS = (
    *words("统一社会信用代码 社会信用代码 统一信用代码 信用代码 统一代码 信用码 纳税人识别号 税号 uscc"),
    "credit code",
)
_OTHERS = (*words("身份证 居留证 居住证 证件 订单 运单 单 合同 账 帐 卡 编 流水"), "id card")
"""What else a number of that length may be said to be."""
_LINKS = (" ", "号码", "号", "为", "是", "(", ":", "=")
_MISCOUNTED = 3
"""Characters that a code behind its label may have too many or too few of to be taken for a mistyped one."""
_MOBILE = 11
_CARD_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CARD_CHECKS = "10x98765432"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION_CHECKS = "0x987654321"
_UNITS = frozenset("万亿元年月日号点%.")


class Code:
    """A code found: its span in the folded text, where its label begins, the code in capitals, whether its check value fits.

    `code` is empty where an identity card's number stands, None where a label stands before what is no code.
    """

    __slots__ = ("code", "end", "labelled", "start", "sure")

    def __init__(self, start: int, end: int, labelled: int, code: str | None) -> None:
        self.start = start
        self.end = end
        self.labelled = labelled
        self.code = code
        self.sure = code is not None and not fault(code)


def find(text: str) -> list[Code]:
    """Every credit code and every identity card's number of a folded text, in order."""
    found: list[Code] = []
    index = 0
    while index + LENGTH <= len(text):
        code = _code_at(text, index) if text[index : index + 2] in _BEGINNINGS and _begins(text, index) else None
        if code is not None:
            found.append(code)
        index = index + 1 if code is None else code.end
    for label in _LABELS:
        mistyped = _mistyped(text, label)
        if mistyped and all(mistyped.end <= other.start or other.end <= mistyped.start for other in found):
            found.append(mistyped)
    return found


def _mistyped(text: str, label: str) -> Code | None:
    """What stands behind a label, of about the length of a code."""
    labelled = text.find(label)
    if labelled < 0:
        return None
    start = labelled + len(label)
    while link := next((link for link in _LINKS if text.startswith(link, start)), ""):
        start += len(link)
    end = start
    while (past := _group_end(text, end + (end > start and text[end : end + 1] in {" ", "-"}))) > end:
        end = past
    length = sum([char.isalnum() for char in text[start:end]])
    return Code(start, end, labelled, None) if abs(length - LENGTH) <= _MISCOUNTED else None


def _group_end(text: str, start: int) -> int:
    """Where a run of letters and digits with a digit among them ends; 0 where none stands, or an amount or a time does."""
    end = start
    while end < len(text) and (is_digit(text[end]) or is_latin(text[end])):
        end += 1
    return end if any(map(is_digit, text[start:end])) and text[end : end + 1] not in _UNITS else 0


def _begins(text: str, index: int) -> bool:
    before = text[index - 1] if index else " "
    return not (is_digit(before) or is_latin(before) or before in ".¥$+")


def _code_at(text: str, start: int) -> Code | None:
    groups, end = _groups(text, start)
    code, following = "".join(groups), text[end : end + 1] or " "
    if len(code) != LENGTH or is_digit(following) or is_latin(following):
        return None
    labelled = _behind(text, start, _LABELS)
    found = Code(start, end, start if labelled is None else labelled, code.upper())
    if _is_card(code) and (labelled is None or not found.sure):
        return Code(start, end, start, "")
    if not _is_placed(code) or (not found.sure and following in _UNITS):
        return None
    said = labelled is not None or _stands_alone(text, start, code, groups, sure=found.sure)
    return found if said else None


def _stands_alone(text: str, start: int, code: str, groups: list[str], *, sure: bool) -> bool:
    """Whether it is a code though nothing says so: a company's, and in one piece where its check value fails; or one that no
    order or account number is by chance.
    """
    if _behind(text, start, _OTHERS) is not None or any(map(_is_mobile, groups)):
        return False
    if code[:2] in _OF_COMPANIES:
        return sure or len(groups) == 1
    return sure and (not code.isdigit() or _is_organisation(code[8:17]))


def _is_organisation(number: str) -> bool:
    """Whether nine digits are an organisation's number (GB 11714), which ends in a check character too."""
    total = sum([int(digit) * weight for digit, weight in zip(number[:-1], _ORGANISATION_WEIGHTS, strict=True)])
    return _ORGANISATION_CHECKS[total % 11] == number[-1]


def _groups(text: str, start: int) -> tuple[list[str], int]:
    """The characters of a code from `start` over single blanks and hyphens, in the groups that these make, and their end."""
    groups, count, index = [""], 0, start
    while count < LENGTH and index < len(text):
        char = text[index]
        if char in _CHARS:
            groups[-1] += char
            count += 1
        elif char in " -" and groups[-1]:
            groups.append("")
        else:
            break
        index += 1
    return groups, index


def _is_placed(code: str) -> bool:
    """Whether it begins with a registry and the six digits of a place."""
    return code[:2] in _REGISTRIES and code[2:4] in _PROVINCES and all(map(is_digit, code[4:8]))


def _is_card(code: str) -> bool:
    """Whether this is the number of an identity card: digits with a birthday among them, and its own check character."""
    digits = code[:-1]
    if not all(map(is_digit, digits)):
        return False
    year, month, day = int(code[6:10]), int(code[10:12]), int(code[12:14])
    if not (1900 <= year < 2100 and 1 <= month <= 12 and 1 <= day <= 31):
        return False
    total = sum([int(digit) * weight for digit, weight in zip(digits, _CARD_WEIGHTS, strict=True)])
    return _CARD_CHECKS[total % 11] == code[-1]


def _is_mobile(group: str) -> bool:
    return len(group) == _MOBILE and group[0] == "1" and all(map(is_digit, group))


def _behind(text: str, start: int, table: tuple[str, ...]) -> int | None:
    """Where the word of `table` before `start` begins, over blanks and small words; None where none stands there."""
    end = start
    while link := next((link for link in _LINKS if text.endswith(link, 0, end)), ""):
        end -= len(link)
    return next((end - len(word) for word in table if text.endswith(word, 0, end)), None)
