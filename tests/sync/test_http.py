from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import sync
from sync import asgi, protocol
from tests.sync.toys import City, Laptop, Note

APPLICATION = """
from sync.testing import by_field
from tests.sync.toys import TABLES
import sync, sys

def application():
    engine = sync.sqlite_engine(sys.argv[-1])
    people = {"ann": ("all", "red"), "bob": ("all", "red"), "cat": ("all",)}
    def identify(credential):
        scopes = frozenset(people.get(credential, ()))
        return sync.Caller(credential, credential, scopes, scopes) if scopes else None
    server = sync.Server(engine, TABLES, identify=identify, scopes_of=by_field("scopes"))
    server.create_tables()
    return server

import uvicorn
uvicorn.run(application(), host="127.0.0.1", port=int(sys.argv[-2]), log_level="warning")
"""


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class Centre:
    """A centre in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.folder = folder
        self.url = f"http://127.0.0.1:{self.port}/"
        self.start()

    def start(self) -> None:
        root = Path(__file__).parents[2]
        arguments = [sys.executable, "-c", textwrap.dedent(APPLICATION), str(self.port), str(self.folder / "centre.db")]
        self.process = subprocess.Popen(arguments, cwd=root, env={**os.environ, "PYTHONPATH": str(root)})
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            assert self.process.poll() is None, "the centre has ended"
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError("the centre does not listen")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    made = Centre(tmp_path)
    yield made
    made.kill()


def laptop(folder: Path, name: str, centre: Centre) -> Laptop:
    made = Laptop(sync.sqlite_engine(folder / f"{name}.db"), httpx.HTTPTransport(), name, clock=sync.wall_clock)
    made.client = sync.Client(made.replica, centre.url, credential=name, sleep=lambda _: None, patience=1)
    made.replica.create_tables()
    return made


def test_laptops_meet_over_real_http_and_a_killed_centre_loses_nothing(centre: Centre, tmp_path: Path) -> None:
    ann, bob, cat = (laptop(tmp_path, name, centre) for name in ("ann", "bob", "cat"))
    ann.save(*(Note(id=f"{number:04}", text="字" * 50, scopes="red") for number in range(500)))
    assert ann.sync()[:2] == ("done", 500)
    centre.kill()
    bob.save(Note(id="b", text="typed while the centre was down"))
    assert bob.sync().state == "unreachable"
    centre.start()
    assert bob.sync()[:3] == ("done", 1, 500)
    assert cat.sync()[:3] == ("done", 0, 1)
    assert cat.rows("SELECT id FROM toy_note") == [("b",)]
    assert bob.rows("SELECT * FROM toy_note WHERE scopes = 'red' ORDER BY id") == ann.rows(
        "SELECT * FROM toy_note ORDER BY id"
    )
    stranger = sync.Client(ann.replica, centre.url, credential="stranger", patience=0)
    assert stranger.sync().state == "sign-in"
    for one in (ann, bob, cat):
        one.close()


def test_other_methods_types_and_sizes_are_answered_in_the_protocol(centre: Centre) -> None:
    headers = {"content-type": protocol.MEDIA_TYPE, protocol.PROTOCOL: "1", "authorization": "Bearer ann"}
    with httpx.Client(base_url=centre.url) as http:
        assert http.get("/").status_code == 405
        assert http.post("/", content=b"{}").status_code == 415
        assert http.post("/", content=b"{}", headers={**headers, "authorization": ""}).status_code == 401
        assert http.post("/", content=b" " * (protocol.BODY_LIMIT + 1), headers=headers).status_code == 413
        endless = (b" " * 65536 for _ in range(40))
        assert http.post("/", content=endless, headers=headers).status_code == 413
        reply = http.post("/", content=b"{}", headers={**headers, protocol.NONCE: "n"})
        assert (reply.status_code, reply.headers[protocol.NONCE]) == (400, "n")


class Caller:
    """Speaks ASGI to an application, message by message."""

    def __init__(self, *messages: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        self.scope = {
            "type": "http",
            "method": "POST",
            "headers": [
                (name.encode(), value.encode())
                for name, value in (headers or {"content-type": protocol.MEDIA_TYPE}).items()
            ],
        }
        self.messages = list(messages)
        self.sent: list[dict[str, Any]] = []

    async def receive(self) -> dict[str, Any]:
        if not self.messages:
            await asyncio.sleep(3600)
        return self.messages.pop(0)

    async def send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)

    def status(self, application: Any) -> int:
        asyncio.run(application(self.scope, self.receive, self.send))
        return int(self.sent[0]["status"])


HEADERS = {"content-type": protocol.MEDIA_TYPE, protocol.PROTOCOL: "1", "authorization": "Bearer ann"}


def test_a_body_that_stops_half_way_is_timed_out(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    city.laptop("ann")
    monkeypatch.setattr(city.server, "_read_timeout", 0.01)
    half = {"type": "http.request", "body": b"{", "more_body": True}
    assert Caller(half, headers=HEADERS).status(city.server) == 408
    assert Caller(half, {"type": "http.disconnect"}, headers=HEADERS).status(city.server) == 408


def test_a_body_that_trickles_for_ever_is_timed_out(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    city.laptop("ann")
    monkeypatch.setattr(city.server, "_read_timeout", 0.02)

    class Trickling(Caller):
        async def receive(self) -> dict[str, Any]:
            await asyncio.sleep(0.005)
            return {"type": "http.request", "body": b" ", "more_body": True}

    assert Trickling(headers=HEADERS).status(city.server) == 408

    class Pouring(Caller):
        async def receive(self) -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": True}

    assert Pouring(headers=HEADERS).status(city.server) == 408


def test_a_reply_that_nobody_takes_is_given_up_and_its_place_is_free_again(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.laptop("ann")
    monkeypatch.setattr(city.server, "_read_timeout", 0.02)

    class Deaf(Caller):
        async def send(self, message: dict[str, Any]) -> None:
            await asyncio.sleep(3600)

    for _ in range(asgi.CALLS_LIMIT + 1):
        with pytest.raises(TimeoutError):
            Deaf({"type": "http.request", "body": b"{}"}, headers=HEADERS).status(city.server)
    assert Caller({"type": "http.request", "body": b"{}"}, headers=HEADERS).status(city.server) == 400


def test_a_fault_in_identifying_still_answers_in_the_protocol(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(city.server, "_identify", lambda _: 1 / 0)
    assert Caller({"type": "http.request", "body": b"{}"}, headers=HEADERS).status(city.server) == 500


def test_a_fault_inside_still_answers_in_the_protocol(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    city.laptop("ann")
    monkeypatch.setattr(city.server, "serve", lambda *_: 1 / 0)
    assert Caller({"type": "http.request", "body": b"{}"}, headers=HEADERS).status(city.server) == 500


def test_the_application_lives_and_dies_with_its_server(city: City) -> None:
    caller = Caller({"type": "lifespan.startup"}, {"type": "lifespan.shutdown"})
    caller.scope = {"type": "lifespan"}
    asyncio.run(city.server(caller.scope, caller.receive, caller.send))
    assert [one["type"] for one in caller.sent] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    caller.scope = {"type": "websocket"}
    with pytest.raises(ValueError, match="websocket"):
        asyncio.run(city.server(caller.scope, caller.receive, caller.send))


HALF = {"type": "http.request", "body": b"{", "more_body": True}


@pytest.mark.parametrize(
    ("scope", "headers", "messages", "status"),
    [
        ({"method": "GET"}, {}, [], 405),
        ({}, {"content-type": "application/json"}, [], 415),
        ({}, {"authorization": "Bearer stranger"}, [], 401),
        ({}, {"content-length": str(protocol.BODY_LIMIT + 1)}, [HALF], 413),
        ({}, {}, [HALF, {"type": "http.request", "body": b" " * protocol.BODY_LIMIT}], 413),
    ],
    ids=["method", "type", "credential", "claimed length", "length"],
)
def test_a_call_that_is_not_for_the_centre_is_answered_before_it_costs_anything(
    city: City, scope: dict[str, Any], headers: dict[str, str], messages: list[dict[str, Any]], status: int
) -> None:
    city.laptop("ann")
    caller = Caller(*messages, headers={**HEADERS, **headers})
    caller.scope |= scope
    assert caller.status(city.server) == status


def test_one_enrolment_has_so_many_calls_at_once_and_each_that_ends_makes_room(city: City) -> None:
    city.laptop("ann")
    waiting = [Caller(HALF, headers=HEADERS) for _ in range(asgi.CALLS_LIMIT)]
    late, later = (Caller({"type": "http.request", "body": b"{}"}, headers=HEADERS) for _ in range(2))

    async def crowd() -> None:
        calls = [asyncio.create_task(city.server(one.scope, one.receive, one.send)) for one in waiting]
        while any(one.messages for one in waiting):
            await asyncio.sleep(0)
        await city.server(late.scope, late.receive, late.send)
        calls[0].cancel()
        await asyncio.wait(calls[:1])
        await city.server(later.scope, later.receive, later.send)
        for call in calls:
            call.cancel()
        await asyncio.wait(calls)

    asyncio.run(crowd())
    assert (late.sent[0]["status"], later.sent[0]["status"]) == (429, 400)
