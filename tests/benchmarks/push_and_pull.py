"""Push of 10,000 visits and a fresh pull over loopback, beside the plainest program that moves the same rows.

The floor reads from SQLite, sends gzipped batches of 500 to an endpoint that inserts with executemany, and pulls them back
the same way. The ratio is what durability, merging and scopes cost; `fieldkit` indexes for search as well.
"""

import gzip
import json
import random
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

import httpx
import sample
from floor_server import COLUMNS

VISITS = 10_000
BATCH = 500
ROUNDS = 3
GOAL = 0.25

Speeds = tuple[float, float]
"""Records a second up and down."""


def run() -> None:
    """Measure all in turn, several rounds, and print records a second."""
    found: dict[str, list[Speeds]] = {"floor": [], "sync": [], "fieldkit": []}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(ROUNDS):
            for name, measure in (("floor", _floor), ("sync", _sync), ("fieldkit", _fieldkit)):
                place = Path(folder) / f"{name}{number}"
                place.mkdir()
                found[name].append(measure(place))
    print(f"\npush and pull of {VISITS:,} visits on loopback   goal {GOAL} of the floor")
    for name, speeds in found.items():
        ratios = [
            [ours / floor for ours, floor in zip(*pair, strict=True)]
            for pair in zip(speeds, found["floor"], strict=True)
        ]
        up, down = (statistics.median(column) for column in zip(*speeds, strict=True))
        ratio_up, ratio_down = (statistics.median(column) for column in zip(*ratios, strict=True))
        print(f"  {name:<9} push {up:9,.0f}/s  {ratio_up:5.2f}   pull {down:9,.0f}/s  {ratio_down:5.2f}")


def _sync(folder: Path) -> Speeds:
    with served("sync_server.py", str(folder / "centre.db")) as url:
        sender, receiver = _laptop(folder / "laptop.db", url), _laptop(folder / "other.db", url)
        with sender[0].session() as session:
            session.add_all(visits("digital", "p"))
            session.commit()
        return tuple(_speed(lambda client=client: _finish(client.sync())) for _, client in (sender, receiver))


def _laptop(path: Path, url: str):
    import sync
    from fieldkit.replication.tables import TABLES

    replica = sync.Replica(sync.sqlite_engine(path), TABLES, clock=sync.wall_clock)
    replica.create_tables()
    return replica, sync.Client(replica, url, credential=path.stem)


def _fieldkit(folder: Path) -> Speeds:
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
        return _speed(lambda: _synchronise(folder / "王芳")), _speed(lambda: _synchronise(folder / "李强"))
    finally:
        server.terminate()
        server.wait()


def _synchronise(home: Path) -> None:
    from fieldkit.clock import system_clock
    from fieldkit.locations import Locations
    from fieldkit.replication.laptop import open_store, synchronise

    with closing(open_store(Locations(str(home)), system_clock({}))) as store:
        _finish(synchronise(store, None))


def _finish(outcome) -> None:
    assert outcome.state == "done", outcome
    assert outcome.sent + outcome.received >= VISITS, outcome


def _write_visits(home: Path) -> None:
    from fieldkit.clock import system_clock
    from fieldkit.locations import Locations
    from fieldkit.replication.laptop import open_store

    with closing(open_store(Locations(str(home)), system_clock({}))) as store, store.session() as session:
        session.add_all(visits(store.me.group_code, store.me.person_id))
        session.commit()


def visits(group_code: str, person_id: str, count: int = VISITS) -> list:
    """New visits of one person."""
    from fieldkit.clock import system_clock
    from fieldkit.domain.records import Visit
    from fieldkit.ids import new_id

    rng, clock = random.Random(1), system_clock({})
    owner = {"group_code": group_code, "person_id": person_id, "created_at": clock().replace(microsecond=123_000)}
    return [
        Visit(id=new_id(clock), text=sample.text(rng, number), visited_on=date.today(), **owner)
        for number in range(count)
    ]


def _floor(folder: Path) -> Speeds:
    rows = [
        ["" if value is None else value for value in json.loads(visit.model_dump_json(include=set(COLUMNS))).values()]
        for visit in visits("digital", "p")
    ]
    with (
        served("floor_server.py", str(folder / "centre.db")) as url,
        closing(_floor_store(folder / "laptop.db", rows)) as laptop,
        closing(_floor_store(folder / "other.db", [])) as other,
        httpx.Client(base_url=url, timeout=30) as client,
    ):
        return _speed(lambda: _floor_push(client, laptop)), _speed(lambda: _floor_pull(client, other))


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


@contextmanager
def served(script: str, database: str) -> Iterator[str]:
    """The server in `script` on `database`, a path or an address, as a process of its own; gives its URL."""
    port = _free_port()
    command = [sys.executable, str(Path(__file__).with_name(script)), database, str(port)]
    server = subprocess.Popen(command)
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int) -> None:
    for _attempt in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("the server did not start")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _speed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return VISITS / (time.perf_counter() - start)
