"""Record ids: UUIDv7 (RFC 9562), made here because the quick path cannot afford an import for sixteen bytes."""

from __future__ import annotations

import os

from fieldkit.clock import Clock

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
