from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from tests.sync.simulation import World

HISTORIES = 16
EVENTS = 60


@contextmanager
def named(seed: int) -> Iterator[World]:
    """A world whose seed and history stand in whatever goes wrong."""
    with closing(World(seed)) as world:
        try:
            yield world
        except BaseException as error:
            error.add_note(f"seed {seed}\n" + "\n".join(world.trace))
            raise


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_every_history_converges_leaks_nothing_and_loses_nothing(seed: int) -> None:
    with named(seed) as world:
        world.run(EVENTS)


@pytest.mark.long
def test_many_long_histories() -> None:
    for seed in range(1000, 3000):
        print("seed", seed)
        with named(seed) as world:
            world.run(120)
