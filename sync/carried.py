"""What a laptop has put into hand-carried files: kept in its store, so that it knows what an answer speaks of.

A file awaits its answer as long as its last token is one that the centre may hold. Whatever the laptop hears from the
centre in another way overtakes it: a late answer is then left alone, and what it would have brought is asked for again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import zip_longest
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection

from sync import bundle, laptop, protocol
from sync.errors import Malformed
from sync.laptop import Laptop
from sync.outbox import Batch, Offer, Unsent
from sync.protocol import Reply

_OVERTAKEN = (
    "DELETE FROM sync_bundle WHERE NOT EXISTS "
    "(SELECT 1 FROM sync_laptop WHERE instr(' ' || sync_laptop.token || ' ' || next_token || ' ', ' ' || sync_bundle.token || ' '))"
)
_AS_IT_IS = (
    "SELECT o.seq, o.fields, o.departed, s.sent FROM json_each(?) j "
    "LEFT JOIN sync_outbox o ON o.tab = json_extract(j.value, '$[0]') AND o.id = json_extract(j.value, '$[1]') "
    "LEFT JOIN sync_stamp s ON s.tab = json_extract(j.value, '$[0]') AND s.id = json_extract(j.value, '$[1]') "
    "ORDER BY j.key"
)
_SET_DEPARTED = "UPDATE sync_outbox SET departed = ? WHERE seq IN (SELECT value FROM json_each(?))"


class Sent(NamedTuple):
    """One record as it left: the outbox's fields, and whether it went whole."""

    table: str
    id: str
    fields: str
    whole: int


class Part(NamedTuple):
    """One request of a file, as the store remembers it."""

    device: str
    token: str
    cursors: dict[str, int]
    records: list[Sent]
    offers: list[Offer]


class Request(NamedTuple):
    """One request on its way: the protocol's headers, the body before compression, and what the store must remember."""

    headers: dict[str, str]
    body: bytes
    batch: Batch
    part: Part


class Packed(NamedTuple):
    """The frames of a bundle, and how many records they hold."""

    id: str
    frames: list[bytes]
    records: int


class Replies:
    """The replies in the frames of an answer, each unpacked when its turn comes; raises `Malformed` then."""

    def __init__(self, frames: Sequence[bytes]) -> None:
        self._frames = frames

    def __iter__(self) -> Iterator[Reply]:
        for frame in self._frames:
            yield protocol.reply_from(protocol.inflate(frame, bundle.FRAME_LIMIT))


class Outline(NamedTuple):
    """One reply of an answer, as far as it decides whether the answer is taken."""

    state: str
    results: int
    revision: int
    """The centre's revision at which it was given; 0 where it tells none."""
    epoch: str


def outline(reply: Reply) -> Outline:
    """The outline of a reply."""
    revision = reply.span[1] or (reply.page.at if reply.page else 0)
    return Outline(reply.state, len(reply.results), revision, reply.epoch)


