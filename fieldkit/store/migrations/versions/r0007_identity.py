"""What makes two records the same: former names, the credit code looked up at once, what was merged into what; names in order."""

from __future__ import annotations

import sqlite3
from typing import cast

import sqlalchemy as sa
from alembic import context, op

from fieldkit.store import name_order

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """New columns on both sides; on a laptop the order of names, which is made from the names that stand."""
    op.add_column("companies", sa.Column("former_names", sa.String(), nullable=False, server_default=""))
    for table in ("companies", "contacts", "leads"):
        op.add_column(table, sa.Column("merged_into", sa.String(), nullable=False, server_default=""))
        op.create_index(
            f"ix_{table}_merged_into",
            table,
            ["merged_into"],
            sqlite_where=sa.text("merged_into <> ''"),
            postgresql_where=sa.text("merged_into <> ''"),
        )
    op.create_index(
        "ix_companies_uscc",
        "companies",
        ["uscc", "group_code"],
        sqlite_where=sa.text("uscc <> '' AND deleted = 0"),
        postgresql_where=sa.text("uscc <> '' AND NOT deleted"),
    )
    if context.config.attributes["side"] == "laptop":
        create_name_order()


def create_name_order() -> None:
    """One row a name."""
    op.execute(
        "CREATE TABLE name_order (record_id TEXT NOT NULL, kind TEXT NOT NULL, spelled TEXT NOT NULL,"
        " CONSTRAINT pk_name_order PRIMARY KEY (record_id, kind)) WITHOUT ROWID"
    )
    op.create_index("ix_name_order_spelled", "name_order", ["kind", "spelled", "record_id"])
    connection = cast(sqlite3.Connection, op.get_bind().connection.driver_connection)
    for kind, ids in name_order.all_records(connection):
        name_order.update(connection, kind, ids)
