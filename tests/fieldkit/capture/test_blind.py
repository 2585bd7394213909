"""Phrases and notes that were written without sight of the grammar; `pytest -s` prints the score by class."""

from __future__ import annotations

from datetime import datetime

import pytest

from fieldkit.capture import read
from tests.fieldkit.capture.conftest import NOW, load

SETS = {
    "blind.json": 0.98,
    "blind-moments.json": 0.94,
    "blind-ordinary.json": 0.97,
    "blind-notes.json": 0.98,
    "blind-registers.json": 0.96,
    "blind-money.json": 0.98,
}
"""File → the part of it that must be right. Amounts are whole yuan by our contract, so that of small change some never is."""
TRAPS = load("blind.json")


def any_of(expected):
    return expected if isinstance(expected, list) else [expected]


def is_date(expected, found):
    if found["date"] not in any_of(expected["date"]):
        return False
    if expected.get("until") and found["until"] not in any_of(expected["until"]):
        return False
    if expected.get("hour") is None:
        return "hour" not in expected or found["time"] is None
    low, high = expected["hour"]
    hour, minute = map(int, (found["time"] or "99:99").split(":"))
    return low <= hour <= high and minute == expected.get("minute", minute)


def are_dates(expected, found):
    return len(expected) == len(found) and all(map(is_date, expected, found))


def is_amount(expected, found):
    right = expected["range"] if "range" in expected else any_of(expected["amount"])
    return found.amount in right and found.currency == expected.get("currency", found.currency)


def is_right(case):
    reading = read(case["text"], datetime.fromisoformat(case["now"]) if "now" in case else NOW)
    fields = reading.as_json()
    fields["next_date"] = fields["next"]["date"] if fields["next"] else None
    if "dates" in case and not any(
        are_dates(wanted, fields["dates"]) for wanted in [case["dates"], *case.get("alt_dates", [])]
    ):
        return False
    if "amounts" in case and not (
        len(case["amounts"]) == len(reading.amounts) and all(map(is_amount, case["amounts"], reading.amounts))
    ):
        return False
    if "contacts" in case and [person["name"] for person in fields["contacts"]] != case["contacts"]:
        return False
    keys = ("company", "contact", "phone", "next_date", "visited", "title", "amount", "task_force", "stage")
    return all(fields[key] in any_of(case[key]) for key in keys if key in case)


@pytest.mark.parametrize(("file", "goal"), SETS.items())
def test_nearly_all_of_it_is_right(file, goal):
    right = {name: [is_right(case) for case in cases] for name, cases in load(file).items()}
    for name, found in right.items():
        print(f"{file:20} {name:28} {sum(found):4} of {len(found)}")
    found = [one for each in right.values() for one in each]
    print(f"{file:20} {sum(found)} of {len(found)}")
    assert sum(found) / len(found) >= goal


@pytest.mark.parametrize("name", [name for name in TRAPS if name.startswith("trap_amount") or name == "trap_year"])
def test_nothing_is_invented_where_nothing_stands(name):
    assert [case["text"] for case in TRAPS[name] if not is_right(case)] == []
