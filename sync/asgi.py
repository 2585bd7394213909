"""HTTP as ASGI hands it over: bounded, timed, one answer for each POST; the work is done in a few threads.

What a caller can make the process hold is bounded: a body in size and in time, the calls of one enrolment, and the
rounds that are worked on at once. Everybody else's rounds wait their turn.
"""

from __future__ import annotations

import asyncio
import gc
import logging
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from sync import protocol
from sync.devices import Caller
from sync.errors import Malformed, TooLarge

if TYPE_CHECKING:
    from sync.server import Answer

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

READ_TIMEOUT = 30.0
"""Seconds to wait for the next piece of a body."""
BODY_TIMEOUTS = 10
"""How many read timeouts a whole body may take, and a whole reply."""
CALLS_LIMIT = 4
"""Calls of one enrolment at once: an honest laptop has one, and perhaps some whose line is dead."""
ROUNDS_LIMIT = 2
"""Rounds worked on at once."""

_ONE_ROUND = 20_000
"""Objects that a large round makes, and lets go."""

_log = logging.getLogger("sync")


class Endpoint(ABC):
    """The ASGI face of a centre; `greet` and `serve` are its two steps, and know nothing of sockets."""

    def __init__(self, read_timeout: float = READ_TIMEOUT) -> None:
        self._read_timeout = read_timeout
        self._calls: Counter[str] = Counter()
        self._desk = ThreadPoolExecutor(ROUNDS_LIMIT, thread_name_prefix="sync")

    @abstractmethod
    def greet(self, headers: Mapping[str, str]) -> Caller | Answer:
        """Who is calling, or the answer that ends the call."""

    @abstractmethod
    def serve(self, caller: Caller, headers: Mapping[str, str], body: bytes) -> Answer:
        """One round."""

    @abstractmethod
    def _answer(self, headers: Mapping[str, str], status: int, body: bytes = b"{}") -> Answer:
        """An answer in the protocol to a call with these headers."""

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """One ASGI call."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
            return
        if scope["type"] != "http":
            raise ValueError(scope["type"])
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        caller = await self._welcome(str(scope["method"]), headers)
        if not isinstance(caller, Caller):
            await _send(send, caller)
            return
        self._calls[caller.device] += 1
        try:
            answer = await self._answer_to(caller, headers, receive)
            async with asyncio.timeout(BODY_TIMEOUTS * self._read_timeout):
                await _send(send, answer)
        finally:
            self._calls[caller.device] -= 1
            if not self._calls[caller.device]:
                del self._calls[caller.device]

    async def _welcome(self, method: str, headers: Mapping[str, str]) -> Caller | Answer:
        if method != "POST":
            return self._answer(headers, 405)
        if headers.get("content-type") != protocol.MEDIA_TYPE:
            return self._answer(headers, 415)
        try:
            caller = await asyncio.to_thread(self.greet, headers)
        except Exception:  # noqa: BLE001 - whatever happens inside, the caller gets an answer in the protocol
            _log.exception("a caller could not be identified")
            return self._answer(headers, 500)
        busy = isinstance(caller, Caller) and self._calls[caller.device] >= CALLS_LIMIT
        return self._answer(headers, 429) if busy else caller

    async def _answer_to(self, caller: Caller, headers: Mapping[str, str], receive: Receive) -> Answer:
        try:
            body = await _body(headers, receive, self._read_timeout)
            return await asyncio.get_running_loop().run_in_executor(self._desk, self.serve, caller, headers, body)
        except TooLarge:
            return self._answer(headers, 413)
        except (TimeoutError, Malformed):
            return self._answer(headers, 408)
        except Exception:  # noqa: BLE001 - as above
            _log.exception("a round failed")
            return self._answer(headers, 500)


async def _body(headers: Mapping[str, str], receive: Receive, patience: float) -> bytes:
    """The body as it came; raises `TooLarge` as soon as it is, `Malformed` when the caller hangs up.

    Raises TimeoutError when the next piece does not come in `patience` seconds, or the whole in `BODY_TIMEOUTS` of them.
    """
    claimed = headers.get("content-length", "")
    if claimed.isdecimal() and int(claimed[:20]) > protocol.BODY_LIMIT:
        raise TooLarge("body")
    now = asyncio.get_running_loop().time
    end = now() + BODY_TIMEOUTS * patience
    pieces, size, more = [], 0, True
    while more:
        async with asyncio.timeout_at(min(now() + patience, end)):
            message = await receive()
        if now() > end:  # it may come piece by piece without ever making us wait
            raise TimeoutError
        if message["type"] == "http.disconnect":
            raise Malformed("cut")
        piece = message.get("body", b"")
        size += len(piece)
        if size > protocol.BODY_LIMIT:
            raise TooLarge("body")
        pieces.append(piece)
        more = message.get("more_body", False)
    return b"".join(pieces)


async def _send(send: Send, answer: Answer) -> None:
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers.items()]
    headers.append((b"content-length", str(len(answer.body)).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


def settle() -> None:
    """What a server has loaded by its start stays: no collection of garbage need walk it again.

    And what one round makes is soon let go: collecting in the midst of it finds nothing.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_ONE_ROUND)


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            settle()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
