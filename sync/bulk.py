"""Many rows at once at the driver's level, on SQLite and on PostgreSQL alike: statements are made once for a table, and
values go through the types of its columns.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from sqlalchemy import Boolean, Connection, Dialect, Table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

Row = Sequence[Any]
Processor = Callable[[Any], Any] | None

_NO_ENCODERS: Mapping[str, Processor] = {}
_WORTH_A_COPY = 24
"""Rows from which PostgreSQL's COPY into a temporary table is quicker than one statement for each row."""
_PARAMETERS = 300
"""Values that one INSERT takes: several rows in one are quicker than each in its own, and a very long statement is not."""


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
    """The rows of `table` in the order of `columns`, as Python values and, by `encoders`, as wire values.

    A column type that stores exactly the wire's text says so with `stored_as_wire = True`.
    """

    def __init__(
        self, table: Table, sql: Dialected, columns: Sequence[str], encoders: Mapping[str, Processor] = _NO_ENCODERS
    ) -> None:
        self._sql = sql
        types = [table.columns[name].type for name in columns]
        found = [_Way(sql.dialect, one, encoders.get(name)) for name, one in zip(columns, types, strict=True)]
        self.takes_wire = all(way.same for way in found)
        self._places = {name: place for place, name in enumerate(columns)}
        self._binders = _places([way.bind for way in found])
        self._readers = _places([way.read for way in found])
        self._wire_readers = _places([way.read_wire for way in found])
        self.name = sql.quoted(table.name)
        self.quoted = [sql.quoted(name) for name in columns]
        self._columns = ", ".join(self.quoted)
        keys = ", ".join(sql.quoted(column.name) for column in table.primary_key)
        changed = [sql.quoted(name) for name in columns if name not in table.primary_key.columns]
        self._conflict = f" ON CONFLICT ({keys}) DO UPDATE SET " + ", ".join(
            f"{one} = excluded.{one}" for one in changed
        )
        self._among = sql.text(f"SELECT {self._columns} FROM {self.name} WHERE id {sql.among}")
        self._forget = sql.text(f"DELETE FROM {self.name} WHERE id {sql.among}")
        place = f"({', '.join('?' * len(columns))})"
        self._insert = sql.text(f"INSERT INTO {self.name} ({self._columns}) VALUES {place}")
        self._group = max(1, _PARAMETERS // len(columns))
        self._insert_group = sql.text(
            f"INSERT INTO {self.name} ({self._columns}) VALUES {', '.join([place] * self._group)}"
        )

    def upsert(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Insert `rows`, or overwrite those with the same primary key; no key may come twice."""
        self.upsert_bound(connection, self.bound(rows))

    def upsert_bound(self, connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
        """The same for rows as the driver takes them: from `bound`, or of wire values where `takes_wire`."""
        self._write(connection, rows, self._conflict)

    def insert_new(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Insert those of `rows` whose primary key is not taken."""
        self._write(connection, self.bound(rows), " ON CONFLICT DO NOTHING")

    def as_kept(self, column: str, value: Any) -> Any:
        """The wire form in which a Python value comes back from `column`, whose type may keep less than it is given."""
        place = self._places[column]
        for process in (dict(self._binders).get(place), dict(self._wire_readers).get(place)):
            value = process(value) if process else value
        return value

    def bound(self, rows: Sequence[Row]) -> list[tuple[Any, ...]]:
        """Rows of Python values as the driver takes them."""
        if not self._binders:
            return [tuple(row) for row in rows]
        bound = [list(row) for row in rows]
        for place, process in self._binders:
            for row in bound:
                row[place] = process(row[place])
        return [tuple(row) for row in bound]

    def among(self, connection: Connection, ids: Iterable[str]) -> list[list[Any]]:
        """The rows whose `id` is one of `ids`, as Python values."""
        return self.read(self._among_raw(connection, ids))

    def wire_among(self, connection: Connection, ids: Iterable[str]) -> list[list[Any]]:
        """The rows whose `id` is one of `ids`, as wire values."""
        return self.read_wire(self._among_raw(connection, ids))

    def forget(self, connection: Connection, ids: Iterable[str]) -> None:
        """Delete the rows whose `id` is one of `ids`."""
        connection.exec_driver_sql(self._forget, (self._sql.listed(ids),))

    def read(self, rows: Iterable[Row]) -> list[list[Any]]:
        """Rows as the driver gave them, as Python values."""
        return _processed(rows, self._readers)

    def read_wire(self, rows: Iterable[Row]) -> list[list[Any]]:
        """Rows as the driver gave them, as wire values."""
        return _processed(rows, self._wire_readers)

    def _among_raw(self, connection: Connection, ids: Iterable[str]) -> Sequence[Row]:
        return connection.exec_driver_sql(self._among, (self._sql.listed(ids),)).all()

    def _write(self, connection: Connection, rows: Sequence[tuple[Any, ...]], conflict: str) -> None:
        if self._sql.copies and len(rows) >= _WORTH_A_COPY:
            self._copy(connection, rows, conflict)
            return
        size = self._group
        grouped = len(rows) - len(rows) % size
        groups = [tuple(chain.from_iterable(rows[first : first + size])) for first in range(0, grouped, size)]
        if groups:
            connection.exec_driver_sql(self._insert_group + conflict, groups)
        if grouped < len(rows):
            connection.exec_driver_sql(self._insert + conflict, list(rows[grouped:]))

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


class _Way:
    """How the values of one column go to the driver and back; None where they need nothing."""

    def __init__(self, dialect: Dialect, column_type: TypeEngine[Any], encode: Processor) -> None:
        known = column_type.dialect_impl(dialect)
        self.bind = known.bind_processor(dialect)
        self.read = known.result_processor(dialect, _FLOAT8)
        self.read_wire: Processor = None
        self.same = True
        if getattr(column_type, "stored_as_wire", False):
            return
        if isinstance(known, Boolean):
            self.read_wire = _TRUTHS.get if self.read else None
        else:
            self.same = self.bind is None and self.read is None and encode is None
            self.read_wire = None if self.same else _one_after_the_other(self.read, encode)


_TRUTHS: Mapping[Any, bool] = {0: False, 1: True}


def _one_after_the_other(read: Processor, encode: Processor) -> Processor:
    if read is None or encode is None:
        return read or (encode and (lambda value: None if value is None else encode(value)))

    def read_wire(value: Any) -> Any:
        found = read(value)
        return None if found is None else encode(found)

    return read_wire


def _processed(rows: Iterable[Row], processors: Sequence[tuple[int, Callable[[Any], Any]]]) -> list[list[Any]]:
    found = [list(row) for row in rows]
    for place, process in processors:
        for row in found:
            row[place] = process(row[place])
    return found


def _places(processors: Sequence[Processor]) -> list[tuple[int, Callable[[Any], Any]]]:
    return [(place, process) for place, process in enumerate(processors) if process is not None]
