"""The tables that `sync` keeps for itself, and how it sees the tables that it is handed.

A laptop and the centre each have their own set. JSON is kept as text: the laptop's status is read with plain sqlite3.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Dialect,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlmodel import SQLModel

from sync.append_only import append_only
from sync.bulk import Dialected, Rows
from sync.errors import InvalidValue, UnsupportedTable
from sync.shape import Shape
from sync.values import Kind, Unfit, anything, cleaned, kind_of

ID_LIMIT = 64
"""Characters of an id."""
_NAMES = {
    "pk": "pk_%(table_name)s",
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
}


def laptop_metadata() -> MetaData:
    """`sync`'s own tables on a laptop (SQLite)."""
    metadata = MetaData(naming_convention=_NAMES)
    Table(
        "sync_laptop",
        metadata,
        Column("one", Integer, primary_key=True, autoincrement=False),
        Column("device", String, nullable=False),
        Column("came_from", String, nullable=False, server_default=""),
        Column("token", String, nullable=False, server_default=""),
        Column("next_token", String, nullable=False, server_default=""),
        Column("epoch", String, nullable=False, server_default=""),
        Column("millis", BigInteger, nullable=False, server_default="0"),
        Column("counter", Integer, nullable=False, server_default="0"),
        Column("skew", BigInteger, nullable=False, server_default="0"),
        Column("have", Text, nullable=False, server_default="[]"),
        Column("confirmed_at", BigInteger),
        Column("state", String, nullable=False, server_default="never"),
        Column("detail", String, nullable=False, server_default=""),
        Column("sending", Integer, nullable=False, server_default="0"),
        Column("schema", Integer, nullable=False, server_default="0"),
        Column("sweeping", Integer, nullable=False, server_default="0"),
    )
    Table(
        "sync_stamp",
        metadata,
        Column("tab", String, nullable=False),
        Column("id", String, nullable=False),
        Column("stamps", Text, nullable=False),
        Column("known", BigInteger, nullable=False, server_default="0"),
        Column("sent", Text),
        Column("sent_at", BigInteger),
        Column("extra", Text),
        PrimaryKeyConstraint("tab", "id"),
    )
    outbox = Table(
        "sync_outbox",
        metadata,
        Column("seq", Integer, primary_key=True),
        Column("tab", String, nullable=False),
        Column("id", String, nullable=False),
        Column("fields", Text, nullable=False),
        Column("since", BigInteger, nullable=False),
        Column("state", String, nullable=False, server_default="waiting"),
        Column("reason", String, nullable=False, server_default=""),
        Column("departed", Integer, nullable=False, server_default="0"),
        Column("whole", Integer, nullable=False, server_default="0"),
        Column("held", Text),
        UniqueConstraint("tab", "id"),
    )
    Index("ix_sync_outbox_blocked", outbox.c.state, sqlite_where=text("state <> 'waiting'"))
    member = Table(
        "sync_member",
        metadata,
        Column("tab", String, nullable=False),
        Column("id", String, nullable=False),
        Column("scope", String, nullable=False),
        Column("stale", Integer, nullable=False, server_default="0"),
        PrimaryKeyConstraint("tab", "id", "scope"),
        sqlite_with_rowid=False,
    )
    Index("ix_sync_member_scope", member.c.scope)
    Table(
        "sync_cursor",
        metadata,
        Column("scope", String, primary_key=True),
        Column("revision", BigInteger, nullable=False),
    )
    Table(
        "sync_quarantine",
        metadata,
        Column("tab", String, nullable=False),
        Column("id", String, nullable=False),
        Column("reason", String, nullable=False),
        Column("at", BigInteger, nullable=False),
        Column("fields", Text, nullable=False),
        Column("row", Text, nullable=False),
        PrimaryKeyConstraint("tab", "id"),
    )
    conflict = Table(
        "sync_conflict",
        metadata,
        Column("id", String, primary_key=True),
        Column("tab", String, nullable=False),
        Column("record", String, nullable=False),
        Column("field", String, nullable=False),
        Column("stamp", String, nullable=False),
        Column("value", Text, nullable=False),
        Column("author", String, nullable=False),
        Column("kept_author", String, nullable=False),
    )
    Index("ix_sync_conflict_record", conflict.c.tab, conflict.c.record)
    Table(
        "sync_offer",
        metadata,
        Column("tab", String, nullable=False),
        Column("record", String, nullable=False),
        Column("field", String, nullable=False),
        Column("stamp", String, nullable=False),
        Column("value", Text, nullable=False),
        Column("parked", Integer, nullable=False, server_default="0"),
        PrimaryKeyConstraint("tab", "record", "field", "stamp"),
    )
    Table(
        "sync_bundle",
        metadata,
        Column("id", String, nullable=False),
        Column("part", Integer, nullable=False),
        Column("made_at", BigInteger, nullable=False),
        Column("device", String, nullable=False),
        Column("token", String, nullable=False),
        Column("cursors", Text, nullable=False),
        Column("records", Integer, nullable=False),
        Column("sent", Text, nullable=False),
        PrimaryKeyConstraint("id", "part"),
    )
    return metadata


