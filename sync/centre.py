"""The one door through which records change at the centre: merge, feed and device in one transaction.

The counter row is locked first and held to commit, so that nobody ever sees a later revision before an earlier one.
Every record that changes takes the next revision; the numbers of one transaction follow each other.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError, OperationalError, StatementError

from sync import clock, history, merge, protocol
from sync.change import ALL, Stamps, stamp_of
from sync.devices import Caller, Register
from sync.errors import InvalidValue
from sync.history import Deed, Head
from sync.ledger import Key, Ledger, Stored, Work, conflict_id, text_of
from sync.merge import Incoming, Merged, Standing
from sync.protocol import Push
from sync.statements import Statements
from sync.tables import ID_LIMIT, Synced
from sync.values import Unfit, text

ScopesOf = Callable[[str, Mapping[str, Any]], frozenset[str]]
Refuse = Callable[[Caller, str, Mapping[str, Any] | None, Mapping[str, Any]], str | None]
Upcast = Callable[[int, str, str, Any], Any]

REFUSALS = (DatabaseError, StatementError)
"""How a database says that it cannot store a record, or that something is wrong with itself (see `is_about_itself`)."""

_log = logging.getLogger("sync")
_LIMIT_EXCEEDED = "54"
"""PostgreSQL's class of errors for what is too large for it: an entry of an index, a row."""
_CONFLICTS_LIMIT = 256
"""Open conflicts of one record."""
_KEPT_LIMIT = 2 * 1024 * 1024
"""Characters that the open conflicts of one record may keep: a laptop receives all of them with it."""
_BASES_LIMIT = 10_000
"""Bases of all fields of one pushed record; an honest laptop has one for each save since its last answer."""
_NOTHING: Mapping[str, int] = {}


class Change(NamedTuple):
    """One record that the office itself writes: Python values by field; those not named stay, or take their default.

    With no values, the record's scopes are worked out anew. `settles` are ids of conflicts that this decides.
    """

    table: str
    id: str
    values: Mapping[str, Any]
    settles: Sequence[str] = ()


class Forked(Exception):
    """The same stamp came with two values: two stores share one identity."""


def is_about_itself(error: Exception) -> bool:
    """Whether the database could not work, rather than not store this; past a limit of its own it says the one as the other."""
    sqlstate = getattr(getattr(error, "orig", None), "sqlstate", None) or ""
    return isinstance(error, OperationalError) and not sqlstate.startswith(_LIMIT_EXCEEDED)


class Answer(NamedTuple):
    """The outcome for one record; `correct` when the laptop cannot know the record as it now is."""

    state: str
    reason: str = ""
    scopes: frozenset[str] = frozenset()
    correct: bool = False


class Rules(NamedTuple):
    """What the owner of the centre has said: the tables, who may see a record, what to refuse, what older values mean."""

    tables: Mapping[str, Synced]
    statements: Statements
    scopes_of: ScopesOf
    refuse: Refuse | None
    upcast: Upcast | None = None


class Refused(Exception):
    """One record cannot be taken; `state` is the answer, the text its reason, `scopes` where the record is now."""

    def __init__(self, state: str, reason: str = "", scopes: frozenset[str] = frozenset()) -> None:
        super().__init__(reason)
        self.state = state
        self.reason = reason
        self.scopes = scopes


def epoch(restored: int, noise: str) -> str:
    """The name of a centre's life: `restored` is when it went back in time (ms), 0 in its first life."""
    return f"{restored:x}.{noise}" if restored else noise


def restored_at(epoch: str) -> int:
    """When the life with this name began with a restore (ms); 0 for the first one."""
    moment, dot, _noise = epoch.partition(".")
    return int(moment, 16) if dot else 0


