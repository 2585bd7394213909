from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.sync.real.processes import Centre, RealLaptop
from tests.sync.real.proxy import Proxy


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """One centre process for the tests of a module; they differ in the names of people and scopes."""
    made = Centre(tmp_path_factory.mktemp("centre") / "centre.db")
    yield made
    made.kill()


@pytest.fixture
def proxy(centre: Centre) -> Iterator[Proxy]:
    """A line to the centre."""
    made = Proxy(centre.port)
    yield made
    made.close()


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Callable[..., RealLaptop]]:
    """Makes laptops, and closes them."""
    made: list[RealLaptop] = []

    def new(credential: str, url: str, **options: object) -> RealLaptop:
        made.append(RealLaptop(tmp_path, credential, url, **options))
        return made[-1]

    yield new
    for one in made:
        one.close()
