from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sync import clock
from sync.clock import Tick

ticks = st.builds(Tick, st.integers(0, 9_999_999_999_998), st.integers(0, 65_535))
millis = st.integers(0, 9_999_999_999_998)
devices = st.binary(min_size=6, max_size=6).map(clock.new_device)


@given(ticks, st.lists(st.tuples(millis, st.integers(0, 1 << 20)), min_size=1, max_size=20))
def test_stamps_only_grow_whatever_the_wall_clock_does(last: Tick, readings: list[tuple[int, int]]) -> None:
    for now, noise in readings:
        following = clock.advance(last, now, noise)
        assert following > last
        last = following


@given(ticks, ticks, devices, devices)
def test_text_order_is_time_order_and_devices_break_ties(one: Tick, other: Tick, here: str, there: str) -> None:
    texts = clock.stamp(one, here), clock.stamp(other, there)
    assert (texts[0] < texts[1]) == ((one, here) < (other, there))


@given(ticks, devices)
def test_a_stamp_gives_back_what_went_into_it(tick: Tick, device: str) -> None:
    text = clock.stamp(tick, device)
    assert clock.is_stamp(text)
    assert (clock.tick_of(text), clock.millis_of(text), clock.device_of(text)) == (tick, tick.millis, device)


@given(st.text(max_size=40))
def test_no_other_text_is_taken_for_a_stamp(text: str) -> None:
    assert not clock.is_stamp(text) or clock.stamp(clock.tick_of(text), clock.device_of(text)) == text


def test_a_full_counter_goes_on_in_the_next_millisecond() -> None:
    assert clock.advance(Tick(7, 65_535), 7, 3) == Tick(8, 3)


def test_nobody_stamped_the_empty_stamp() -> None:
    assert (clock.millis_of(""), clock.tick_of(""), clock.device_of("")) == (0, Tick(0, 0), "")
