"""The first tables: records, what `sync` keeps beside them, and the local tables of a laptop or of the office."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy import MetaData

from fieldkit.domain import city, records
from fieldkit.store import centre_tables

revision = "0001"
down_revision = None

SEARCHED = ("companies", "contacts", "leads", "visits", "followups")


def upgrade() -> None:
    """Create everything for this side. A laptop is sown with the city's data at once; the centre sows through `sync`."""
    from sync import tables

    laptop = context.config.attributes["side"] == "laptop"
    metadata = records_metadata()
    if not laptop:
        centre_tables.add_page_indexes(metadata)
    metadata.create_all(op.get_bind())
    if laptop:
        tables.laptop_metadata().create_all(op.get_bind())
        create_laptop_tables()
        sow()
    else:
        tables.centre_metadata().create_all(op.get_bind())
        centre_tables.METADATA.create_all(op.get_bind())


def records_metadata() -> MetaData:
    metadata = MetaData()
    for table in (*records.REFERENCE, *records.WORK):
        table.__table__.to_metadata(metadata)
    return metadata


def create_laptop_tables() -> None:
    """Tables that never travel."""
    op.create_table(
        "inbox",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("written_at", sa.String(32), nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("company_id", sa.String, nullable=False, server_default=""),
        sa.Column("day", sa.String(10), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name="pk_inbox"),
    )
    op.create_index("ix_inbox_state", "inbox", ["state", "written_at"])
    op.create_table(
        "settings",
        sa.Column("key", sa.String, nullable=False),
        sa.Column("value", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_settings"),
    )
    op.create_table(
        "history",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("label", sa.String, nullable=False),
        sa.Column("changes", sa.String, nullable=False),
        sa.Column("undone", sa.Integer, nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("id", name="pk_history"),
    )
    create_search_tables()


def create_search_tables() -> None:
    """The index: one number an indexed text (never used again), the words, the names, the phone numbers backwards."""
    op.execute(
        "CREATE TABLE search_entries (entry INTEGER NOT NULL CONSTRAINT pk_search_entries PRIMARY KEY AUTOINCREMENT,"
        " kind TEXT NOT NULL, record_id TEXT NOT NULL, digest INTEGER NOT NULL,"
        " CONSTRAINT uq_search_entries_record UNIQUE (record_id, kind))"
    )
    for kind in SEARCHED:
        op.execute(
            f"CREATE VIRTUAL TABLE search_{kind} USING fts5(words, content='', columnsize=0, tokenize='ascii', prefix='2 3')"
        )
    for table, column in (("names", "key"), ("search_phones", "backwards")):
        op.execute(
            f"CREATE TABLE {table} ({column} TEXT NOT NULL, entry INTEGER NOT NULL,"
            f" CONSTRAINT pk_{table} PRIMARY KEY ({column}, entry)) WITHOUT ROWID"
        )
        op.create_index(f"ix_{table}_entry", table, ["entry"])


def sow() -> None:
    """The city's task forces, groups and places, and the rule pack that holds until the centre has published one."""
    for name in ("task_forces", "groups", "places"):
        table = records_metadata().tables[name]
        op.bulk_insert(table, [{"deleted": False, **row} for row in city.city()[name]])
    op.bulk_insert(
        records_metadata().tables["rule_packs"],
        [
            {
                "id": city.DEFAULT_RULE_PACK_ID,
                "deleted": False,
                "version": city.default_rule_pack()["version"],
                "body": city.default_rule_pack(),
                "published_at": datetime(2026, 1, 1, tzinfo=UTC),
            }
        ],
    )
