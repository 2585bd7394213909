"""The sets of lines that the reading is held to, and the moment they are read at."""

import json
from datetime import datetime
from pathlib import Path

import pytest

DATA = Path(__file__).parent / "data"
NOW = datetime.fromisoformat("2026-11-26T10:00:00+08:00")


def load(name):
    """One set of lines: its classes by name, each a list of cases."""
    document = json.loads((DATA / name).read_text(encoding="utf-8"))
    assert datetime.fromisoformat(document["base"]) == NOW
    return {key: cases for key, cases in document.items() if isinstance(cases, list)}


@pytest.fixture
def now():
    return NOW
