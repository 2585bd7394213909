"""Record ids are UUIDv7: ordered by time, and the standard library agrees that they are UUIDs of version 7."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.ids import new_id, shortened, uuid7


@given(st.integers(0, 2**48 - 1), st.binary(min_size=10, max_size=10))
def test_the_text_is_a_uuid_of_version_seven_that_holds_its_time(millis, random):
    made = uuid.UUID(uuid7(millis, random))
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert made.int >> 80 == millis


@given(
    st.integers(0, 2**47),
    st.integers(1, 2**40),
    st.binary(min_size=10, max_size=10),
    st.binary(min_size=10, max_size=10),
)
def test_text_order_is_time_order(millis, later, one, other):
    assert uuid7(millis, one) < uuid7(millis + later, other)


def test_ids_of_one_instant_differ():
    now = datetime(2026, 11, 26, tzinfo=UTC) + timedelta(milliseconds=1)
    assert len({new_id(lambda: now) for _ in range(1000)}) == 1000


def test_ten_random_bytes_are_asked_for():
    with pytest.raises(ValueError, match="ten"):
        uuid7(0, b"short")


@given(st.sets(st.text("01-", min_size=6, max_size=9), min_size=1), st.sets(st.text("01-", min_size=6, max_size=9)))
def test_a_shortened_id_is_the_beginning_of_no_other(wanted, others):
    found = shortened(wanted, 4, others)
    assert found.keys() == wanted
    for one, short in found.items():
        assert one.startswith(short)
        assert len(short) >= 4
        assert short == one or not any(other.startswith(short) for other in (wanted | others) - {one})
