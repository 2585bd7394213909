"""What the office's pages read. Every query of records starts in `_visible` or `_visible_among`, which know nothing but the reader's groups.

A reader without groups sees no record: that is the default, and no function here can be asked to forget it.
Pages go by key (the last row shown), never by offset, so that page 1,000 costs what page 1 costs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Column, ColumnElement, Connection, Select, Table, and_, func, literal, select, tuple_, union_all

from fieldkit.domain import records
from fieldkit.store.centre_access import PEOPLE

PAGE = 50
Groups = frozenset[str]
Row = dict[str, Any]

TABLES: Mapping[str, Table] = {
    str(table.__tablename__): table.__table__  # type: ignore[attr-defined]
    for table in records.WORK
}
_VISITS, _LEADS, _COMPANIES, _CONTACTS = (TABLES[name] for name in ("visits", "leads", "companies", "contacts"))
_PARTS = 1_000_000_000  # amounts are summed in two parts: the sum of 64-bit numbers may not fit into 64 bits


class Page(NamedTuple):
    """One page of rows, and the key of the next page (empty on the last one)."""

    rows: list[Row]
    following: tuple[str, ...]


class StageTotal(NamedTuple):
    """The leads in one stage: how many, and their amounts by currency in whole units."""

    stage: str
    leads: int
    amounts: dict[str, int]


def _visible(table: Table, groups: Groups, *columns: Any) -> Select[Any]:
    wanted = select(*columns) if columns else select(table)
    return wanted.select_from(table).where(table.c.group_code.in_(sorted(groups)), table.c.deleted.is_(False))


def _visible_among(table: Table, groups: Groups, condition: ColumnElement[bool], *columns: Any) -> Select[Any]:
    """`_visible` for a condition that picks few rows: nothing tempts the planner to read whole groups for them."""
    wanted = select(*columns) if columns else select(table)
    group = table.c.group_code.concat("")
    return wanted.select_from(table).where(condition, group.in_(sorted(groups)), table.c.deleted.is_(False))


def _first_ids(
    connection: Connection, table: Table, groups: Groups, order: Sequence[Column[Any]], limit: int, *conditions: Any
) -> list[str]:
    """The ids of the first rows in descending `order` of all groups: the first few of each, so that no group is read whole."""
    if not groups:
        return []
    firsts = [
        _visible(table, frozenset({group}), *order)
        .where(*conditions)
        .order_by(*(column.desc() for column in order))
        .limit(limit)
        .subquery()
        for group in sorted(groups)
    ]
    together = union_all(*(select(*first.c) for first in firsts)).subquery()
    ordered = select(together.c.id).order_by(*(together.c[column.name].desc() for column in order)).limit(limit)
    return list(connection.scalars(ordered))


def _named(query: Select[Any], table: Table, groups: Groups) -> Select[Any]:
    """`query` with the names of the company, contact, lead and author, as far as the reader may see those."""
    for column, other, name in (
        ("company_id", _COMPANIES, "name"),
        ("contact_id", _CONTACTS, "name"),
        ("lead_id", _LEADS, "title"),
    ):
        if column in table.c and table is not other:
            meant = and_(other.c.id == table.c[column], other.c.group_code.in_(sorted(groups)))
            query = query.outerjoin(other, meant).add_columns(other.c[name].label(column.removesuffix("_id")))
    query = query.outerjoin(PEOPLE, PEOPLE.c.id == table.c.person_id)
    return query.add_columns(PEOPLE.c.name.label("person"))


def _rows(connection: Connection, query: Select[Any]) -> list[Row]:
    return [dict(row) for row in connection.execute(query).mappings()]


def latest_visits(connection: Connection, groups: Groups, after: Sequence[str] = (), limit: int = PAGE) -> Page:
    """Visits, the latest day first; `after` is the `following` of the page before."""
    columns = _VISITS.c
    older = []
    if len(after) == 2:
        key = tuple_(literal(date.fromisoformat(after[0]), columns.visited_on.type), literal(after[1]))
        older.append(tuple_(columns.visited_on, columns.id) < key)
    ids = _first_ids(connection, _VISITS, groups, (columns.visited_on, columns.id), limit + 1, *older)
    return _page(
        _by_ids(connection, _VISITS, groups, ids), limit, lambda row: (row["visited_on"].isoformat(), row["id"])
    )


def _by_ids(connection: Connection, table: Table, groups: Groups, ids: Sequence[str]) -> list[Row]:
    """Whole rows in the order of `ids`."""
    query = _named(_visible_among(table, groups, table.c.id.in_(ids)), table, groups)
    rows = {row["id"]: row for row in _rows(connection, query)}
    return [rows[one] for one in ids if one in rows]


def _leads_of_stage(connection: Connection, groups: Groups, stage: str, before: str, limit: int) -> list[Row]:
    older = [_LEADS.c.id < before] if before else []
    ids = _first_ids(connection, _LEADS, groups, (_LEADS.c.id,), limit, _LEADS.c.stage == stage, *older)
    return _by_ids(connection, _LEADS, groups, ids)


def leads_by_stage(
    connection: Connection, groups: Groups, stages: Sequence[str], after: Sequence[str] = (), limit: int = PAGE
) -> Page:
    """Leads in the order of `stages`, the newest of each first."""
    stage, before = (after[0], after[1]) if len(after) == 2 and after[0] in stages else ("", "")
    rows: list[Row] = []
    for code in stages[stages.index(stage) if stage else 0 :]:
        wanted = limit + 1 - len(rows)
        rows += _leads_of_stage(connection, groups, code, before if code == stage else "", wanted)
        if len(rows) > limit:
            break
    return _page(rows, limit, lambda row: (row["stage"], row["id"]))


def _page(rows: list[Row], limit: int, key: Any) -> Page:
    return Page(rows[:limit], key(rows[limit - 1]) if len(rows) > limit else ())


def stage_totals(connection: Connection, groups: Groups) -> list[StageTotal]:
    """Leads and amounts of every stage that has any."""
    leads = _LEADS.c
    query = _visible(
        _LEADS,
        groups,
        leads.stage,
        leads.currency,
        func.count(),
        func.sum(leads.amount.op("/")(_PARTS)),
        func.sum(leads.amount.op("%")(_PARTS)),
    )
    totals: dict[str, StageTotal] = {}
    for stage, currency, count, high, low in connection.execute(query.group_by(leads.stage, leads.currency)):
        total = totals.get(stage, StageTotal(stage, 0, {}))
        amount = int(high or 0) * _PARTS + int(low or 0)
        amounts = {**total.amounts, currency: amount} if amount else total.amounts
        totals[stage] = StageTotal(stage, total.leads + count, amounts)
    return list(totals.values())


def visits_between(connection: Connection, groups: Groups, first: date, last: date) -> int:
    """Visits from `first` to `last`, both included."""
    query = _visible(_VISITS, groups, func.count()).where(_VISITS.c.visited_on.between(first, last))
    return connection.scalar(query) or 0


def leads_since(connection: Connection, groups: Groups, moment: datetime) -> int:
    """Leads first reported at or after `moment`."""
    return connection.scalar(_visible(_LEADS, groups, func.count()).where(_LEADS.c.created_at >= moment)) or 0


def record(connection: Connection, groups: Groups, table: str, record_id: str) -> Row | None:
    """One record with the names of what it refers to; None where there is none that the reader may see."""
    rows = _rows(
        connection,
        _named(_visible(TABLES[table], groups), TABLES[table], groups).where(TABLES[table].c.id == record_id),
    )
    return rows[0] if rows else None


_REFERS = {"companies": "company_id", "contacts": "contact_id", "leads": "lead_id", "visits": "visit_id"}
_NEWEST = {"visits": "visited_on", "followups": "due_on"}


def related(connection: Connection, groups: Groups, table: str, own: Row, limit: int = PAGE) -> dict[str, list[Row]]:
    """Records that refer to `own`, and the contact that it refers to, by table, the newest first, at most `limit` of each."""
    found: dict[str, list[Row]] = {}
    for name, other in TABLES.items():
        if _REFERS.get(table, "") in other.c:
            link = other.c[_REFERS[table]] == own["id"]
        elif name == "contacts" and own.get("contact_id"):
            link = other.c.id == own["contact_id"]
        else:
            continue
        query = _named(_visible_among(other, groups, link), other, groups)
        order = other.c[_NEWEST.get(name, "id")].desc()
        found[name] = _rows(connection, query.order_by(order, other.c.id.desc()).limit(limit))
    return found


def titles(connection: Connection, groups: Groups, wanted: Mapping[str, set[str]]) -> dict[str, str]:
    """id → what a record is called, for the ids wanted of each table that the reader may see."""
    named = {"companies": "name", "contacts": "name", "leads": "title", "visits": "text", "followups": "what"}
    found: dict[str, str] = {}
    for name, ids in wanted.items():
        table = TABLES[name]
        query = _visible_among(table, groups, table.c.id.in_(ids), table.c.id, table.c[named[name]])
        rows = connection.execute(query)
        found.update((row[0], row[1]) for row in rows)
    return found
