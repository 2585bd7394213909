"""Laptops and a centre in one thread: real stores, real protocol, no sockets."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

import sync
from fieldkit.clock import millis
from fieldkit.locations import Locations
from fieldkit.replication import tables
from fieldkit.replication.enrol import MEDIA_TYPE, enrol
from fieldkit.replication.laptop import open_store, synchronise
from fieldkit.store import schema
from fieldkit.store.store import Store
from sync.devices import Caller
from sync.errors import Revoked
from sync.testing import Network

URL = "https://centre.example"
NOW = datetime.fromisoformat("2026-11-26T10:00:00+08:00")
Answered = Callable[[httpx.Response], httpx.Response]


class TickingClock:
    """A second further whenever it is read."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


class Centre(httpx.BaseTransport):
    """Takes laptops in by invite, as the office does, and syncs with them through the real server.

    `faults` are what happens to the next calls: `"request"` or `"reply"` is lost, a function changes the reply.
    """

    def __init__(self, path: Path, clock: TickingClock) -> None:
        self.engine = sync.sqlite_engine(path)
        server = sync.Server(
            self.engine,
            tables.TABLES,
            identify=self._identify,
            scopes_of=tables.scopes_of,
            clock=lambda: millis(clock()),
        )
        server.create_tables()
        self.network = Network(server)
        self.invites: dict[str, dict[str, str]] = {}
        self.used: dict[str, str] = {}
        self.callers: dict[str, Caller] = {}
        self.withdrawn: set[str] = set()
        self.asked: list[dict[str, Any]] = []
        self.faults: list[str | Answered] = []

    def invite(self, name: str, group: str, role: str = "recruiter") -> str:
        """A one-time invite for `name`."""
        person = {"id": f"person-{name}", "name": name, "role": role, "group_code": group}
        self.invites[f"invite-{name}"] = person
        return f"invite-{name}"

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One call."""
        fault = self.faults.pop(0) if self.faults else None
        if fault == "request":
            raise httpx.ConnectError("lost on the way there")
        response = self._enrol(request) if request.url.path.endswith("/enrol") else self.network.handle_request(request)
        if fault == "reply":
            raise httpx.ReadError("lost on the way back")
        return fault(response) if callable(fault) else response

    def _enrol(self, request: httpx.Request) -> httpx.Response:
        assert request.headers["content-type"] == MEDIA_TYPE
        ask = json.loads(request.read())
        self.asked.append(ask)
        person = self.invites.get(ask["invite"])
        if person is None:
            return self._answer(403, {"error": "unknown"})
        if self.used.setdefault(ask["invite"], ask["credential"]) != ask["credential"]:
            return self._answer(403, {"error": "used"})
        rights = (person["role"], person["group_code"])
        self.callers[ask["credential"]] = Caller(
            person["id"],
            f"laptop-{person['id']}",
            tables.reads(*rights, {code: code for code in ("digital", "electronics")}),
            tables.writes(*rights),
        )
        return self._answer(200, {"person": person, "centre": {"name": "亳州市"}})

    def _identify(self, credential: str) -> Caller | None:
        if credential in self.withdrawn:
            raise Revoked
        return self.callers.get(credential)

    @staticmethod
    def _answer(status: int, document: object) -> httpx.Response:
        stream = httpx.ByteStream(json.dumps(document).encode())
        return httpx.Response(status, headers={"content-type": MEDIA_TYPE}, stream=stream)


@pytest.fixture
def clock() -> TickingClock:
    return TickingClock()


@pytest.fixture
def centre(tmp_path: Path, clock: TickingClock) -> Iterator[Centre]:
    centre = Centre(tmp_path / "centre.db", clock)
    yield centre
    centre.engine.dispose()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "fieldkit.db"
    schema.ensure_current(str(path))
    return path


@pytest.fixture
def laptop(migrated: Path, tmp_path: Path, clock: TickingClock) -> Iterator[Callable[[str], Store]]:
    """A new laptop's store, by name."""
    opened: list[Store] = []

    def make(name: str) -> Store:
        home = tmp_path / name
        home.mkdir()
        shutil.copy(migrated, home / "fieldkit.db")
        opened.append(open_store(Locations(str(home)), clock))
        return opened[-1]

    yield make
    for store in opened:
        store.close()


@pytest.fixture
def pair(laptop: Any, centre: Any) -> tuple[Store, Store]:
    """王芳's and 李强's laptops, of one group, which know each other's names."""
    made = []
    for name in ("王芳", "李强"):
        store = laptop(name)
        enrol(store, URL, centre.invite(name, "digital"), transport=centre)
        made.append(store)
    for store in made:
        with closing(store.writer()) as connection:
            connection.executemany(
                "INSERT INTO people (id, name, post, duty, role, group_code, deleted) VALUES (?, ?, '', '', '', '', 0)",
                [(f"person-{name}", name) for name in ("王芳", "李强")],
            )
    return made[0], made[1]


@pytest.fixture
def meet(pair: tuple[Store, Store], centre: Any) -> Callable[[], None]:
    """Every laptop exchanges, and hears of the others."""

    def exchange() -> None:
        for store in (*pair, pair[0]):
            assert synchronise(store, transport=centre).state == "done"

    return exchange


@pytest.fixture
def strict(centre: Any) -> Any:
    """The centre refuses what holds the word `bad`, until it is told otherwise."""
    rules = centre.network.server._rules
    centre.network.server._rules = rules._replace(
        refuse=lambda _caller, _table, _before, after: "author" if "bad" in str(after.get("note")) else None
    )
    return centre
