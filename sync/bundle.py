"""Hand-carried files: a laptop's requests on their way to the centre (a bundle), and the replies on their way back.

    magic line | header | frames | seal

The header and each frame stand behind their length in four bytes. A bundle has two frames for each request: the
protocol's headers as JSON, and the body exactly as it would go over the wire. An answer has one frame for each reply.
The seal is an HMAC over everything before it. Its key is made from the SHA-256 of the laptop's credential, which the
centre keeps and nobody else has; the credential itself is not in the file. Nothing in it is encrypted.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence

import msgspec
from msgspec import Struct

from sync.errors import Malformed, Misdirected, TooLarge, TooOld

BUNDLE, ANSWER = b"sync-bundle", b"sync-answer"
FILE_LIMIT = 64 * 1024 * 1024
"""Bytes of one file."""
ENOUGH = 48 * 1024 * 1024
"""Bytes of frames after which nothing more is put into a file; the rest follows in another."""
FRAME_LIMIT = 64 * 1024 * 1024
"""Bytes of one reply after inflating; an answer has been proved to be the centre's before it is inflated."""

TOKEN_MARK = "file."  # noqa: S105 - a mark, not a secret
"""Stands before the tokens of files; the centre remembers these, because a file may come late, or twice."""

_VERSION = b"1"
_MAGIC_LIMIT = 32
_LENGTH = 4
_SEAL = hashlib.sha256().digest_size


class Header(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """What a file says of itself: the `name` of the credential behind its seal, and the `id` of the bundle."""

    name: str
    id: str
    too_old: bool = False
    """In an answer: the laptop's program is too old to be sent records."""


class Opened(Struct):
    """A file whose seal was found right."""

    header: Header
    frames: list[bytes]


def secret_of(credential: str) -> str:
    """What the centre keeps of a credential, in hexadecimal digits."""
    return hashlib.sha256(credential.encode("utf-8", "replace")).hexdigest()


def name_of(secret: str) -> str:
    """The name that files bear whose seal is made from `secret`; it tells nothing about the secret."""
    return hmac.digest(secret.encode(), b"sync: the name of hand-carried files", "sha256").hex()[:32]


def seal(kind: bytes, secret: str, header: Header, frames: Sequence[bytes]) -> bytes:
    """A whole file of this `kind`."""
    framed = [piece for frame in (msgspec.json.encode(header), *frames) for piece in (_length(frame), frame)]
    content = b"".join([kind, b" ", _VERSION, b"\n", *framed])
    return content + _seal(secret, content)


def header_of(kind: bytes, data: bytes) -> Header:
    """The header of a file, not yet proved.

    Raises `Misdirected` for a file of the other kind, `TooOld` for one of a later version, `TooLarge`, `Malformed`.
    """
    return _header(_frames(kind, data)[0])


def opened(kind: bytes, data: bytes, secret: str) -> Opened:
    """The file, proved to come from whoever holds `secret` and to be whole; raises as `header_of` does."""
    frames = _frames(kind, data)
    if not hmac.compare_digest(_seal(secret, data[:-_SEAL]), data[-_SEAL:]):
        raise Malformed("seal")
    return Opened(_header(frames[0]), frames[1:])


def _frames(kind: bytes, data: bytes) -> list[bytes]:
    if len(data) > FILE_LIMIT:
        raise TooLarge("file")
    magic, line_end, _ = data[:_MAGIC_LIMIT].partition(b"\n")
    found, _, version = magic.partition(b" ")
    if found not in (BUNDLE, ANSWER) or not line_end:
        raise Malformed("not a hand-carried file")
    if version != _VERSION:
        raise TooOld
    if found != kind:
        raise Misdirected("kind")
    frames, place, end = [], len(magic) + 1, len(data) - _SEAL
    while place < end:
        begin = place + _LENGTH
        place = begin + int.from_bytes(data[place:begin], "big")
        frames.append(data[begin:place])
    if place != end or not frames:
        raise Malformed("cut")
    return frames


def _header(frame: bytes) -> Header:
    try:
        return msgspec.json.decode(frame, type=Header)
    except (msgspec.MsgspecError, ValueError) as error:
        raise Malformed("header") from error


def _length(frame: bytes) -> bytes:
    return len(frame).to_bytes(_LENGTH, "big")


def _seal(secret: str, content: bytes) -> bytes:
    key = hmac.digest(secret.encode(), b"sync: the seal of hand-carried files", "sha256")
    return hmac.digest(key, content, "sha256")
