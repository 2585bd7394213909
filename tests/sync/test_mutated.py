"""Valid requests, spoilt in any place: the centre reads them or says 4xx, never faults, and goes on serving others."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync import protocol
from sync.errors import Malformed
from tests.sync.toys import City, Note

STAMP = "1795000000000-0000-aaaaaaaaaaaa"
ODD: list[Any] = [
    None, True, 0, -1, 1.5, 2**63, -(2**63) - 1, 10**30, "", "\0", "国\0", "x" * 5000, [], {}, [[]], {"": {}}, "*",
    STAMP, "9" * 13 + STAMP[13:], "toy_sample", "sync_centre", "1", ["a", 1], {"text": [STAMP]}, {"*": STAMP}, float("nan"),
]  # fmt: skip
ANYTHING = st.sampled_from(ODD) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


def valid() -> dict[str, Any]:
    values = {"text": "a", "more": "b", "scopes": "all", "deleted": False, "new": {"x": [1, "y"]}}
    whole = {"t": "toy_note", "i": "1", "f": values, "h": STAMP, "w": True, "b": {"*": [STAMP]}, "k": 0}
    sample = {"number": 1, "ratio": 0.5, "yes": True, "day": "2026-11-23", "at": "2026-11-23T07:02:03.123+00:00"}
    edit = {"t": "toy_sample", "i": "2", "f": {**sample, "things": [1], "pairs": {"a": 1}}, "h": STAMP, "w": True}
    seed = {
        "t": "toy_note",
        "i": "3",
        "f": {"text": ""},
        "h": STAMP,
        "s": {"text": STAMP},
        "c": values,
        "d": {"*": STAMP},
    }
    rest = {"cursors": {"all": 0}, "have": [[0, 1]], "page": 5000, "unsent": 1, "oldest": 1, "schema": 1}
    return {"push": [whole, edit, seed], **rest, "came_from": "aaaaaaaaaaaa"}


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path to every value in a JSON document."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in steps:
        yield (*path, step)
        yield from places(inner, (*path, step))


PLACES = list(places(valid()))


@st.composite
def spoilt(draw: st.DrawFn) -> bytes:
    """A request with a few of its values replaced, removed or renamed; sometimes its bytes are spoilt as well."""
    request = valid()
    for path in draw(st.lists(st.sampled_from(PLACES), min_size=1, max_size=3)):
        _spoil(draw, request, path)
    body = json.dumps(request).encode()
    if draw(st.integers(0, 9)) == 0:
        place = draw(st.integers(0, len(body) - 1))
        body = body[:place] + draw(st.binary(max_size=3)) + body[place + draw(st.integers(0, 3)) :]
    return body


def _spoil(draw: st.DrawFn, request: Any, path: tuple[Any, ...]) -> None:
    holder = request
    for step in path[:-1]:
        if not isinstance(holder, dict | list) or (isinstance(holder, dict) and step not in holder):
            return
        if isinstance(holder, list) and (not isinstance(step, int) or step >= len(holder)):
            return
        holder = holder[step]
    what = draw(st.sampled_from(["replace", "remove", "rename"]))
    if isinstance(holder, list) and isinstance(path[-1], int) and path[-1] < len(holder):
        holder[path[-1]] = draw(ANYTHING)
    elif isinstance(holder, dict) and path[-1] in holder:
        value = holder.pop(path[-1])
        if what != "remove":
            holder[path[-1] if what == "replace" else draw(st.text(max_size=10))] = (
                draw(ANYTHING) if what == "replace" else value
            )


@pytest.fixture(scope="module")
def town() -> Iterator[City]:
    made = City()
    made.laptop("ann")
    yield made
    made.close()


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(body=spoilt(), device=st.integers(1, 2**40))
def test_no_request_breaks_the_centre(town: City, body: bytes, device: int) -> None:
    headers = {protocol.DEVICE: f"{device:012x}", protocol.TOKEN: "- first"}
    answer = town.server.serve(town.directory.callers["ann"], headers, body)
    assert answer.status in (200, 400, 413)
    if answer.status == 200:
        reply = protocol.reply_from(protocol.inflate(answer.body, protocol.REPLY_LIMIT))
        assert {one.state for one in reply.results} <= {"ok", "lost", "rejected", "forbidden", "unknown"}
        assert "fault" not in {one.reason for one in reply.results}


def test_the_honest_laptop_beside_it_has_not_suffered(town: City) -> None:
    (ann,) = town.laptops
    ann.save(Note(id="honest"))
    assert ann.sync().state == "done"
    assert ann.sync()[:5] == ("done", 0, 0, 0, 0)


@given(body=st.binary(max_size=200))
def test_no_bytes_at_all_are_more_than_malformed(body: bytes) -> None:
    for read in (protocol.request_from, protocol.reply_from, protocol.inflate):
        try:
            read(body)
        except Malformed:
            continue
