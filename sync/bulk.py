"""Many rows at once at the driver's level, on SQLite and on PostgreSQL alike: statements are made once for a table, and
values go through the types of its columns.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Dialect, Table
from sqlalchemy.exc import DBAPIError

Row = Sequence[Any]
Processor = Callable[[Any], Any] | None

_WORTH_A_COPY = 24
"""Rows from which PostgreSQL's COPY into a temporary table is quicker than one statement for each row."""


_FLOAT8 = 701
"""PostgreSQL's number for the type of a float column, which its driver asks for; other types pass it over."""


class Dialected:
    """What differs between the two databases in a statement's text."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.postgresql = dialect.name == "postgresql"
        self.copies = self.postgresql and dialect.driver == "psycopg"
        self.among = "= ANY(?)" if self.postgresql else "IN (SELECT value FROM json_each(?))"
        self.locking = " FOR UPDATE" if self.postgresql else ""

    def text(self, statement: str) -> str:
        """`statement`, written with `?` for its parameters, as the driver wants it."""
        return statement.replace("%", "%%").replace("?", "%s") if self.postgresql else statement

    def listed(self, values: Iterable[str]) -> Any:
        """One parameter for `among`, however many values there are."""
        return list(values) if self.postgresql else json.dumps(list(values))

    def quoted(self, name: str) -> str:
        """A name as an identifier."""
        return self.dialect.identifier_preparer.quote(name)


class Rows:
    """The rows of `table` in the order of `columns` (all of them unless named)."""

    def __init__(self, table: Table, sql: Dialected, columns: Sequence[str] = ()) -> None:
        self._sql = sql
        names = list(columns) or [column.name for column in table.columns]
        types = [table.columns[name].type.dialect_impl(sql.dialect) for name in names]
        self._binders = _places([one.bind_processor(sql.dialect) for one in types])
        self._readers = _places([one.result_processor(sql.dialect, _FLOAT8) for one in types])
        self.name = sql.quoted(table.name)
        self.quoted = [sql.quoted(name) for name in names]
        self._columns = ", ".join(self.quoted)
        keys = ", ".join(sql.quoted(column.name) for column in table.primary_key)
        changed = [sql.quoted(name) for name in names if name not in table.primary_key.columns]
        self._conflict = f" ON CONFLICT ({keys}) DO UPDATE SET " + ", ".join(
            f"{one} = excluded.{one}" for one in changed
        )
        self._among = sql.text(f"SELECT {self._columns} FROM {self.name} WHERE id {sql.among}")
        self._forget = sql.text(f"DELETE FROM {self.name} WHERE id {sql.among}")
        self._values = sql.text(f"INSERT INTO {self.name} ({self._columns}) VALUES ({', '.join('?' * len(names))})")

    def upsert(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Insert `rows`, or overwrite those with the same primary key; no key may come twice."""
        self._write(connection, rows, self._conflict)

    def insert_new(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Insert those of `rows` whose primary key is not taken."""
        self._write(connection, rows, " ON CONFLICT DO NOTHING")

    def among(self, connection: Connection, ids: Iterable[str]) -> list[list[Any]]:
        """The rows whose `id` is one of `ids`, as Python values."""
        return self.read(connection.exec_driver_sql(self._among, (self._sql.listed(ids),)).all())

    def forget(self, connection: Connection, ids: Iterable[str]) -> None:
        """Delete the rows whose `id` is one of `ids`."""
        connection.exec_driver_sql(self._forget, (self._sql.listed(ids),))

    def read(self, rows: Iterable[Row]) -> list[list[Any]]:
        """Rows as the driver gave them, as Python values."""
        found = [list(row) for row in rows]
        for place, process in self._readers:
            for row in found:
                row[place] = process(row[place])
        return found

    def _write(self, connection: Connection, rows: Sequence[Row], conflict: str) -> None:
        if not rows:
            return
        bound = self._bound(rows)
        if self._sql.copies and len(bound) >= _WORTH_A_COPY:
            self._copy(connection, bound, conflict)
        else:
            connection.exec_driver_sql(self._values + conflict, bound)

    def _bound(self, rows: Sequence[Row]) -> list[tuple[Any, ...]]:
        if not self._binders:
            return [tuple(row) for row in rows]
        bound = [list(row) for row in rows]
        for place, process in self._binders:
            for row in bound:
                row[place] = process(row[place])
        return [tuple(row) for row in bound]

    def _copy(self, connection: Connection, rows: Sequence[Row], conflict: str) -> None:
        """COPY into a temporary table of the session, then one statement for all."""
        load = self._sql.quoted(f"sync_load_{self.name.strip(chr(34))}")
        connection.exec_driver_sql(
            f"CREATE TEMPORARY TABLE IF NOT EXISTS {load} (LIKE {self.name}) ON COMMIT DELETE ROWS"
        )
        dbapi = self._sql.dialect.loaded_dbapi
        statement = f"COPY {load} ({self._columns}) FROM STDIN"
        try:
            driver: Any = connection.connection.driver_connection
            with driver.cursor() as cursor, cursor.copy(statement) as copy:
                for row in rows:
                    copy.write_row(row)
        except dbapi.Error as error:
            raise DBAPIError.instance(statement, None, error, dbapi.Error, dialect=self._sql.dialect) from error
        connection.exec_driver_sql(
            f"INSERT INTO {self.name} ({self._columns}) SELECT {self._columns} FROM {load}{conflict}"
        )
        connection.exec_driver_sql(f"DELETE FROM {load}")


def _places(processors: Sequence[Processor]) -> list[tuple[int, Callable[[Any], Any]]]:
    return [(place, process) for place, process in enumerate(processors) if process is not None]
