"""Reads that feed the command line and the app. Plain sqlite3; rows are as `fieldkit.store.rows` shapes them."""

from __future__ import annotations

from fieldkit.domain.kinds import INBOX, KINDS
from fieldkit.errors import Ambiguous, Invalid
from fieldkit.ids import shortened
from fieldkit.store.rows import SHOWN, rows, table_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from fieldkit.store.connection import Row

    Filter = str | int | None | Sequence[str]

__all__ = ["board", "ids", "listing", "record", "related", "rows", "short_ids"]

SHORTEST_ID = 6
NAME = "name"
BY_NAME = frozenset({"companies", "contacts", "leads"})
"""The kinds of which the order of names is kept."""
_RECENT = [("", "id DESC")]
_ORDERS = {
    "companies": {"recent": _RECENT},
    "contacts": {"recent": _RECENT},
    "leads": {"recent": _RECENT},
    "visits": {"recent": [("", "visited_on DESC, visited_time DESC, id DESC")]},
    "followups": {
        "recent": _RECENT,
        "due": [
            ("done_at IS NULL AND due_on IS NOT NULL", "due_on, due_time, id"),
            ("done_at IS NULL AND due_on IS NULL", "id"),
            ("done_at IS NOT NULL", "done_at DESC, id DESC"),
        ],
    },
    "guides": {"recent": [("", "task_force, position, id")]},
    INBOX: {"recent": [("", "written_at DESC, id DESC")]},
}
"""kind → order → its stretches, one after the other: which records, and how they stand. Each has its index."""


def ids(
    connection: sqlite3.Connection,
    kind: str,
    *,
    text: str = "",
    order: str = "recent",
    filters: Mapping[str, Filter] | None = None,
) -> list[str]:
    """The ids of all records of `kind` in `order`: `recent` (guides as they are read), `name` (by sound) for companies, contacts and leads, `due` for
    followups, or a field, `-` before it to turn it round.

    `filters`: field → value; None stands for no value, a sequence for any of its values. `text` keeps the records that
    hold every word of it, as `search.find` understands words. Raises Invalid for an unknown kind, field or order.
    """
    found = _ordered(connection, kind, order, filters or {}, -1)
    return _narrowed(connection, kind, found, text) if text else found


def listing(
    connection: sqlite3.Connection, kind: str, limit: int, offset: int = 0, *, order: str = "recent"
) -> list[Row]:
    """A page of `kind`, as `list` prints it."""
    return rows(connection, kind, _ordered(connection, kind, order, {}, offset + limit)[offset : offset + limit])


def record(connection: sqlite3.Connection, id_or_beginning: str) -> Row | None:
    """The record of any kind with this id, or with the only id that begins so (at least six characters); None for none.

    An inbox line that was filed is found as the visit of the same id. Raises Ambiguous.
    """
    beginning = id_or_beginning.strip().lower()
    if len(beginning) < SHORTEST_ID or not beginning.isascii():
        return None
    found = [(kind, record_id) for kind in SHOWN for record_id in _beginning(connection, kind, beginning)]
    whole = [hit for hit in found if hit[1] == beginning]
    if len(found) > 1 and not whole:
        raise Ambiguous(id=id_or_beginning, count=len(found))
    found = whole or found
    return rows(connection, found[0][0], [found[0][1]])[0] if found else None


def short_ids(connection: sqlite3.Connection, ids: Iterable[str], least: int) -> dict[str, str]:
    """id → the beginning of it, of at least `least` characters, that names no other record of the store, deleted ones included."""
    wanted = set(ids)
    return shortened(wanted, least, (near for one in wanted for near in _neighbours(connection, one)))


def related(connection: sqlite3.Connection, kind: str, record_id: str) -> dict[str, list[Row]]:
    """What stands around a record: kind → the rows that it refers to, then those that refer to it, newest first."""
    own = rows(connection, kind, [record_id])
    if not own:
        return {}
    around = {}
    for other in KINDS:
        pointing = [field.name for field in KINDS[other].fields if field.of == kind]
        near = [*_named_in(own[0], other)]
        for field in pointing:
            near += ids(connection, other, filters={field: record_id})
        if found := rows(connection, other, list(dict.fromkeys(near))):
            around[other] = found
    return around


