"""The laptops and the centre of a city: stores, programs and lines, made once and used for one history after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx

import sync
from sync import protocol
from sync.journal import Saved
from sync.server import Answer
from sync.testing import Network, by_field
from tests.sync.stores import Crash, Store
from tests.sync.toys import Note, OldNote

if TYPE_CHECKING:
    from tests.sync.simulation import World

RUDE, UNSTORABLE = "!", "#"
"""How a word begins that the centre's owner refuses, and one that its database refuses."""

COLUMNS = {0: ("id", "text", "scopes", "deleted"), 1: ("id", "text", "more", "scopes", "deleted")}
"""Columns of the notes by schema."""


class Line(Network):
    """A laptop's line to the centre: into every answer the oracle looks, between any two somebody may meddle."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.limit = 0
        self.between: list[Callable[[], None]] = []
        super().__init__(machine.stock.centre.server)

    def carry(self, headers: Any, body: bytes) -> Answer:
        world = self.machine.world
        if self.between and self.calls % 2:
            self.between.pop()()
        if self.limit and len(body) > self.limit:
            return self.server._answer(headers, 413)
        try:
            return super().carry(headers, body)
        except Crash as error:
            raise httpx.ReadError("the centre lost power") from error
        finally:
            world.centre.store.disk.crash_after(-1)

    def ask(self, headers: Any, body: bytes) -> Answer:
        answer = super().ask(headers, body)
        world = self.machine.world
        world.oracle.look_into(world.directory.callers[self.machine.person].reads, protocol.inflate(answer.body))
        return answer


class Wire:
    """What `sync.Client` uses of an `httpx.Client`, at a tenth of its time."""

    def __init__(self, line: Line, headers: dict[str, str]) -> None:
        self._line = line
        self._headers = headers

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    @contextmanager
    def stream(self, _method: str, url: str, *, headers: dict[str, str], content: bytes) -> Iterator[Any]:
        self._answer = self._line.carry({**self._headers, **headers}, content)
        self.headers, self.status_code, self.url = self._answer.headers, self._answer.status, url
        yield self

    def iter_raw(self) -> Iterator[bytes]:
        yield self._answer.body


class QuickClient(sync.Client):
    """The client over a `Wire`."""

    def _http(self) -> Any:
        if not hasattr(self, "_headers"):
            with super()._http() as http:
                self._headers = dict(http.headers)
        return Wire(self._transport, self._headers)  # type: ignore[arg-type]


class Place:
    """A store in a city: the centre's, or a laptop's."""

    def __init__(self, stock: Stock) -> None:
        self.stock = stock
        self.store = Store()
        self.rows = self.store.rows

    world: World
    schema = 1

    def now(self) -> int:
        return self.world.now()

    def entropy(self, count: int) -> bytes:
        return self.world.entropy(count)

    def notes(self) -> list[dict[str, Any]]:
        """Every record, deleted ones too."""
        columns = COLUMNS[self.schema]
        rows = self.rows(f"SELECT {', '.join(columns)} FROM toy_note ORDER BY id")
        return [{**dict(zip(columns, row, strict=True)), "deleted": bool(row[-1])} for row in rows]


class Centre(Place):
    """The centre's store and server."""

    def __init__(self, stock: Stock) -> None:
        super().__init__(stock)
        self.server = sync.Server(
            self.store.engine,
            [Note],
            identify=self._identify,
            holder_of=self._holder_of,
            scopes_of=by_field("scopes"),
            refuse=lambda _caller, _table, _before, after: "rude" if after["text"].startswith(RUDE) else None,
            clock=self.now,
            entropy=self.entropy,
        )
        self.server.create_tables()
        for (trigger,) in self.rows("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            self.store.disk.execute(f"DROP TRIGGER {trigger}")
        (definition,) = self.rows("SELECT sql FROM sqlite_master WHERE name = 'toy_note'")[0]
        self.store.disk.execute("DROP TABLE toy_note")
        self.store.disk.execute(definition.rstrip(")\n ") + f"), CHECK (text NOT LIKE '{UNSTORABLE}%'))")

    def _identify(self, credential: str) -> sync.Caller | None:
        return self.world.directory(credential)

    def _holder_of(self, name: str) -> sync.Holder | None:
        return self.world.directory.holder_of(name)


class Machine(Place):
    """A laptop: its store, its program (an older one until it is upgraded) and its line."""

    number = 0
    person = ""
    offset = 0

    def __init__(self, stock: Stock, schema: int) -> None:
        super().__init__(stock)
        self.schema = schema
        self._replicas = [
            sync.Replica(self.store.engine, [model], clock=self.now, entropy=self.entropy, schema=schema)
            for schema, model in enumerate((OldNote, Note))
        ]
        self._replicas[schema].create_tables()
        self.line = Line(self)

    def now(self) -> int:
        return super().now() + self.offset

    @property
    def replica(self) -> sync.Replica:
        return self._replicas[self.schema]

    def begin(self, world: World, number: int, person: str) -> None:
        """Become a laptop of `world`."""
        self.world, self.number, self.person, self.offset = world, number, person, 0
        self.line.__init__(self)  # type: ignore[misc]
        kind = QuickClient if world.thin else sync.Client
        for replica in self._replicas:
            replica.engine = self.store.thin if world.thin else self.store.engine  # type: ignore[assignment]
        self._clients = [
            kind(
                replica,
                "http://centre/",
                credential=person,
                transport=self.line,
                sleep=lambda _: None,
            )
            for replica in self._replicas
        ]

    @property
    def client(self) -> sync.Client:
        return self._clients[self.schema]

    def create(self, record: str, values: dict[str, Any]) -> None:
        if not self.world.thin:
            self._save_by_orm(record, values, create=True)
            return
        row = {"text": "", "more": "", "scopes": "all", "deleted": False, **values, "id": record}
        columns = COLUMNS[self.schema]
        with self.store.thin.begin() as connection:
            connection.exec_driver_sql(
                f"INSERT INTO toy_note ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})",
                tuple(row[one] for one in columns),
            )
            self.replica._journal.capture(connection, {"toy_note": Saved([record], {})}, {})  # type: ignore[arg-type]

    def edit(self, record: str, values: dict[str, Any]) -> None:
        if not self.world.thin:
            self._save_by_orm(record, values, create=False)
            return
        changed = ", ".join(f"{field} = ?" for field in values)
        with self.store.thin.begin() as connection:
            connection.exec_driver_sql(f"UPDATE toy_note SET {changed} WHERE id = ?", (*values.values(), record))
            self.replica._journal.capture(connection, {"toy_note": Saved([], {record: [*values]})}, {})  # type: ignore[arg-type]

    def _save_by_orm(self, record: str, values: dict[str, Any], *, create: bool) -> None:
        model = self.replica.tables["toy_note"].model
        with self.replica.session() as session:
            found = model(id=record) if create else session.get(model, record)
            for field, value in values.items():
                setattr(found, field, value)
            session.add(found)
            session.commit()


class Stock:
    """Stores and programs, made once and used again by one history after the other."""

    def __init__(self) -> None:
        self.centre = Centre(self)
        self._spare: dict[int, list[Machine]] = {0: [], 1: []}
        self._all: list[Machine] = []

    def machine(self, schema: int) -> Machine:
        """A laptop with a program of `schema`."""
        if not self._spare[schema]:
            self._spare[schema].append(Machine(self, schema))
            self._all.extend(self._spare[schema])
        return self._spare[schema].pop()

    def take_back(self, machines: Sequence[Machine]) -> None:
        """The history is over."""
        for machine in machines:
            self._spare[machine.schema].append(machine)

    def close(self) -> None:
        for place in (self.centre, *self._all):
            place.store.close()
