from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Dialect, Integer, String, TypeDecorator
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from sync.bulk import Dialected
from sync.errors import InvalidValue, UnsupportedTable
from sync.tables import Synced
from sync.values import Unfit, anything, cleaned, instant, instant_text, kind_of
from tests.sync.toys import Sample

SQL = Dialected(sqlite.dialect())
SAMPLE = Synced(Sample, SQL)

NAUGHTY = [
    ("number", 2**63, "range"),
    ("number", -(2**63) - 1, "range"),
    ("number", 1.5, "type"),
    ("number", True, "type"),
    ("ratio", float("nan"), "nan"),
    ("ratio", float("inf"), "nan"),
    ("ratio", "1", "type"),
    ("ratio", None, "null"),
    ("yes", 1, "type"),
    ("day", "2026-02-30", "date"),
    ("day", "20260201", "date"),
    ("day", 5, "date"),
    ("at", "2026-02-03T10:00:00", "instant"),
    ("at", "yesterday", "instant"),
    ("at", "9999-12-31T23:59:59-14:00", "instant"),
    ("at", 5, "instant"),
    ("things", {}, "type"),
    ("things", ["\0"], "nul"),
    ("things", [float("nan")], "nan"),
    ("things", [2**63], "range"),
    ("things", [object()], "type"),
    ("pairs", [], "type"),
    ("pairs", {"\ud800": 1}, "surrogate"),
    ("scopes", "\ud800", "surrogate"),
    ("scopes", "a\0b", "nul"),
    ("scopes", 5, "type"),
]


@pytest.mark.parametrize(("field", "value", "why"), NAUGHTY)
def test_a_naughty_value_is_refused_by_name(field: str, value: Any, why: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        SAMPLE.decoded({field: value})
    assert (caught.value.table, caught.value.field, caught.value.why) == ("toy_sample", field, why)


rows = st.fixed_dictionaries(
    {
        "number": st.none() | st.integers(-(2**63), 2**63 - 1),
        "ratio": st.floats(allow_nan=False, allow_infinity=False),
        "yes": st.booleans(),
        "day": st.none() | st.dates(),
        "at": st.none()
        | st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 1, 1), timezones=st.just(UTC)),
        "things": st.lists(st.none() | st.booleans() | st.integers(0, 9) | st.text(alphabet="a国😀", max_size=3)),
        "pairs": st.dictionaries(st.text(alphabet="ab"), st.integers(0, 9)),
        "scopes": st.text(alphabet="a国😀\u2028", max_size=9),
        "deleted": st.booleans(),
    }
)


@given(rows)
def test_every_type_survives_the_way_there_and_back(row: dict[str, Any]) -> None:
    wire = {field: SAMPLE.to_wire(field, row[field]) for field in SAMPLE.fields}
    assert SAMPLE.decoded(wire) == row
    assert SAMPLE.canonical(wire, row) == wire


def test_an_instant_has_one_form_in_utc() -> None:
    beijing = datetime(2026, 11, 23, 15, 2, 3, 123000, timezone(timedelta(hours=8)))
    assert instant_text(beijing) == "2026-11-23T07:02:03.123+00:00"
    assert instant_text(datetime(2026, 1, 1, microsecond=1)) == "2026-01-01T00:00:00.000001+00:00"
    assert instant("2026-11-23T15:02:03.123+08:00") == beijing
    assert SAMPLE.canonical({"at": "2026-11-23T15:02:03.123+08:00"}, {"at": beijing}) == {
        "at": "2026-11-23T07:02:03.123+00:00"
    }


def test_a_whole_number_is_a_float_too_where_it_fits() -> None:
    assert SAMPLE.decoded({"ratio": 2}) == {"ratio": 2.0}
    with pytest.raises(InvalidValue, match="range"):
        SAMPLE.decoded({"ratio": 2**63})


def test_depth_has_a_bound() -> None:
    deep: list[Any] = []
    for _ in range(50):
        deep = [deep]
    with pytest.raises(Unfit, match="depth"):
        anything(deep)


@given(st.text(st.characters(exclude_categories=[]), max_size=20))
def test_cleaning_leaves_only_what_can_travel(text: str) -> None:
    assert anything(cleaned({"k": [text]})) == {"k": [cleaned(text)]}


def test_cleaning_keeps_everything_else() -> None:
    assert cleaned("a\0b\ud800国") == "ab\ufffd国"
    assert cleaned("\udfff") == "\ufffd"
    assert cleaned("国") == "国"
    assert cleaned(5) == 5


