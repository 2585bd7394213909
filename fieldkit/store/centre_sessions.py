"""Login links and sessions of the office's pages, kept by their hashes, inside the caller's transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from fieldkit.clock import instant_text
from fieldkit.store.centre_access import PEOPLE, present_people
from fieldkit.store.centre_tables import LOGIN_LINKS, SESSIONS, hashed


def add_login_link(connection: Connection, link: str, person_id: str, expires: datetime) -> None:
    """Keep a link that signs one person in, once."""
    connection.execute(
        insert(LOGIN_LINKS).values(hash=hashed(link), person_id=person_id, expires_at=instant_text(expires))
    )


def use_login_link(connection: Connection, link: str, now: datetime) -> str | None:
    """The person of a link that is still good, which it then is no longer; None otherwise."""
    moment = instant_text(now)
    links = LOGIN_LINKS.c
    used = connection.execute(
        update(LOGIN_LINKS)
        .where(links.hash == hashed(link), links.used_at == "", links.expires_at > moment)
        .values(used_at=moment)
    )
    if used.rowcount != 1:
        return None
    return connection.scalar(select(links.person_id).where(links.hash == hashed(link)))


def add_session(connection: Connection, session: str, person_id: str, now: datetime, expires: datetime) -> None:
    """Begin a session, and forget those that have ended."""
    connection.execute(delete(SESSIONS).where(SESSIONS.c.expires_at <= instant_text(now)))
    connection.execute(
        insert(SESSIONS).values(
            hash=hashed(session), person_id=person_id, created_at=instant_text(now), expires_at=instant_text(expires)
        )
    )


def session_person(connection: Connection, session: str, now: datetime) -> RowMapping | None:
    """Whose session this is; None where it has ended, never was, or the person has left."""
    query = (
        present_people()
        .join(SESSIONS, SESSIONS.c.person_id == PEOPLE.c.id)
        .where(SESSIONS.c.hash == hashed(session), SESSIONS.c.expires_at > instant_text(now))
    )
    return connection.execute(query).mappings().first()


def end_session(connection: Connection, session: str) -> None:
    """End one session at once."""
    connection.execute(delete(SESSIONS).where(SESSIONS.c.hash == hashed(session)))
