"""A laptop that means harm, before a real server process: it hears a clear 4xx or a refusal of its record, never a 5xx,
the process stays small, and the honest laptop beside it goes on."""

from __future__ import annotations

import gzip
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from sync import protocol
from sync.protocol import Push
from tests.sync.real.attack import Mallory, mallory_at, note, reply_in, request, stamp
from tests.sync.real.processes import Centre, RealLaptop
from tests.sync.toys import Note

MEMORY = 150
"""Megabytes that the server may ever hold."""
READ_TIMEOUT = 1.0
PAST_64 = [2**63, -(2**63) - 1, 2**64, 10**400]


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    made = Centre(tmp_path_factory.mktemp("hostile") / "centre.db", READ_TIMEOUT)
    yield made
    made.kill()


@pytest.fixture(scope="module")
def honest(centre: Centre, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealLaptop]:
    made = RealLaptop(tmp_path_factory.mktemp("honest"), "ann", centre.url)
    yield made
    made.close()


@pytest.fixture
def mallory(centre: Centre, honest: RealLaptop, request: pytest.FixtureRequest) -> Iterator[Mallory]:
    with mallory_at(centre.url) as made:
        yield made
    honest.save(Note(id=request.node.name[:60], text="precious"))
    assert honest.sync().state == "done"
    assert centre.peak_memory() < MEMORY


def spoilt(*path: Any, value: Any = 1) -> bytes:
    """A valid request with `value` at `path`."""
    body = request(note(), have=[(1, 2)], cursors={"all": 0}, page=1000)
    place: Any = body
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return json.dumps(body).encode()


WHOLE = [
    spoilt("author", value="boss"),
    spoilt("push", 0, "author", value="boss"),
    spoilt("push", 0, "scopes", value=["all", "secret"]),
    spoilt("push", 0, "person", value="boss"),
    *(spoilt(field, value=number) for field in ("page", "unsent", "oldest", "schema") for number in PAST_64),
    *(spoilt("push", 0, "k", value=number) for number in PAST_64),
    *(spoilt("cursors", "all", value=number) for number in PAST_64),
    *(spoilt("have", 0, 1, value=number) for number in PAST_64),
    *(spoilt(field, value=-1) for field in ("page", "unsent")),
    spoilt("have", value=[[0, 1]] * (protocol.HAVE_LIMIT + 1)),
    spoilt("have", value=[[1, 2, 3]]),
    spoilt("page", value=1.5),
    spoilt("page", value=True),
    spoilt("came_from", value="a\0"),
    spoilt("came_from", value="x" * 100_000),
    *(spoilt("push", 0, field, value=7) for field in ("t", "i", "f", "h", "s", "b", "w", "c", "d")),
    *(spoilt("push", 0, field, value=None) for field in ("t", "i", "f", "h", "s", "b", "w", "c", "d")),
    spoilt("push", 0, "f", "text", value=float("nan")),
    spoilt("push", 0, "f", "text", value=float("-inf")),
    spoilt("push", 0, "f", "text", value="\ud800"),
    spoilt("push", 0, "i", value="\udfff"),
    spoilt("push", 0, "f", "new\ud800", value=1),
    spoilt("page").replace(b'"page": 1', b'"page": 1, "page": 1'),
    spoilt("page").replace(b'"i": "mallory"', b'"i": "mallory", "i": "boss"'),
    spoilt("page").replace(b'"text": ""', b'"text": "", "text": ""'),
    spoilt("cursors", "x", value=1).replace(b'"x": 1', b'"x": 1, "x": 1'),
    spoilt("push", 0, "f", "new", value={"x": 1}).replace(b'"x": 1', b'"x": 1, "x": 1'),
    spoilt("push", 0, "f", "new", value="@").replace(b'"@"', b"[" * 100_000 + b"]" * 100_000),
    spoilt("push", 0, "f", "new", value="@").replace(b'"@"', b'{"a":' * 20_000 + b"1" + b"}" * 20_000),
    spoilt("push", 0, "f", "new", value="@").replace(b'"@"', b"9" * 200_000),
    spoilt("push", 0, "f", "new", value="@").replace(b'"@"', b"1e999"),
    spoilt("push", 0, "f", "new", value="@").replace(b'"@"', b'"\xff\xfe"'),
    b"\xef\xbb\xbf{}",
    b"{}{}",
    b"null",
    b"1",
    b'"',
    b"[" * 1_000_000,
    '{"push":[]}'.encode("utf-16"),
]


