"""Messages between laptop and centre: their shapes, limits and bytes. No socket, no file.

One round is one POST: the request carries a batch of changed records and the laptop's cursors, the reply carries a
result for each record and a page of records. Who is calling stands in the headers, so that it is settled before the
body is looked at:

    authorization  Bearer <credential>              sync-version  the protocol's version
    sync-device    the device in the stamps         sync-nonce    echoed by the centre, and by nobody else
    sync-token     tokens that may stand, the next               sync-epoch    the centre's life that the laptop knows
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Raw, Struct

from sync.errors import Malformed, TooLarge

VERSION = "1"
MEDIA_TYPE = "application/vnd.sync.v1+json"

RECORD_LIMIT = 256 * 1024
"""Bytes of one record on the wire, before compression."""
FILLED_LIMIT = 2 * RECORD_LIMIT
"""Bytes of the values of a record that several saves have filled."""
WHOLE_LIMIT = FILLED_LIMIT + 128 * 1024
"""Bytes of such a record on the wire, with its stamps and bases."""
BATCH_LIMIT = 512 * 1024
"""Bytes of records in one batch or page, before compression; a batch is never empty for it."""
INFLATED_LIMIT = 1024 * 1024
"""Bytes of one request after inflating."""
REPLY_LIMIT = 8 * 1024 * 1024
"""Bytes of one reply after inflating: a page, and as many corrections as records were pushed."""
CORRECTIONS_LIMIT = 4 * 1024 * 1024
"""Bytes of the corrections in one reply; one record is always among them."""
BODY_LIMIT = 1024 * 1024
"""Bytes of one message on the wire."""
RECORDS_LIMIT = 5000
"""Records in one batch or page."""
HAVE_LIMIT = 64
"""Ranges of revisions in one request."""

GZIP, SHORT = "gzip", "sync-deflate"
"""Content-encodings: gzip, and for short messages raw deflate with a dictionary that both ends know."""
SHORT_LIMIT = 2048
"""Bytes of a message, before compression, that is worth the dictionary."""

DEVICE, TOKEN, EPOCH, NONCE, PROTOCOL = "sync-device", "sync-token", "sync-epoch", "sync-nonce", "sync-version"
PAGE = "sync-page"
"""In a reply's head: the revision that its page reaches, when there is more after it."""

NO_TOKEN = "-"  # noqa: S105 - the word for having none
"""Stands for the current token of a laptop that has none yet; a header value cannot begin with a blank."""

OK, LOST, REJECTED, FORBIDDEN, UNKNOWN = "ok", "lost", "rejected", "forbidden", "unknown"
ASK = "ask"
"""The reason in a result: the record is not as the laptop knows it, and did not fit into the reply; it must ask."""
TAKEN, FORK, RESTORED, CLOCK = "taken", "fork", "restored", "clock"


_Number = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
_Count = Annotated[int, Meta(ge=0, le=2**63 - 1)]
_Known = Annotated[int, Meta(ge=-1, le=2**63 - 1)]
_Ranges = Annotated[list[tuple[_Count, _Count]], Meta(max_length=HAVE_LIMIT)]
_Device = Annotated[str, Meta(pattern="^([0-9a-f]{12})?$")]


