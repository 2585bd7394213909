"""People may give a choice by its code or by its name in either language."""

from __future__ import annotations

import pytest

from fieldkit.domain.choices import choices, code_of
from fieldkit.domain.city import default_rule_pack

PACK = default_rule_pack()


@pytest.mark.parametrize(
    ("of", "text", "code"),
    [
        ("modes", "on-site", "on-site"),
        ("modes", "上门招商", "on-site"),
        ("modes", "上门", "on-site"),
        ("modes", "On Site", "on-site"),
        ("stages", "签约", "signed"),
        ("stages", "LOST", "lost"),
        ("task_forces", "数字经济", "digital"),
        ("places", "谯城区", "341602"),
        ("places", "３４１６０２", "341602"),
        ("stages", "won", None),
        ("modes", "招商", None),
    ],
)
def test_names_and_codes(of: str, text: str, code: str | None) -> None:
    assert code_of(of, text, PACK) == code


@pytest.mark.parametrize("of", ["modes", "stages", "task_forces", "places"])
def test_every_code_and_every_label_is_understood(of: str) -> None:
    for code, label in choices(of).items():
        assert code_of(of, code, PACK) == code
        assert code_of(of, label, PACK) == code
