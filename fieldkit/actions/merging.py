"""Merge two records that are one and the same, by hand: everything of both is kept, and one step of undo takes it back.

The other record is deleted and says into which it was merged. By that a record that still names it, from a laptop that did
not know, is led to the one that stands: `follow_merges`, at every sync; and back, should the merge be undone. Where two people merge the same pair in opposite
directions, the later one stands whole, because each of them also wrote that the one he kept is not deleted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple

from fieldkit.actions import labels
from fieldkit.actions.joining import joined
from fieldkit.actions.twins import Twins, twins_at
from fieldkit.actions.work import Work, working
from fieldkit.domain import stages
from fieldkit.domain.kinds import MERGEABLE, MERGED_INTO, WRITTEN, written_with
from fieldkit.errors import Invalid
from fieldkit.store import history, matching

if TYPE_CHECKING:
    from fieldkit.domain.records import Owned
    from fieldkit.store.store import Store

_STANDS = {"deleted": False, MERGED_INTO: ""}


class Merged(NamedTuple):
    """What was merged: the id that stands, the other's, and how many records were led from the one to the other.

    `twins` are contacts and leads that a merged company has twice by that, to be merged by hand as well.
    """

    kept: str
    other: str
    moved: int
    twins: tuple[Twins, ...] = ()


def merge(store: Store, kind: str, kept_id: str, other_id: str) -> Merged:
    """Merge the record `other_id` of `kind` into `kept_id`: companies, contacts or leads of one group.

    What refers to the other refers to the kept one. Raises Invalid, NoSuchRecord.
    """
    if kind not in MERGEABLE:
        raise Invalid(field="kind", reason="not-a-choice", value=kind, known=", ".join(MERGEABLE))
    if kept_id == other_id:
        raise Invalid(field="id", reason="merge-itself", value=kept_id)
    with working(store) as work:
        kept, other = work.get(kind, kept_id), work.get(kind, other_id)
        if kept.group_code != other.group_code:
            raise Invalid(field="id", reason="merge-groups", value=other_id)
        columns = _joined(work, kind, kept, other)
        label = labels.merged(kind, other.model_dump(), kept.model_dump())
        moved = sum(_lead(work, record, field, kept_id) for record, field in _referring(work, kind, other_id))
        work.decide(kind, kept, columns | _STANDS, ())
        work.change(kind, other, {"deleted": True, MERGED_INTO: kept_id})
        work.remember(label)
        work.flush()
        twins = twins_at(work.connection, kept_id) if kind == "companies" else ()
    return Merged(kept_id, other_id, moved, tuple(twins))


def _joined(work: Work, kind: str, kept: Owned, other: Owned, *, again: bool = False) -> dict[str, Any]:
    """The columns of `kept` that change; of two stages the further one stands, and the other is told."""
    mine, theirs = kept.model_dump(), other.model_dump()
    stage: dict[str, Any] = {}
    if kind == "leads" and stages.further(work.rule_pack, mine["stage"], theirs["stage"]):
        stage = {field: theirs[field] for field in written_with("stage")}
        theirs |= {field: mine[field] for field in stage}
        mine |= stage
    return stage | joined(WRITTEN[kind], mine, theirs, lambda *of: _title(work, *of), again=again)


def take_in_again(work: Work, kind: str, other: Owned) -> bool:
    """What was written into a merged record by somebody who did not know goes into the one that stands; whether that could be."""
    into = matching.merged(work.connection, kind, other.group_code) | {other.id: str(getattr(other, MERGED_INTO))}
    stands = _standing(work, kind, into, other.id)
    if not stands:
        return False
    kept = work.get(kind, stands)
    try:
        columns = _joined(work, kind, kept, other, again=True)
    except Invalid:  # no room: both stay in sight, until a person makes some
        return False
    work.change(kind, kept, columns)
    return True


def follow_merges(store: Store) -> int:
    """Lead what still names a merged record of my group to the record that stands, and back where the merge was undone; how
    many there were.

    These are the consequences of a step that somebody has taken, and no step of their own for undo.
    """
    with working(store) as work:
        returned = lead_back(work)
    return returned + _follow(store)


def lead_back(work: Work) -> int:
    """What was led away from a record that is merged no longer names it again; how many records."""
    returned = 0
    for entry in history.led(work.connection):
        (change,) = entry.changes
        ((field, away),) = (change.before or {}).items()
        if not _stands(work, _kind_of(change.table, field), away):
            continue
        record = work.find(change.table, change.record_id)
        if record is not None and not record.deleted and getattr(record, field) == change.after[field]:
            returned += _lead(work, record, field, away)
        history.mark(work.connection, entry.id, history.PASSED)
    return returned


def _follow(store: Store) -> int:
    group = store.me.group_code
    with closing(store.reader()) as connection:
        merged = {kind: matching.merged(connection, kind, group) for kind in MERGEABLE}
    if not any(merged.values()):
        return 0
    with working(store) as work:
        revived = sum(_revive(work, kind, into) for kind, into in merged.items())
        work.changes = []
        for kind, into in merged.items():
            for other_id in into:
                if stands := _standing(work, kind, into, other_id):
                    for record, field in _referring(work, kind, other_id):
                        _lead(work, record, field, stands)
        followed = work.changes
        history.write_led(work.connection, work.now, followed)
    return revived + len(followed)


def _stands(work: Work, kind: str, record_id: str) -> bool:
    record = work.find(kind, record_id)
    return record is not None and not record.deleted and not getattr(record, MERGED_INTO)


def _kind_of(table: str, name: str) -> str:
    field = WRITTEN[table].field(name)
    return field.of if field else ""


def _standing(work: Work, kind: str, into: Mapping[str, str], other_id: str) -> str:
    """The id at the end of the chain of merges; empty where no record stands there."""
    passed = {other_id}
    while other_id in into:
        other_id = into[other_id]
        if other_id in passed:
            return ""
        passed.add(other_id)
    return other_id if work.exists(kind, other_id) else ""


def _revive(work: Work, kind: str, into: dict[str, str]) -> int:
    """Records that were merged into each other in a ring are all deleted: on every laptop the first of them comes back."""
    rings = {min(ring) for other_id in into if (ring := _ring(into, other_id))}
    for record_id in rings:
        record = work.find(kind, record_id)
        if record is not None:
            work.change(kind, record, _STANDS)
            del into[record_id]
    return len(rings)


def _ring(into: Mapping[str, str], other_id: str) -> list[str]:
    """The ring of merges on which a record lies; empty where it lies on none."""
    path = [other_id]
    while (following := into.get(path[-1])) and following not in path:
        path.append(following)
    return path if following == other_id else []


def _referring(work: Work, kind: str, record_id: str) -> Iterator[tuple[Owned, str]]:
    """The records that show and refer to this one, each with its field."""
    for name, other in WRITTEN.items():
        for field in other.fields:
            if field.of == kind:
                for referring in matching.referring(work.connection, name, field.name, record_id):
                    yield work.get(name, referring), field.name


def _lead(work: Work, record: Owned, field: str, record_id: str) -> bool:
    return work.change(str(record.__tablename__), record, {field: record_id})


def _title(work: Work, kind: str, record_id: str) -> str:
    record: Any = work.find(kind, record_id) if kind in WRITTEN else None
    return str(getattr(record, WRITTEN[kind].title_field)) if record is not None else ""
