"""Record ids: UUIDv7 (RFC 9562), made here because the quick path cannot afford an import for sixteen bytes."""

from __future__ import annotations

import os

from fieldkit.clock import Clock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

RANDOM_BYTES = 10


def uuid7(millis: int, random: bytes) -> str:
    """The canonical text of the UUIDv7 for `millis` since 1970 and ten random bytes."""
    if len(random) != RANDOM_BYTES:
        raise ValueError("a UUIDv7 takes ten random bytes")
    number = (millis & (1 << 48) - 1) << 80 | int.from_bytes(random, "big")
    number = number & ~(0xF << 76) | 0x7 << 76
    number = number & ~(0x3 << 62) | 0x2 << 62
    digits = f"{number:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def new_id(clock: Clock) -> str:
    """A new record id at the clock's time."""
    return uuid7(int(clock().timestamp() * 1000), os.urandom(RANDOM_BYTES))


def shortened(ids: Iterable[str], least: int, others: Iterable[str] = ()) -> dict[str, str]:
    """Each of `ids` cut to its fewest characters, and no less than `least`, with which none of them nor of `others` begins."""
    wanted = set(ids)
    standing = sorted({*wanted, *others})
    found = {}
    for before, this, after in zip(["", *standing], standing, [*standing[1:], ""], strict=False):
        if this in wanted:
            shared = max(_shared(this, before), _shared(this, after))
            found[this] = this[: max(least, shared + 1)]
    return found


def _shared(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (mine, theirs) in pairs if mine != theirs), min(len(one), len(other)))
