"""Saving visits one by one with capture beside saving them in an ordinary session: the same engine, table and durability."""

import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from push_and_pull import visits

SAVES = 300
ROUNDS = 7
GOAL = 2.0

Sessions = Callable[[], AbstractContextManager]


def run() -> None:
    """Print the ratio for new records and for edited ones, saves taken in turn."""
    print(f"\nsaving a record with capture   goal {GOAL} times saving it without")
    with tempfile.TemporaryDirectory() as folder:
        plain, captured = _plain(Path(folder) / "plain.db"), _captured(Path(folder) / "captured.db")
        for name, saves in (("new", _create), ("edited", _edit)):
            times = [saves(plain, captured) for _ in range(ROUNDS + 1)][1:]
            ratio = statistics.median(with_capture / without for without, with_capture in times)
            without, with_capture = (statistics.median(column) / SAVES * 1e6 for column in zip(*times, strict=True))
            print(f"  {name:<8} without {without:6.0f} us   with {with_capture:6.0f} us   ratio {ratio:4.2f}")


def _plain(path: Path) -> Sessions:
    from sqlmodel import Session

    import sync
    from fieldkit.domain.records import Visit

    engine = sync.sqlite_engine(path)
    with engine.begin() as connection:
        Visit.__table__.create(connection)
    return lambda: Session(engine)


def _captured(path: Path) -> Sessions:
    import sync
    from fieldkit.replication.tables import TABLES

    replica = sync.Replica(sync.sqlite_engine(path), TABLES, clock=sync.wall_clock)
    replica.create_tables()
    return replica.session


def _create(*stores: Sessions) -> tuple[float, ...]:
    seconds = [0.0] * len(stores)
    for pair in zip(*(visits("digital", "p", SAVES) for _ in stores), strict=True):
        for place, (session, visit) in enumerate(zip(stores, pair, strict=True)):
            start = time.perf_counter()
            with session() as open_session:
                open_session.add(visit)
                open_session.commit()
            seconds[place] += time.perf_counter() - start
    return tuple(seconds)


def _edit(*stores: Sessions) -> tuple[float, ...]:
    from sqlmodel import select

    from fieldkit.domain.records import Visit

    ids = []
    for session in stores:
        with session() as open_session:
            ids.append(open_session.exec(select(Visit.id).limit(SAVES)).all())
    seconds = [0.0] * len(stores)
    for pair in zip(*ids, strict=True):
        for place, (session, record) in enumerate(zip(stores, pair, strict=True)):
            start = time.perf_counter()
            with session() as open_session:
                visit = open_session.get_one(Visit, record)
                visit.place = f"{visit.place}园"[-40:]
                open_session.add(visit)
                open_session.commit()
            seconds[place] += time.perf_counter() - start
    return tuple(seconds)
