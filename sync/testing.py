"""A clock, a network and a centre to play with: whole systems in one thread, without sockets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import httpx

from sync import bundle
from sync.devices import Caller
from sync.receiving import Holder
from sync.server import Answer, Server


class ManualClock:
    """Milliseconds that move only when told."""

    def __init__(self, millis: int = 1_795_000_000_000) -> None:
        self.millis = millis

    def __call__(self) -> int:
        return self.millis

    def advance(self, millis: int) -> None:
        """Go on (or, negative, back) by `millis`."""
        self.millis += millis


class Directory:
    """Who may call and what they may see, to be changed in mid-history: credential → caller."""

    def __init__(self) -> None:
        self.callers: dict[str, Caller] = {}

    def __call__(self, credential: str) -> Caller | None:
        return self.callers.get(credential)

    def holder_of(self, name: str) -> Holder | None:
        """Who signs hand-carried files with this name."""
        for credential, caller in self.callers.items():
            secret = bundle.secret_of(credential)
            if bundle.name_of(secret) == name:
                return Holder(caller, secret)
        return None

    def enrol(self, person: str, *scopes: str) -> str:
        """Let `person` read and write `scopes`; returns the credential."""
        self.callers[person] = Caller(person, f"laptop of {person}", frozenset(scopes), frozenset(scopes))
        return person


class Network(httpx.BaseTransport):
    """Carries requests to `server` in memory. What goes wrong next is a queue of `faults`.

    A fault is `"request"` (lost on the way there), `"reply"` (the centre has done its work, nobody hears of it),
    `"twice"` (the request arrives twice, the second answer comes back), or a function from the answer to another one.
    `watch` sees every answer that the centre gives.
    """

    def __init__(self, server: Server, watch: Callable[[Answer], None] | None = None) -> None:
        self.server = server
        self.watch = watch
        self.faults: list[str | Callable[[Answer], Answer] | None] = []
        self.calls = 0
        self.bytes_up = 0
        self.bytes_down = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One call, as httpx hands it over."""
        answer = self.carry(dict(request.headers), request.read())
        return httpx.Response(answer.status, headers=answer.headers, stream=httpx.ByteStream(answer.body))

    def carry(self, headers: Mapping[str, str], body: bytes) -> Answer:
        """One call; raises httpx's errors when no answer comes."""
        self.calls += 1
        fault = self.faults.pop(0) if self.faults else None
        if fault == "request":
            raise httpx.ConnectError("lost on the way there")
        answer = self.ask(headers, body)
        if fault == "twice":
            answer = self.ask(headers, body)
        if fault == "reply":
            raise httpx.ReadError("lost on the way back")
        if callable(fault):
            answer = fault(answer)
        self.bytes_up += len(body)
        self.bytes_down += len(answer.body)
        return answer

    def ask(self, headers: Mapping[str, str], body: bytes) -> Answer:
        """What the centre answers."""
        answer = answer_of(self.server, headers, body)
        if self.watch:
            self.watch(answer)
        return answer


def answer_of(server: Server, headers: Mapping[str, str], body: bytes) -> Answer:
    """What `server` answers, in this thread."""
    caller = server.greet(headers)
    return server.serve(caller, headers, body) if isinstance(caller, Caller) else caller


def by_field(field: str) -> Callable[[str, Mapping[str, Any]], frozenset[str]]:
    """A `scopes_of` for toys: the words in the record's `field` are its scopes."""

    def scopes_of(_table: str, record: Mapping[str, Any]) -> frozenset[str]:
        return frozenset(str(record[field]).split())

    return scopes_of


def cut(answer: Answer) -> Answer:
    """A fault: only the first half of the answer's body arrives."""
    return answer._replace(body=answer.body[: len(answer.body) // 2])


PORTAL = Answer(200, {"content-type": "text/html"}, b"<h1>Welcome to the hotel</h1>")
"""What a captive portal answers to everything."""

__all__ = ["PORTAL", "Directory", "ManualClock", "Network", "answer_of", "by_field", "cut"]