class Push(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """The dirty fields of one record: `h` stamps every field in `f` that `s` does not name."""

    t: str
    """Table."""
    i: str
    """Record id."""
    f: dict[str, Any]
    """Dirty fields and their wire values."""
    h: str
    s: dict[str, str] = {}
    b: dict[str, list[str]] = {}
    """Bases by field; `*` for every field not named."""
    k: _Known = 0
    """The revision up to which the laptop knows the record; -1 when it no longer holds it, and must be told."""
    w: bool = False
    """The whole record: `c` holds the clean fields, `d` their stamps, for a centre that has never seen it."""
    c: dict[str, Any] = {}
    d: dict[str, str] = {}


class Request(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """One round's request."""

    push: list[Push] = []
    cursors: dict[str, _Count] = {}
    have: _Ranges = []
    """Ranges of revisions `(after, up to]` that the laptop made itself and need not see again."""
    page: _Count = 0
    """Wanted bytes of records in the page; 0 for no page."""
    unsent: _Count = 0
    oldest: _Number | None = None
    schema: _Number = 0
    came_from: _Device = ""
    """The device id that this laptop had before it took a new one."""


class Result(Struct, array_like=True, omit_defaults=True):
    """The centre's answer for one record; `scopes` points into `Reply.scopes`, -1 for none."""

    state: str
    scopes: int = -1
    reason: str = ""


class Held(Struct, array_like=True, omit_defaults=True):
    """One open conflict of a record: the value that was not kept, and who wrote either."""

    id: str
    field: str
    value: Any
    stamp: str
    author: str
    kept_author: str


class Row(Struct, array_like=True, omit_defaults=True):
    """One whole record; `values` in the order of its block's fields, `stamps` a JSON object."""

    id: str
    scopes: int
    stamps: Raw
    values: list[Any]
    held: list[Held] = []
    extra: dict[str, Any] = {}
    """Fields that the centre's own schema does not have."""


class Block(Struct, array_like=True):
    """Whole records of one table."""

    table: str
    fields: list[str]
    rows: list[Row]


class EncodedBlock(Struct, array_like=True):
    """A block whose rows are bytes already."""

    table: str
    fields: list[str]
    rows: list[Raw]


class Page(Struct, omit_defaults=True):
    """Whole records by scope and revision; `leave` names `[scope, table, id]` that the laptop must forget."""

    cursors: dict[str, int]
    at: int
    """The centre's revision at which these records were read."""
    more: bool = False
    blocks: list[Block] = []
    leave: list[tuple[str, str, str]] = []


class EncodedPage(Struct, omit_defaults=True):
    """A page at the centre, its rows bytes already."""

    cursors: dict[str, int]
    at: int
    more: bool = False
    blocks: list[EncodedBlock] = []
    leave: list[tuple[str, str, str]] = []


class Reply(Struct, omit_defaults=True):
    """One round's reply. `corrections` are records that the laptop cannot know as they now are."""

    state: str
    now: int
    high: str = ""
    """The latest stamp at the centre; the laptop's clock goes on from there."""
    epoch: str = ""
    results: list[Result] = []
    span: tuple[int, int] = (0, 0)
    """Revisions of this push: `(before, after)`."""
    scopes: list[list[str]] = []
    corrections: list[Block] = []
    page: Page | None = None


class EncodedReply(Struct, omit_defaults=True):
    """A reply at the centre, its rows bytes already."""

    state: str
    now: int
    high: str = ""
    epoch: str = ""
    results: list[Result] = []
    span: tuple[int, int] = (0, 0)
    scopes: list[list[str]] = []
    corrections: list[EncodedBlock] = []
    page: EncodedPage | None = None


class _Outline(Struct):
    """A request of which only the records' bytes are looked at."""

    push: list[Raw] = []


encode = msgspec.json.Encoder().encode
decode = msgspec.json.decode
_outlines = msgspec.json.Decoder(_Outline)
_requests = msgspec.json.Decoder(Request)
_replies = msgspec.json.Decoder(Reply)
_GZIP = 16 + zlib.MAX_WBITS
_USUAL = (
    b'{"state":"taken","now":179,"high":"179","epoch":"","results":[["ok",0,""]],"span":[1,2],"scopes":[["group:"]],'
    b'"page":{"cursors":{"all":1,"group:":1},"at":1}}{"push":[{"t":"","i":"01","f":{"deleted":false},"h":"179",'
    b'"b":{"deleted":["179"],"*":["179"]},"k":1,"w":true}],"cursors":{"all":1},"page":32768,"unsent":1,"oldest":179,"schema":1}'
)
"""What short messages are made of; part of the protocol's version."""


def request_from(body: bytes) -> Request:
    """The request in `body`; raises `TooLarge`, or `Malformed`, also for a key given twice."""
    try:
        sizes = _checked_sizes(_outlines.decode(body).push)
        request = _requests.decode(body)
        for size, push in zip(sizes, request.push, strict=True) if sizes and max(sizes) > RECORD_LIMIT else ():
            if size > RECORD_LIMIT and not (push.s or push.c):
                raise TooLarge("record")
        if encode(request) != body:
            json.loads(body, object_pairs_hook=_without_duplicates)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Malformed(str(error)) from error
    if len(request.cursors) > RECORDS_LIMIT:
        raise TooLarge("cursors")
    return request


def _checked_sizes(records: list[Raw]) -> list[int]:
    """The sizes, looked at before anything is made of the records: values in memory are many times as large as their text."""
    sizes = list(map(len, records))
    most = BATCH_LIMIT if len(sizes) > 1 else WHOLE_LIMIT
    if len(sizes) > RECORDS_LIMIT or max(sizes, default=0) > WHOLE_LIMIT or sum(sizes) > most:
        raise TooLarge("records")
    return sizes


def reply_from(body: bytes) -> Reply:
    """The reply in `body`; raises `Malformed`."""
    try:
        return _replies.decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Malformed(str(error)) from error


def request_bytes(push: Iterable[bytes], rest: Request) -> bytes:
    """A request whose records are bytes already; `rest.push` is empty."""
    records = b",".join(push)
    tail = encode(rest)
    if not records:
        return tail
    return b'{"push":[' + records + b"]" + (b"," if len(tail) > 2 else b"") + tail[1:]


def deflate(body: bytes, level: int = 6) -> bytes:
    """`body` as gzip."""
    packer = zlib.compressobj(level, zlib.DEFLATED, _GZIP)
    return packer.compress(body) + packer.flush()


def pack(body: bytes, accepted: str) -> tuple[bytes, str]:
    """`body` compressed, and the content-encoding of it: the shortest of those in `accepted`, an accept-encoding."""
    if len(body) > SHORT_LIMIT or SHORT not in accepted:
        return deflate(body), GZIP
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, zdict=_USUAL)
    return packer.compress(body) + packer.flush(), SHORT


class Inflater:
    """Either encoding inflated piece by piece, never past `limit` bytes, whatever the stream claims.

    They tell themselves apart: no stream without a head begins with the first byte of gzip's.
    """

    def __init__(self, limit: int = INFLATED_LIMIT) -> None:
        self._packed = zlib.decompressobj(_GZIP)
        self._limit = limit
        self._pieces: list[bytes] = []
        self._size = 0
        self._begun = False

    def feed(self, piece: bytes) -> None:
        """Take the next piece; raises `TooLarge` or `Malformed`."""
        if piece and not self._begun:
            self._begun = True
            if piece[:1] != b"\x1f":
                self._packed = zlib.decompressobj(-zlib.MAX_WBITS, zdict=_USUAL)
        try:
            out = self._packed.decompress(piece, self._limit - self._size + 1)
        except zlib.error as error:
            raise Malformed("gzip") from error
        self._size += len(out)
        if self._size > self._limit:
            raise TooLarge("inflated")
        if self._packed.unused_data:
            raise Malformed("gzip")
        self._pieces.append(out)

    def finish(self) -> bytes:
        """Everything inflated; raises `Malformed` for a stream that was cut."""
        if not self._packed.eof:
            raise Malformed("gzip")
        return b"".join(self._pieces)


def inflate(body: bytes, limit: int = INFLATED_LIMIT) -> bytes:
    """`body` inflated; raises `TooLarge` or `Malformed`."""
    inflater = Inflater(limit)
    inflater.feed(body)
    return inflater.finish()


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("duplicate key")
    return found