def test_what_cannot_be_a_request_is_refused_whole(mallory: Mallory) -> None:
    for body in WHOLE:
        for packed in (False, True):
            answer = mallory.post(body, packed=packed)
            assert (answer.status_code, answer.headers[protocol.NONCE]) in ((400, "nonce"), (413, "nonce")), body[:200]


def sized(push: Push, size: int) -> Push:
    """The push, its text filled up so that it takes `size` bytes on the wire."""
    push.f["text"] = "x" * (size - len(protocol.encode(push)))
    return push


DEEP: Any = 1
for _ in range(40):
    DEEP = [DEEP]


@pytest.mark.parametrize("place", [0, 1])
def test_a_record_that_cannot_be_kept_is_refused_alone(mallory: Mallory, place: int) -> None:
    """Each beside a good record, which is taken: never rewritten, never a fault."""
    bad = {
        "table": Push("nowhere", "1", {}, stamp(), w=True),
        "id": Push("toy_note", "x" * 65, {}, stamp(), w=True),
        "value nul": Push("toy_note", "a\0", {}, stamp(), w=True),
        "value text nul": note(text="a\0"),
        "value more nul": note(more="\0"),
        "value scopes nul": note(scopes="all \0"),
        "value text type": note(text=1),
        "value deleted type": note(deleted=0),
        "value deleted null": note(deleted=None),
        "value new nul": note(new=["\0"]),
        "value new range": note(new={"a": 2**63}),
        "value new depth": note(new=DEEP),
        "value number range": Push("toy_sample", "1", {"number": 2**63}, stamp(), w=True),
        "value number type": Push("toy_sample", "1", {"number": 1.0}, stamp(), w=True),
        "value ratio type": Push("toy_sample", "1", {"ratio": "1"}, stamp(), w=True),
        "value ratio range": Push("toy_sample", "1", {"ratio": 10**300}, stamp(), w=True),
        "value day date": Push("toy_sample", "1", {"day": "2026-02-30"}, stamp(), w=True),
        "value at instant": Push("toy_sample", "1", {"at": "0001-01-01T00:00:00+23:59"}, stamp(), w=True),
        "value things type": Push("toy_sample", "1", {"things": {}}, stamp(), w=True),
        "value pairs nul": Push("toy_sample", "1", {"pairs": {"\0": 1}}, stamp(), w=True),
        "bases": note(),
        "scope": note(scopes="secret"),
    }
    bad["bases"].b = {"*": [stamp(f"{number:012x}") for number in range(5000)]}
    for reason, push in bad.items():
        pushes = [push, note(f"good {place} {reason}")]
        answers = mallory.results(request(*(pushes if place == 0 else pushes[::-1])))
        assert answers[place] == ("forbidden" if reason == "scope" else "rejected", reason)
        assert answers[1 - place] == ("ok", "")


STAMPS = [
    "",
    "x",
    "soon",
    "\0" * 31,
    "9" * 31,
    stamp("ABCDEFABCDEF"),
    stamp() + "0",
    stamp().replace("-", "_"),
    "²" * 31,
]
STAMPS += [stamp(millis=-5), "１" + stamp()[1:], stamp() + "\n"]


def test_a_stamp_of_the_wrong_form_refuses_its_record(mallory: Mallory) -> None:
    for wrong in STAMPS:
        pushes = [note(f"stamp {place}") for place in range(4)]
        pushes[0].h = wrong
        pushes[1].s = {"text": wrong}
        pushes[2].b = {"text": [wrong]}
        pushes[3].c, pushes[3].d = {"new": 1}, {"new": wrong}
        answers = mallory.results(request(*pushes))
        assert set(answers) <= {("rejected", "stamp"), *([("ok", "")] if not wrong else [])}, wrong
    future = note()
    future.h = stamp(millis=9_999_999_999_999)
    assert reply_in(mallory.post(request(future))).state == "clock"


