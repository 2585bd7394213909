"""Records as rows for people and scripts: dicts with `kind`, `id`, `title` first. Deleted records show nowhere but in
`also_deleted`.

Then come the record's own fields as stored (booleans as bool, instants as UTC text), then the names of what
it refers to as `company`, `contact`, `lead`, empty where there is none; what is deleted says so. Inbox lines are rows of the kind `inbox`.
"""

from __future__ import annotations

from fieldkit.domain.kinds import INBOX, KINDS
from fieldkit.errors import Invalid
from fieldkit.i18n import _

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

    from fieldkit.store.connection import Row

LONGEST_TITLE = 120  # characters of a visit's first line
SHOWN = {**dict.fromkeys(KINDS, "deleted = 0"), INBOX: "state IN ('draft', 'waiting')"}
"""kind (also its table) → the condition under which a row shows."""
_TITLE_FIELDS = {**{name: kind.title_field for name, kind in KINDS.items()}, INBOX: "text"}
_NAMED_BY = (
    ("company_id", "company", "companies"),
    ("contact_id", "contact", "contacts"),
    ("lead_id", "lead", "leads"),
)
_BATCH = 500


def table_of(kind: str) -> str:
    """The table of `kind`; Invalid where there is no such kind."""
    if kind not in SHOWN:
        raise Invalid(field="kind", reason="unknown", value=kind)
    return kind


def rows(connection: sqlite3.Connection, kind: str, ids: Sequence[str]) -> list[Row]:
    """The records of these ids in their order; an id that does not show is left out."""
    found = {stored["id"]: stored for stored in _stored(connection, table_of(kind), ids)}
    shaped = [_shaped(kind, found[record_id]) for record_id in ids if record_id in found]
    _add_names(connection, shaped)
    return shaped


def also_deleted(connection: sqlite3.Connection, kind: str, ids: Sequence[str]) -> list[Row]:
    """The records of these ids, those that are deleted too, without the names of what they refer to; in no order."""
    return [_shaped(kind, stored) for stored in _stored(connection, table_of(kind), ids, where="1")]


def titles(connection: sqlite3.Connection, kind: str, ids: Sequence[str]) -> dict[str, str]:
    """id → title of those records of `kind` that show."""
    field = _TITLE_FIELDS[table_of(kind)]
    return {stored["id"]: _first_line(stored[field]) for stored in _stored(connection, kind, ids, f"id, {field}")}


def _stored(
    connection: sqlite3.Connection, table: str, ids: Sequence[str], columns: str = "*", where: str = ""
) -> Iterator[Row]:
    cursor = connection.cursor()
    cursor.row_factory = None
    for start in range(0, len(ids), _BATCH):
        batch = ids[start : start + _BATCH]
        marks = ", ".join("?" * len(batch))
        found = cursor.execute(
            f"SELECT {columns} FROM {table} WHERE {where or SHOWN[table]} AND id IN ({marks})",  # noqa: S608 - names from our own tables
            batch,
        )
        fields = [column[0] for column in found.description]
        yield from (dict(zip(fields, values, strict=True)) for values in found.fetchall())


def _shaped(kind: str, stored: Row) -> Row:
    row = {"kind": kind, "id": stored["id"], "title": _first_line(stored[_TITLE_FIELDS[kind]])} | stored
    if "deleted" in row:
        row["deleted"] = bool(row["deleted"])
    return row


def _first_line(text: str) -> str:
    start = text.lstrip()[: 4 * LONGEST_TITLE]
    line = start.splitlines()[0].rstrip() if start else ""
    return line if len(line) <= LONGEST_TITLE else line[: LONGEST_TITLE - 1] + "…"


def _add_names(connection: sqlite3.Connection, shaped: Sequence[Row]) -> None:
    for field, key, kind in _NAMED_BY:
        wanted = sorted({row[field] for row in shaped if row.get(field)})
        names = titles(connection, kind, wanted)
        gone = [record_id for record_id in wanted if record_id not in names]
        for record in also_deleted(connection, kind, gone) if gone else ():
            names[record["id"]] = _("{title} (deleted)").format(title=record["title"])
        for row in shaped:
            if field in row:
                row[key] = names.get(row[field], "")
