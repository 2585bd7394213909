"""What every action stands on: one transaction in which records are written, captured for sync, and kept for undo."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from fieldkit import ids
from fieldkit.clock import instant_text
from fieldkit.domain.kinds import WRITTEN, written_with
from fieldkit.errors import Invalid, NoSuchRecord
from fieldkit.store import history, rules
from fieldkit.store.connection import Guarded
from fieldkit.store.history import Change, Label

if TYPE_CHECKING:
    import sqlite3

    from sqlmodel import Session

    from fieldkit.domain.records import Owned
    from fieldkit.store.store import Store

_NOT_UNDONE = frozenset({"id", "deleted", "group_code", "person_id", "created_at"})


class Work:
    """The records that one action writes. Fields are column names, values as the columns take them."""

    def __init__(self, store: Store, session: Session) -> None:
        self.session = session
        self.sessions = store.sessions
        self.clock = store.clock
        self.now = store.clock()
        self.me = store.me
        self.changes: list[Change] = []
        self.unwritten: list[tuple[str, Owned]] = []
        self._added: dict[str, Owned] = {}
        self._rule_pack: dict[str, Any] | None = None

    @property
    def connection(self) -> sqlite3.Connection:
        """The session's own connection, inside its transaction; what was not flushed is not there yet."""
        return cast("sqlite3.Connection", self.session.connection().connection.driver_connection)

    def flush(self) -> None:
        """Write what is `unwritten` so far, still in the transaction."""
        self.session.flush()

    @property
    def rule_pack(self) -> dict[str, Any]:
        """The rule pack in force."""
        if self._rule_pack is None:
            self._rule_pack = rules.rule_pack(self.connection)
        return self._rule_pack

    def find(self, kind: str, record_id: str) -> Owned | None:
        """The record, also a deleted one; None where there is none."""
        if record_id in self._added:
            return self._added[record_id]
        with self.session.no_autoflush:
            return self.session.get(table_of(kind), record_id)

    def get(self, kind: str, record_id: str) -> Owned:
        """The record; NoSuchRecord where there is none or it is deleted."""
        record = self.find(kind, record_id)
        if record is None or record.deleted:
            raise NoSuchRecord(id=record_id)
        return record

    def exists(self, kind: str, record_id: str) -> bool:
        """Whether there is such a record that is not deleted."""
        record = self.find(kind, record_id)
        return record is not None and not record.deleted

    def add(
        self, kind: str, values: Mapping[str, object], *, record_id: str = "", written_at: datetime | None = None
    ) -> str:
        """Write a new record for whoever works here; its id."""
        new_id = record_id or ids.new_id(self.clock)
        owner = {"group_code": self.me.group_code, "person_id": self.me.person_id, "created_at": written_at or self.now}
        columns: dict[str, Any] = {"id": new_id, **owner, **values}
        record = table_of(kind)(**columns)
        self.session.add(record)
        self._added[new_id] = record
        self.unwritten.append((kind, record))
        self.changes.append(Change(kind, new_id, None, _stored(record.model_dump(exclude=set(_NOT_UNDONE)))))
        return new_id

    def change(self, kind: str, record: Owned, values: Mapping[str, object]) -> bool:
        """Write the fields of `record` that differ, with those that mean something only with them; whether there were any."""
        differing = [field for field, value in values.items() if getattr(record, field) != value]
        if not differing:
            return False
        fields = dict.fromkeys(
            together for field in differing for together in written_with(field) if hasattr(record, together)
        )
        before = {field: getattr(record, field) for field in fields}
        new = before | {field: value for field, value in values.items() if field in fields}
        write(record, new)
        self.unwritten.append((kind, record))
        self.changes.append(Change(kind, record.id, _stored(before), _stored(new)))
        return True

    def decide(self, kind: str, record: Owned, values: Mapping[str, object], gave_way: Iterable[Sequence[Any]]) -> None:
        """Write the fields of `record` as one change, those that hold the value already too: it is somebody's decision over
        the values that `gave_way`, which undo brings back into sight.
        """
        before = {field: getattr(record, field) for field in values}
        write(record, values)
        self.unwritten.append((kind, record))
        self.changes.append(Change(kind, record.id, _stored(before), _stored(values), gave_way))

    def remember(self, label: Label) -> None:
        """Write what was done so far into the history as one entry, so that undo takes all of it back together."""
        if self.changes:
            history.write(self.connection, self.now, label, self.changes)
            self.changes = []


def write(record: Owned, values: Mapping[str, object]) -> None:
    """Set the fields, and let each count as changed, so that those written together are merged together at the centre.

    Whether the record is deleted counts among them: where one person edits what another deletes, both must hear of it.
    """
    from sqlalchemy.orm.attributes import flag_modified

    for field, value in {"deleted": record.deleted, **values}.items():
        setattr(record, field, value)
        flag_modified(record, field)


@contextmanager
def working(store: Store) -> Iterator[Work]:
    """A transaction for one action: committed at the end, rolled back on an error. The database's errors come as StoreError."""
    with Guarded(store.path), store.session() as session:
        yield Work(store, session)
        session.commit()


@cache
def table_of(kind: str) -> type[Owned]:
    """The table of a kind; Invalid where there is none."""
    from fieldkit.domain.records import WORK

    for table in WORK:
        if str(table.__tablename__) == kind:
            return table
    raise Invalid(field="kind", reason="not-a-choice", value=kind, known=", ".join(WRITTEN))


def value_from(kind: str, field: str, stored: object) -> object:
    """The column's value for what the history stored of it."""
    from fieldkit.domain.columns import Day, Instant

    column = table_of(kind).__table__.columns[field].type  # type: ignore[attr-defined]  # SQLModel adds it
    if isinstance(stored, str) and isinstance(column, Instant):
        return datetime.fromisoformat(stored)
    if isinstance(stored, str) and isinstance(column, Day):
        return date.fromisoformat(stored)
    return stored


def stored(value: object) -> object:
    """A column's value as the history stores it."""
    if isinstance(value, datetime):
        return instant_text(value)
    return value.isoformat() if isinstance(value, date) else value


def _stored(values: Mapping[str, object]) -> dict[str, object]:
    return {field: stored(value) for field, value in values.items()}
