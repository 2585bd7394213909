"""Several server processes on one PostgreSQL: writers start together, one process is killed, a puller misses nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from tests.sync.real.processes import Centre, RealLaptop
from tests.sync.toys import Note

WRITERS, SAVES = 4, 6


@pytest.mark.parametrize("killed", [False, True], ids=["living", "one killed"])
def test_a_puller_that_polls_between_commits_ends_up_with_every_record(
    engine: Engine, address: str, laptop: Callable[..., RealLaptop], killed: bool
) -> None:
    centres = [Centre(address) for _ in range(2)]
    writers = [laptop(f"w{number}", centres[number % 2].url, patience=6) for number in range(WRITERS)]
    puller = laptop("puller", centres[0].url)
    barrier = threading.Barrier(WRITERS)
    states: list[str] = []

    def write(number: int) -> None:
        for save in range(SAVES):
            barrier.wait()
            writers[number].save(*(Note(id=f"{number}-{save}-{one}", text="x" * 200) for one in range(5)))
            states.append(writers[number].sync().state)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    if killed:
        centres[1].kill()
        centres[1].start()
    while any(thread.is_alive() for thread in threads):
        assert puller.sync().state == "done"
    if killed:
        states = [writer.sync().state for writer in writers]
    assert set(states) == {"done"}
    assert puller.sync().state == "done"
    assert puller.rows("SELECT count(*) FROM toy_note") == [(WRITERS * SAVES * 5,)]
    for centre in centres:
        centre.kill()