def board(connection: sqlite3.Connection, stages: Sequence[str], *, text: str = "") -> dict[str, list[str]]:
    """stage code → the ids of its leads, newest first, for each of `stages`."""
    return {stage: ids(connection, "leads", text=text, filters={"stage": stage}) for stage in stages}


def _ordered(
    connection: sqlite3.Connection, kind: str, order: str, filters: Mapping[str, Filter], most: int
) -> list[str]:
    """At least the first `most` ids (-1: all of them)."""
    columns = _columns(connection, kind)
    where, values = _where(kind, columns, filters)
    if order.removeprefix("-") == NAME and kind in BY_NAME:
        return _by_name(connection, kind, f"AND {where}" if filters else "", values, order=order, most=most)
    found: list[str] = []
    for stretch, by in _ORDERS[kind].get(order) or _by_field(columns, order):
        also = f" AND {stretch}" if stretch else ""
        statement = f"SELECT id FROM {kind} WHERE {where}{also} ORDER BY {by} LIMIT ?"  # noqa: S608 - our own names
        found += _first_column(connection, statement, [*values, most])
    return found


def _by_name(
    connection: sqlite3.Connection, kind: str, where: str, values: Sequence[str | int], *, order: str, most: int
) -> list[str]:
    """The order of names lies in an index of its own, in which only records that show stand."""
    way = " DESC" if order.startswith("-") else ""
    table = f"name_order n CROSS JOIN {kind} ON id = n.record_id" if where else "name_order n"
    return _first_column(
        connection,
        f"SELECT n.record_id FROM {table} WHERE n.kind = ? {where}"  # noqa: S608 - our own names
        f" ORDER BY n.spelled{way}, n.record_id{way} LIMIT ?",
        [kind, *values, most],
    )


def _columns(connection: sqlite3.Connection, kind: str) -> list[str]:
    return _first_column(connection, "SELECT name FROM pragma_table_info(?)", [table_of(kind)])


def _by_field(columns: Sequence[str], order: str) -> list[tuple[str, str]]:
    field = order.removeprefix("-")
    if field not in columns:
        raise Invalid(field="order", reason="unknown", value=order)
    way = " DESC" if order.startswith("-") else ""
    return [("", f"{field}{way}, id{way}")]


def _where(kind: str, columns: Sequence[str], filters: Mapping[str, Filter]) -> tuple[str, list[str | int]]:
    terms, values = [SHOWN[kind]], list[str | int]()
    for field, value in filters.items():
        if field not in columns:
            raise Invalid(field=field, reason="unknown", value=value)
        if value is None:
            terms.append(f"{field} IS NULL")
        elif isinstance(value, str | int):
            terms.append(f"{field} = ?")
            values.append(value)
        else:
            terms.append(f"{field} IN ({', '.join('?' * len(value))})")
            values.extend(value)
    return " AND ".join(terms), values


def _narrowed(connection: sqlite3.Connection, kind: str, found: list[str], text: str) -> list[str]:
    if kind == INBOX:
        texts = {row["id"]: row["text"].casefold() for row in rows(connection, kind, found)}
        return [line for line in found if text.casefold() in texts[line]]
    from fieldkit.store.search import matching_ids

    matching = matching_ids(connection, kind, text)
    return found if matching is None else [record_id for record_id in found if record_id in matching]


def _beginning(connection: sqlite3.Connection, kind: str, beginning: str) -> list[str]:
    statement = f"SELECT id FROM {kind} WHERE {SHOWN[kind]} AND id >= ? AND id < ? ORDER BY id"  # noqa: S608 - names from our own tables
    return _first_column(connection, statement, [beginning, beginning + "~"])


def _neighbours(connection: sqlite3.Connection, record_id: str) -> Iterator[str]:
    for kind in SHOWN:
        query = f"SELECT max(id) FROM {kind} WHERE id < ? UNION ALL SELECT min(id) FROM {kind} WHERE id > ?"  # noqa: S608 - names from our own tables
        yield from (near for near in _first_column(connection, query, (record_id, record_id)) if near)


def _named_in(row: Row, other: str) -> list[str]:
    kind = KINDS.get(row["kind"])
    return [row[field.name] for field in kind.fields if field.of == other and row[field.name]] if kind else []


def _first_column(connection: sqlite3.Connection, statement: str, values: Sequence[str | int]) -> list[str]:
    cursor = connection.cursor()
    cursor.row_factory = None
    return [row[0] for row in cursor.execute(statement, values).fetchall()]
