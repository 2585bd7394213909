"""10,000 visits over a line of 300 ms and 32 kB/s, pushed and pulled fresh; then the same with a cut every 200 kB.

The floor of the bytes is gzip-6 of the same records as plain JSON in one piece; the floor of the time is what the bytes
that crossed the line take by themselves.
"""

import gzip
import json
import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import city
import sample

from tests.sync.real.proxy import Count, Line, Proxy

VISITS = 10_000
DELAY = 0.15
RATE = 32_000
LIFE = 200_000
NAMES = ("王芳", "李强")


class Crossing(NamedTuple):
    """One synchronisation over the line."""

    seconds: float
    count: Count


def run() -> None:
    """Measure whole and cut, and print ratios to the floors."""
    print(f"\n{VISITS:,} visits over {2 * DELAY * 1000:.0f} ms and {RATE // 1000} kB/s")
    for life in (0, LIFE):
        with tempfile.TemporaryDirectory() as folder:
            _print("cut every 200 kB" if life else "whole", *_measure(Path(folder), life))


def _print(title: str, plain: int, push: Crossing, pull: Crossing) -> None:
    for name, (seconds, count) in (("push", push), ("pull", pull)):
        alone = max(count.up + count.heads_up, count.down + count.heads_down) / RATE
        print(
            f"  {title:<16} {name}  {seconds:6.1f} s, ratio to its bytes alone {seconds / alone:4.2f}   "
            f"{count.up + count.down:9,} bytes and {count.heads_up + count.heads_down:6,} of heads in {count.calls} calls, "
            f"{count.cuts} cuts; ratio to gzip in one piece {(count.up + count.down) / plain:4.2f}"
        )


def _measure(folder: Path, life: int) -> tuple[int, Crossing, Crossing]:
    with city.office(folder / "office") as port:
        proxy = Proxy(port)
        homes = [city.enrolled(folder / name, folder / "office", proxy.url, name) for name in NAMES]
        city.write_visits(homes[0], VISITS)
        proxy.line = Line(DELAY, RATE, life)
        push, pull = (_cross(home, proxy) for home in homes)
        proxy.line = Line()
        if not life:
            _print_one_field(homes[0], proxy)
        city.synchronise(homes[1])
        proxy.close()
    plain, *copies = (_visits(home) for home in homes)
    assert copies == [plain], "the laptops do not hold the same"
    assert len(json.loads(plain)) == VISITS
    return len(gzip.compress(plain, 6)), push, pull


def _cross(home: Path, proxy: Proxy) -> Crossing:
    proxy.count = Count()
    start = time.perf_counter()
    city.synchronise(home)
    return Crossing(time.perf_counter() - start, proxy.count)


def _print_one_field(home: Path, proxy: Proxy) -> None:
    (visit,) = json.loads(sample.fieldkit(home, "list", "visits", "--json", "--limit", "1"))
    sample.fieldkit(home, "edit", visit["id"], "place=园区")
    count = _cross(home, proxy).count
    print(f"  one field edited: {count.up} bytes up and {count.down} down beyond heads, in {count.calls} calls")


def _visits(home: Path) -> bytes:
    from fieldkit.locations import Locations

    with closing(sqlite3.connect(Locations(str(home)).store)) as store:
        store.row_factory = sqlite3.Row
        rows = [dict(row) for row in store.execute("SELECT * FROM visits ORDER BY id")]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()
