"""Stored values in words, in the language in use: one way for lists, pages and conflicts, on the laptop and at the office."""

from __future__ import annotations

from datetime import date, datetime

from fieldkit.domain.choices import choice_label
from fieldkit.domain.kinds import AMOUNT, CHOICE, INSTANT, KINDS, MERGED_INTO, PHONE, REFERENCE, Field
from fieldkit.domain.money import YUAN, money_text
from fieldkit.domain.phones import readable
from fieldkit.i18n import N_, _

_BESIDE = {
    "deleted": N_("Deleted"),
    "amount_text": N_("Amount as typed"),
    "currency": N_("Currency"),
    MERGED_INTO: N_("Merged into"),
}
"""Columns that are no field of their own but can hold a conflict."""


def field_of(kind: str, name: str) -> Field:
    """The field of that name; one made for a column that is no field of its own."""
    known = KINDS[kind].field(name) if kind in KINDS else None
    if name == MERGED_INTO:
        return Field(name, _BESIDE[name], REFERENCE, kind)
    return known or Field(name, _BESIDE.get(name, name))


def value_text(field: Field, value: object, *, currency: str = "", name: str = "") -> str:
    """One stored value in words; empty where it is empty. `currency` is that of an amount, `name` what a reference is called."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field.takes == AMOUNT and isinstance(value, int):
        return money_text(value, currency or YUAN)
    if field.takes == CHOICE:
        return choice_label(field.of, str(value))
    if field.takes == REFERENCE:
        return name
    if field.takes == PHONE:
        return readable(str(value))
    if field.takes == INSTANT:
        return _to_the_minute(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _to_the_minute(value: object) -> str:
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        return str(value)
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"
