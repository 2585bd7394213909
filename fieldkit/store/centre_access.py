"""Who may come in: people, invites and laptops. Secrets come in plain and are kept as hashes.

Every function works inside the caller's transaction. `now` is an aware datetime.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, RowMapping, Select, insert, select, update

from fieldkit.clock import instant_text
from fieldkit.domain import records
from fieldkit.store.centre_tables import DEVICES, INVITES, hashed

PEOPLE = records.Person.__table__  # type: ignore[attr-defined]
GROUPS = records.Group.__table__  # type: ignore[attr-defined]


class Refused(Exception):
    """An invite that lets nobody in; `reason` is unknown, used or expired."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NewDevice(NamedTuple):
    """A laptop that asks to come in, with the `credential` that it made itself."""

    id: str
    credential: str
    machine: str


def add_invite(connection: Connection, invite: str, person_id: str, now: datetime, expires: datetime) -> None:
    """Keep an invite for one laptop of one person."""
    connection.execute(
        insert(INVITES).values(
            hash=hashed(invite), person_id=person_id, created_at=instant_text(now), expires_at=instant_text(expires)
        )
    )


def redeem(connection: Connection, invite: str, device: NewDevice, now: datetime) -> str:
    """Let `device` in and return its person's id; the same credential gets the same answer again.

    Exactly one credential ever wins an invite: the update below is the race. Raises Refused.
    """
    moment = instant_text(now)
    this_one = INVITES.c.hash == hashed(invite)
    won = connection.execute(
        update(INVITES)
        .where(this_one, INVITES.c.used_at == "", INVITES.c.expires_at > moment)
        .values(used_at=moment, credential_hash=hashed(device.credential))
    )
    row = connection.execute(select(INVITES).where(this_one)).mappings().first()
    if won.rowcount == 1 and row is not None:
        _add_device(connection, device, row["person_id"], moment)
        return str(row["person_id"])
    return _answer_again(row, device)


def _answer_again(invite: RowMapping | None, device: NewDevice) -> str:
    if invite is None:
        raise Refused("unknown")
    if not invite["used_at"]:
        raise Refused("expired")
    if invite["credential_hash"] != hashed(device.credential):
        raise Refused("used")
    return str(invite["person_id"])


def _add_device(connection: Connection, device: NewDevice, person_id: str, moment: str) -> None:
    connection.execute(
        insert(DEVICES).values(
            id=device.id,
            credential_hash=hashed(device.credential),
            person_id=person_id,
            machine=device.machine,
            enrolled_at=moment,
        )
    )


def device_of(connection: Connection, credential: str) -> RowMapping | None:
    """The laptop with this credential and whose it is: device_id, withdrawn_at, person_id, role, group_code, gone."""
    return device_with_hash(connection, hashed(credential))


def device_with_hash(connection: Connection, credential_hash: str) -> RowMapping | None:
    """`device_of` the credential with this hash."""
    query = (
        select(
            DEVICES.c.id.label("device_id"),
            DEVICES.c.withdrawn_at,
            PEOPLE.c.id.label("person_id"),
            PEOPLE.c.role,
            PEOPLE.c.group_code,
            PEOPLE.c.deleted.label("gone"),
        )
        .join(PEOPLE, PEOPLE.c.id == DEVICES.c.person_id)
        .where(DEVICES.c.credential_hash == credential_hash)
    )
    return connection.execute(query).mappings().first()


def credential_hashes(connection: Connection) -> list[str]:
    """The hash of every laptop's credential, also of those withdrawn."""
    return list(connection.scalars(select(DEVICES.c.credential_hash)))


def devices(connection: Connection) -> list[dict[str, Any]]:
    """Every enrolled laptop with its person, oldest first."""
    query = (
        select(
            DEVICES.c.id,
            DEVICES.c.machine,
            DEVICES.c.enrolled_at,
            DEVICES.c.withdrawn_at,
            DEVICES.c.person_id,
            PEOPLE.c.name.label("person"),
            PEOPLE.c.role,
            PEOPLE.c.group_code,
        )
        .join(PEOPLE, PEOPLE.c.id == DEVICES.c.person_id)
        .order_by(DEVICES.c.id)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def withdraw(connection: Connection, device_id: str, now: datetime) -> bool:
    """Let this laptop in no more; False where there is none."""
    found = connection.execute(
        update(DEVICES)
        .where(DEVICES.c.id == device_id, DEVICES.c.withdrawn_at == "")
        .values(withdrawn_at=instant_text(now))
    )
    return found.rowcount == 1


def person(connection: Connection, person_id: str) -> RowMapping | None:
    """One person, also one who has left."""
    return connection.execute(select(PEOPLE).where(PEOPLE.c.id == person_id)).mappings().first()


def people(connection: Connection) -> list[RowMapping]:
    """Everybody who has not left, by group and name."""
    return list(
        connection.execute(present_people().order_by(PEOPLE.c.group_code, PEOPLE.c.name, PEOPLE.c.id)).mappings()
    )


def people_named(connection: Connection, name: str) -> list[RowMapping]:
    """Everybody of this name who has not left."""
    return list(connection.execute(present_people().where(PEOPLE.c.name == name).order_by(PEOPLE.c.id)).mappings())


def people_with_roles(connection: Connection, roles: tuple[str, ...]) -> list[RowMapping]:
    """Everybody of these roles who has not left, the first one first."""
    return list(connection.execute(present_people().where(PEOPLE.c.role.in_(roles)).order_by(PEOPLE.c.id)).mappings())


def present_people() -> Select[Any]:
    """Everybody who has not left, to be narrowed down."""
    return select(PEOPLE).where(PEOPLE.c.deleted.is_(False))


def groups(connection: Connection) -> list[Mapping[str, Any]]:
    """code, name, name_en and task_force of every group, in their order."""
    query = select(GROUPS.c.code, GROUPS.c.name, GROUPS.c.name_en, GROUPS.c.task_force).where(
        GROUPS.c.deleted.is_(False)
    )
    return [dict(row) for row in connection.execute(query.order_by(GROUPS.c.position, GROUPS.c.code)).mappings()]


def task_forces(connection: Connection) -> dict[str, str]:
    """The code of every group → that of the task force it is paired with, empty where there is none."""
    return {group["code"]: group["task_force"] for group in groups(connection)}
