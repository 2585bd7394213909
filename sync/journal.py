"""Capture: every flush of a record writes its stamps and its outbox row in the same transaction, or neither.

Statements that would go round the capture are refused at the cursor, whoever sends them over the engine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, Engine, event, inspect
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from sync import change, clock
from sync.change import Entry, Stamps
from sync.errors import UncapturedWrite
from sync.tables import Synced
from sync.values import cleaned

OWN = {"sync_own": True}
"""Execution options of a connection whose writes are `sync`'s own, or a migration's."""

Observer = Callable[[Connection, str, Sequence[str]], None]
"""Called in the writing transaction with the table and the ids that changed, arrived or left."""

Known = Mapping[tuple[str, str, str], Sequence[str]]
"""Stamps that a person had in sight beside the field's own, by table, id and field."""

_SAVING = "sync_saving"
_KNOWN = "sync_known"
_BLANK = r"(?:[\s\ufeff]|--[^\n]*(?:\n|$)|/\*.*?\*/)"
_NAME = r"(?:\"(?:[^\"]|\"\")+\"|`[^`]+`|'[^']+'|\[[^\]]+\]|\w+)"
_BEGINS = re.compile(rf"{_BLANK}*(INSERT|REPLACE|UPDATE|DELETE|WITH)\b", re.IGNORECASE | re.DOTALL)
_WRITES = re.compile(
    rf"\b(?:INSERT(?:{_BLANK}+OR{_BLANK}+\w+)?{_BLANK}+INTO|REPLACE{_BLANK}+INTO|UPDATE(?:{_BLANK}+OR{_BLANK}+\w+)?|DELETE{_BLANK}+FROM)"
    rf"{_BLANK}*(?:{_NAME}{_BLANK}*\.{_BLANK}*)?({_NAME})",
    re.IGNORECASE | re.DOTALL,
)


class Saved(NamedTuple):
    """What one flush did to one table: new ids, and the changed fields of known ids."""

    created: list[str]
    edited: dict[str, list[str]]


class Moment(NamedTuple):
    """The stamp of one flush, and the wall clock at it (ms)."""

    stamp: str
    since: int


class Journal:
    """The capture of one store: stamps from its clock, entries for its outbox."""

    def __init__(
        self,
        tables: Mapping[str, Synced],
        now: Callable[[], int],
        entropy: Callable[[int], bytes],
        observers: Sequence[Observer],
    ) -> None:
        self._tables = tables
        self._names = {name.casefold(): name for name in tables}
        self._now = now
        self._entropy = entropy
        self._observers = observers

    def sessions(self, engine: Engine) -> sessionmaker[Session]:
        """Sessions on `engine` that capture what they flush."""
        maker = sessionmaker(engine, class_=Session)
        event.listen(maker, "after_begin", _after_begin)
        event.listen(maker, "before_flush", self._before_flush)
        event.listen(maker, "after_flush", self._after_flush)
        event.listen(maker, "after_soft_rollback", _after_rollback)
        return maker

    def guard(self, engine: Engine) -> None:
        """Refuse writes to synced tables over `engine` that no capture covers."""
        event.listen(engine, "before_cursor_execute", self._before_cursor_execute)

    def next_stamp(self, connection: Connection) -> str:
        """The next stamp of this laptop, taken and written down in the connection's transaction."""
        found = connection.exec_driver_sql("SELECT device, millis, counter, skew FROM sync_laptop").first()
        device, millis, counter, skew = found or (self.mint(connection), 0, 0, 0)
        noise = int.from_bytes(self._entropy(2), "big")
        tick = clock.advance(clock.Tick(millis, counter), self._now() + skew, noise)
        connection.exec_driver_sql("UPDATE sync_laptop SET millis = ?, counter = ?", (tick.millis, tick.counter))
        return clock.stamp(tick, device)

    def mint(self, connection: Connection) -> str:
        """Give a store that has none its device id."""
        device = clock.new_device(self._entropy(6))
        connection.exec_driver_sql("INSERT INTO sync_laptop (one, device) VALUES (1, ?)", (device,))
        return device

    def notify(self, connection: Connection, table: str, ids: Sequence[str]) -> None:
        """Tell the observers, in the same transaction."""
        for observer in self._observers:
            observer(connection, table, ids)

    def _before_flush(self, session: Any, _context: object, _instances: object) -> None:
        for record in session.deleted:
            table = self._table_of(record)
            if table is not None:
                raise UncapturedWrite(table.name, "set deleted = True and save the record")
        for record in (*session.new, *session.dirty):
            table = self._table_of(record)
            if table is not None:
                _clean(table, record)
        session.info[_SAVING] = True

    def capture(self, connection: Connection, saved: Mapping[str, Saved], known: Known) -> None:
        """Write stamps and entries of what was saved, by table, under one stamp; `known` as `knowing` gathers it."""
        moment = Moment(self.next_stamp(connection), self._now())
        for name, (created, edited) in saved.items():
            if created:
                _write_created(connection, name, created, moment)
            if edited:
                _write_edited(connection, name, edited, moment, known)
            self.notify(connection, name, [*created, *edited])

    def _after_flush(self, session: Any, _context: object) -> None:
        session.info[_SAVING] = False
        saved = self._collect(session)
        if saved:
            self.capture(session.connection(), saved, session.info.get(_KNOWN, {}))

    def _collect(self, session: Any) -> dict[str, Saved]:
        saved: dict[str, Saved] = {}
        for record in session.new:
            table = self._table_of(record)
            if table is not None:
                saved.setdefault(table.name, Saved([], {})).created.append(record.id)
        for record in session.dirty:
            table = self._table_of(record)
            fields = _changed(record) if table is not None else []
            if table is not None and fields:
                saved.setdefault(table.name, Saved([], {})).edited[record.id] = fields
        return saved

    def _table_of(self, record: object) -> Synced | None:
        return self._tables.get(getattr(record, "__tablename__", ""))

    def _before_cursor_execute(
        self, connection: Connection, _cursor: object, statement: str, _parameters: object, context: Any, _many: bool
    ) -> None:
        written = (self._names.get(name) for name in _written_tables(statement, context))
        target = next(filter(None, written), None)
        if target is None or connection.get_execution_options().get("sync_own"):
            return
        if not connection.info.get(_SAVING, {}).get(_SAVING):
            raise UncapturedWrite(target, "save records through Replica.session(), one object at a time")


