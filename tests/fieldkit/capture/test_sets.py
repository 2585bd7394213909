"""Every line of the sets is read as a person would; `pytest -s` prints the score by class."""

import pytest

from fieldkit.capture import read
from tests.fieldkit.capture.conftest import NOW, load


def said(found):
    """A date as the sets write it: day, dayThh:mm, first/last day."""
    until = f"/{found['until']}" if found["until"] else ""
    return found["date"] + until + (f"T{found['time']}" if found["time"] else "")


def dates(text):
    return " ".join(said(found) for found in read(text, NOW).as_json()["dates"])


def amounts(text):
    found = read(text, NOW).amounts
    return " ".join(f"{one.amount}{f'..{one.most}' if one.most else ''} {one.currency}" for one in found)


def note(text, keys):
    fields = read(text, NOW).as_json()
    fields["next"] = list(fields["next"].values()) if fields["next"] else None
    fields["contacts"] = [person["name"] for person in fields["contacts"]]
    return {key: fields[key] for key in keys}


CLASSES = (
    [("dates.json", name, dates) for name in load("dates.json")]
    + [("amounts.json", name, amounts) for name in load("amounts.json")]
    + [("notes.json", name, note) for name in load("notes.json")]
)


@pytest.mark.parametrize(("file", "name", "reader"), CLASSES, ids=[f"{file}: {name}" for file, name, _ in CLASSES])
def test_every_line_of_our_sets_is_right(file, name, reader):
    cases = load(file)[name]
    wrong = []
    for text, expected in cases:
        got = reader(text, expected) if reader is note else reader(text)
        if got != expected:
            wrong.append((text, expected, got))
    print(f"{file:13} {name:28} {len(cases) - len(wrong):4} of {len(cases)}")
    assert wrong == []


def test_the_sets_are_large_enough():
    assert (
        sum(len(cases) for file in ("dates.json", "amounts.json", "notes.json") for cases in load(file).values())
        >= 1000
    )


class TestSharedSet:
    """The examples that the design was given with."""

    shared = load("quick-entry-zh.json")

    @pytest.mark.parametrize("case", shared["dates"], ids=lambda case: case["text"])
    def test_dates(self, case):
        first = read(case["text"], NOW).as_json()["dates"][0]
        assert first["date"] in case["dates"]
        if case["hour"] is None:
            assert first["time"] is None
        else:
            low, high = case["hour"]
            assert low <= int(first["time"][:2]) <= high

    @pytest.mark.parametrize("case", shared["notes"], ids=lambda case: case["text"])
    def test_notes(self, case):
        fields = read(case["text"], NOW).as_json()
        assert [found["date"] for found in fields["dates"]] == ([case["date"]] if case["date"] else [])
        assert (fields["next"] or {"date": None})["date"] == case["date"]

    @pytest.mark.parametrize("case", shared["amounts"], ids=lambda case: case["text"])
    def test_amounts(self, case):
        fields = read(case["text"], NOW).as_json()
        assert (fields["amount"], fields["currency"]) == (case["amount"], case["currency"])
        assert fields["amounts"][0]["amount"] == case["amount"]