def test_nobody_passes_for_somebody_else(mallory: Mallory, honest: RealLaptop) -> None:
    honest.save(Note(id="hers", text="hers"))
    assert honest.sync().state == "done"
    ((device,),) = honest.rows("SELECT device FROM sync_laptop")
    stolen = mallory.post(request(note()), sync_device=device)
    assert (stolen.status_code, reply_in(stolen).state) == (200, "fork")
    assert mallory.post(request(note()), authorization="Bearer stranger").status_code == 401
    assert mallory.post(request(note()), authorization="Bearer").status_code == 401
    assert honest.sync().state == "done"
    other = Mallory(str(honest.client._url), "eve:secret")
    edit = Push("toy_note", "hers", {"text": "mine"}, stamp())
    take = Push("toy_note", "hers", {"scopes": "secret"}, stamp())
    assert other.results(request(edit, take, note("hers"))) == [("forbidden", "scope")] * 3
    other.close()


def test_odd_headers_methods_and_types_are_answered(mallory: Mallory) -> None:
    body = request()
    for device in ("short", "A" * 12, "g" * 12, "0" * 13, "é" * 12, "0" * 60_000):
        assert mallory.post(body, sync_device=device).status_code in (400, 431)
    for token in ("", "-", "- " * 200 + "x", "- " + "x" * 65, "x" * 10_000):
        assert mallory.post(body, sync_token=token).status_code == 400
    for version in ("", "0", "2", "1.0", "x" * 1000):
        assert mallory.post(body, sync_version=version).status_code == 400
    for kind in ("", "text/html", "application/json", protocol.MEDIA_TYPE + "; charset=utf-8"):
        assert mallory.post(body, content_type=kind).status_code == 415
    for coding in ("br", "deflate", "gzip, gzip", "identity, gzip", "GZIP"):
        assert mallory.post(gzip.compress(b"{}"), content_encoding=coding).status_code == 400
    long = mallory.post(body, sync_nonce="n" * 5000)
    assert len(long.headers[protocol.NONCE]) <= 64
    for method in ("GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"):
        assert mallory._http.request(method, mallory._url, headers=mallory.headers).status_code == 405


def test_sizes_are_bounded_to_the_byte(mallory: Mallory) -> None:
    limit = protocol.RECORD_LIMIT
    assert mallory.results(request(sized(note("full"), limit))) == [("ok", "")]
    assert mallory.post(protocol.encode(protocol.Request(push=[sized(note("over"), limit + 1)]))).status_code == 413
    half = protocol.BATCH_LIMIT // 2
    fits = [sized(note("b1"), half), sized(note("b2"), half)]
    assert mallory.post(protocol.encode(protocol.Request(push=fits))).status_code == 200
    fits[0].f["text"] += "x"
    assert mallory.post(protocol.encode(protocol.Request(push=fits))).status_code == 413
    blank = {"t": "", "i": "", "f": {}, "h": ""}
    assert mallory.post({"push": [blank] * protocol.RECORDS_LIMIT}).status_code == 200
    assert mallory.post({"push": [blank] * (protocol.RECORDS_LIMIT + 1)}).status_code == 413
    cursors = {str(number): 0 for number in range(protocol.RECORDS_LIMIT)}
    assert mallory.post({"cursors": cursors, "page": 1000}).status_code == 200
    assert mallory.post({"cursors": {**cursors, "more": 0}, "page": 1000}).status_code == 413
    room = protocol.INFLATED_LIMIT - len(b'{"page":0}')
    assert mallory.post(b'{"page":0}' + b" " * room, packed=True).status_code == 200
    assert mallory.post(b'{"page":0}' + b" " * (room + 1), packed=True).status_code == 413
    noise = b" " * (protocol.BODY_LIMIT - len(b'{"page":0}'))
    assert mallory.post(b'{"page":0}' + noise).status_code == 200
    assert mallory.post(b'{"page":0}' + noise + b" ").status_code == 413