def pack(connection: Connection, prepare: Callable[[int], Request], bundle_id: str, made_at: int) -> Packed:
    """Requests from `prepare(after)` until nothing waits or a file is full; remembered in this transaction."""
    connection.exec_driver_sql(_OVERTAKEN)
    frames: list[bytes] = []
    last = packed = size = 0
    while True:
        request = prepare(last)
        _remember(connection, bundle_id, len(frames) // 2, made_at, request.part)
        frames += [protocol.encode(request.headers), protocol.deflate(request.body)]
        size += len(frames[-1])
        packed += len(request.batch.records)
        if not request.batch.records:
            break
        last = request.batch.records[-1].seq
        waits = "SELECT 1 FROM sync_outbox WHERE state = 'waiting' AND seq > ? LIMIT 1"
        if size > bundle.ENOUGH or not connection.exec_driver_sql(waits, (last,)).first():
            break
    connection.exec_driver_sql("UPDATE sync_laptop SET sending = 0")
    return Packed(bundle_id, frames, packed)


def awaited(connection: Connection, me: Laptop, bundle_id: str, replies: Sequence[Outline]) -> list[Part]:
    """The requests that `replies` answer; none if the store awaits no answer, or knows more than this one by now.

    Raises `Malformed` for replies that do not fit the requests.
    """
    parts = _parts(connection, bundle_id)
    if not parts or parts[0].device != me.device or parts[-1].token not in laptop.candidates(me):
        return []
    _check(parts, replies)
    taken = [reply for reply in replies if reply.state == protocol.TAKEN]
    return parts if not taken or _is_news(connection, me, parts[-1], taken) else []


def _is_news(connection: Connection, me: Laptop, part: Part, taken: Sequence[Outline]) -> bool:
    """Whether these replies begin where the store stands or before, and were given when the centre was further."""
    first = next((reply.revision for reply in taken if reply.revision), 0)
    held = cursors(connection)
    made = (upto for _after, upto in msgspec.json.decode(me.have))
    return (
        all(me.epoch in ("", reply.epoch) for reply in taken)
        and first >= max([*held.values(), *made], default=0)
        and all(held.get(scope, 0) >= revision for scope, revision in part.cursors.items())
    )


def forget(connection: Connection, bundle_id: str) -> None:
    """Await no answer to this file any more."""
    connection.exec_driver_sql("DELETE FROM sync_bundle WHERE id = ?", (bundle_id,))


def cursors(connection: Connection) -> dict[str, int]:
    """How far the store has pulled each scope."""
    return dict(connection.exec_driver_sql("SELECT scope, revision FROM sync_cursor").all())


@contextmanager
def as_sent(connection: Connection, part: Part | None) -> Iterator[Batch]:
    """The batch of `part` over the outbox as it is now; what was saved since it left counts as not departed meanwhile."""
    if part is None:
        yield Batch([], [], [])
        return
    keys = _text([(sent.table, sent.id) for sent in part.records])
    rows = connection.exec_driver_sql(_AS_IT_IS, (keys,)).all()
    batch = Batch([], part.offers, [b""] * (len(part.records) + len(part.offers)))
    saved_since, departed_again = [], []
    for sent, (seq, fields, departed, log) in zip(part.records, rows, strict=True):
        batch.records.append(Unsent(seq or 0, *sent, held=None, stamps=None, known=0, sent=log, extra=None))
        if fields is not None and fields != sent.fields:
            saved_since.append(seq)
            departed_again.extend([seq] if departed else [])
    connection.exec_driver_sql(_SET_DEPARTED, (0, _text(saved_since)))
    yield batch
    connection.exec_driver_sql(_SET_DEPARTED, (1, _text(departed_again)))


def _remember(connection: Connection, bundle_id: str, number: int, made_at: int, part: Part) -> None:
    connection.exec_driver_sql(
        "INSERT INTO sync_bundle (id, part, made_at, device, token, cursors, records, sent) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            bundle_id,
            number,
            made_at,
            part.device,
            part.token,
            _text(part.cursors),
            len(part.records),
            _text([part.records, part.offers]),
        ),
    )


def _parts(connection: Connection, bundle_id: str) -> list[Part]:
    query = "SELECT device, token, cursors, sent FROM sync_bundle WHERE id = ? ORDER BY part"
    found = []
    for device, token, cursors, sent in connection.exec_driver_sql(query, (bundle_id,)):
        records, offers = msgspec.json.decode(sent, type=tuple[list[Sent], list[Offer]])
        found.append(Part(device, token, msgspec.json.decode(cursors), records, offers))
    return found


def _check(parts: Sequence[Part], replies: Sequence[Outline]) -> None:
    """Every request answered up to the first that was not taken; pages alone after the last."""
    ended = next((place for place, reply in enumerate(replies) if reply.state != protocol.TAKEN), None)
    whole = len(replies) >= len(parts) if ended is None else ended == len(replies) - 1 < len(parts)
    if not whole:
        raise Malformed("replies")
    for part, reply in zip_longest(parts, replies[: len(replies) if ended is None else ended]):
        sent = len(part.records) + len(part.offers) if part else 0
        if reply is not None and reply.results != sent:
            raise Malformed("results")


def _text(value: object) -> str:
    return msgspec.json.encode(value).decode()
