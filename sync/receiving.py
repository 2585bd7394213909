"""The centre's half of a hand-carried file: its requests go through the same door, the replies into an answer file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection

from sync import bundle, protocol
from sync.devices import Caller, Identity
from sync.errors import Malformed, Misdirected
from sync.protocol import EncodedReply, Request
from sync.statements import Statements

KNOWN = "known"
"""The state of a file that was taken or overtaken before."""


class Holder(NamedTuple):
    """Who holds a credential, and the SHA-256 of it in hexadecimal digits."""

    caller: Caller
    secret: str


HolderOf = Callable[[str], Holder | None]
"""From the name that a file bears (see `sync.bundle.name_of`) to the holder of that credential; None for nobody."""


class Receipt(NamedTuple):
    """What became of a file, and the answer to hand back.

    `state` is `taken`, `known` (it was taken before, or overtaken by a later file or sync; taking it again is harmless),
    `fork`, `restored` or `clock`. `records` were answered for, `refused` of them not taken.
    """

    person: str
    device: str
    state: str
    records: int
    refused: int
    answer: bytes


class Door(NamedTuple):
    """The centre's own steps; `push` and `add_page` are a transaction each.

    `push` also says whether the request was taken or overtaken before; `add_page` whether the laptop can read a page.
    """

    identity: Callable[[Mapping[str, str]], Identity]
    push: Callable[[Caller, Identity, Request], tuple[EncodedReply, bool]]
    add_page: Callable[[Caller, Request, EncodedReply], bool]


class Memory:
    """The tokens of files, in one transaction of the centre: a file may come late or twice, and is no clone for that."""

    def __init__(self, connection: Connection, statements: Statements) -> None:
        self._connection = connection
        self._statements = statements

    def holds(self, caller: Caller, identity: Identity) -> bool:
        """Whether the proposed token is that of a file which was taken, or overtaken by what the same store sent later."""
        query = (
            "SELECT 1 FROM sync_carried c JOIN sync_device d ON d.device = c.device "
            "WHERE c.token = ? AND d.device = ? AND d.person = ?"
        )
        known = (_digest(identity.next_token), identity.device, caller.person)
        return bool(self._statements.run(self._connection, query, *known))

    def keep(self, identity: Identity, *, carried: bool) -> None:
        """Remember the files that an admitted request names, and the one that it came in."""
        tokens = [token for token in identity.tokens if token.startswith(bundle.TOKEN_MARK)]
        tokens += [identity.next_token] if carried else []
        for token in tokens:
            self._statements.run(
                self._connection,
                "INSERT INTO sync_carried (token, device) VALUES (?, ?) ON CONFLICT DO NOTHING",
                _digest(token),
                identity.device,
            )


def receive(holder_of: HolderOf | None, door: Door, data: bytes) -> Receipt:
    """Take the file in `data` request by request; the answer holds their replies, and pages as far as it has room.

    Raises `Malformed`, `TooOld`, `Misdirected`, or what `holder_of` raises; then nothing was changed.
    """
    name = bundle.header_of(bundle.BUNDLE, data).name
    holder = holder_of(name) if holder_of else None
    if holder is None:
        raise Misdirected("name")
    opened = bundle.opened(bundle.BUNDLE, data, holder.secret)
    requests = _Requests(opened.frames, door.identity)
    requests.check()
    pushed = _Pushed([], [], all_known=True)
    for identity, request in requests:
        reply, known = door.push(holder.caller, identity, request)
        pushed = _Pushed([*pushed.replies, reply], [*pushed.spans, reply.span], all_known=pushed.all_known and known)
        if reply.state != protocol.TAKEN:
            break
    frames, too_old = _frames(door, holder.caller, request, pushed)
    sealed = bundle.seal(bundle.ANSWER, holder.secret, bundle.Header(name, opened.header.id, too_old), frames)
    results = [result.state for reply in pushed.replies for result in reply.results]
    refused = sum(state in (protocol.REJECTED, protocol.FORBIDDEN) for state in results)
    return Receipt(holder.caller.person, holder.caller.device, pushed.state, len(results), refused, sealed)


class _Pushed(NamedTuple):
    replies: list[EncodedReply]
    spans: list[tuple[int, int]]
    all_known: bool

    @property
    def state(self) -> str:
        last = self.replies[-1].state
        return KNOWN if last == protocol.TAKEN and self.all_known else last


class _Requests:
    """The requests in the frames of a bundle, each unpacked when its turn comes."""

    def __init__(self, frames: Sequence[bytes], identity: Callable[[Mapping[str, str]], Identity]) -> None:
        self._frames = frames
        self._identity = identity

    def check(self) -> None:
        """Raise `Malformed` unless every request can be read, and all come from one store."""
        if len(self._frames) % 2 or len({identity.device for identity, _ in self}) != 1:
            raise Malformed("requests")

    def __iter__(self) -> Iterator[tuple[Identity, Request]]:
        for headers, body in zip(self._frames[::2], self._frames[1::2], strict=True):
            yield self._identity(_headers(headers)), protocol.request_from(protocol.inflate(body))


def _frames(door: Door, caller: Caller, request: Request, pushed: _Pushed) -> tuple[list[bytes], bool]:
    """The replies as frames, pages behind the last one; and whether the laptop is too old for pages."""
    *earlier, reply = pushed.replies
    frames = [_frame(one) for one in earlier]
    too_old = False
    if reply.state == protocol.TAKEN:
        request.have = [*request.have, *(span for span in pushed.spans if span[1] > span[0])]
        too_old = not door.add_page(caller, request, reply)
    frames.append(_frame(reply))
    size = sum(map(len, frames))
    while reply.page and reply.page.more and size < bundle.ENOUGH:
        request.cursors = reply.page.cursors
        reply = EncodedReply(protocol.TAKEN, reply.now, reply.high, reply.epoch)
        door.add_page(caller, request, reply)
        frames.append(_frame(reply))
        size += len(frames[-1])
    return frames, too_old


def _frame(reply: EncodedReply) -> bytes:
    return protocol.deflate(protocol.encode(reply))


def _headers(frame: bytes) -> dict[str, str]:
    try:
        return msgspec.json.decode(frame, type=dict[str, str])
    except (msgspec.MsgspecError, ValueError) as error:
        raise Malformed("headers") from error


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
