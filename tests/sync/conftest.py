from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sync.toys import City


@pytest.fixture
def city() -> Iterator[City]:
    made = City()
    yield made
    made.close()
