"""A lead moves by the rule pack, and is told what its stage still demands."""

from __future__ import annotations

from typing import Any

import pytest

from fieldkit.domain import stages
from fieldkit.domain.city import default_rule_pack
from fieldkit.domain.doubts import doubts_about
from fieldkit.errors import Invalid

PACK = default_rule_pack()
LEAD: dict[str, Any] = {"stage": "talks", "stage_reason": "", "company_id": "c", "amount": 1, "place_code": ""}


def test_every_stage_can_be_reached_from_every_other() -> None:
    for start in stages.codes(PACK):
        for end in stages.codes(PACK):
            after = LEAD | {"stage": start} | stages.moved(PACK, {"stage": start, "stage_reason": ""}, end, "because")
            assert after["stage"] == end


@pytest.mark.parametrize("stage", ["shelved", "lost"])
@pytest.mark.parametrize("reason", ["", "  "])
def test_setting_aside_takes_a_reason(stage: str, reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        stages.moved(PACK, LEAD, stage, reason)
    assert refused.value.facts["reason"] == "reason-needed"
    assert stages.moved(PACK, LEAD, stage, "investor withdrew") == {"stage": stage, "stage_reason": "investor withdrew"}


def test_the_reason_goes_when_the_lead_comes_back() -> None:
    assert stages.moved(PACK, LEAD | {"stage": "shelved", "stage_reason": "no land"}, "talks") == {
        "stage": "talks",
        "stage_reason": "",
    }


def test_an_unknown_stage_is_refused() -> None:
    with pytest.raises(Invalid):
        stages.moved(PACK, LEAD, "won")


def test_what_a_stage_demands_is_told_and_holds_nobody_up() -> None:
    lead = LEAD | stages.moved(PACK, LEAD, "signed")
    assert stages.missing(PACK, lead) == ["place_code"]
    (doubt,) = doubts_about("leads", lead, PACK)
    assert "Place" in doubt.text
    assert doubts_about("leads", lead | {"place_code": "341602"}, PACK) == []


def test_an_amount_of_nothing_is_an_amount() -> None:
    assert "amount" not in stages.missing(PACK, LEAD | {"stage": "admitted", "amount": 0})


def test_a_doubtful_credit_code_is_told() -> None:
    assert doubts_about("companies", {"uscc": ""}, PACK) == []
    assert doubts_about("companies", {"uscc": "914403001922038216"}, PACK) == []
    (doubt,) = doubts_about("companies", {"uscc": "914403001922038217"}, PACK)
    assert "914403001922038217" in doubt.text
