"""Field values as people read them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from fieldkit.cli.output import Row, to_the_minute
from fieldkit.domain import kinds
from fieldkit.domain.wording import value_text
from fieldkit.i18n import _


def field_text(field: kinds.Field, row: Row) -> str:
    """The value of `field` in `row`, in words; empty where there is none."""
    value = row.get(field.name)
    name = str(row.get(field.name.removesuffix("_id")) or value)
    return value_text(field, value, currency=str(row.get("currency") or ""), name=name)


def _written(row: Row) -> str:
    return to_the_minute(datetime.fromisoformat(str(row["written_at"]))) if row.get("written_at") else ""


def labelled(row: Row) -> Iterator[tuple[str, str]]:
    """(label, text) of every field of a record."""
    if row["kind"] == kinds.INBOX:
        yield _("Written"), _written(row)
        return
    for field in kinds.KINDS[str(row["kind"])].fields:
        yield _(field.label), field_text(field, row)


_SUMMARY = {
    "companies": ("short_name", "region", "task_force", "uscc"),
    "contacts": ("company_id", "post", "phone"),
    "leads": ("company_id", "stage", "amount", "task_force"),
    "visits": ("visited_on", "company_id", "contact_id", "amount"),
    "followups": ("due_on", "due_time", "company_id", "contact_id"),
    "guides": ("task_force",),
}


def summary_parts(row: Row) -> list[str]:
    """What stands behind a record's title in a list."""
    kind = kinds.KINDS.get(str(row["kind"]))
    if kind is None:
        return [_written(row)]
    fields = (kind.field(name) for name in _SUMMARY[kind.name])
    return [field_text(field, row) for field in fields if field]