def centre_metadata() -> MetaData:
    """`sync`'s own tables at the centre (SQLite or PostgreSQL)."""
    metadata = MetaData(naming_convention=_NAMES)
    Table(
        "sync_centre",
        metadata,
        Column("one", Integer, primary_key=True, autoincrement=False),
        Column("epoch", String, nullable=False),
        Column("revision", BigInteger, nullable=False),
        Column("high", String, nullable=False, server_default=""),
        Column("entries", Integer, nullable=False, server_default="0"),
        Column("head", String, nullable=False, server_default=""),
    )
    Table(
        "sync_device",
        metadata,
        Column("device", String, primary_key=True),
        Column("person", String, nullable=False),
        Column("enrolment", String, nullable=False, server_default=""),
        Column("token", String, nullable=False, server_default=""),
        Column("came_from", String, nullable=False, server_default=""),
        Column("first_sync", BigInteger, nullable=False),
        Column("last_sync", BigInteger, nullable=False),
        Column("unsent", BigInteger, nullable=False, server_default="0"),
        Column("oldest", BigInteger),
    )
    Table(
        "sync_record",
        metadata,
        Column("tab", String, nullable=False),
        Column("id", String, nullable=False),
        Column("revision", BigInteger, nullable=False),
        Column("stamps", Text, nullable=False),
        Column("past", Text),
        Column("scopes", Text, nullable=False),
        Column("extra", Text),
        PrimaryKeyConstraint("tab", "id"),
        sqlite_with_rowid=False,
    )
    Table(
        "sync_carried",
        metadata,
        Column("token", String, primary_key=True),
        Column("device", String, nullable=False),
    )
    feed = Table(
        "sync_feed",
        metadata,
        Column("scope", String, nullable=False),
        Column("tab", String, nullable=False),
        Column("id", String, nullable=False),
        Column("revision", BigInteger, nullable=False),
        Column("present", Integer, nullable=False),
        PrimaryKeyConstraint("scope", "tab", "id"),
        sqlite_with_rowid=False,
    )
    Index("ix_sync_feed_revision", feed.c.scope, feed.c.revision)
    conflict = Table(
        "sync_conflict",
        metadata,
        Column("id", String, primary_key=True),
        Column("tab", String, nullable=False),
        Column("record", String, nullable=False),
        Column("field", String, nullable=False),
        Column("stamp", String, nullable=False),
        Column("value", Text, nullable=False),
        Column("author", String, nullable=False),
        Column("closed", Integer, nullable=False, server_default="0"),
    )
    Index("ix_sync_conflict_open", conflict.c.tab, conflict.c.record, conflict.c.closed)
    history = Table(
        "sync_history",
        metadata,
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("at", BigInteger, nullable=False),
        Column("device", String, nullable=False),
        Column("person", String, nullable=False),
        Column("revision_before", BigInteger, nullable=False),
        Column("revision", BigInteger, nullable=False),
        Column("content", LargeBinary, nullable=False),
        Column("hash", String, nullable=False),
    )
    append_only(history)
    return metadata


