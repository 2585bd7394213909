"""Tables whose rows may be added and read, never changed or taken away; the database itself refuses."""

from __future__ import annotations

from sqlalchemy import DDL, Table, event
from sqlalchemy.schema import ExecutableDDLElement


def append_only(table: Table) -> None:
    """Have the triggers of `append_only_statements` made with `table`."""
    for dialect in ("sqlite", "postgresql"):
        for statement in append_only_statements(table.name, table.primary_key.columns[0].name, dialect):
            made: ExecutableDDLElement = DDL(statement)  # type: ignore[no-untyped-call]
            event.listen(table, "after_create", made.execute_if(dialect=dialect))


def append_only_statements(table: str, key: str, dialect: str) -> list[str]:
    """The statements that make the triggers of `table`, whose primary key is `key`.

    SQLite fires no DELETE trigger for the row that an `INSERT OR REPLACE` takes away, so that has one of its own.
    """
    if dialect == "sqlite":
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        taken = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"  # noqa: S608 - names of our own
        return [
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}",
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}",
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} {taken} {refuse}",
        ]
    raising = f"BEGIN RAISE EXCEPTION '{table} is append-only'; END"
    return [
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $${raising}$$",
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()",
    ]