class Colour(Enum):
    RED = "red"


def test_choices_travel_as_their_values() -> None:
    kind, optional = kind_of(Annotated[Colour | None, "a note"])
    assert (kind.decode("red"), optional) == (Colour.RED, True)
    assert kind.encode is not None
    assert (kind.encode(Colour.RED), kind.encode("red"), kind.blank()) == ("red", "red", Colour.RED)
    with pytest.raises(Unfit):
        kind.decode("blue")
    assert kind_of(Literal["a", "b"])[0].decode("a") == "a"


def table(columns: dict[str, Any]) -> type[SQLModel]:
    class Base(SQLModel, registry=registry()):
        pass

    annotations = {name: kind for name, (kind, _) in columns.items()}
    fields = {name: field for name, (_, field) in columns.items()}
    made: type[SQLModel] = type(Base)(
        "Made", (Base,), {"__annotations__": annotations, "__module__": __name__, **fields}, table=True
    )
    return made


@pytest.mark.parametrize(
    "columns",
    [
        {"key": (str, Field(primary_key=True)), "deleted": (bool, False)},
        {"id": (str, Field(primary_key=True))},
        {"id": (str, Field(primary_key=True)), "deleted": (bool, False), "odd": (bytes, b"")},
        {
            "id": (str, Field(primary_key=True)),
            "deleted": (bool, False),
            "two": (int | str, Field(default=0, sa_type=Integer)),
        },
        {
            "id": (str, Field(primary_key=True)),
            "deleted": (bool, False),
            "seen": (str, Field(default="", sa_column_kwargs={"onupdate": "now"})),
        },
    ],
    ids=["no id", "no deleted", "bytes", "two types", "changes by itself"],
)
def test_a_table_that_cannot_be_replicated_is_refused_at_once(columns: dict[str, Any]) -> None:
    model = table(columns)
    with pytest.raises(UnsupportedTable):
        Synced(model, SQL)


def test_a_sender_of_an_older_schema_leaves_defaults() -> None:
    assert SAMPLE.blank({"scopes", "deleted", "day", "at"}) == {
        "number": None,
        "ratio": 0.0,
        "yes": False,
        "things": [],
        "pairs": {},
    }


def test_a_column_that_stores_the_wire_s_text_is_handed_it_as_it_is() -> None:
    class AsOnTheWire(TypeDecorator[date]):
        impl = String(10)
        cache_ok = True
        stored_as_wire = True

        def process_bind_param(self, value: date | None, _dialect: Dialect) -> str | None:
            return value.isoformat() if value else None

        def process_result_value(self, value: str | None, _dialect: Dialect) -> date | None:
            return date.fromisoformat(value) if value else None

    class Base(SQLModel, registry=registry()):
        pass

    class Dated(Base, table=True):
        id: str = Field(primary_key=True)
        day: date | None = Field(default=None, sa_type=AsOnTheWire)
        deleted: bool = False

    rows = Synced(Dated, SQL).rows
    assert rows.takes_wire
    assert not SAMPLE.rows.takes_wire
    assert rows.read_wire([("1", "2026-11-26", 0)]) == [["1", "2026-11-26", False]]
    assert rows.read([("1", "2026-11-26", 0)]) == [["1", date(2026, 11, 26), False]]


@pytest.mark.parametrize(
    "columns",
    [
        {"id": (int, Field(primary_key=True)), "deleted": (bool, False)},
        {"id": (str, Field(primary_key=True)), "deleted": (str, "")},
    ],
    ids=["id", "deleted"],
)
def test_a_table_whose_id_is_no_text_or_whose_deleted_is_no_boolean_is_refused(columns: dict[str, Any]) -> None:
    with pytest.raises(UnsupportedTable):
        Synced(table(columns), SQL)


def test_a_value_of_what_a_field_was_before_is_shown_as_it_came() -> None:
    assert SAMPLE.shown("number", 5) == 5
    assert SAMPLE.shown("number", "five") == "five"
    assert SAMPLE.shown("day", "2026-11-26") == date(2026, 11, 26)


def test_a_table_of_deleted_alone_is_a_table() -> None:
    bare = Synced(table({"id": (str, Field(primary_key=True)), "deleted": (bool, False)}), SQL)
    assert bare.in_order({"deleted": True}) == (True,)
