"""Thousands of random histories, each from one seed; a failure says the seed and the whole history."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.sync.histories import History
from tests.sync.machines import Stock

HISTORIES, CHUNK, EVENTS = 2000, 50, 120


@pytest.fixture(scope="module")
def stock() -> Iterator[Stock]:
    with closing(Stock()) as made:
        yield made


def run(seed: int, stock: Stock, events: int, *, thin: bool = True) -> None:
    history = History(seed, stock, thin=thin)
    with closing(history.world):
        try:
            history.run(events)
        except BaseException as error:
            error.add_note(f"seed {seed}\n" + "\n".join(history.world.trace))
            raise


@pytest.mark.parametrize("first", range(0, HISTORIES, CHUNK))
def test_every_history_converges_leaks_nothing_and_loses_nothing(first: int, stock: Stock) -> None:
    for seed in range(first, first + CHUNK):
        run(seed, stock, EVENTS)


@pytest.mark.parametrize("seed", range(HISTORIES, HISTORIES + 5))
def test_so_does_one_over_sqlalchemy_s_engine_and_httpx_s_client(seed: int, stock: Stock) -> None:
    run(seed, stock, EVENTS, thin=False)


@pytest.mark.long
def test_many_long_histories(stock: Stock) -> None:
    """`SEED=… HISTORIES=… pytest -m long -s tests/sync/test_simulation.py`"""
    first = int(os.environ.get("SEED") or int.from_bytes(os.urandom(4), "big"))
    for seed in range(first, first + int(os.environ.get("HISTORIES", "5000"))):
        print("seed", seed)
        run(seed, stock, 2 * EVENTS)
