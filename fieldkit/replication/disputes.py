"""Conflicts as people meet them: whose value stands, whose gave way, both in words; and how a person settles one.

Reading needs nothing heavy. A settled conflict is an ordinary edit, which travels and can be undone; undoing it gives the
field its value back, and opens the conflict again for everybody.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from typing import Any, NamedTuple

from fieldkit.domain.cleaning import shown
from fieldkit.domain.kinds import KINDS, MERGED_INTO, REFERENCE, written_with
from fieldkit.domain.wording import field_of, value_text
from fieldkit.errors import Ambiguous, Invalid, NoSuchRecord
from fieldkit.i18n import _
from fieldkit.replication.agreed import agreed
from fieldkit.replication.status import leading
from fieldkit.store import rows, settings
from fieldkit.store.store import Store
from sync import status as replica
from sync.status import OpenConflict

MINE, THEIRS = "mine", "theirs"
SHORTEST_ID = 6


class Side(NamedTuple):
    """One of the two values: as the wire has it, in words, by whom (id and name), and when (ms)."""

    value: Any
    words: str
    by: str
    name: str
    at: int


class Dispute(NamedTuple):
    """One field that two people changed at once. `kept` stands now, `other` gave way; `mine_stands` says which is mine.

    Where neither is mine, the one that stands counts as mine. `gone` is whether the record is deleted now; `into` is the
    title of the record into which one side merged it.
    """

    id: str
    kind: str
    record_id: str
    title: str
    gone: bool
    field: str
    label: str
    kept: Side
    other: Side
    mine_stands: bool
    into: str = ""

    @property
    def mine(self) -> Side:
        """The side that `mine` keeps."""
        return self.kept if self.mine_stands else self.other

    @property
    def theirs(self) -> Side:
        """The side that `theirs` takes."""
        return self.other if self.mine_stands else self.kept

    def sentence(self) -> str:
        """What happened, in one line."""
        kept, other = self.kept, self.other
        if self.field == "deleted":
            deleted, edited = (kept, other) if kept.value else (other, kept)
            text = (
                _("{merger} merged it into {title}, {editor} {changed}")
                if self.into
                else _("{deleter} deleted it, {editor} {changed}")
            )
            return text.format(
                deleter=shown(deleted.name),
                merger=shown(deleted.name),
                title=shown(self.into),
                editor=shown(edited.name),
                changed=shown(edited.words),
            )
        text = _("{label}: {kept} by {keeper} stands, {other} by {loser} was written too")
        return text.format(
            label=self.label,
            kept=shown(kept.words) or _("(empty)"),
            keeper=shown(kept.name),
            other=shown(other.words) or _("(empty)"),
            loser=shown(other.name),
        )


def disputes(connection: sqlite3.Connection) -> list[Dispute]:
    """Every open conflict, oldest first; of an amount, its words and its currency one."""
    found = [one for one in replica.open_conflicts(connection) if one.table in KINDS]
    settled = {one.id for one in agreed(connection, found)}
    found = [one for one in found if one.id not in settled]
    listed = set(leading((one.table, one.record_id, one.field) for one in found))
    told = _Telling(connection, found)
    return [told.dispute(one) for one in found if (one.table, one.record_id, one.field) in listed]


def dispute_named(connection: sqlite3.Connection, beginning: str) -> Dispute | None:
    """The conflict whose own id, or whose record's id, begins so; None where there is none. Raises Ambiguous."""
    wanted = beginning.strip().lower()
    if len(wanted) < SHORTEST_ID:
        return None
    found = [one for one in disputes(connection) if one.id.startswith(wanted) or one.record_id.startswith(wanted)]
    if len(found) > 1:
        raise Ambiguous(id=beginning, count=len(found))
    return found[0] if found else None


def settle(store: Store, dispute_id: str, choice: str = "", value: object = None) -> None:
    """Settle a conflict by keeping `mine`, taking `theirs`, or, without a choice, writing another `value` as typed.

    Fields that mean something only together (an amount and its currency) are settled together; a deleted record comes back
    where the side that is taken did not delete it. Raises NoSuchRecord, Invalid.
    """
    from fieldkit.actions import labels
    from fieldkit.actions.records import write_typed
    from fieldkit.actions.work import value_from, working
    from sync.settling import close_conflict

    with closing(store.reader()) as connection:
        found = replica.open_conflicts(connection)
        wanted = next((one for one in disputes(connection) if one.id == dispute_id), None)
    if wanted is None:
        raise NoSuchRecord(id=dispute_id)
    if choice not in (MINE, THEIRS, ""):
        raise Invalid(field="choice", reason="not-a-choice", value=choice, known=f"{MINE}, {THEIRS}")
    closed = [one for one in found if _together(one, wanted, found)]
    takes_other = (choice == MINE) != wanted.mine_stands if choice else False
    with working(store) as work:
        record = work.find(wanted.kind, wanted.record_id)
        if record is None:
            raise NoSuchRecord(id=wanted.record_id)
        for one in closed:
            close_conflict(work.session, one.id)
        if not choice:
            write_typed(work, wanted.kind, record, {wanted.field: value})
        others = {one.field: value_from(one.table, one.field, one.other) for one in closed} if takes_other else {}
        stand = {one.field: getattr(record, one.field) for one in closed}
        gave_way = [(one.field, one.stamp, one.other, one.other_by, one.kept_by) for one in closed]
        work.decide(wanted.kind, record, stand | others, gave_way)
        work.remember(labels.settled(wanted.kind, record.model_dump()))


