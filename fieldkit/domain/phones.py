"""Telephone numbers as they are stored, E.164 with the extension of RFC 3966 (`+865585123456;ext=801`), and as people read them.

One field may hold several, with `BESIDE` between them.
What could not be made sense of is stored as it was typed, and passes through here as it is.
"""

from __future__ import annotations

from fieldkit.i18n import _

EXTENSION = ";ext="
BESIDE = "、"
_CHINA = "+86"
_SAID = "转"
_SERVICES = ("400", "800")
_MOBILE = 11
_FEWEST, _MOST = 8, 15  # digits of E.164


def parts(stored: str) -> tuple[str, str]:
    """The number and its extension, which may be empty."""
    number, _mark, extension = stored.partition(EXTENSION)
    return number, extension


def is_international(stored: str) -> bool:
    """Whether a number is stored in its uniform form, and not as it was typed."""
    number, extension = parts(stored)
    digits = number[1:]
    uniform = number[:1] == "+" and digits.isascii() and digits.isdigit() and _FEWEST <= len(digits) <= _MOST
    return uniform and (not extension or extension.isdigit())


def readable(stored: str) -> str:
    """138 0013 8000, 0558-5123456 ext. 801; a number of another country stays international."""
    if BESIDE in stored:
        return BESIDE.join(map(readable, stored.split(BESIDE)))
    if not is_international(stored):
        return stored
    number, extension = parts(stored)
    grouped = _grouped(number[len(_CHINA) :]) if number.startswith(_CHINA) else number
    return _("{number} ext. {extension}").format(number=grouped, extension=extension) if extension else grouped


def dialled(stored: str) -> list[str]:
    """The digits by which people look for the number: as dialled in China, with the country, the extension, and with hyphens."""
    if not is_international(stored):
        return [stored]
    number, extension = parts(stored)
    if not number.startswith(_CHINA):
        return [digits for digits in (number[1:], extension) if digits]
    home = number[len(_CHINA) :]
    hyphened = _grouped(home) if not _is_mobile(home) else ""
    whole = f"{hyphened}{_SAID}{extension}" if hyphened and extension else hyphened
    return [digits for digits in (_national(home), number[1:], extension, whole) if digits]


def is_personal(stored: str) -> bool:
    """Whether it is one person's number: a mobile one, or one with an extension, and no switchboard's."""
    number, extension = parts(stored)
    return bool(extension) or (number.startswith(_CHINA) and _is_mobile(number[len(_CHINA) :]))


def _grouped(digits: str) -> str:
    if _is_mobile(digits):
        return f"{digits[:3]} {digits[3:7]} {digits[7:]}"
    if digits.startswith(_SERVICES):
        return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"
    area = 2 if digits[0] in "12" else 3
    return f"0{digits[:area]}-{digits[area:]}"


def _national(digits: str) -> str:
    return digits if _is_mobile(digits) or digits.startswith(_SERVICES) else "0" + digits


def _is_mobile(digits: str) -> bool:
    return len(digits) == _MOBILE and digits[0] == "1"
