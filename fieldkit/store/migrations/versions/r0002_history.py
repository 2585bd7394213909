"""The history of the centre: a table to which rows can only be added, and its head. A laptop has none of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op

revision = "0002"
down_revision = "0001"

REFUSE_ON_SQLITE = "BEGIN SELECT RAISE(ABORT, 'sync_history is append-only'); END"
TAKEN = "WHEN EXISTS (SELECT 1 FROM sync_history WHERE number = NEW.number)"
ON_SQLITE = (
    f"CREATE TRIGGER sync_history_no_update BEFORE UPDATE ON sync_history {REFUSE_ON_SQLITE}",
    f"CREATE TRIGGER sync_history_no_delete BEFORE DELETE ON sync_history {REFUSE_ON_SQLITE}",
    f"CREATE TRIGGER sync_history_no_replace BEFORE INSERT ON sync_history {TAKEN} {REFUSE_ON_SQLITE}",
)
ON_POSTGRESQL = (
    "CREATE FUNCTION sync_history_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$BEGIN RAISE EXCEPTION 'sync_history is append-only'; END$$",
    "CREATE TRIGGER sync_history_no_change BEFORE UPDATE OR DELETE ON sync_history "
    "FOR EACH ROW EXECUTE FUNCTION sync_history_refuse()",
    "CREATE TRIGGER sync_history_no_truncate BEFORE TRUNCATE ON sync_history "
    "FOR EACH STATEMENT EXECUTE FUNCTION sync_history_refuse()",
)


def upgrade() -> None:
    """Begin the history of this centre: records from before are older than it."""
    if context.config.attributes["side"] == "laptop":
        return
    op.add_column("sync_centre", sa.Column("entries", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("sync_centre", sa.Column("head", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "sync_history",
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("revision_before", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_sync_history"),
    )
    for statement in ON_SQLITE if op.get_bind().dialect.name == "sqlite" else ON_POSTGRESQL:
        op.execute(statement)
