"""What becomes of merges when laptops meet: the work of colleagues who did not know follows them, and nobody is asked in vain.

Where one person merged a record away and another edited it at once, the centre keeps both as a conflict about `deleted`.
Nobody has to decide there: what the other wrote goes into the record that stands. The laptop of either of the two
does it, whichever hears of it first, together with closing the conflict; should both do it at once, they write the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from fieldkit.domain.kinds import MERGEABLE, MERGED_INTO
from fieldkit.replication.agreed import agreed
from fieldkit.store import settings
from sync import status as replica
from sync.status import OpenConflict

if TYPE_CHECKING:
    from fieldkit.store.store import Store

_Record = tuple[str, str]
"""(kind, id)."""


def follow(store: Store) -> int:
    """Take in what was written into merged records, and lead what names them; how many records there were. Where this
    person may write nothing, none.
    """
    from fieldkit.actions import follow_merges
    from fieldkit.replication.tables import writes

    me = store.me
    if not writes(me.role, me.group_code):
        return 0
    return _take_in(store) + _agree(store) + follow_merges(store)


def _take_in(store: Store) -> int:
    from fieldkit.actions.merging import take_in_again
    from fieldkit.actions.work import working
    from sync.settling import close_conflict

    with closing(store.reader()) as connection:
        me = settings.me(connection)
        wanted = _edited_while_merged(replica.open_conflicts(connection), me.person_id)
    if not wanted:
        return 0
    taken = 0
    with working(store) as work:
        for (kind, record_id), conflicts in wanted.items():
            record = work.find(kind, record_id)
            if record is None or record.group_code != me.group_code or not getattr(record, MERGED_INTO):
                continue
            if take_in_again(work, kind, record):
                for one in conflicts:
                    close_conflict(work.session, one.id)
                work.decide(kind, record, {"deleted": True, MERGED_INTO: getattr(record, MERGED_INTO)}, ())
                taken += 1
    return taken


def _agree(store: Store) -> int:
    """Close the conflicts of my group of which both sides hold the same by now, as after an undo: there is nothing to decide."""
    from fieldkit.actions.work import working
    from sync.settling import close_conflict

    with closing(store.reader()) as connection:
        wanted = agreed(connection, replica.open_conflicts(connection))
    if not wanted:
        return 0
    closed = 0
    with working(store) as work:
        for one in wanted:
            record = work.find(one.table, one.record_id)
            if record is not None and record.group_code == work.me.group_code:
                close_conflict(work.session, one.id)
                work.decide(one.table, record, {one.field: getattr(record, one.field)}, ())
                closed += 1
    return closed


def _edited_while_merged(found: Iterable[OpenConflict], me: str) -> Mapping[_Record, Sequence[OpenConflict]]:
    """The records about whose deletion alone somebody and I differ. Where what it was merged into differs as well, there were
    two merges, and people decide.
    """
    open_ones: dict[_Record, list[OpenConflict]] = {}
    for one in found:
        if one.table in MERGEABLE and one.field in ("deleted", MERGED_INTO):
            open_ones.setdefault((one.table, one.record_id), []).append(one)
    return {
        record: ones
        for record, ones in open_ones.items()
        if all(one.field == "deleted" for one in ones) and any(me in (one.other_by, one.kept_by or me) for one in ones)
    }
