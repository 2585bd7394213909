"""What a laptop has put into hand-carried files, and which of them the centre has seen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """One table on either side."""
    if context.config.attributes["side"] == "laptop":
        op.create_table(
            "sync_bundle",
            sa.Column("id", sa.String(), nullable=False),
            sa.Column("part", sa.Integer(), nullable=False),
            sa.Column("made_at", sa.BigInteger(), nullable=False),
            sa.Column("device", sa.String(), nullable=False),
            sa.Column("token", sa.String(), nullable=False),
            sa.Column("cursors", sa.Text(), nullable=False),
            sa.Column("records", sa.Integer(), nullable=False),
            sa.Column("sent", sa.Text(), nullable=False),
            sa.PrimaryKeyConstraint("id", "part", name="pk_sync_bundle"),
        )
    else:
        op.create_table(
            "sync_carried",
            sa.Column("token", sa.String(), nullable=False),
            sa.Column("device", sa.String(), nullable=False),
            sa.PrimaryKeyConstraint("token", name="pk_sync_carried"),
        )