class Synced:
    """One replicated table: its columns beside `id`, and how each value goes to the wire, to the database and back.

    `in_order` gives the values of a mapping in the order of `fields`; KeyError if it lacks one.
    """

    def __init__(self, model: type[SQLModel], sql: Dialected) -> None:
        self.model = model
        self.table: Table = model.__table__  # type: ignore[attr-defined]
        self.name = str(self.table.name)
        self._check_shape()
        self.fields = tuple(column.name for column in self.table.columns if column.name != "id")
        self.columns = ("id", *self.fields)
        self.in_order = _in_order(self.fields)
        self.kinds: dict[str, Kind] = {}
        self._nullable: set[str] = set()
        for field in self.fields:
            self._add(field)
        encoders = {field: kind.encode for field, kind in self.kinds.items()}
        self._encoded = frozenset(field for field, encode in encoders.items() if encode is not None)
        self.shape = Shape(self.name, self.kinds, self._nullable)
        self.rows = Rows(self.table, sql, self.columns, encoders)

    def _check_shape(self) -> None:
        columns = self.table.columns
        keys = [column.name for column in self.table.primary_key.columns]
        kinds = {name: self.model.model_fields[name].annotation for name in ("id", "deleted") if name in columns}
        if keys != ["id"] or kinds != {"id": str, "deleted": bool}:
            raise UnsupportedTable(f"{self.name} needs an id as its only key, and a boolean deleted")
        if any(column.onupdate is not None or column.server_onupdate is not None for column in columns):
            raise UnsupportedTable(f"{self.name} has a column that changes by itself, which nobody would have saved")

    def _add(self, field: str) -> None:
        try:
            kind, optional = kind_of(self.model.model_fields[field].annotation)
        except (LookupError, TypeError) as error:
            raise UnsupportedTable(f"{self.name}.{field} has a type that does not travel") from error
        self.kinds[field] = kind
        if optional:
            self._nullable.add(field)

    def canonical(self, wire: Mapping[str, Any], python: Mapping[str, Any]) -> dict[str, Any]:
        """`wire` with each value in its one form: an instant in UTC, whatever offset it came with."""
        found = dict(wire)
        for field in self._encoded.intersection(found):
            found[field] = self.to_wire(field, python[field])
        return found

    def to_wire(self, field: str, value: Any) -> Any:
        """The wire form of one value."""
        encode = self.kinds[field].encode
        return value if value is None or encode is None else encode(value)

    def python(self, field: str, value: Any) -> Any:
        """The Python form of a wire value; raises `InvalidValue`."""
        return self.decoded({field: value})[field]

    def as_kept(self, field: str, value: Any) -> Any:
        """A wire value as it comes back from the database: a column's type may keep less than it is given."""
        return self.rows.as_kept(field, self.python(field, value))

    def decoded(self, wire: Mapping[str, Any]) -> dict[str, Any]:
        """Python values of wire values; fields of another schema pass as JSON. Raises `InvalidValue`."""
        kinds, nullable = self.kinds, self._nullable
        row, field = {}, ""
        try:
            for field, value in wire.items():
                if field not in kinds:
                    row[field] = anything(value)
                elif value is not None:
                    row[field] = kinds[field].decode(value)
                elif field in nullable:
                    row[field] = None
                else:
                    _refuse_null()
        except Unfit as error:
            raise InvalidValue(self.name, field, str(error)) from None
        return row

    def wire(self, field: str, value: Any) -> Any:
        """The wire form of a Python value; raises `InvalidValue` unless it would survive the way there and back.

        A field of another schema has its wire form already.
        """
        try:
            wire = self.to_wire(field, value) if field in self.kinds else value
        except (AttributeError, TypeError, ValueError, OverflowError):
            raise InvalidValue(self.name, field, "type") from None
        self.python(field, wire)
        return wire

    def check_id(self, value: Any) -> None:
        """Raise `InvalidValue` for an id that the centre would not take."""
        if type(value) is not str or not 0 < len(value) <= ID_LIMIT or "\0" in value or cleaned(value) != value:
            raise InvalidValue(self.name, "id", "id")

    def shown(self, field: str, value: Any) -> Any:
        """The Python form of a wire value; the wire form itself where the field has become another since."""
        try:
            return self.python(field, value)
        except InvalidValue:
            return value

    def blank(self, present: Collection[str] = ()) -> dict[str, Any]:
        """Python values for the fields that are not `present`: a sender of an older schema lacks them."""
        return {field: self._default(field) for field in self.fields if field not in present}

    def _default(self, field: str) -> Any:
        info = self.model.model_fields[field]
        if not info.is_required():
            return info.get_default(call_default_factory=True, validated_data={})
        return None if field in self._nullable else self.kinds[field].blank()


def _in_order(fields: Sequence[str]) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    (first, *more) = fields
    return itemgetter(*fields) if more else lambda values: (values[first],)


def synced(models: Iterable[type[SQLModel]], dialect: Dialect) -> Mapping[str, Synced]:
    """The replicated tables by name, in the order given, as they are kept in a database of `dialect`."""
    sql = Dialected(dialect)
    return {table.name: table for table in (Synced(model, sql) for model in models)}


def _refuse_null() -> None:
    raise Unfit("null")
