"""The clock, passed in everywhere; `FIELDKIT_NOW` (ISO time) fixes it for scripts and tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def system_clock(environment: Mapping[str, str]) -> Clock:
    """An aware clock in the laptop's own time zone, or one fixed at `FIELDKIT_NOW`.

    Raises ValueError where FIELDKIT_NOW is not an ISO time from 1971 to 8999.
    """
    fixed = environment.get("FIELDKIT_NOW")
    if not fixed:
        return lambda: datetime.now().astimezone()
    moment = datetime.fromisoformat(fixed)
    aware = moment if moment.tzinfo else moment.astimezone()
    if not 1970 < aware.year < 9000:  # ids count milliseconds since 1970, and next week must be a date too
        raise ValueError(fixed)
    return lambda: aware


def millis(moment: datetime) -> int:
    """Milliseconds since 1970."""
    return int(moment.timestamp() * 1000)


def instant_text(moment: datetime) -> str:
    """The one stored form of an instant: UTC, milliseconds, fixed width, so that text order is time order."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
