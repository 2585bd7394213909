"""What a request may cost: bytes of its body, time between its pieces, tries from one address; and the headers of every reply."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, MutableMapping
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SMALL_BODY = 16 * 1024
IDLE_SECONDS = 30.0

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # With no-referrer, browsers send "Origin: null" even to ourselves, and the Origin check could not tell.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class SecurityHeaders:
    """Adds HEADERS to every reply, and forbids keeping those that do not say otherwise."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                headers.setdefault("cache-control", "no-store")
            await send(message)

        await self.app(scope, receive, send_with_headers)


class BodyLimits:
    """Bounds the body of every request in size, and in the time between two pieces of it. `sync` bounds its own."""

    def __init__(self, app: ASGIApp, *, sync_path: str, idle: float = IDLE_SECONDS) -> None:
        self.app = app
        self.sync_path = sync_path
        self.idle = idle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; 413 for a body past its bound, 408 for one that does not arrive."""
        if scope["type"] != "http" or scope["path"] == self.sync_path:
            await self.app(scope, receive, send)
            return
        body = _Body(receive, SMALL_BODY, self.idle)
        if body.declared(scope) > body.limit:
            await _refuse(413, scope, receive, send)
            return
        started = _Started(send)
        try:
            await self.app(scope, body.receive, started.send)
        except ClientDisconnect:
            if body.refusal == 0:
                return
        if body.refusal and not started.yes:
            await _refuse(body.refusal, scope, receive, send)


class _Started:
    def __init__(self, send: Send) -> None:
        self._send = send
        self.yes = False

    async def send(self, message: Message) -> None:
        self.yes = True
        await self._send(message)


class _Body:
    """One body as it arrives; past a bound the rest of the program sees a caller who hung up."""

    def __init__(self, receive: Receive, limit: int, idle: float) -> None:
        self._receive = receive
        self.limit = limit
        self._idle = idle
        self._length = 0
        self._whole = False
        self.refusal = 0

    def declared(self, scope: Scope) -> int:
        text = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        return int(text) if text.isdigit() else 0

    async def receive(self) -> Message:
        if self._whole:
            return await self._receive()
        try:
            async with asyncio.timeout(self._idle):
                message = await self._receive()
        except TimeoutError:
            return self._hang_up(408)
        self._length += len(message.get("body", b""))
        self._whole = not message.get("more_body", False)
        return self._hang_up(413) if self._length > self.limit else message

    def _hang_up(self, status: int) -> Message:
        self.refusal = status
        self._whole = True
        return {"type": "http.disconnect"}


async def _refuse(status: int, scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse(f"{status}\n", status, headers={"connection": "close"})(scope, receive, send)


class Tries:
    """How many failures one address has left: `burst` at once, one more each `seconds`. Forgets the quietest addresses first."""

    def __init__(self, burst: int, seconds: float, now: Callable[[], float], remembered: int = 10_000) -> None:
        self._burst = burst
        self._seconds = seconds
        self._now = now
        self._remembered = remembered
        self._spent: MutableMapping[str, tuple[float, float]] = OrderedDict()

    def left(self, address: str) -> bool:
        """Whether this address may try again."""
        return self._level(address) <= self._burst - 1

    def failed(self, address: str) -> None:
        """Count one failure."""
        level = self._level(address)
        self._spent.pop(address, None)
        self._spent[address] = (level + 1, self._now())
        while len(self._spent) > self._remembered:
            self._spent.pop(next(iter(self._spent)))

    def _level(self, address: str) -> float:
        level, moment = self._spent.get(address, (0.0, 0.0))
        return max(0.0, level - (self._now() - moment) / self._seconds)


def address_of(scope: MutableMapping[str, Any]) -> str:
    """The caller's address, as the server saw it."""
    client = scope.get("client")
    return str(client[0]) if client else ""