class Transaction:
    """One writing transaction: pushes, from a laptop of `schema`, are merged in memory, then written in bulk."""

    def __init__(
        self, connection: Connection, rules: Rules, caller: Caller | None, author: str, device: str, *, schema: int = 0
    ) -> None:
        self._connection = connection
        self._schema = schema
        self._rules = rules
        self._caller = caller
        self._author = author
        self._device = device
        self._statements = rules.statements
        self._ledger = Ledger(connection, rules.tables, rules.statements)
        counter = f"SELECT revision, high, epoch, entries, head FROM sync_centre{self._statements.sql.locking}"
        revision, high, life, *head = self._statements.run(connection, counter)[0]
        self.before: int = revision
        self.revision: int = revision
        self.high: str = high
        self._restored_at = restored_at(life)
        self._head = Head(*head)
        self._done: list[Work] = []
        self._persons: dict[str, str] = {}

    def apply(self, pushes: Sequence[Push], *, one_by_one: bool = True) -> list[Answer]:
        """Take `pushes` in order; `one_by_one` each in its own savepoint, so that the database may refuse one alone.

        Otherwise all at once, which is much quicker: then an error of the database means to begin the transaction anew.
        """
        if not pushes:
            return []
        return [self._alone(push) for push in pushes] if one_by_one else self._attempt(pushes)

    def adopt(self, keys: Sequence[Key]) -> None:
        """Write records anew whose fields came before their columns."""
        work = Work(self._ledger.load(keys))
        for key, stored in list(work.records.items()):
            self.revision += 1
            work.add(key, stored._replace(revision=self.revision))
        self._ledger.write(work, self._person)
        self._done.append(work)

    def close(self, now: int, epoch: str = "") -> None:
        """Write the history, the counter and the latest stamp; `epoch` begins a new life of the centre."""
        deed = Deed(now, self._device, self._author, self.before, self.revision)
        content = history.content_of(self._rules.tables, self._done, epoch)
        head = history.append(self._connection, self._statements, self._head, deed, content)
        counter = "UPDATE sync_centre SET revision = ?, high = ?, entries = ?, head = ?"
        self._statements.run(self._connection, counter, self.revision, self.high, *head)
        if epoch:
            self._statements.run(self._connection, "UPDATE sync_centre SET epoch = ?", epoch)

    def _alone(self, push: Push) -> Answer:
        before = self.revision
        try:
            with self._connection.begin_nested():
                return self._attempt([push])[0]
        except REFUSALS as error:
            if is_about_itself(error):
                raise
            _log.warning("record %s of %s cannot be stored: %s", push.i, push.t, type(error).__name__)
            self.revision = before
            return Answer(protocol.REJECTED, "unstorable")

    def _attempt(self, pushes: Sequence[Push]) -> list[Answer]:
        work = Work(self._ledger.load((push.t, push.i) for push in pushes))
        answers = []
        for push in pushes:
            try:
                answers.append(self._take(work, push))
            except Refused as refused:
                answers.append(Answer(refused.state, refused.reason, refused.scopes))
            except Forked:
                raise
            except Exception:  # noqa: BLE001 - whatever is wrong with one record, the others go on
                _log.exception("record %s of %s cannot be merged", push.i, push.t)
                answers.append(Answer(protocol.REJECTED, "fault"))
        self._ledger.write(work, self._person)
        self._done.append(work)
        return answers

    def _take(self, work: Work, push: Push) -> Answer:
        table = self._rules.tables.get(push.t)
        if table is None:
            raise Refused(protocol.REJECTED, "table")
        push = self._understood(push)
        stored = work.records.get((push.t, push.i))
        if stored is None and (values := _plainly_new(table, push)) is not None:
            return self._take_new(work, table, push, values)
        decoded = _checked(table, push)
        if stored is None and not push.w:
            raise Refused(protocol.UNKNOWN)
        if stored is not None and not push.f and not push.w:
            return Answer(protocol.OK, "", stored.scopes, correct=True)
        if stored is not None:
            self._permit(stored.scopes)
        stamps = {**push.s, ALL: push.h} if push.s else {ALL: push.h}
        incoming = Incoming(decoded.wire, stamps, self._bases(push, stored))
        merged = self._merged(push, incoming, decoded, stored)
        row = _row(table, push, decoded, stored, merged)
        scopes = self._scopes_of(table, row)
        if stored is None:
            self._permit(scopes)
        self._ask_owner(table, stored.row if stored else self._before_restore(merged.stamps, row), row)
        return self._keep(work, push, merged, row, scopes)

    def _understood(self, push: Push) -> Push:
        """The push in the values of this centre's schema."""
        upcast, schema = self._rules.upcast, self._schema
        if upcast is None or self._caller is None:
            return push
        try:
            f = {field: upcast(schema, push.t, field, value) for field, value in push.f.items()}
            c = {field: upcast(schema, push.t, field, value) for field, value in push.c.items()}
        except Exception as error:
            _log.exception("upcast failed for a record of %s", push.t)
            raise Refused(protocol.REJECTED, "rule") from error
        return msgspec.structs.replace(push, f=f, c=c)

    def _take_new(self, work: Work, table: Synced, push: Push, values: tuple[Any, ...]) -> Answer:
        """A record as its author made it, all of one stamp, which nobody has seen: nothing is there to merge with."""
        row = dict(zip(table.columns, (push.i, *values), strict=True))
        scopes = self._scopes_of(table, row)
        self._permit(scopes)
        stamps = {ALL: push.h}
        if self._rules.refuse is not None:
            self._ask_owner(table, self._before_restore(stamps, row), row)
        self.revision += 1
        self.high = max(self.high, push.h)
        work.add((push.t, push.i), Stored(row, push.f, stamps, {}, scopes, self.revision, _NOTHING))
        return Answer(protocol.OK, "", scopes, push.k < 0)

    def _bases(self, push: Push, stored: Stored | None) -> Mapping[str, Sequence[str]]:
        if self._caller is not None or stored is None:
            return push.b
        return {field: [stamp_of(stored.stamps, field), *push.b.get(field, ())] for field in push.f}

    def _merged(self, push: Push, incoming: Incoming, decoded: _Decoded, stored: Stored | None) -> Merged:
        if stored is None:
            return merge.fresh(incoming, decoded.context, push.d)
        standing = Standing(stored.values, stored.stamps, stored.past)
        merged = merge.merge(standing, incoming)
        foreign = [
            field for field in merged.forked if clock.device_of(stamp_of(incoming.stamps, field)) != self._device
        ]
        if len(foreign) < len(merged.forked):
            raise Forked
        for field in foreign:
            merged.kept.append(merge.Kept(field, incoming.values[field], stamp_of(incoming.stamps, field)))
        return merged

    def _permit(self, scopes: frozenset[str]) -> None:
        if self._caller is not None and not scopes & self._caller.writes:
            raise Refused(protocol.FORBIDDEN, "scope", scopes)

    def _scopes_of(self, table: Synced, row: Mapping[str, Any]) -> frozenset[str]:
        try:
            return frozenset(self._rules.scopes_of(table.name, row))
        except Exception as error:
            _log.exception("scopes_of failed for a record of %s", table.name)
            raise Refused(protocol.REJECTED, "scopes") from error

    def _before_restore(self, stamps: Stamps, row: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """What of a record unknown here was stamped before the centre went back in time; None where it is simply new.

        Only then can a laptop honestly hold what others made and the centre lacks, and offer it again.
        """
        if not self._restored_at:
            return None
        older = {
            field: value
            for field, value in row.items()
            if 0 < clock.millis_of(stamp_of(stamps, field)) <= self._restored_at
        }
        return older or None

    def _ask_owner(self, table: Synced, before: Mapping[str, Any] | None, row: Mapping[str, Any]) -> None:
        if self._caller is None or self._rules.refuse is None:
            return
        try:
            reason = self._rules.refuse(self._caller, table.name, before, row)
        except Exception as error:
            _log.exception("refuse failed for a record of %s", table.name)
            raise Refused(protocol.REJECTED, "rule") from error
        if reason:
            raise Refused(protocol.REJECTED, reason)

    def _keep(
        self,
        work: Work,
        push: Push,
        merged: Merged,
        row: dict[str, Any],
        scopes: frozenset[str],
    ) -> Answer:
        key = (push.t, push.i)
        stored = work.records.get(key)
        if stored is None:
            self.revision += 1
            self.high = max(self.high, *merged.stamps.values())
            work.add(key, Stored(row, merged.values, merged.stamps, merged.past, scopes, self.revision, _NOTHING))
            return Answer(protocol.OK, "", scopes, correct=push.k < 0)
        old = stored
        settled = {conflict_id(*key, field, base) for field, base in merged.settled} & old.conflicts.keys()
        opened = {conflict_id(*key, kept.field, kept.stamp): kept for kept in merged.kept}
        changed = merged.values or settled or scopes != old.scopes or merged.stamps != old.stamps
        values = {**old.values, **merged.values}
        conflicts = {one: size for one, size in old.conflicts.items() if one not in settled}
        conflicts.update({one: len(text_of(kept.value)) for one, kept in opened.items()})
        _check_growth(old, values, conflicts)
        if changed or opened:
            self.revision += 1
            self.high = max(self.high, *merged.stamps.values())
        revision = self.revision if changed or opened else old.revision
        work.take(
            key,
            Stored(row, values, merged.stamps, merged.past, scopes, revision, conflicts),
            left=old.scopes - scopes,
            opened=opened,
            settled=settled,
            changed=revision != old.revision,
        )
        correct = bool(merged.lost or opened or settled) or old.revision > push.k
        return Answer(protocol.LOST if merged.lost else protocol.OK, "", scopes, correct)

    def _person(self, stamp: str) -> str:
        device = clock.device_of(stamp)
        if device == self._device:
            return self._author
        if device not in self._persons:
            self._persons.update(Register(self._connection, self._statements).persons({stamp}))
            self._persons.setdefault(device, "")
        return self._persons[device]


class _Decoded(NamedTuple):
    python: dict[str, Any]
    wire: dict[str, Any]
    context: dict[str, Any]


def _plainly_new(table: Synced, push: Push) -> tuple[Any, ...] | None:
    """The Python values of a whole record of one stamp, in the order of the fields; None where a closer look is needed."""
    if not push.w or push.s or push.b or push.c or push.d or not clock.is_stamp(push.h):
        return None
    if not (0 < len(push.i) <= ID_LIMIT and push.i.isascii() and push.i.isprintable()):
        return None
    return table.shape.of_object(push.f)


def _checked(table: Synced, push: Push) -> _Decoded:
    """The values of a push, in Python and in their one wire form; raises `Refused`."""
    _check_stamps(push)
    try:
        if not 0 < len(text(push.i)) <= ID_LIMIT or "id" in push.f or "id" in push.c:
            raise Refused(protocol.REJECTED, "id")
        for field in (push.f.keys() | push.c.keys()) - table.kinds.keys():
            text(field)
        python = table.decoded({**push.c, **push.f} if push.c else push.f)
    except InvalidValue as error:
        raise Refused(protocol.REJECTED, f"value {error.field} {error.why}") from error
    except Unfit as error:
        raise Refused(protocol.REJECTED, f"value {error}") from error
    return _Decoded(python, table.canonical(push.f, python), table.canonical(push.c, python))


def _check_growth(old: Stored, values: Mapping[str, Any], conflicts: Mapping[str, int]) -> None:
    """Every laptop that may see a record receives all of it, with its open conflicts: it must not grow for ever."""
    kept, before = sum(conflicts.values()), sum(old.conflicts.values())
    if len(conflicts) > max(_CONFLICTS_LIMIT, len(old.conflicts)) or kept > max(_KEPT_LIMIT, before):
        raise Refused(protocol.REJECTED, "conflicts")
    size = len(protocol.encode(values))
    if size > protocol.FILLED_LIMIT and size > len(protocol.encode(old.values)):
        raise Refused(protocol.REJECTED, "too-large")


def _check_stamps(push: Push) -> None:
    stamps = [push.h, *push.s.values()] if push.f or push.h else []
    stamps.extend(base for bases in push.b.values() for base in bases)
    stamps.extend(stamp for stamp in push.d.values() if stamp)
    if not all(map(clock.is_stamp, stamps)):
        raise Refused(protocol.REJECTED, "stamp")
    common = push.b.get(ALL, [])
    if push.b and sum(len(push.b.get(field) or common) for field in push.f) > _BASES_LIMIT:
        raise Refused(protocol.REJECTED, "bases")


def _row(table: Synced, push: Push, decoded: _Decoded, stored: Stored | None, merged: Merged) -> dict[str, Any]:
    """The record after the merge, in Python values; fields of a newer schema are not part of it."""
    kinds = table.kinds
    row = dict(stored.row) if stored else {"id": push.i, **table.blank(decoded.python)}
    row.update({field: decoded.python[field] for field in merged.values if field in kinds})
    return row
