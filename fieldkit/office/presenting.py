"""Records as the pages show them: headings, labelled fields, stages in order, conflicts with both values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from fieldkit.domain import kinds
from fieldkit.domain.choices import choice_label
from fieldkit.domain.money import money_text
from fieldkit.domain.wording import field_of, value_text
from fieldkit.i18n import _
from fieldkit.replication.centre import Conflict
from fieldkit.store.centre_reading import Row, StageTotal

LINKED = ("visits", "leads", "companies")
"""The kinds of record that have a page of their own."""
TITLE_LENGTH = 60


def title(table: str, row: Mapping[str, Any]) -> str:
    """What a record is called, short enough for a heading."""
    text = str(row.get(kinds.KINDS[table].title_field) or "")
    return text if len(text) <= TITLE_LENGTH else text[:TITLE_LENGTH] + "…"


def fields(table: str, row: Row) -> list[dict[str, Any]]:
    """`label`, `text`, `link` and `long` of every field that holds something and is not the heading already."""
    kind = kinds.KINDS[table]
    shown = (
        _field(field, row) for field in kind.fields if field.name != kind.title_field or field.takes == kinds.LONG_TEXT
    )
    return [field for field in shown if field["text"]]


def _field(field: kinds.Field, row: Row) -> dict[str, Any]:
    link = ""
    if field.takes == kinds.REFERENCE and field.of in LINKED and row.get(_name_of(field)):
        link = f"/{field.of}/{row[field.name]}"
    return {
        "label": _(field.label),
        "text": _text(field, row),
        "link": link,
        "long": field.takes == kinds.LONG_TEXT,
    }


def _text(field: kinds.Field, row: Mapping[str, Any]) -> str:
    """A field of `row` in words; a reference by its name there, where the viewer may see that."""
    name = str(row.get(_name_of(field)) or "")
    return value_text(field, row.get(field.name), currency=str(row.get("currency") or ""), name=name)


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


def references(conflicts: Iterable[Conflict]) -> dict[str, set[str]]:
    """The records that the values of these conflicts refer to: ids by table."""
    wanted: dict[str, set[str]] = {}
    for found in conflicts:
        field = kinds.KINDS[found.table].field(found.field)
        if field and field.takes == kinds.REFERENCE:
            wanted.setdefault(field.of, set()).add(str(found.other))
    return wanted


def conflict(row: Row, found: Conflict, names: Mapping[str, str]) -> dict[str, str]:
    """`label`, the value `kept`, the `other` one and its `author`; `names` are those of the records that `other` refers to."""
    field = field_of(found.table, found.field)
    currency = found.currency or str(row.get("currency") or "")
    return {
        "label": _(field.label),
        "kept": _text(field, row),
        "other": value_text(field, found.other, currency=currency, name=names.get(str(found.other), "")),
        "author": found.author,
    }


def conflict_line(found: Conflict, heading: str) -> dict[str, str]:
    """`link`, `heading` and `label` of a conflict in a list of several records."""
    return {
        "link": f"/{found.table}/{found.record_id}" if found.table in LINKED else "",
        "heading": heading[:TITLE_LENGTH],
        "kind": _(kinds.KINDS[found.table].label_one),
        "label": _(field_of(found.table, found.field).label),
    }