def knowing(session: Session, table: str, record: str, field: str, stamps: Sequence[str]) -> None:
    """Let the session's next save of `field` count `stamps` among what the person had in sight."""
    session.info.setdefault(_KNOWN, {})[table, record, field] = list(stamps)


def _after_begin(session: Any, _transaction: object, connection: Connection) -> None:
    connection.info[_SAVING] = session.info


def _after_rollback(session: Any, previous: Any) -> None:
    session.info[_SAVING] = False
    if not previous.nested:
        session.info.pop(_KNOWN, None)


def _written_tables(statement: str, context: Any) -> list[str]:
    """The tables that a statement may write, in lower case as SQLite takes them; of one WITH others all that it names so."""
    if context is not None and (context.isinsert or context.isupdate or context.isdelete) and context.compiled:
        return [str(context.compiled.statement.table.name).casefold()]
    begins = _BEGINS.match(statement)
    if begins is None:
        return []
    found = _WRITES.findall(statement, begins.start(1))
    return [_unquoted(name).casefold() for name in (found if begins[1].upper() == "WITH" else found[:1])]


def _unquoted(name: str) -> str:
    return name[1:-1].replace('""', '"') if name[0] in "\"`'[" else name


def _clean(table: Synced, record: Any) -> None:
    state = inspect(record)
    for field in table.fields:
        if state.persistent and field not in state.committed_state:
            continue
        value = state.dict.get(field)
        clean = cleaned(value)
        if clean is not value and clean != value:
            setattr(record, field, clean)
        if field in state.dict:
            table.wire(field, clean)
    if not state.persistent:
        table.check_id(state.dict.get("id"))
    if state.persistent and "id" in state.committed_state and _changed(record, ("id",)):
        raise UncapturedWrite(table.name, "the id of a record never changes")


def _changed(record: Any, only: Iterable[str] | None = None) -> list[str]:
    state = inspect(record)
    names = state.committed_state if only is None else only
    return [name for name in names if state.attrs[name].history.has_changes()]


def _write_created(connection: Connection, table: str, ids: Sequence[str], moment: Moment) -> None:
    stamps = _text({change.ALL: moment.stamp})
    entry = _text(change.created(moment.stamp))
    connection.exec_driver_sql(
        "INSERT INTO sync_stamp (tab, id, stamps) VALUES (?, ?, ?)", [(table, record, stamps) for record in ids]
    )
    connection.exec_driver_sql(
        "INSERT INTO sync_outbox (tab, id, fields, since) VALUES (?, ?, ?, ?)",
        [(table, record, entry, moment.since) for record in ids],
    )


def _write_edited(
    connection: Connection,
    table: str,
    edited: Mapping[str, Sequence[str]],
    moment: Moment,
    known: Known,
) -> None:
    past = {record: _decode(*line) for record, *line in _past(connection, table, edited)}
    stamp_rows, entry_rows = [], []
    for record, fields in edited.items():
        stamps, entry, unseen = past[record]
        if not stamps and not entry:  # nobody else can have it: it is as new
            stamps, entry = {change.ALL: moment.stamp}, change.created(moment.stamp)
        for field in fields:
            seen = {} if field in unseen else stamps
            entry = change.edited(entry, seen, (field,), moment.stamp, known.get((table, record, field), ()))
        stamps = change.compact({**stamps, **dict.fromkeys(fields, moment.stamp)})
        stamp_rows.append((table, record, _text(stamps)))
        entry_rows.append((table, record, _text(entry), moment.since))
    connection.exec_driver_sql(
        "INSERT INTO sync_stamp (tab, id, stamps) VALUES (?, ?, ?) "
        "ON CONFLICT (tab, id) DO UPDATE SET stamps = excluded.stamps",
        stamp_rows,
    )
    connection.exec_driver_sql(
        "INSERT INTO sync_outbox (tab, id, fields, since) VALUES (?, ?, ?, ?) ON CONFLICT (tab, id) DO UPDATE SET "
        "fields = excluded.fields, departed = 0, whole = whole OR state <> 'waiting', state = 'waiting', reason = ''",
        entry_rows,
    )


def _past(connection: Connection, table: str, ids: Iterable[str]) -> Sequence[Any]:
    return connection.exec_driver_sql(
        "SELECT i.value, s.stamps, s.extra, o.fields, coalesce(o.departed, 0) FROM json_each(?) i "
        "LEFT JOIN sync_stamp s ON s.tab = ? AND s.id = i.value LEFT JOIN sync_outbox o ON o.tab = ? AND o.id = i.value",
        (_text(list(ids)), table, table),
    ).all()


def _decode(stamps: str | None, extra: str | None, fields: str | None, departed: int) -> tuple[Stamps, Entry, Any]:
    """Stamps, entry, and values that the program kept without knowing their fields, so that nobody has seen them."""
    entry: Entry = msgspec.json.decode(fields) if fields else {}
    seen: Stamps = msgspec.json.decode(stamps) if stamps else {}
    return seen, change.departed(entry) if departed else entry, msgspec.json.decode(extra) if extra else {}


def _text(value: object) -> str:
    return msgspec.json.encode(value).decode()