def _together(one: OpenConflict, wanted: Dispute, found: Sequence[OpenConflict]) -> bool:
    stamp = next(each.stamp for each in found if each.id == wanted.id)
    same_record = (one.table, one.record_id) == (wanted.kind, wanted.record_id)
    return same_record and one.stamp == stamp and one.field in written_with(wanted.field)


class _Telling:
    """What is needed to tell conflicts: the records, the names of people and of what the values refer to."""

    def __init__(self, connection: sqlite3.Connection, found: Sequence[OpenConflict]) -> None:
        self._me = settings.me(connection)
        self._records = {
            (kind, row["id"]): row
            for kind in KINDS
            for row in rows.also_deleted(connection, kind, [one.record_id for one in found if one.table == kind])
        }
        self._currencies = {(one.record_id, one.stamp): str(one.other) for one in found if one.field == "currency"}
        self._targets = {(one.record_id, one.stamp): str(one.other) for one in found if one.field == MERGED_INTO}
        self._people = _names(connection, [person for one in found for person in (one.kept_by, one.other_by)])
        self._titles: dict[str, str] = {}
        for kind, ids in _referred(found, self._records).items():
            self._titles |= {row["id"]: row["title"] for row in rows.also_deleted(connection, kind, ids)}

    def dispute(self, one: OpenConflict) -> Dispute:
        """`one` in words."""
        record = self._records.get((one.table, one.record_id), {})
        return Dispute(
            id=one.id,
            kind=one.table,
            record_id=one.record_id,
            title=str(record.get("title") or ""),
            gone=bool(record.get("deleted")),
            field=one.field,
            label=_(field_of(one.table, one.field).label),
            kept=self._kept(one, record),
            other=self._other(one, record),
            mine_stands=one.kept_by in ("", self._me.person_id) or one.other_by != self._me.person_id,
            into=self._titles.get(self._merged_into(one, record), "") if one.field == "deleted" else "",
        )

    def _merged_into(self, one: OpenConflict, record: Mapping[str, Any]) -> str:
        """The id into which the side that deleted the record merged it; empty where it only deleted."""
        of_other = self._targets.get((one.record_id, one.stamp)) if one.other else None
        return str(record.get(MERGED_INTO) or "") if of_other is None else of_other

    def _kept(self, one: OpenConflict, record: Mapping[str, Any]) -> Side:
        value, by = record.get(one.field), one.kept_by or self._me.person_id
        words = self._words(one, value, str(record.get("currency") or ""), one.with_kept)
        return Side(value, words, by, self._name(by), one.kept_at)

    def _other(self, one: OpenConflict, record: Mapping[str, Any]) -> Side:
        currency = self._currencies.get((one.record_id, one.stamp)) or str(record.get("currency") or "")
        words = self._words(one, one.other, currency, one.with_other)
        return Side(one.other, words, one.other_by, self._name(one.other_by), one.other_at)

    def _words(self, one: OpenConflict, value: Any, currency: str, together: Iterable[str]) -> str:
        if one.field == "deleted":
            return self._gone(one) if value else _changed(one.table, together)
        name = self._titles.get(str(value)) or _("a record that is not here")
        return value_text(field_of(one.table, one.field), value, currency=currency, name=name)

    def _gone(self, one: OpenConflict) -> str:
        into = self._titles.get(self._merged_into(one, self._records.get((one.table, one.record_id), {})))
        return _("merged it into {title}").format(title=into) if into else _("deleted it")

    def _name(self, person: str) -> str:
        if person == self._me.person_id:
            return self._me.name or _("you")
        return self._people.get(person) or _("a colleague")


def _changed(kind: str, fields: Iterable[str]) -> str:
    """The fields that an edit wrote, as far as they still stand."""
    labels = [_(field.label) for field in KINDS[kind].fields if field.name in fields]
    return _("changed {fields}").format(fields=_(", ").join(labels)) if labels else _("kept it")


def _referred(
    found: Iterable[OpenConflict], records: Mapping[tuple[str, str], Mapping[str, Any]]
) -> dict[str, list[str]]:
    wanted: dict[str, list[str]] = {}
    for one in found:
        field = field_of(one.table, one.field)
        if one.field == "deleted":
            wanted.setdefault(one.table, []).append(records.get((one.table, one.record_id), {}).get(MERGED_INTO) or "")
        if field.takes == REFERENCE:
            kept = records.get((one.table, one.record_id), {}).get(one.field)
            wanted.setdefault(field.of, []).extend(str(value) for value in (one.other, kept) if value)
    return wanted


def _names(connection: sqlite3.Connection, people: Iterable[str]) -> dict[str, str]:
    marks = sorted(set(people))
    query = f"SELECT id, name FROM people WHERE id IN ({', '.join('?' * len(marks))})"  # noqa: S608 - only marks are put in
    return {row["id"]: row["name"] for row in connection.execute(query, marks)}
