"""The guides that the office publishes, section by section; on a laptop they are found like everything else."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """One table on both sides; on a laptop its tables of words and names, in the form that the others have."""
    op.create_table(
        "guides",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("task_force", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("published_at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_guides"),
    )
    op.create_index(
        "ix_guides_contents",
        "guides",
        ["task_force", "position", "id", "deleted"],
        sqlite_where=sa.text("deleted = 0"),
        postgresql_where=sa.text("NOT deleted"),
    )
    if context.config.attributes["side"] == "laptop":
        op.execute(
            "CREATE VIRTUAL TABLE search_guides"
            " USING fts5(words, content='', columnsize=0, detail=full, tokenize='ascii')"
        )
        op.execute(
            "CREATE TABLE names_guides (key TEXT NOT NULL, number INTEGER NOT NULL,"
            " CONSTRAINT pk_names_guides PRIMARY KEY (key, number)) WITHOUT ROWID"
        )
