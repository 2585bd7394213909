"""Who calls the centre: the caller's rights, and the tokens by which a cloned or restored store is known."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import Connection

from sync import clock
from sync.protocol import Request
from sync.statements import Statements

_REMEMBERED_TOKENS = 5


class Caller(NamedTuple):
    """Who is calling, by the credential: `device` names the enrolment, `reads` and `writes` are scopes."""

    person: str
    device: str
    reads: frozenset[str]
    writes: frozenset[str]


class DeviceState(NamedTuple):
    """What the centre knows of one laptop; times in milliseconds since the epoch.

    `device` is the id in its stamps, `enrolment` the caller's device. `unsent` and `oldest` are what the laptop told
    with its last request. `came_from` names the device whose store it was before: a clone, or a restored centre.
    """

    device: str
    person: str
    enrolment: str
    last_sync: int
    unsent: int
    oldest: int | None
    came_from: str


class Identity(NamedTuple):
    """What the request's headers say about the store that sent it.

    `tokens` are those of which one must be the centre's; the empty one stands for having none yet.
    """

    device: str
    tokens: tuple[str, ...]
    next_token: str
    epoch: str


class Register:
    """The devices that have synced here, in one transaction."""

    def __init__(self, connection: Connection, statements: Statements) -> None:
        self._connection = connection
        self._statements = statements

    def admit(self, caller: Caller, identity: Identity, request: Request, now: int) -> bool:
        """Take the proposed token, or refuse: the store was cloned, or the centre has gone back in time.

        The laptop names every token that the centre may hold by now, the last one acknowledged and those proposed
        since; so a lost reply never locks it out. A request that comes twice, or after one that was sent later,
        proposes what is known here already: its records are taken, the token stays.
        """
        query = "SELECT token, person, first_sync, came_from FROM sync_device WHERE device = ?"
        found = self._run(query + self._statements.sql.locking, identity.device)
        held, person, first_sync, came_from = found[0] if found else ("", caller.person, now, request.came_from)
        named, proposed = [_digest(token) for token in identity.tokens], _digest(identity.next_token)
        current, *earlier = held.split() or [""]
        follows = current in named and (bool(current) or not found)
        known = person == caller.person and (follows or (bool(proposed) and proposed in (current, *earlier)))
        if known:
            token = " ".join([proposed, *filter(None, named)][:_REMEMBERED_TOKENS]) if follows else held
            seen = (identity.device, caller.person, caller.device, token, came_from, first_sync, now)
            self._statements.device.upsert(self._connection, [(*seen, request.unsent, request.oldest)])
        return known

    def office(self, author: str, now: int) -> str:
        """The device in the stamps of what `author` writes at the centre itself; it has no token and never syncs."""
        device = hashlib.sha256(b"office " + author.encode()).hexdigest()[: clock.DEVICE_DIGITS]
        self._run(
            "INSERT INTO sync_device (device, person, first_sync, last_sync) VALUES (?, ?, ?, 0) ON CONFLICT DO NOTHING",
            device,
            author,
            now,
        )
        return device

    def persons(self, stamps: Iterable[str]) -> dict[str, str]:
        """The person behind each device in `stamps`."""
        ids = {clock.device_of(stamp) for stamp in stamps if stamp}
        query = "SELECT device, person FROM sync_device WHERE device"
        return dict(self._statements.among(self._connection, query, ids))

    def laptops(self) -> list[DeviceState]:
        """Every laptop that has ever synced, the longest silent first."""
        columns = ", ".join(DeviceState._fields)
        rows = self._run(f"SELECT {columns} FROM sync_device WHERE token <> '' ORDER BY last_sync")
        return [DeviceState(*row) for row in rows]

    def _run(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        return self._statements.run(self._connection, statement, *parameters)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest() if token else ""
