"""Push of 10,000 visits and a fresh pull over loopback, beside the plainest program that moves the same rows.

The floor reads from SQLite, sends gzipped batches of 500 to an endpoint that inserts with executemany, and pulls them back
the same way. The ratio is what durability, merging and scopes cost.
"""

import gzip
import json
import os
import random
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import httpx
import sample
from floor_server import COLUMNS

VISITS = 10_000
BATCH = 500


def run() -> None:
    """Measure both, the floor before and after, and print records a second."""
    with tempfile.TemporaryDirectory() as folder:
        floors = [_floor(Path(folder) / name) for name in ("floor1", "floor2")]
        pushed, pulled = _fieldkit(Path(folder))
    floor_push, floor_pull = (VISITS / min(times) for times in zip(*floors, strict=True))
    print(f"\npush and pull of {VISITS:,} visits on loopback")
    print(f"  floor     push {floor_push:10,.0f}/s   pull {floor_pull:10,.0f}/s")
    print(f"  fieldkit  push {VISITS / pushed:10,.0f}/s   pull {VISITS / pulled:10,.0f}/s")
    ratios = f"push {VISITS / pushed / floor_push:.2f}   pull {VISITS / pulled / floor_pull:.2f}"
    print(f"  ratio to the floor: {ratios}   (indexing for search included)")


def _fieldkit(folder: Path) -> tuple[float, float]:
    office = folder / "office"
    sample.fieldkit(office, "office", "init")
    command = [sys.executable, "-m", "fieldkit", "office", "serve", "--port", "0", "--json"]
    server = subprocess.Popen(command, env=sample.environment(office), stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        url = json.loads(server.stdout.readline())["url"]
        for name in ("王芳", "李强"):
            answer = sample.fieldkit(
                office, "office", "invite", "--name", name, "--role", "recruiter", "--group", "digital", "--json"
            )
            sample.fieldkit(folder / name, "enrol", url, json.loads(answer)["invite"])
            sample.fieldkit(folder / name, "sync")
        _write_visits(folder / "王芳")
        return _timed(lambda: _sync(folder / "王芳")), _timed(lambda: _sync(folder / "李强"))
    finally:
        server.terminate()
        server.wait()


def _sync(home: Path) -> None:
    from fieldkit.clock import system_clock
    from fieldkit.locations import Locations
    from fieldkit.replication.laptop import open_store, synchronise

    store = open_store(Locations(str(home)), system_clock({}))
    try:
        outcome = synchronise(store, None)
        assert outcome.state == "done", outcome
    finally:
        store.close()


def _write_visits(home: Path) -> None:
    from fieldkit.clock import system_clock
    from fieldkit.domain.records import Visit
    from fieldkit.ids import new_id
    from fieldkit.locations import Locations
    from fieldkit.replication.laptop import open_store

    rng, clock = random.Random(1), system_clock({})
    store = open_store(Locations(str(home)), clock)
    me, now = store.me, clock()
    with store.session() as session:
        for number in range(VISITS):
            session.add(
                Visit(
                    id=new_id(clock),
                    group_code=me.group_code,
                    person_id=me.person_id,
                    created_at=now,
                    text=sample.text(rng, number),
                    visited_on=date.today(),
                )
            )
        session.commit()
    store.close()


def _floor(folder: Path) -> tuple[float, float]:
    folder.mkdir()
    rng = random.Random(1)
    rows = [[f"{number:036d}", 0, "digital", "", "", sample.text(rng, number), *[""] * 13] for number in range(VISITS)]
    port = _free_port()
    command = [sys.executable, str(Path(__file__).with_name("floor_server.py")), str(folder / "centre.db"), str(port)]
    server = subprocess.Popen(command, env=dict(os.environ))
    try:
        with (
            closing(_floor_store(folder / "laptop.db", rows)) as laptop,
            closing(_floor_store(folder / "other.db", [])) as other,
            httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client,
        ):
            _wait_for(client)
            return _timed(lambda: _floor_push(client, laptop)), _timed(lambda: _floor_pull(client, other))
    finally:
        server.terminate()
        server.wait()


def _floor_store(path: Path, rows: list[list[object]]) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"CREATE TABLE visits ({', '.join(COLUMNS)}, PRIMARY KEY (id))")
    with connection:
        connection.executemany(f"INSERT INTO visits VALUES ({', '.join('?' * len(COLUMNS))})", rows)
    return connection


def _floor_push(client: httpx.Client, laptop: sqlite3.Connection) -> None:
    cursor = laptop.execute("SELECT * FROM visits")
    while batch := cursor.fetchmany(BATCH):
        client.post("/push", content=gzip.compress(json.dumps(batch).encode(), 6)).raise_for_status()


def _floor_pull(client: httpx.Client, other: sqlite3.Connection) -> None:
    after = ""
    while rows := json.loads(gzip.decompress(client.get("/pull", params={"after": after}).content)):
        with other:
            other.executemany(f"INSERT INTO visits VALUES ({', '.join('?' * len(COLUMNS))})", rows)
        after = rows[-1][0]


def _wait_for(client: httpx.Client) -> None:
    for _attempt in range(100):
        try:
            client.get("/pull", params={"after": "~"})
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the floor's server did not start")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _timed(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
