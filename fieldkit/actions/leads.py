"""Move a lead through its stages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldkit.actions import labels
from fieldkit.actions.work import working
from fieldkit.domain import stages
from fieldkit.domain.choices import code_of
from fieldkit.domain.cleaning import stored_line

if TYPE_CHECKING:
    from fieldkit.store.store import Store


def move_stage(store: Store, lead_id: str, stage: str, reason: str = "") -> list[str]:
    """Move a lead to `stage` (a code or its name); the fields that this stage demands and the lead does not have.

    Raises Invalid for an unknown stage and where setting aside lacks its reason, NoSuchRecord.
    """
    with working(store) as work:
        pack = work.rule_pack
        lead = work.get("leads", lead_id)
        code = code_of("stages", stage, pack) or stage
        work.change("leads", lead, stages.moved(pack, lead.model_dump(), code, stored_line(reason)))
        after = lead.model_dump()
        work.remember(labels.moved(after))
    return stages.missing(pack, after)
