"""What each page shows: plain functions from a view (who looks, at which groups) to a template's values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection
from starlette.requests import Request

from fieldkit.domain import stages
from fieldkit.domain.city import default_rule_pack
from fieldkit.office import laptops, presenting
from fieldkit.office.sessions import Viewer
from fieldkit.replication import centre as replication
from fieldkit.store import centre_reading as reading
from sync import DeviceState

Values = dict[str, Any]
LATEST = 10
_ID = re.compile(r"[0-9a-fA-F-]{1,36}")
CONFLICTS = 20


class NotThere(Exception):
    """No such page, or not for this viewer: the answer is the same."""


class View(NamedTuple):
    """One look at one page. `groups` are those the viewer may read, narrowed to `group` where one was chosen."""

    request: Request
    viewer: Viewer
    connection: Connection
    stores: Callable[[], Sequence[DeviceState]]
    now: datetime
    group: str
    groups: frozenset[str]


Page = Callable[[View], Values]


def narrowed(viewer: Viewer, group: str) -> frozenset[str]:
    """The viewer's groups, or the one asked for. Raises NotThere for a group that is not the viewer's."""
    if not group:
        return viewer.groups
    if group not in viewer.groups:
        raise NotThere
    return frozenset({group})


def overview(view: View) -> Values:
    """The week in four figures, leads by stage, the latest visits, conflicts, quiet laptops."""
    connection, groups = view.connection, view.groups
    today = view.now.date()
    monday = today - timedelta(days=today.weekday())
    totals = _stage_totals(view)
    active = [total for total in totals if not stages.is_set_aside(default_rule_pack(), total.stage)]
    return {
        "monday": monday,
        "visits_this_week": reading.visits_between(connection, groups, monday, monday + timedelta(days=6)),
        "leads_this_week": reading.leads_since(connection, groups, _midnight(monday, view.now)),
        "active_leads": sum(total.leads for total in active),
        "active_amounts": _added(active),
        "totals": presenting.stage_rows(totals),
        "visits": reading.latest_visits(connection, groups, limit=LATEST).rows,
        "conflicts": _conflicts(view),
        "quiet": [laptop for laptop in _laptops(view) if laptop.quiet],
    }


def visits(view: View) -> Values:
    """The latest visits, 50 a page."""
    page = reading.latest_visits(view.connection, view.groups, _after(view, _is_day))
    return {"visits": page.rows, "following": page.following}


def leads(view: View) -> Values:
    """Leads by stage, 50 a page, with the totals of every stage."""
    totals = _stage_totals(view)
    codes = [total.stage for total in totals]
    chosen = view.request.query_params.get("stage", "")
    if chosen and chosen not in codes:
        codes = []
    elif chosen:
        codes = [chosen]
    page = reading.leads_by_stage(view.connection, view.groups, codes, _after(view, codes.__contains__))
    return {
        "totals": presenting.stage_rows(totals),
        "stage": chosen,
        "sections": presenting.by_stage(page.rows),
        "following": page.following,
    }


def devices(view: View) -> Values:
    """The laptops: whose, when they last synced, what they still hold back."""
    return {"laptops": _laptops(view), "quiet_days": laptops.QUIET.days}


def detail(table: str) -> Page:
    """The page of one record of `table`, with related records and open conflicts."""

    def page(view: View) -> Values:
        row = reading.record(view.connection, view.groups, table, _checked_id(view.request.path_params["id"]))
        if row is None:
            raise NotThere
        conflicts = replication.open_conflicts(view.connection, table, row["id"])
        names = reading.titles(view.connection, view.groups, presenting.references(conflicts))
        return {
            "record": row,
            "heading": presenting.title(table, row),
            "fields": presenting.fields(table, row),
            "conflicts": [presenting.conflict(row, conflict, names) for conflict in conflicts],
            "related": reading.related(view.connection, view.groups, table, row),
        }

    return page


PAGES: Mapping[str, tuple[str, Page]] = {
    "/": ("overview.html", overview),
    "/visits": ("visits.html", visits),
    "/leads": ("leads.html", leads),
    "/devices": ("devices.html", devices),
    "/visits/{id}": ("record.html", detail("visits")),
    "/leads/{id}": ("record.html", detail("leads")),
    "/companies/{id}": ("record.html", detail("companies")),
}
"""Every page; each is served only to somebody signed in."""


def _laptops(view: View) -> list[laptops.Laptop]:
    return laptops.listed(view.connection, view.groups, view.stores(), view.now)


def _checked_id(text: str) -> str:
    if not _ID.fullmatch(text):
        raise NotThere
    return text


def _after(view: View, is_first: Callable[[str], object]) -> list[str]:
    """The key of the page before: its first part as `is_first` knows it, and an id; empty for the first page."""
    key = view.request.query_params.getlist("after")
    if not key:
        return []
    if len(key) != 2 or not is_first(key[0]):
        raise NotThere
    return [key[0], _checked_id(key[1])]


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _stage_totals(view: View) -> list[reading.StageTotal]:
    """In the order of the rule pack; a stage that it does not know comes last."""
    order = stages.codes(default_rule_pack())
    totals = reading.stage_totals(view.connection, view.groups)
    return sorted(
        totals, key=lambda total: (order.index(total.stage) if total.stage in order else len(order), total.stage)
    )


def _added(totals: list[reading.StageTotal]) -> dict[str, int]:
    amounts: dict[str, int] = {}
    for total in totals:
        for currency, amount in total.amounts.items():
            amounts[currency] = amounts.get(currency, 0) + amount
    return amounts


def _midnight(day: date, now: datetime) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=now.tzinfo)


def _conflicts(view: View) -> list[Values]:
    found = replication.latest_conflicts(view.connection, view.groups, CONFLICTS)
    wanted: dict[str, set[str]] = {}
    for conflict in found:
        wanted.setdefault(conflict.table, set()).add(conflict.record_id)
    titles = reading.titles(view.connection, view.groups, wanted)
    return [
        presenting.conflict_line(conflict, titles[conflict.record_id])
        for conflict in found
        if conflict.record_id in titles
    ]
