"""Reads that feed the command line and the app, as dicts. Plain sqlite3; deleted records never show.

A row starts with `kind`, `id`, `title`; then come the record's own fields as stored (booleans as bool, instants as UTC text),
then the names of what it refers to as `company`, `contact`, `lead`, where it has such references.
"""

from __future__ import annotations

from fieldkit.domain.kinds import KINDS
from fieldkit.errors import Ambiguous, Invalid, NoSuchRecord

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence

    from fieldkit.store.connection import Row

    Filter = str | int | None | Sequence[str]

SHORTEST_ID = 6
_BATCH = 500
_ORDERS = {
    "companies": {"recent": "created_at DESC, id DESC", "title": "name, id"},
    "contacts": {"recent": "created_at DESC, id DESC", "title": "name, id"},
    "leads": {"recent": "created_at DESC, id DESC", "title": "title, id", "amount": "amount DESC, id DESC"},
    "visits": {"recent": "visited_on DESC, visited_time DESC, id DESC", "title": "text, id"},
    "followups": {
        "recent": "created_at DESC, id DESC",
        "title": "what, id",
        "due": "done_at IS NOT NULL, due_on IS NULL, due_on, due_time, id",
    },
}
_NAMED_BY = {"company_id": ("company", "companies", "name"), "contact_id": ("contact", "contacts", "name"), "lead_id": ("lead", "leads", "title")}  # fmt: skip


def ids(
    connection: sqlite3.Connection,
    kind: str,
    *,
    text: str = "",
    order: str = "recent",
    filters: Mapping[str, Filter] | None = None,
) -> list[str]:
    """The ids of all records of `kind` in `order` (recent, title; amount for leads, due for followups).

    `filters` are field → value; None stands for empty, a sequence for any of its values. `text` keeps what contains it.
    Raises Invalid for an unknown kind, field or order.
    """
    table = _table(kind)
    by = _ORDERS[table].get(order)
    if by is None:
        raise Invalid(field="order", reason="unknown", value=order)
    where, values = _where(connection, table, filters or {})
    if text:
        where += f" AND {KINDS[table].title_field} LIKE ?"
        values.append(f"%{text}%")
    cursor = connection.cursor()
    cursor.row_factory = None
    cursor.execute(f"SELECT id FROM {table} WHERE {where} ORDER BY {by}", values)  # noqa: S608 - names from our own tables
    return [row[0] for row in cursor.fetchall()]


def rows(connection: sqlite3.Connection, kind: str, wanted: Sequence[str]) -> list[Row]:
    """The records of these ids in their order; an id that is gone is left out."""
    table = _table(kind)
    found = {row["id"]: row for row in _by_ids(connection, table, wanted)}
    shaped = [_shaped(table, found[record_id]) for record_id in wanted if record_id in found]
    _add_names(connection, shaped)
    return shaped


def listing(connection: sqlite3.Connection, kind: str, limit: int, offset: int = 0, *, order: str = "recent") -> list[Row]:
    """A page of `kind`."""
    return rows(connection, kind, ids(connection, kind, order=order)[offset : offset + limit])


def record(connection: sqlite3.Connection, id_or_prefix: str) -> Row:
    """The record of any kind with this id, or with the only id that starts so (at least six characters).

    Raises NoSuchRecord, Ambiguous.
    """
    found = _ids_like(connection, id_or_prefix)
    if not found:
        raise NoSuchRecord(id=id_or_prefix)
    if len(found) > 1:
        raise Ambiguous(id=id_or_prefix, count=len(found))
    return rows(connection, found[0][0], [found[0][1]])[0]


def related(connection: sqlite3.Connection, kind: str, record_id: str) -> dict[str, list[Row]]:
    """What stands around a record: kind → rows that refer to it or that it refers to, newest first."""
    around: dict[str, list[Row]] = {}
    own = next(iter(_by_ids(connection, _table(kind), [record_id])), None)
    if own is None:
        return around
    for other in KINDS:
        wanted = list(dict.fromkeys((*_referred(own, other), *_referring(connection, other, kind, record_id))))
        if found := rows(connection, other, wanted):
            around[other] = found
    return around


def counts(connection: sqlite3.Connection) -> dict[str, int]:
    """kind → how many."""
    return {
        kind: connection.execute(f"SELECT count(*) AS n FROM {kind} WHERE deleted = 0").fetchone()["n"]  # noqa: S608
        for kind in KINDS
    }


def _table(kind: str) -> str:
    if kind not in KINDS:
        raise Invalid(field="kind", reason="unknown", value=kind)
    return kind


def _where(connection: sqlite3.Connection, table: str, filters: Mapping[str, Filter]) -> tuple[str, list[str | int]]:
    columns = {row["name"] for row in connection.execute(f"PRAGMA table_info({table})")}
    terms, values = ["deleted = 0"], list[str | int]()
    for field, value in filters.items():
        if field not in columns:
            raise Invalid(field=field, reason="unknown", value=value)
        if value is None:
            terms.append(f"{field} IS NULL")
        elif isinstance(value, str | int):
            terms.append(f"{field} = ?")
            values.append(value)
        else:
            terms.append(f"{field} IN ({_marks(value)})")
            values.extend(value)
    return " AND ".join(terms), values


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def _by_ids(connection: sqlite3.Connection, table: str, wanted: Sequence[str]) -> Iterable[Row]:
    for start in range(0, len(wanted), _BATCH):
        batch = wanted[start : start + _BATCH]
        yield from connection.execute(f"SELECT * FROM {table} WHERE deleted = 0 AND id IN ({_marks(batch)})", batch)  # noqa: S608


def _shaped(kind: str, stored: Row) -> Row:
    title = str(stored[KINDS[kind].title_field])
    first_line = title.strip().split("\n", 1)[0].strip()
    return {"kind": kind, "id": stored["id"], "title": first_line, **stored, "deleted": bool(stored["deleted"])} | (
        {"title": title} if kind == "leads" else {}
    )


def _add_names(connection: sqlite3.Connection, shaped: Sequence[Row]) -> None:
    for field, (key, table, name) in _NAMED_BY.items():
        wanted = sorted({row[field] for row in shaped if row.get(field)})
        names = {row["id"]: row[name] for row in _by_ids(connection, table, wanted)}
        for row in shaped:
            if field in row:
                row[key] = names.get(row[field], "")


def _ids_like(connection: sqlite3.Connection, prefix: str) -> list[tuple[str, str]]:
    if len(prefix) < SHORTEST_ID:
        return []
    after = prefix + "\U0010ffff"
    return [
        (kind, row["id"])
        for kind in KINDS
        for row in connection.execute(
            f"SELECT id FROM {kind} WHERE deleted = 0 AND id >= ? AND id < ? ORDER BY id",  # noqa: S608
            (prefix.lower(), after.lower()),
        )
    ]


def _referred(own: Row, other: str) -> list[str]:
    return [
        own[field.name]
        for field in KINDS[own["kind"] if "kind" in own else other].fields
        if field.of == other and own.get(field.name)
    ]


def _referring(connection: sqlite3.Connection, other: str, kind: str, record_id: str) -> list[str]:
    fields = [field.name for field in KINDS[other].fields if field.of == kind]
    found: list[str] = []
    for field in fields:
        found += ids(connection, other, filters={field: record_id})
    return found
