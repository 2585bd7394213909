"""Who calls the centre: the caller's rights, and the tokens by which a cloned or restored store is known."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection, Table, select

from sync import clock
from sync.bulk import among, insert_new, upsert
from sync.protocol import Request


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

    def __init__(self, connection: Connection, table: Table) -> None:
        self._connection = connection
        self._t = table

    def admit(self, caller: Caller, identity: Identity, request: Request, now: int) -> bool:
        """Take the proposed token, or refuse: the store was cloned, or the centre has gone back in time.

        The laptop names every token that the centre may hold by now, the last one acknowledged and those proposed
        since; so a lost reply never locks it out.
        """
        query = select(self._t).where(self._t.c.device == identity.device).with_for_update()
        row = self._connection.execute(query).mappings().first()
        if row is None:
            known, first_sync, came_from = "" in identity.tokens, now, request.came_from
        else:
            held = row["token"]
            known = bool(held) and row["person"] == caller.person and held in map(_digest, identity.tokens)
            first_sync, came_from = row["first_sync"], row["came_from"]
        if known:
            standing = {
                "device": identity.device,
                "person": caller.person,
                "enrolment": caller.device,
                "token": _digest(identity.next_token),
                "came_from": came_from,
                "first_sync": first_sync,
                "last_sync": now,
                "unsent": request.unsent,
                "oldest": request.oldest,
            }
            upsert(self._connection, self._t, [standing])
        return known

    def office(self, author: str, now: int) -> str:
        """The device in the stamps of what `author` writes at the centre itself; it has no token and never syncs."""
        device = hashlib.sha256(b"office " + author.encode()).hexdigest()[: clock.DEVICE_DIGITS]
        row = {"device": device, "person": author, "first_sync": now, "last_sync": 0}
        insert_new(self._connection, self._t, [row])
        return device

    def persons(self, stamps: Iterable[str]) -> dict[str, str]:
        """The person behind each device in `stamps`."""
        ids = {clock.device_of(stamp) for stamp in stamps if stamp}
        query = select(self._t.c.device, self._t.c.person).where(among(self._connection, self._t.c.device, ids))
        return {row.device: row.person for row in self._connection.execute(query)}

    def laptops(self) -> list[DeviceState]:
        """Every laptop that has ever synced, the longest silent first."""
        columns = [self._t.c[name] for name in DeviceState._fields]
        query = select(*columns).where(self._t.c.token != "").order_by(self._t.c.last_sync)
        return [DeviceState(*row) for row in self._connection.execute(query)]


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest() if token else ""
