"""A centre of fieldkit in a process of its own, and laptops that are enrolled with it, for benchmarks."""

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import sample


@contextmanager
def office(home: Path) -> Iterator[int]:
    """A centre that serves; its port."""
    sample.fieldkit(home, "office", "init")
    command = [sys.executable, "-m", "fieldkit", "office", "serve", "--port", "0", "--json"]
    server = subprocess.Popen(command, env=sample.environment(home), stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    try:
        yield int(json.loads(server.stdout.readline())["url"].rstrip("/").rpartition(":")[2])
    finally:
        server.terminate()
        server.wait()


def enrolled(home: Path, office_home: Path, url: str, name: str) -> Path:
    """A laptop of a recruiter of one group, which has synchronised once."""
    invited = ("--name", name, "--role", "recruiter", "--group", "digital", "--json")
    invite = json.loads(sample.fieldkit(office_home, "office", "invite", *invited))["invite"]
    sample.fieldkit(home, "enrol", url, invite)
    sample.fieldkit(home, "sync")
    return home


def write_visits(home: Path, count: int, *, seed: int = 1) -> None:
    """Save so many visits, ten to a save."""
    from fieldkit.clock import system_clock
    from fieldkit.domain.records import Visit
    from fieldkit.ids import new_id
    from fieldkit.locations import Locations
    from fieldkit.replication.laptop import open_store

    rng, clock = random.Random(seed), system_clock({})
    store = open_store(Locations(str(home)), clock)
    me = store.me
    with store.session() as session:
        for number in range(count):
            visit = Visit(id=new_id(clock), group_code=me.group_code, person_id=me.person_id, created_at=clock())
            visit.text, visit.visited_on = sample.text(rng, number), date.today()
            session.add(visit)
            if number % 10 == 9:
                session.flush()
        session.commit()
    store.close()


def synchronise(home: Path) -> None:
    """Until the centre has answered for everything, or fail."""
    from fieldkit.clock import system_clock
    from fieldkit.locations import Locations
    from fieldkit.replication.laptop import open_store, synchronise

    store = open_store(Locations(str(home)), system_clock({}))
    try:
        outcome = synchronise(store, None)
        assert outcome.state == "done", outcome
    finally:
        store.close()
