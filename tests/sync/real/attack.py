"""What an enrolled laptop that means harm can send; and what an honest one beside it would have sent."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from sync import protocol
from sync.protocol import Push, Reply

_DEVICES = itertools.count(1)


def stamp(device: str = "aaaaaaaaaaaa", millis: int | None = None) -> str:
    """A stamp of the right form, of now."""
    return f"{millis if millis is not None else int(time.time() * 1000):013d}-0000-{device}"


def note(record: str = "mallory", **values: Any) -> Push:
    """A new note that nothing is wrong with."""
    return Push(
        "toy_note", record, {"text": "", "more": "", "scopes": "all", "deleted": False, **values}, stamp(), w=True
    )


def request(*pushes: Push, **rest: Any) -> dict[str, Any]:
    """A valid request as plain JSON values, to be spoilt."""
    made: dict[str, Any] = json.loads(protocol.encode(protocol.Request(push=list(pushes), **rest)))
    return made


class Mallory:
    """Speaks to the centre at `url` with a valid credential, each call under a device id of its own."""

    def __init__(self, url: str, credential: str = "mallory:all,heap") -> None:
        self._url = url
        self._http = httpx.Client(timeout=30)
        self.headers = {
            "authorization": f"Bearer {credential}",
            "content-type": protocol.MEDIA_TYPE,
            protocol.PROTOCOL: protocol.VERSION,
            protocol.NONCE: "nonce",
            protocol.TOKEN: "- first",
        }

    def post(self, body: Any, *, packed: bool = False, **headers: str) -> httpx.Response:
        """Send bytes as they are, an iterator in pieces, and anything else as JSON."""
        content = json.dumps(body, separators=(",", ":")).encode() if isinstance(body, dict | list) else body
        wanted: dict[str, Any] = {**self.headers, protocol.DEVICE: f"{next(_DEVICES):012x}"}
        if packed:
            content = protocol.deflate(content)
            wanted["content-encoding"] = "gzip"
        wanted.update({name.replace("_", "-"): value.encode("latin-1") for name, value in headers.items()})
        return self._http.post(self._url, content=content, headers=wanted)

    def results(self, body: Any) -> list[tuple[str, str]]:
        """State and reason of each record in the answer to a request that must be read."""
        answer = self.post(body)
        assert answer.status_code == 200, answer.status_code
        return [(one.state, one.reason) for one in reply_in(answer).results]

    def close(self) -> None:
        self._http.close()


def reply_in(answer: httpx.Response) -> Reply:
    return protocol.reply_from(answer.content)


@contextmanager
def mallory_at(url: str) -> Iterator[Mallory]:
    made = Mallory(url)
    yield made
    made.close()
