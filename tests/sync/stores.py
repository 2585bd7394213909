"""Stores in memory for thousands of histories: the same SQL on the same SQLite, without SQLAlchemy's share of the time.

SQLAlchemy spends 60 to 150 microseconds on a statement that SQLite does in five. So what `sync` itself reads and writes
goes over a `Thin` engine, which has as much of the surface of SQLAlchemy's as `sync` uses; sessions, which need the ORM, go
over a real engine on the same connection. Stores are used again from one history to the next.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, make_url
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

import sync


class Crash(Exception):
    """The power went."""


class Disk(sqlite3.Connection):
    """A database that can lose power: before the n-th step from now, where each statement is a step, and so are the
    moments before and after a commit."""

    steps_left = -1

    def crash_after(self, steps: int) -> None:
        """Let the power go after `steps` more steps; -1 for never."""
        self.steps_left = steps

    def step(self) -> None:
        if self.steps_left >= 0:
            self.steps_left -= 1
            if self.steps_left < 0:
                super().rollback()
                raise Crash

    def cursor(self, factory: Any = None) -> Any:
        return super().cursor(factory or Head)

    def commit(self) -> None:
        self.step()
        super().commit()
        self.step()


class Head(sqlite3.Cursor):
    """A cursor that is also what SQLAlchemy calls a result."""

    connection: Disk

    @property
    def returns_rows(self) -> bool:
        return self.description is not None

    def execute(self, statement: str, parameters: Any = (), /) -> Head:
        self.connection.step()
        super().execute(statement, parameters)
        return self

    def executemany(self, statement: str, parameters: Any, /) -> Head:
        self.connection.step()
        super().executemany(statement, parameters)
        return self

    def first(self) -> Any:
        found = self.fetchone()
        self.close()
        return found

    def all(self) -> list[Any]:
        return self.fetchall()

    def one(self) -> Any:
        (found,) = self.fetchall()
        return found

    def scalar_one(self) -> Any:
        return self.one()[0]


class Named(tuple[Any, ...]):
    """A row whose values have names too."""

    description: Sequence[Any]

    def __getattr__(self, name: str) -> Any:
        for place, column in enumerate(self.description):
            if column[0] == name:
                return self[place]
        raise AttributeError(name)


def _named(cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> Named:
    row = Named(values)
    row.description = cursor.description
    return row


class ThinConnection:
    """One transaction, as `with` opens and ends it."""

    dialect = SQLiteDialect_pysqlite(paramstyle="qmark")

    def __init__(self, disk: Disk) -> None:
        self._disk = disk

    def __enter__(self) -> ThinConnection:
        self.exec_driver_sql("BEGIN IMMEDIATE")
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            if kind is None:
                self._disk.commit()
        finally:
            self._disk.rollback()

    def exec_driver_sql(self, statement: str, parameters: Any = ()) -> Head:
        disk = self._disk
        if disk.steps_left >= 0:
            disk.step()
        head: Head = _OPEN(disk, Head)
        head.row_factory = _named
        try:
            if type(parameters) is list:
                _EXECUTE_MANY(head, statement, parameters)
            else:
                _EXECUTE(head, statement, parameters)
        except sqlite3.Error as error:
            raise DBAPIError.instance(statement, parameters, error, sqlite3.Error, dialect=self.dialect) from error
        return head

    @contextmanager
    def begin_nested(self) -> Iterator[None]:
        self.exec_driver_sql("SAVEPOINT attempt")
        try:
            yield
        except BaseException:
            if self._disk.in_transaction:
                _EXECUTE(_OPEN(self._disk, Head), "ROLLBACK TO attempt")
            raise
        finally:
            if self._disk.in_transaction:
                _EXECUTE(_OPEN(self._disk, Head), "RELEASE attempt")


_OPEN, _EXECUTE, _EXECUTE_MANY = sqlite3.Connection.cursor, sqlite3.Cursor.execute, sqlite3.Cursor.executemany


class Thin:
    """An engine without layers."""

    dialect = ThinConnection.dialect
    url = make_url("sqlite:///:memory:")

    def __init__(self, disk: Disk) -> None:
        self._disk = disk

    def execution_options(self, **options: Any) -> Thin:
        return self

    def begin(self) -> ThinConnection:
        return ThinConnection(self._disk)


Content = dict[str, tuple[Sequence[str], Sequence[tuple[Any, ...]]]]
"""Columns and rows by table."""


class Store:
    """One database with its two engines: `thin` for `sync` itself, `engine` for sessions."""

    def __init__(self) -> None:
        self.disk = sqlite3.connect(":memory:", isolation_level=None, factory=Disk, cached_statements=512)
        self.engine: Engine = sync.sqlite_engine(":memory:", creator=lambda: self.disk, poolclass=StaticPool)
        self.engine.connect().close()
        self.thin = Thin(self.disk)

    def rows(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Rows as plain tuples, in no transaction; a step of nobody's."""
        return self._plain().execute(query, parameters).fetchall()

    def kept(self) -> Content:
        """The whole content."""
        found = {}
        for table in self._tables():
            cursor = self._plain().execute(f"SELECT * FROM {table}")
            columns = [column for column, *_ in cursor.description]
            found[table] = (columns, cursor.fetchall())
        return found

    def put(self, content: Content) -> None:
        """Hold exactly what was `kept`. Row by row: a copy of pages would make SQLite prepare every statement anew."""
        cursor = self._plain()
        cursor.execute("BEGIN")
        for table in self._tables():
            cursor.execute(f"DELETE FROM {table}")
            columns, rows = content.get(table, ((), ()))
            if rows:
                places = ", ".join("?" * len(columns))
                cursor.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", rows)
        cursor.execute("COMMIT")

    def _plain(self) -> sqlite3.Cursor:
        return sqlite3.Connection.cursor(self.disk, sqlite3.Cursor)

    def _tables(self) -> list[str]:
        return [name for (name,) in self.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]

    def close(self) -> None:
        self.engine.dispose()
        self.disk.close()
