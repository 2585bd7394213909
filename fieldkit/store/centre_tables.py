"""The centre's own tables, which never travel: who may come in, and the centre's settings.

Secrets are never stored: an invite, a credential, a login link and a session are kept as SHA-256 of their 256 random bits.
Instants are UTC texts as in `fieldkit.clock.instant_text`, so that text order is time order.
"""

from __future__ import annotations

import hashlib

from sqlalchemy import Column, Index, MetaData, String, Table

_NAMES = {
    "pk": "pk_%(table_name)s",
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
}


def hashed(secret: str) -> str:
    """What the centre keeps of a secret: 256 random bits cannot be guessed, so one round of SHA-256 is enough."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


METADATA = MetaData(naming_convention=_NAMES)

OFFICE_SETTINGS = Table(
    "office_settings",
    METADATA,
    Column("key", String, primary_key=True),
    Column("value", String, nullable=False),
)
"""`initialised` (instant), `address` (where it was last served)."""

INVITES = Table(
    "office_invites",
    METADATA,
    Column("hash", String(64), primary_key=True),
    Column("person_id", String(36), nullable=False),
    Column("created_at", String(32), nullable=False),
    Column("expires_at", String(32), nullable=False),
    Column("used_at", String(32), nullable=False, server_default=""),
    Column("credential_hash", String(64), nullable=False, server_default=""),
)

DEVICES = Table(
    "office_devices",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("credential_hash", String(64), nullable=False, unique=True),
    Column("person_id", String(36), nullable=False, index=True),
    Column("machine", String, nullable=False, server_default=""),
    Column("enrolled_at", String(32), nullable=False),
    Column("withdrawn_at", String(32), nullable=False, server_default=""),
)
"""One row an enrolled laptop; `sync` knows it by this id."""

LOGIN_LINKS = Table(
    "office_login_links",
    METADATA,
    Column("hash", String(64), primary_key=True),
    Column("person_id", String(36), nullable=False),
    Column("expires_at", String(32), nullable=False),
    Column("used_at", String(32), nullable=False, server_default=""),
)

SESSIONS = Table(
    "office_sessions",
    METADATA,
    Column("hash", String(64), primary_key=True),
    Column("person_id", String(36), nullable=False),
    Column("created_at", String(32), nullable=False),
    Column("expires_at", String(32), nullable=False, index=True),
)


def add_page_indexes(records: MetaData) -> None:
    """Give the record tables in `records` the order of the office's pages, group by group; totals by stage are read from the index alone."""
    for name, table, *columns in (
        ("ix_office_visits_page", "visits", "group_code", "visited_on", "id"),
        ("ix_office_leads_page", "leads", "group_code", "stage", "id", "deleted", "currency", "amount"),
        ("ix_office_leads_new", "leads", "group_code", "created_at"),
        ("ix_office_people_name", "people", "name"),
    ):
        Index(name, *(records.tables[table].c[column] for column in columns))
