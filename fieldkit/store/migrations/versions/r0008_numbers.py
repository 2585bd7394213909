"""An indexed text goes by the number of its row: no table between the index and the records, a third of the room."""

from __future__ import annotations

from alembic import context, op

revision = "0008"
down_revision = "0007"
NAMED = ("companies", "contacts", "leads")
WRITTEN = ("visits", "followups")


def upgrade() -> None:
    """On laptops the search index is laid out anew; it is filled once all tables stand."""
    if context.config.attributes["side"] != "laptop":
        return
    for table in ("search_entries", "names", "search_phones"):
        op.drop_table(table)
    op.execute("CREATE TABLE search_last (number INTEGER NOT NULL CONSTRAINT pk_search_last PRIMARY KEY)")
    for kind, detail in (*((kind, "full") for kind in NAMED), *((kind, "none") for kind in WRITTEN)):
        op.execute(f"DROP TABLE search_{kind}")
        op.execute(
            f"CREATE VIRTUAL TABLE search_{kind}"
            f" USING fts5(words, content='', columnsize=0, detail={detail}, tokenize='ascii')"
        )
    for table, column in (*((f"names_{kind}", "key") for kind in NAMED), ("search_phones", "backwards")):
        op.execute(
            f"CREATE TABLE {table} ({column} TEXT NOT NULL, number INTEGER NOT NULL,"
            f" CONSTRAINT pk_{table} PRIMARY KEY ({column}, number)) WITHOUT ROWID"
        )
