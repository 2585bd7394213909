"""Real laptops and a real centre over a line that loses, doubles, cuts, delays and throttles, and before portals."""

from __future__ import annotations

import random
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from sync import pace
from tests.sync.real.processes import Centre, RealLaptop
from tests.sync.real.proxy import Line, Proxy
from tests.sync.toys import Note

NewLaptop = Callable[..., RealLaptop]
NOTES = 24
ALL = "SELECT id, text, more FROM toy_note ORDER BY id"


def write(one: RealLaptop, person: str) -> None:
    one.save(*(Note(id=f"{person} {number}", text=f"{number} " * 200, scopes=person) for number in range(NOTES)))


def calls_of_a_sync(laptop: NewLaptop, proxy: Proxy, person: str) -> int:
    """How many calls it takes to push everything and to pull it fresh."""
    one, other = laptop(f"{person}:{person}", proxy.url), laptop(f"{person}2:{person}", proxy.url)
    write(one, person)
    assert one.sync().state == other.sync().state == "done"
    return proxy.count.calls


NEAR = [("near", fault) for fault in ("request", "reply", "twice", "again", 100, 500)]
FAR = [("far", fault) for fault in ("request", "reply", "again", 500)]


@pytest.mark.parametrize(("line", "fault"), NEAR + FAR)
def test_whatever_happens_to_each_call_once_everything_arrives_once(
    line: str, fault: str | int, proxy: Proxy, laptop: NewLaptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One after the other, every call of a push and of a fresh pull is lost, its reply dropped or cut, or doubled; on a
    far line the next call is then on its way already."""
    monkeypatch.setattr(pace, "_FAR_SECONDS", -1.0 if line == "far" else 60.0)
    monkeypatch.setattr(pace, "FIRST_BATCH", 2000)
    fault_name = f"{line}-{fault}"
    calls = calls_of_a_sync(laptop, proxy, f"{fault_name}-none")
    assert calls > 4
    for number in range(calls):
        person = f"{fault_name}-{number}"
        one, other = laptop(f"{person}:{person}", proxy.url), laptop(f"{person}b:{person}", proxy.url)
        write(one, person)
        begun = proxy.count.calls
        proxy.line = Line(fault=lambda call, wanted=begun + number: fault if call == wanted else None)
        assert [one.sync().state, other.sync().state] == ["done", "done"]
        assert other.rows(ALL) == one.rows(ALL)
        assert other.rows("SELECT count(*) FROM toy_note") == [(NOTES,)]
        assert one.replica.conflicts() == other.replica.conflicts() == []
        assert one.rows("SELECT came_from FROM sync_laptop") == [("",)], "it was taken for a clone"


def test_an_edit_whose_reply_is_lost_and_that_is_edited_again_is_no_conflict(proxy: Proxy, laptop: NewLaptop) -> None:
    one, other = laptop("eve:eve", proxy.url, patience=0), laptop("eve2:eve", proxy.url)
    one.save(Note(id="eve", scopes="eve"))
    one.sync()
    for number in range(5):
        one.edit("eve", text=f"edit {number}")
        proxy.line = Line(fault=lambda _: "reply")
        assert one.sync().state == "unreachable"
    proxy.line = Line()
    assert one.sync().state == other.sync().state == "done"
    assert other.rows(ALL) == [("eve", "edit 4", "")]
    assert other.replica.conflicts() == []


def test_a_line_that_is_cut_again_and_again_carries_everything_in_the_end(proxy: Proxy, laptop: NewLaptop) -> None:
    one, other = laptop("cut:cut", proxy.url), laptop("cut2:cut", proxy.url)
    one.save(*(Note(id=f"cut {number}", text=noise(number), scopes="cut") for number in range(200)))
    proxy.line = Line(life=40_000)
    assert one.sync().state == "done"
    assert other.sync().state == "done"
    assert proxy.count.cuts > 5
    assert other.rows(ALL) == one.rows(ALL)
    assert proxy.count.up + proxy.count.down < 1.4 * 2 * len(zlib.compress("".join(map(noise, range(200))).encode(), 6))


def noise(number: int) -> str:
    """A thousand characters that do not compress below about 750 bytes."""
    return "".join(
        random.Random(number).choices("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_", k=1000)
    )


def test_a_slow_far_line_is_only_slow(proxy: Proxy, laptop: NewLaptop) -> None:
    one, other = laptop("slow:slow", proxy.url), laptop("slow2:slow", proxy.url)
    one.save(*(Note(id=f"slow {number}", text=noise(number), scopes="slow") for number in range(30)))
    proxy.line = Line(delay=0.05, rate=100_000)
    assert one.sync().state == other.sync().state == "done"
    assert other.rows(ALL) == one.rows(ALL)


class Portal(BaseHTTPRequestHandler):
    """Answers every call with the server's status, as a hotel does."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(self.server.status)  # type: ignore[attr-defined]
        self.send_header("location", f"http://127.0.0.1:{self.server.server_port}/login")  # type: ignore[attr-defined]
        self.send_header("content-type", "text/html")
        page = b"<h1>Welcome to the hotel</h1>"
        self.send_header("content-length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)
        self.server.calls += 1  # type: ignore[attr-defined]

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def portal(status: int) -> Iterator[HTTPServer]:
    server = HTTPServer(("127.0.0.1", 0), Portal)
    server.status, server.calls = status, 0  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("status", [200, 302, 404, 511])
def test_a_captive_portal_is_asked_once_and_believed_in_nothing(status: int, centre: Centre, laptop: NewLaptop) -> None:
    person = f"guest-{status}"
    with portal(status) as hotel:
        one = laptop(f"{person}:{person}", f"http://127.0.0.1:{hotel.server_port}/")
        one.save(Note(id=person, scopes=person))
        outcome = one.sync()
        assert (outcome.state, outcome.sent, outcome.waiting, hotel.calls) == ("portal", 0, 1, 1)  # type: ignore[attr-defined]
    one.client._url = centre.url
    assert one.sync()[:2] == ("done", 1)
