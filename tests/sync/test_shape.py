"""The quick check of a whole record never takes what the careful one refuses, and never reads it otherwise."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import JSON
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from sync.bulk import Dialected
from sync.errors import InvalidValue
from sync.tables import Synced
from tests.sync.toys import Sample

SAMPLE = Synced(Sample, Dialected(sqlite.dialect()))
GOOD: dict[str, Any] = {
    "number": 1,
    "ratio": 0.5,
    "yes": True,
    "day": "2026-11-23",
    "at": "2026-11-23T07:02:03.123+00:00",
    "things": [],
    "pairs": {},
    "scopes": "all",
    "deleted": False,
}
ODD = [
    None,
    0,
    1.0,
    True,
    2**63,
    -(2**63) - 1,
    "",
    "a\0",
    "2026-02-30",
    "2026-W47-1",
    "2026-11-23 07:02:03.123+00:00",
    "2026-11-23T15:02:03.123+08:00",
    "2026-11-23T07:02:03.1230+00:0",
    "0001-01-01T00:00:00.000+00:00",
    [],
    [2**63],
    {},
    {"\0": 1},
]
anything = st.one_of(st.sampled_from(ODD), st.text(max_size=30), st.integers(), st.datetimes().map(str))


def careful(wire: dict[str, Any]) -> tuple[Any, ...] | None:
    try:
        found = SAMPLE.decoded(wire)
    except InvalidValue:
        return None
    return tuple(found[field] for field in SAMPLE.fields) if found.keys() == set(SAMPLE.fields) else None


def test_a_proper_record_is_read_at_once() -> None:
    read = SAMPLE.shape.of_object(GOOD)
    assert read == careful(GOOD) is not None
    assert SAMPLE.shape.of_list([GOOD[field] for field in SAMPLE.fields]) == read


@given(st.dictionaries(st.sampled_from([*SAMPLE.fields, "id", "new"]), anything, max_size=4))
def test_it_takes_nothing_that_the_careful_reading_refuses(odd: dict[str, Any]) -> None:
    wire = {**GOOD, **odd}
    for read in (SAMPLE.shape.of_object(wire), SAMPLE.shape.of_list([wire[field] for field in SAMPLE.fields])):
        if read is not None and wire.keys() == GOOD.keys():
            assert read == careful(wire)
            assert [type(value) for value in read] == [type(value) for value in careful(wire) or ()]
            assert SAMPLE.canonical(wire, dict(zip(SAMPLE.fields, read, strict=True))) == wire
    if wire.keys() != GOOD.keys():
        assert SAMPLE.shape.of_object(wire) is None


@pytest.mark.parametrize("missing", SAMPLE.fields)
def test_a_record_that_lacks_a_field_needs_a_closer_look(missing: str) -> None:
    assert SAMPLE.shape.of_object({field: value for field, value in GOOD.items() if field != missing}) is None
    assert SAMPLE.shape.of_list(list(GOOD.values())[1:]) is None


def test_a_value_that_only_we_can_read_may_be_null_where_its_field_may() -> None:
    class Base(SQLModel, registry=registry()):
        pass

    class Loose(Base, table=True):
        id: str = Field(primary_key=True)
        things: list[Any] | None = Field(default=None, sa_type=JSON)
        deleted: bool = False

    assert Synced(Loose, Dialected(sqlite.dialect())).shape.of_list([None, False]) == (None, False)
    assert SAMPLE.shape.of_object({**GOOD, "things": None}) is None
