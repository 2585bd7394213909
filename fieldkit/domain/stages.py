"""How a lead moves through the stages of the rule pack.

A lead may go forward and back at any time. Setting it aside (shelved, lost) takes a reason. What a stage demands and the
lead does not have yet is told, and holds nobody up: the field knows first, the papers follow.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fieldkit.errors import Invalid

RulePack = Mapping[str, Any]
REASON = "stage_reason"


def codes(pack: RulePack) -> list[str]:
    """Every stage in order, then the two that set a lead aside."""
    return [stage["code"] for stage in (*pack["stages"], *pack["set_aside"])]


def first(pack: RulePack) -> str:
    """The stage of a new lead."""
    return str(pack["stages"][0]["code"])


def is_set_aside(pack: RulePack, stage: str) -> bool:
    """Whether `stage` is one of those that take a lead out of the row."""
    return any(entry["code"] == stage for entry in pack["set_aside"])


def further(pack: RulePack, stage: str, other: str) -> bool:
    """Whether `other` is further on than `stage`; what is set aside is behind everything."""
    row = [entry["code"] for entry in pack["stages"]]
    return other in row and (stage not in row or row.index(other) > row.index(stage))


def missing(pack: RulePack, lead: Mapping[str, object]) -> list[str]:
    """The fields that the lead's stage demands and the lead does not have."""
    return [field for field in _demands(pack, str(lead.get("stage", ""))) if lead.get(field) in (None, "")]


def moved(pack: RulePack, lead: Mapping[str, object], stage: str, reason: str = "") -> dict[str, object]:
    """The fields that change when `lead` goes to `stage`; a reason belongs to its stage and goes when the lead moves on.

    Raises Invalid where the rule pack has no such stage, or the stage takes a reason and there is none.
    """
    known = codes(pack)
    if stage not in known:
        raise Invalid(field="stage", reason="not-a-choice", value=stage, known=", ".join(known))
    if is_set_aside(pack, stage) and not reason.strip():
        raise Invalid(field=REASON, reason="reason-needed", value=stage)
    after = {"stage": stage, REASON: reason.strip()}
    return {field: value for field, value in after.items() if lead.get(field) != value}


def _demands(pack: RulePack, stage: str) -> list[str]:
    for entry in (*pack["stages"], *pack["set_aside"]):
        if entry["code"] == stage:
            return list(entry["demands"])
    return []
