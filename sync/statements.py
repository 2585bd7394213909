"""The statements of a centre, made once for its tables and its database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Dialect, MetaData

from sync.bulk import Dialected, Rows
from sync.errors import TooLarge
from sync.tables import Synced

_AT_ONCE = 128
HELD_LIMIT = 8 * 1024 * 1024
"""Characters of the records that one statement may bring."""

_RECORD = "r.revision, r.stamps, r.past, r.scopes, r.extra"


class Statements:
    """What the centre reads and writes: `tables` are the replicated ones, the others are `sync`'s own."""

    def __init__(self, dialect: Dialect, tables: Mapping[str, Synced], own: MetaData) -> None:
        self.sql = Dialected(dialect)
        self.tables = {name: one.rows for name, one in tables.items()}
        self.record = Rows(
            own.tables["sync_record"], self.sql, ("tab", "id", "revision", "stamps", "past", "scopes", "extra")
        )
        self.feed = Rows(own.tables["sync_feed"], self.sql, ("scope", "tab", "id", "revision", "present"))
        self.conflict = Rows(
            own.tables["sync_conflict"], self.sql, ("id", "tab", "record", "field", "stamp", "value", "author")
        )
        self.device = Rows(
            own.tables["sync_device"],
            self.sql,
            ("device", "person", "enrolment", "token", "came_from", "first_sync", "last_sync", "unsent", "oldest"),
        )
        self._whole = {name: self._joined(rows) for name, rows in self.tables.items()}

    def run(self, connection: Connection, statement: str, *parameters: Any) -> list[Any]:
        """The rows that `statement`, written with `?`, gives."""
        found = connection.exec_driver_sql(self.sql.text(statement), parameters)
        return list(found.all()) if found.returns_rows else []

    def among(self, connection: Connection, statement: str, values: Iterable[str], *before: Any) -> list[Any]:
        """The same for a statement that ends with `among` and a list of texts, however many."""
        return self.run(connection, f"{statement} {self.sql.among}", *before, self.sql.listed(values))

    def held(self, connection: Connection, table: str, ids: Sequence[str]) -> list[str]:
        """Those of `ids` that the centre has: of a laptop's new records, none."""
        query = "SELECT id FROM sync_record WHERE tab = ? AND id"
        return [record for (record,) in self.among(connection, query, ids, table)]

    def records(self, connection: Connection, table: str, ids: Sequence[str]) -> list[Any]:
        """`(id, *fields, revision, stamps, past, scopes, extra)` of those of `ids` that there are, as the driver gives it.

        Raises `TooLarge` rather than hold very much at once.
        """
        found: list[Any] = []
        size = 0
        for first in range(0, len(ids), _AT_ONCE):
            rows = self.among(connection, self._whole[table], ids[first : first + _AT_ONCE], table)
            size += sum(len(value) for row in rows for value in row if value.__class__ is str)
            if size > HELD_LIMIT and len(ids) > 1:
                raise TooLarge("records")
            found.extend(rows)
        return found

    def _joined(self, rows: Rows) -> str:
        columns = ", ".join(f"t.{column}" for column in rows.quoted)
        return (
            f"SELECT {columns}, {_RECORD} FROM sync_record r JOIN {rows.name} t ON t.id = r.id WHERE r.tab = ? AND r.id"
        )
