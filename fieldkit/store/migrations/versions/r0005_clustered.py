"""At a centre on SQLite, what `sync` says of a record and where it is in sight lie by their keys: one tree each less to write."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Two tables of centres on SQLite; PostgreSQL has no such choice."""
    if context.config.attributes["side"] != "centre" or op.get_bind().dialect.name != "sqlite":
        return
    op.drop_index("ix_sync_feed_revision", "sync_feed")
    for table in ("sync_feed", "sync_record"):
        op.rename_table(table, f"{table}_before")
    op.create_table(
        "sync_feed",
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("tab", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("present", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "tab", "id", name="pk_sync_feed"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sync_record",
        sa.Column("tab", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("stamps", sa.Text(), nullable=False),
        sa.Column("past", sa.Text(), nullable=True),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("extra", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("tab", "id", name="pk_sync_record"),
        sqlite_with_rowid=False,
    )
    op.execute("INSERT INTO sync_feed SELECT scope, tab, id, revision, present FROM sync_feed_before")
    op.execute("INSERT INTO sync_record SELECT tab, id, revision, stamps, past, scopes, extra FROM sync_record_before")
    for table in ("sync_feed", "sync_record"):
        op.drop_table(f"{table}_before")
    op.create_index("ix_sync_feed_revision", "sync_feed", ["scope", "revision"])
