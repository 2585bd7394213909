"""The lunar calendar against days that everybody can look up."""

from datetime import date, timedelta

import pytest

from fieldkit.capture import lunar


@pytest.mark.parametrize(
    ("year", "month", "number", "expected"),
    [
        (1951, 1, 1, date(1951, 2, 6)),
        (1985, 1, 1, date(1985, 2, 20)),
        (2000, 1, 1, date(2000, 2, 5)),
        (2020, 1, 1, date(2020, 1, 25)),
        (2023, 1, 1, date(2023, 1, 22)),
        (2025, 1, 1, date(2025, 1, 29)),
        (2026, 1, 1, date(2026, 2, 17)),
        (2027, 1, 1, date(2027, 2, 6)),
        (2033, 1, 1, date(2033, 1, 31)),
        (2034, 1, 1, date(2034, 2, 19)),
        (2050, 1, 1, date(2050, 1, 23)),
        (2024, 5, 5, date(2024, 6, 10)),
        (2024, 8, 15, date(2024, 9, 17)),
        (2025, 8, 15, date(2025, 10, 6)),
        (2026, 8, 15, date(2026, 9, 25)),
        (2025, -6, 1, date(2025, 7, 25)),
        (2023, -2, 1, date(2023, 3, 22)),
    ],
)
def test_known_days(year, month, number, expected):
    assert lunar.day(year, month, number) == expected


def test_the_days_that_do_not_exist():
    assert lunar.day(2026, -6, 1) is None
    assert lunar.day(1900, 1, 1) is None
    assert lunar.day(2026, 1, 31) is None


def test_months_follow_each_other_without_a_gap():
    end = date(1951, 2, 5)
    for year in range(1951, 2100):
        for number in range(1, 13):
            for month in (number, -number):
                span = lunar.month(year, month)
                if span:
                    assert span[0] == end + timedelta(1)
                    end = span[1]


@pytest.mark.parametrize(
    ("name", "year", "expected"),
    [
        ("清明", 2024, date(2024, 4, 4)),
        ("清明", 2026, date(2026, 4, 5)),
        ("清明", 2027, date(2027, 4, 5)),
        ("冬至", 2021, date(2021, 12, 21)),
        ("冬至", 2026, date(2026, 12, 22)),
        ("立春", 2025, date(2025, 2, 3)),
        ("立春", 2027, date(2027, 2, 4)),
        ("夏至", 2026, date(2026, 6, 21)),
    ],
)
def test_solar_terms(name, year, expected):
    assert lunar.solar_term(name, year) == expected
