"""How actions are named in the history. The words are translated when they are shown."""

from __future__ import annotations

from collections.abc import Mapping

from fieldkit.domain.kinds import KINDS
from fieldkit.i18n import N_
from fieldkit.store.history import Label

_ADDED = {
    "companies": N_("Added company {title}"),
    "contacts": N_("Added contact {title}"),
    "leads": N_("Added lead {title}"),
    "visits": N_("Added visit {title}"),
    "followups": N_("Added follow-up {title}"),
}
_EDITED = {
    "companies": N_("Edited company {title}"),
    "contacts": N_("Edited contact {title}"),
    "leads": N_("Edited lead {title}"),
    "visits": N_("Edited visit {title}"),
    "followups": N_("Edited follow-up {title}"),
}
_DELETED = {
    "companies": N_("Deleted company {title}"),
    "contacts": N_("Deleted contact {title}"),
    "leads": N_("Deleted lead {title}"),
    "visits": N_("Deleted visit {title}"),
    "followups": N_("Deleted follow-up {title}"),
}
_SETTLED = {
    "companies": N_("Settled company {title}"),
    "contacts": N_("Settled contact {title}"),
    "leads": N_("Settled lead {title}"),
    "visits": N_("Settled visit {title}"),
    "followups": N_("Settled follow-up {title}"),
}
_GIVEN_UP = {
    "companies": N_("Gave up changes to company {title}"),
    "contacts": N_("Gave up changes to contact {title}"),
    "leads": N_("Gave up changes to lead {title}"),
    "visits": N_("Gave up changes to visit {title}"),
    "followups": N_("Gave up changes to follow-up {title}"),
}
_MERGED = {
    "companies": N_("Merged company {title} into {into}"),
    "contacts": N_("Merged contact {title} into {into}"),
    "leads": N_("Merged lead {title} into {into}"),
}
_FILED = N_("Filed note {title}")
_MOVED = N_("Moved lead {title} to {stage}")
_DONE = N_("Done: {title}")
_REOPENED = N_("Not done after all: {title}")
_TITLE_LENGTH = 40


def added(kind: str, record: Mapping[str, object]) -> Label:
    """A record was added."""
    return Label(_ADDED[kind], title=_title(kind, record))


def edited(kind: str, record: Mapping[str, object]) -> Label:
    """Fields of a record were changed."""
    return Label(_EDITED[kind], title=_title(kind, record))


def deleted(kind: str, record: Mapping[str, object]) -> Label:
    """A record was deleted."""
    return Label(_DELETED[kind], title=_title(kind, record))


def settled(kind: str, record: Mapping[str, object]) -> Label:
    """A field that two people had changed was settled."""
    return Label(_SETTLED[kind], title=_title(kind, record))


def given_up(kind: str, record: Mapping[str, object]) -> Label:
    """What the centre had refused was given up."""
    return Label(_GIVEN_UP[kind], title=_title(kind, record))


def merged(kind: str, record: Mapping[str, object], into: Mapping[str, object]) -> Label:
    """A record was merged into another."""
    return Label(_MERGED[kind], title=_title(kind, record), into=_title(kind, into))


def filed(visit: Mapping[str, object]) -> Label:
    """A line of the inbox became a visit."""
    return Label(_FILED, title=_title("visits", visit))


def moved(lead: Mapping[str, object]) -> Label:
    """A lead went to another stage."""
    return Label(_MOVED, title=_title("leads", lead), stage=str(lead["stage"]))


def done(followup: Mapping[str, object]) -> Label:
    """A follow-up was completed, or reopened."""
    return Label(_DONE if followup["done_at"] else _REOPENED, title=_title("followups", followup))


def _title(kind: str, record: Mapping[str, object]) -> str:
    first_line = str(record.get(KINDS[kind].title_field) or "").strip().partition("\n")[0]
    return first_line if len(first_line) <= _TITLE_LENGTH else first_line[: _TITLE_LENGTH - 1] + "…"
