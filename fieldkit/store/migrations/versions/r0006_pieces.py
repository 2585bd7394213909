"""The search index is laid out anew, for any piece of a number or code and for misspelt pinyin; it is filled once all tables stand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op

revision = "0006"
down_revision = "0005"
SEARCHED = ("companies", "contacts", "leads", "visits", "followups")


def upgrade() -> None:
    """The way to a task force's records; on laptops full-text tables without what no query asks for, and no way from a
    number to names, because nothing goes that way.
    """
    for table in ("companies", "leads", "visits"):
        op.create_index(
            f"ix_{table}_task_force",
            table,
            ["task_force", "deleted"],
            sqlite_where=sa.text("deleted = 0"),
            postgresql_where=sa.text("NOT deleted"),
        )
    if context.config.attributes["side"] != "laptop":
        return
    for kind in SEARCHED:
        op.execute(f"DROP TABLE search_{kind}")
        op.execute(f"CREATE VIRTUAL TABLE search_{kind} USING fts5(words, content='', columnsize=0, tokenize='ascii')")
    for table in ("names", "search_phones"):
        op.drop_index(f"ix_{table}_entry", table)
        op.execute(f"DELETE FROM {table}")  # noqa: S608 - names from our own table
    op.execute("DELETE FROM search_entries")