def test_bombs_are_dropped_at_their_bound(mallory: Mallory) -> None:
    bomb = gzip.compress(b" " * 200_000_000, 9)
    for body, status in (
        (bomb, 413),
        (gzip.compress(bomb, 9), 400),
        (gzip.compress(b"{}") * 2, 400),
        (gzip.compress(b"{}") + bomb, 400),
        (gzip.compress(b"{}")[:-3], 400),
        (bomb[: len(bomb) // 2], 413),
        (b"\x1f\x8b" + b"\0" * 50_000, 400),
    ):
        assert mallory.post(body, content_encoding="gzip").status_code == status


def test_what_swells_in_memory_stays_within_its_bound(mallory: Mallory) -> None:
    """Text whose values take twenty times its room, many at once."""
    many: list[Any] = [[] for _ in range(80_000)]
    names = {f"f{number}": 0 for number in range(15_000)}
    assert mallory.results(request(note("names", **names))) == [("ok", "")]
    statuses: list[int] = []

    def attack() -> None:
        name = str(threading.get_ident())
        one = Mallory(mallory._url, f"{name}:heap")
        pushes = [note(f"{name} {number}", new=many, scopes="heap") for number in range(2)]
        statuses.append(one.post(protocol.encode(request(*pushes))).status_code)
        one.close()

    together(attack, 8)
    assert set(statuses) == {200}


def together(work: Any, count: int) -> None:
    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def open_call(centre: Centre, credential: str, *lines: str) -> socket.socket:
    """A connection with the head of a call, its body to come."""
    opened = socket.create_connection(("127.0.0.1", centre.port), 20)
    head = [
        "POST / HTTP/1.1",
        "host: centre",
        f"authorization: Bearer {credential}",
        f"content-type: {protocol.MEDIA_TYPE}",
    ]
    head += [f"{protocol.PROTOCOL}: 1", f"{protocol.DEVICE}: aaaaaaaaaaab", f"{protocol.TOKEN}: - x", *lines, "", ""]
    opened.sendall("\r\n".join(head).encode())
    return opened


def status_of(opened: socket.socket) -> int:
    with opened, opened.makefile("rb") as answer:
        return int(answer.readline().split()[1])


def test_a_body_that_does_not_come_is_given_up(centre: Centre, mallory: Mallory) -> None:
    silent = open_call(centre, "silent", "content-length: 1000")
    assert status_of(silent) == 408


def test_one_enrolment_cannot_take_all_the_room(centre: Centre, mallory: Mallory) -> None:
    """Two hundred calls at once with the largest body that is let in, each left one byte short."""
    body = b" " * (protocol.BODY_LIMIT - 1)
    opened = [open_call(centre, "greedy", f"content-length: {protocol.BODY_LIMIT}") for _ in range(200)]
    statuses: list[int] = []

    def fill() -> None:
        call = opened.pop()
        with suppress(OSError):  # it may have been answered, and closed
            call.sendall(body)
        try:
            statuses.append(status_of(call))
        except (OSError, IndexError):
            statuses.append(0)

    together(fill, 200)
    assert set(statuses) <= {0, 408, 429}
    assert statuses.count(408) <= 4


def test_large_records_are_paged_and_merged_within_bounds(mallory: Mallory) -> None:
    for first in range(0, 160, 2):
        pushes = [sized(note(f"large {number}", scopes="heap"), protocol.RECORD_LIMIT) for number in (first, first + 1)]
        assert mallory.post(protocol.encode(protocol.Request(push=pushes))).status_code == 200
    page = mallory.post({"page": 2**62, "cursors": {}})
    assert page.status_code == 200
    assert protocol.BATCH_LIMIT / 2 < len(page.content) < protocol.BATCH_LIMIT * 1.1
    edits = [Push("toy_note", f"large {number}", {"more": "x"}, stamp()) for number in range(160)]
    assert mallory.post(request(*edits)).status_code == 413
    assert set(mallory.results(request(*edits[:10]))) == {("ok", "")}


def test_a_record_does_not_grow_for_ever(mallory: Mallory) -> None:
    assert mallory.results(request(note("growing", scopes="heap"))) == [("ok", "")]
    words = "x" * 200_000
    added = [Push("toy_note", "growing", {f"new {number}": words}, stamp()) for number in range(4)]
    answers = [mallory.results(request(push))[0] for push in added]
    assert answers == [("ok", ""), ("ok", ""), ("rejected", "too-large"), ("rejected", "too-large")]
    assert mallory.results(request(note("smaller", scopes="heap"))) == [("ok", "")]
    assert mallory.results(request(Push("toy_note", "growing", {"new 0": ""}, stamp("b" * 12)))) == [("ok", "")]
    disputed = [Push("toy_note", "smaller", {"text": str(number)}, stamp(f"{number:012x}")) for number in range(300)]
    answers = mallory.results(request(*disputed))
    assert set(answers[:200]) <= {("ok", ""), ("lost", "")}
    assert answers[-1] == ("rejected", "conflicts")
