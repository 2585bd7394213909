"""Who calls the centre: the caller's rights, and the tokens by which a cloned or restored store is known."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from sqlalchemy import Connection, Table, select

from sync import clock
from sync.bulk import among, upsert
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
    """What the request's headers say about the store that sent it."""

    device: str
    token: str
    next_token: str
    epoch: str


def admit(
    connection: Connection, devices: Table, caller: Caller, identity: Identity, request: Request, now: int
) -> bool:
    """Take the proposed token, or refuse: the store was cloned, or the centre has gone back in time.

    The current token is taken, and an identical retry of the last one; so a lost reply never locks a laptop out.
    """
    row = (
        connection.execute(select(devices).where(devices.c.device == identity.device).with_for_update())
        .mappings()
        .first()
    )
    proposed = _digest(identity.next_token)
    if row is None:
        known, first_sync, came_from = not identity.token, now, request.came_from
    else:
        held = row["token"]
        known = bool(held) and row["person"] == caller.person and held in (_digest(identity.token), proposed)
        first_sync, came_from = row["first_sync"], row["came_from"]
    if not known:
        return False
    standing = {
        "device": identity.device,
        "person": caller.person,
        "enrolment": caller.device,
        "token": proposed,
        "came_from": came_from,
        "first_sync": first_sync,
        "last_sync": now,
        "unsent": request.unsent,
        "oldest": request.oldest,
    }
    upsert(connection, devices, [standing])
    return True


def office_device(connection: Connection, devices: Table, author: str, now: int) -> str:
    """The device in the stamps of what `author` writes at the centre itself; it has no token and never syncs."""
    device = hashlib.sha256(b"office " + author.encode()).hexdigest()[: clock.DEVICE_DIGITS]
    known = connection.execute(select(devices.c.device).where(devices.c.device == device)).first()
    if known is None:
        upsert(connection, devices, [{"device": device, "person": author, "first_sync": now, "last_sync": 0}])
    return device


def persons(connection: Connection, devices: Table, stamps: set[str]) -> dict[str, str]:
    """The person behind each device in `stamps`."""
    ids = {clock.device_of(stamp) for stamp in stamps if stamp}
    rows = connection.execute(
        select(devices.c.device, devices.c.person).where(among(connection, devices.c.device, ids))
    )
    return {device: person for device, person in rows}


def listed(connection: Connection, devices: Table) -> list[DeviceState]:
    """Every laptop that has ever synced, the longest silent first."""
    columns = [devices.c[name] for name in DeviceState._fields]
    query = select(*columns).where(devices.c.token != "").order_by(devices.c.last_sync)
    return [DeviceState(*row) for row in connection.execute(query)]


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest() if token else ""
