"""People may give a choice by its code or by its name in either language."""

from __future__ import annotations

import pytest

from fieldkit.domain.choices import choices, code_of, task_force_called
from fieldkit.domain.city import default_rule_pack
from fieldkit.errors import UnknownTaskForce

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


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("digital", "digital"),
        ("数字经济", "digital"),
        ("数字", "digital"),
        ("新能源", "new-energy-materials"),
        ("轻纺", "light-textile"),
    ],
)
def test_a_task_force_is_called_by_its_code_its_name_or_a_part_of_that(text: str, code: str) -> None:
    assert task_force_called(text) == code


@pytest.mark.parametrize("text", ["", " ", "nowhere", "绿色", "e"])
def test_what_names_none_or_several_is_refused_with_all_of_them(text: str) -> None:
    with pytest.raises(UnknownTaskForce) as refused:
        task_force_called(text)
    assert all(code in str(refused.value.facts["known"]) for code in choices("task_forces"))
