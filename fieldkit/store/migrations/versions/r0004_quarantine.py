"""Where a laptop sets aside what it cannot read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """One table on laptops."""
    if context.config.attributes["side"] == "laptop":
        op.create_table(
            "sync_quarantine",
            sa.Column("tab", sa.String(), nullable=False),
            sa.Column("id", sa.String(), nullable=False),
            sa.Column("reason", sa.String(), nullable=False),
            sa.Column("at", sa.BigInteger(), nullable=False),
            sa.Column("fields", sa.Text(), nullable=False),
            sa.Column("row", sa.Text(), nullable=False),
            sa.PrimaryKeyConstraint("tab", "id", name="pk_sync_quarantine"),
        )
