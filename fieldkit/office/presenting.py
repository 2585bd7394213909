"""Records as the pages show them: headings, labelled fields, stages in order, conflicts with both values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from fieldkit.domain import kinds
from fieldkit.domain.choices import choice_label
from fieldkit.domain.money import money_text
from fieldkit.i18n import _
from fieldkit.store.centre_reading import Row, StageTotal

LINKED = ("visits", "leads", "companies")
"""The kinds of record that have a page of their own."""
TITLE_LENGTH = 60


def title(table: str, row: Mapping[str, Any]) -> str:
    """What a record is called, short enough for a heading."""
    text = str(row.get(kinds.KINDS[table].title_field) or "")
    return text if len(text) <= TITLE_LENGTH else text[:TITLE_LENGTH] + "…"


def fields(table: str, row: Row) -> list[dict[str, Any]]:
    """`label`, `text`, `link` and `long` of every field that holds something."""
    shown = (_field(field, row) for field in kinds.KINDS[table].fields)
    return [field for field in shown if field["text"]]


def _field(field: kinds.Field, row: Row) -> dict[str, Any]:
    link = ""
    if field.takes == kinds.REFERENCE and field.of in LINKED and row.get(_name_of(field)):
        link = f"/{field.of}/{row[field.name]}"
    return {
        "label": _(field.label),
        "text": value_text(field, row.get(field.name), row),
        "link": link,
        "long": field.takes == kinds.LONG_TEXT,
    }


def value_text(field: kinds.Field, value: Any, row: Mapping[str, Any]) -> str:
    """One value in words, in the language in use; a reference by its name in `row`, where the viewer may see that."""
    if value is None or value == "":
        return ""
    if field.takes == kinds.AMOUNT and isinstance(value, int):
        return money_text(value, str(row.get("currency") or "CNY"))
    if field.takes == kinds.CHOICE:
        return choice_label(field.of, str(value))
    if field.takes == kinds.REFERENCE:
        return str(row.get(_name_of(field)) or "")
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    return str(value)


def _name_of(field: kinds.Field) -> str:
    return field.name.removesuffix("_id")


def stage_rows(totals: Sequence[StageTotal]) -> list[dict[str, Any]]:
    """`stage`, `label`, `leads`, `amounts` and `share` (of the largest stage, in hundredths) of each stage."""
    largest = max((total.leads for total in totals), default=0) or 1
    return [
        {
            "stage": total.stage,
            "label": choice_label("stages", total.stage),
            "leads": total.leads,
            "amounts": total.amounts,
            "share": round(100 * total.leads / largest),
        }
        for total in totals
    ]


def by_stage(leads: Iterable[Row]) -> list[dict[str, Any]]:
    """Leads that already stand in the order of their stages, as sections."""
    return [
        {"stage": stage, "label": choice_label("stages", stage), "leads": list(rows)}
        for stage, rows in groupby(leads, key=lambda lead: str(lead["stage"]))
    ]


def amounts_text(amounts: Mapping[str, int]) -> str:
    """Amounts of several currencies side by side: they are never added up."""
    return " + ".join(money_text(amount, currency) for currency, amount in sorted(amounts.items()))


def conflict(table: str, row: Row, found: Any) -> dict[str, str]:
    """`label`, the value `kept` and the `other` one of an open conflict."""
    field = kinds.KINDS[table].field(found.field)
    if field is None:
        return {
            "label": found.field,
            "kept": str(row.get(found.field, "")),
            "other": str(found.other),
            "author": found.author,
        }
    other = _as_stored(field, found.other)
    return {
        "label": _(field.label),
        "kept": value_text(field, row.get(field.name), row),
        "other": value_text(field, other, {**row, _name_of(field): found.other}),
        "author": found.author,
    }


def _as_stored(field: kinds.Field, wire: Any) -> Any:
    return wire if field.takes == kinds.AMOUNT else "" if wire is None else str(wire)


def conflict_line(found: Any, heading: str) -> dict[str, str]:
    """`link`, `heading` and `label` of a conflict in a list of several records."""
    kind = kinds.KINDS[found.table]
    field = kind.field(found.field)
    return {
        "link": f"/{found.table}/{found.record_id}" if found.table in LINKED else "",
        "heading": heading[:TITLE_LENGTH],
        "kind": _(kind.label_one),
        "label": _(field.label) if field else found.field,
    }
