"""Mark a follow-up as done, or not done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldkit.actions import labels
from fieldkit.actions.work import working

if TYPE_CHECKING:
    from datetime import datetime

    from fieldkit.store.store import Store


def complete_followup(store: Store, followup_id: str) -> None:
    """The follow-up is done, now; one that is done already stays as it is. Raises NoSuchRecord."""
    _set_done(store, followup_id, store.clock())


def reopen_followup(store: Store, followup_id: str) -> None:
    """The follow-up is not done after all. Raises NoSuchRecord."""
    _set_done(store, followup_id, None)


def _set_done(store: Store, followup_id: str, done_at: datetime | None) -> None:
    with working(store) as work:
        followup = work.get("followups", followup_id)
        if (followup.model_dump()["done_at"] is None) != (done_at is None):
            work.change("followups", followup, {"done_at": done_at})
        work.remember(labels.done(followup.model_dump()))
