"""Undo and redo, over as many actions as were taken, without losing what came in from the centre meanwhile.

Only the fields that an action wrote are written back, and only where they still hold what it wrote. What somebody else
has changed since is kept, and the answer says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from fieldkit.actions.merging import lead_back
from fieldkit.actions.work import Work, stored, value_from, working, write
from fieldkit.domain.kinds import INBOX, MERGED_INTO, written_with
from fieldkit.domain.wording import field_of
from fieldkit.errors import NothingToRedo, NothingToUndo
from fieldkit.i18n import _
from fieldkit.store import history, inbox
from fieldkit.store.history import Change, Entry

if TYPE_CHECKING:
    from fieldkit.domain.records import Owned
    from fieldkit.store.store import Store


_GONE = written_with(MERGED_INTO)


class Kept(NamedTuple):
    """A field that was left as it is, because it has changed since; `deleted` stands for the record as a whole."""

    kind: str
    id: str
    field: str


class Undone(NamedTuple):
    """What was taken back or done again: its label, the records it touched, and what had to be left as it is."""

    label: str
    touched: tuple[tuple[str, str], ...]
    kept: tuple[Kept, ...]

    def left(self) -> list[str]:
        """What was left as it is, as people call it: each field once, without those that only go with another."""
        merged = {each.id for each in self.kept if each.field == MERGED_INTO}
        leading = (
            (one, MERGED_INTO if one.id in merged else "deleted")
            if one.field in _GONE
            else (one, written_with(one.field)[0])
            for one in self.kept
        )
        return list(dict.fromkeys(_(field_of(one.kind, name).label) for one, name in leading))


def undo(store: Store) -> Undone:
    """Take back the last action that stands. Raises NothingToUndo."""
    with working(store) as work:
        entry = history.to_undo(work.connection)
        if entry is None:
            raise NothingToUndo
        kept = [field for change in reversed(entry.changes) for field in _take_back(work, change)]
        lead_back(work)
        history.mark(work.connection, entry.id, history.UNDONE)
    return _told(entry, kept)


def redo(store: Store) -> Undone:
    """Do again what was undone last, unless something else was done since. Raises NothingToRedo."""
    with working(store) as work:
        entry = history.to_redo(work.connection)
        if entry is None:
            raise NothingToRedo
        kept = [field for change in entry.changes for field in _do_again(work, change)]
        history.mark(work.connection, entry.id, history.DONE)
    return _told(entry, kept)


def _told(entry: Entry, kept: Iterable[Kept]) -> Undone:
    touched = tuple((change.table, change.record_id) for change in entry.changes if change.table != INBOX)
    return Undone(entry.label.text(), touched, tuple(kept))


def _take_back(work: Work, change: Change) -> Iterator[Kept]:
    if change.table == INBOX:
        if change.after["state"] == inbox.DROPPED:
            inbox.take_up(work.connection, change.record_id)
        else:  # were the line to wait again, it would be filed again
            inbox.drop(work.connection, change.record_id)
        return
    record = work.find(change.table, change.record_id)
    if record is None:
        yield Kept(change.table, change.record_id, "deleted")
    elif change.before is not None:
        if change.gave_way and _holds(record, change.after):
            work.sessions.reopen(work.session, change.table, record.id, change.gave_way)
        if change.after.get(MERGED_INTO):
            _withdraw(work, change, record)
        yield from _write(change.table, record, change.after, change.before)
    elif not record.deleted:
        if _holds(record, change.after):
            record.deleted = True
        else:
            yield Kept(change.table, change.record_id, "deleted")


def _withdraw(work: Work, change: Change, record: Owned) -> None:
    """A merge that gave way to what somebody else did with the record is no longer held against that."""
    merged = {field: change.after[field] for field in written_with(MERGED_INTO)}
    if not _holds(record, merged):
        gave_way = [(field, "", value, work.me.person_id, "") for field, value in merged.items()]
        work.sessions.close_again(work.session, change.table, record.id, gave_way)
        write(record, {field: getattr(record, field) for field in merged})


def _do_again(work: Work, change: Change) -> Iterator[Kept]:
    if change.table == INBOX:
        again = inbox.drop if change.after["state"] == inbox.DROPPED else inbox.mark_filed
        again(work.connection, change.record_id)
        return
    record = work.find(change.table, change.record_id)
    if record is None:
        yield Kept(change.table, change.record_id, "deleted")
    elif change.before is None:
        record.deleted = False
    else:
        if change.gave_way and _holds(record, change.before):
            work.sessions.close_again(work.session, change.table, record.id, change.gave_way)
        yield from _write(change.table, record, change.before, change.after)


def _write(kind: str, record: Owned, expected: Mapping[str, Any], wanted: Mapping[str, Any]) -> Iterator[Kept]:
    for fields in _groups(wanted):
        if _holds(record, {field: expected[field] for field in fields if field in expected}):
            write(record, {field: value_from(kind, field, wanted[field]) for field in fields})
        elif not _holds(record, {field: wanted[field] for field in fields}):
            yield from (Kept(kind, record.id, field) for field in fields)


def _groups(fields: Iterable[str]) -> list[tuple[str, ...]]:
    names = list(fields)
    groups = (tuple(name for name in written_with(field) if name in names) for field in names)
    return list(dict.fromkeys(groups))


def _holds(record: Owned, values: Mapping[str, Any]) -> bool:
    return all(stored(getattr(record, field)) == value for field, value in values.items())
