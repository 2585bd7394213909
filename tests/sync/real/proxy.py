"""A line between laptops and a centre that delays, throttles, cuts, truncates, duplicates, and drops replies.

It carries whole HTTP messages, one after the other as they come on each connection, and counts what crosses it.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

_PIECE = 1024


class Message(NamedTuple):
    """One HTTP message: its head with the empty line, and its body."""

    head: bytes
    body: bytes

    @property
    def bytes(self) -> bytes:
        return self.head + self.body


@dataclass
class Line:
    """What the line is like. `delay` is one way, in seconds; `rate` in bytes a second each way, for all connections
    together; `life` is the number of
    bytes, both ways together, after which a connection is cut. `fault(call)` says what goes wrong with a call, counted
    from 0: `"reply"` (done, but nobody hears of it), `"request"` (lost on the way there), `"twice"` (the centre gets it
    twice, the first answer comes back), `"again"` (the same, with the second answer), or a number of bytes after which
    the reply is cut."""

    delay: float = 0.0
    rate: float = 0.0
    life: int = 0
    fault: Callable[[int], str | int | None] = lambda _: None


@dataclass
class Count:
    """What has crossed the line. Bytes of heads and bodies; a message that was cut counts as far as it came."""

    calls: int = 0
    connections: int = 0
    heads_up: int = 0
    heads_down: int = 0
    up: int = 0
    down: int = 0
    cuts: int = 0
    bodies: list[tuple[int, int]] = field(default_factory=list)


class _Turns:
    """One direction of the line: pieces of all connections pass one after the other."""

    def __init__(self) -> None:
        self._free = 0.0

    async def take(self, size: int, rate: float) -> None:
        """Wait until the piece has passed."""
        if rate:
            now = asyncio.get_running_loop().time()
            self._free = max(self._free, now) + size / rate
            await asyncio.sleep(self._free - now)


class _Cut(Exception):
    """The connection is over."""


class Proxy:
    """Listens on `port` in a thread of its own until it is closed."""

    def __init__(self, target: int, line: Line | None = None) -> None:
        self.target = target
        self.line = line or Line()
        self.count = Count()
        self.turns = {True: _Turns(), False: _Turns()}
        self.port = 0
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        self._ready.wait(10)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(10)

    async def _serve(self) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._over.wait()
        server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await _Connection(self, reader, writer).run()
        except (_Cut, OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            writer.transport.abort()
        finally:
            self._tasks.discard(task)


class _Connection:
    """One laptop's connection, and the one behind it to the centre."""

    def __init__(self, proxy: Proxy, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._line, self._count, self._target = proxy.line, proxy.count, proxy.target
        self._reader, self._writer, self._turns = reader, writer, proxy.turns
        self._left = self._line.life or None

    async def run(self) -> None:
        self._count.connections += 1
        await asyncio.sleep(2 * self._line.delay)  # the handshake
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", self._target)
        try:
            while True:
                request = await _message(self._reader)
                await self._call(request, inner_reader, inner_writer)
        finally:
            inner_writer.transport.abort()

    async def _call(self, request: Message, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        fault = self._line.fault(self._count.calls)
        self._count.calls += 1
        if fault == "request":
            raise _Cut
        came = await self._carry(request, writer, up=True)
        reply = await _message(reader)
        if fault in ("twice", "again"):
            second = await _once(self._target, request)
            reply = second if fault == "again" else reply
        if fault == "reply":
            raise _Cut
        if isinstance(fault, int):
            self._writer.write(reply.bytes[:fault])
            await self._writer.drain()
            self._writer.close()
            raise _Cut
        self._count.bodies.append((came, await self._carry(reply, self._writer, up=False)))

    async def _carry(self, message: Message, writer: asyncio.StreamWriter, *, up: bool) -> int:
        """Carry what the connection's life allows, at the line's pace; the bytes of the body."""
        whole = message.bytes
        allowed = len(whole) if self._left is None else min(len(whole), self._left)
        await asyncio.sleep(self._line.delay)
        for start in range(0, allowed, _PIECE):
            piece = whole[start : min(start + _PIECE, allowed)]
            await self._turns[up].take(len(piece), self._line.rate)
            writer.write(piece)
            await writer.drain()
        self._note(len(message.head), allowed, up=up)
        if self._left is not None:
            self._left -= allowed
        if allowed < len(whole):
            self._count.cuts += 1
            raise _Cut
        return len(message.body)

    def _note(self, head: int, size: int, *, up: bool) -> None:
        if up:
            self._count.heads_up += min(head, size)
            self._count.up += max(0, size - head)
        else:
            self._count.heads_down += min(head, size)
            self._count.down += max(0, size - head)


async def _message(reader: asyncio.StreamReader) -> Message:
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    length = next((int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length:")), 0)
    return Message(head, await reader.readexactly(length))


async def _once(target: int, request: Message) -> Message:
    reader, writer = await asyncio.open_connection("127.0.0.1", target)
    writer.write(request.bytes)
    reply = await _message(reader)
    writer.close()
    return reply
