"""The laptops as the office sees them: when each last synced, and what it still holds back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection

from fieldkit.store import centre_access as access

QUIET = timedelta(days=7)


TYPE_CHECKING = False
if TYPE_CHECKING:
    from sync import DeviceState


class Laptop(NamedTuple):
    """One enrolled laptop. `unsent` and `oldest_unsent` are what it told with its last sync.

    The `last_sync` of a withdrawn one is not known once its store syncs under a new enrolment.
    """

    id: str
    person: str
    person_id: str
    role: str
    group_code: str
    machine: str
    enrolled_at: datetime
    last_sync: datetime | None
    unsent: int
    oldest_unsent: datetime | None
    quiet: bool
    withdrawn: bool
    copies: int
    """Stores that sync under this laptop's name; more than one means that its disk was copied."""


def listed(
    connection: Connection, groups: frozenset[str] | None, stores: Sequence[DeviceState], now: datetime
) -> list[Laptop]:
    """The laptops of these groups (None: of everybody), the longest silent first; `stores` are all that ever synced."""
    states: dict[str, list[DeviceState]] = {}
    for state in stores:
        states.setdefault(state.enrolment, []).append(state)
    found = [
        _laptop(row, states.get(row["id"], []), now)
        for row in access.devices(connection)
        if groups is None or row["group_code"] in groups
    ]
    return sorted(found, key=lambda laptop: (laptop.withdrawn, laptop.last_sync or laptop.enrolled_at, laptop.id))


def _laptop(row: dict[str, Any], states: list[DeviceState], now: datetime) -> Laptop:
    latest = max(states, key=lambda state: state.last_sync, default=None)
    enrolled = datetime.fromisoformat(row["enrolled_at"])
    last_sync = _moment(latest.last_sync) if latest else None
    withdrawn = bool(row["withdrawn_at"])
    return Laptop(
        id=row["id"],
        person=row["person"],
        person_id=row["person_id"],
        role=row["role"],
        group_code=row["group_code"],
        machine=row["machine"],
        enrolled_at=enrolled,
        last_sync=last_sync,
        unsent=latest.unsent if latest else 0,
        oldest_unsent=_moment(latest.oldest) if latest and latest.unsent and latest.oldest else None,
        quiet=not withdrawn and now - (last_sync or enrolled) > QUIET,
        withdrawn=withdrawn,
        copies=len(states),
    )


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
