"""Stamps: a hybrid logical clock, `millis-counter-device`, whose text order is its time order.

A stamp is the identity of one saved change. Two changes never share one: the counter starts at a random place in
each millisecond, so that even two clones of one disk do not meet.
"""

from __future__ import annotations

import re
import time
from typing import NamedTuple

FUTURE_TOLERANCE = 5 * 60 * 1000
"""How far past the centre's clock a stamp may lie, in milliseconds."""

_COUNTER_SPAN = 1 << 16
_COUNTER_START = 1 << 14
_MILLIS_DIGITS = 13
_COUNTER_DIGITS = 4
DEVICE_DIGITS = 12
_STAMP = re.compile(rf"[0-9]{{{_MILLIS_DIGITS}}}-[0-9a-f]{{{_COUNTER_DIGITS}}}-[0-9a-f]{{{DEVICE_DIGITS}}}").fullmatch

_DEVICE = re.compile(rf"[0-9a-f]{{{DEVICE_DIGITS}}}").fullmatch


class Tick(NamedTuple):
    """The last reading of a hybrid clock: milliseconds since the epoch, and a counter within them."""

    millis: int
    counter: int


def advance(last: Tick, now: int, noise: int) -> Tick:
    """The next reading after `last` when the wall clock says `now`; never earlier, whatever the wall clock does.

    `noise` is any non-negative integer; it picks where the counter starts in a new millisecond.
    """
    if now > last.millis:
        return Tick(now, noise % _COUNTER_START)
    if last.counter + 1 < _COUNTER_SPAN:
        return Tick(last.millis, last.counter + 1)
    return Tick(last.millis + 1, noise % _COUNTER_START)


def stamp(tick: Tick, device: str) -> str:
    """`tick` of `device` as text."""
    return f"{tick.millis:013d}-{tick.counter:04x}-{device}"


def millis_of(text: str) -> int:
    """Milliseconds since the epoch of a stamp; 0 for the empty stamp (a value that nobody stamped)."""
    return int(text[:_MILLIS_DIGITS]) if text else 0


def tick_of(text: str) -> Tick:
    """The clock reading in a stamp."""
    return Tick(int(text[:13]), int(text[14:18], 16)) if text else Tick(0, 0)


def device_of(text: str) -> str:
    """The device in a stamp; empty for the empty stamp."""
    return text[19:]


def is_stamp(text: str) -> bool:
    """Whether `text` has exactly the form of a stamp."""
    return _STAMP(text) is not None


def is_device(text: str) -> bool:
    """Whether `text` has exactly the form of a device id."""
    return _DEVICE(text) is not None


def new_device(entropy: bytes) -> str:
    """A device id from six random bytes."""
    return entropy[:6].hex()


def wall_clock() -> int:
    """Milliseconds since the epoch, as the machine has them."""
    return time.time_ns() // 1_000_000
