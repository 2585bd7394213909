"""`kill -9` of a laptop and of the centre, again and again at any moment: what was seen saved arrives, once."""

from __future__ import annotations

import random
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

from tests.sync.real.processes import Centre, RealLaptop, start
from tests.sync.toys import Note

NewLaptop = Callable[..., RealLaptop]
ROUNDS = 3
MOST_ROUNDS = 8
"""On a busy machine a laptop may be killed before its second note, and tells little."""
ALL = "SELECT id, text, more, scopes FROM toy_note ORDER BY id"


def test_a_laptop_killed_at_any_moment_keeps_and_sends_what_was_seen_saved(
    centre: Centre, tmp_path: Path, laptop: NewLaptop
) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    rng, seen = random.Random(seed), list[int]()
    for killed in range(1, MOST_ROUNDS + 1):
        process = start("tests.sync.real.laptop", tmp_path / "ann.db", centre.url, "ann", len(seen) + 1000)
        seen.extend(killed_after(process, rng.uniform(0.0, 0.6)))
        if killed >= ROUNDS and len(seen) > killed:
            break
    assert len(seen) > ROUNDS
    ann, bob = laptop("ann", centre.url), laptop("bob", centre.url)
    assert ann.rows("PRAGMA synchronous") == [(2,)]
    assert ann.rows("PRAGMA integrity_check") == [("ok",)]
    assert ann.sync().state == bob.sync().state == "done"
    assert {f"ann {number}" for number in seen} <= {row[0] for row in bob.rows(ALL)}
    assert bob.rows(ALL) == ann.rows(ALL)
    assert ann.replica.conflicts() == bob.replica.conflicts() == []
    assert ann.rows("SELECT came_from FROM sync_laptop") == [("",)]


def killed_after(process: subprocess.Popen[str], seconds: float) -> list[int]:
    """The numbers that a laptop printed until it was killed, so long after the first."""
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(seconds)
    process.kill()
    rest, _ = process.communicate()
    return [int(line) for line in [first, *rest.splitlines(keepends=True)] if line.endswith("\n")]


def test_a_centre_killed_at_any_moment_loses_nothing_that_it_has_answered_for(
    tmp_path: Path, laptop: NewLaptop
) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    rng, over = random.Random(seed), threading.Event()
    centre = Centre(tmp_path / "centre.db")
    ann, bob = laptop("ann", centre.url), laptop("bob", centre.url)
    answered: set[str] = set()

    def work() -> None:
        number = 0
        while not over.is_set():
            number += 1
            ann.save(Note(id=f"ann {number}", text=str(number)))
            if number > 1:
                ann.edit(f"ann {number - 1}", more="edited")
            if ann.sync().state == "done":
                answered.add(f"ann {number}")

    thread = threading.Thread(target=work)
    thread.start()
    for _ in range(ROUNDS):
        time.sleep(rng.uniform(0.05, 0.5))
        centre.kill()
        centre.start()
    time.sleep(0.3)
    over.set()
    thread.join()
    assert ann.sync().state == bob.sync().state == "done"
    assert answered
    assert bob.rows(ALL) == ann.rows(ALL)
    assert ann.replica.conflicts() == bob.replica.conflicts() == []
    assert ann.rows("SELECT came_from FROM sync_laptop") == [("",)]
    centre.kill()
