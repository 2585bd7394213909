"""What is doubtful about a record and holds nobody up: a credit code that fails its check, a broken phone number, what a stage still demands."""

from __future__ import annotations

from collections.abc import Mapping

from fieldkit import uscc
from fieldkit.domain import stages
from fieldkit.domain.choices import choice_label
from fieldkit.domain.kinds import KINDS
from fieldkit.domain.phone_numbers import is_whole
from fieldkit.i18n import N_, _

_USCC = {
    "length": N_("The credit code {value} has {length} characters instead of 18."),
    "character": N_("The credit code {value} has a letter that credit codes do not use."),
    "check": N_("The credit code {value} does not fit its last character."),
}
_PHONE = N_("{value} is no whole telephone number; no note is linked by it.")
_DEMANDS = N_("The stage {stage} still needs: {fields}.")


class Doubt:
    """One doubt: the `field` it is about and its `text` in the language in use."""

    __slots__ = ("field", "text")

    def __init__(self, field: str, text: str) -> None:
        self.field = field
        self.text = text


def doubts_about(kind: str, record: Mapping[str, object], pack: stages.RulePack) -> list[Doubt]:
    """Every doubt about a record of `kind`, for display beside it."""
    if kind == "companies":
        return _about_company(record)
    if kind == "contacts":
        return _about_contact(record)
    if kind == "leads":
        return _about_lead(record, pack)
    return []


def _about_company(company: Mapping[str, object]) -> list[Doubt]:
    code = str(company.get("uscc") or "")
    fault = uscc.fault(code) if code else ""
    return [Doubt("uscc", _(_USCC[fault]).format(value=code, length=len(code)))] if fault else []


def _about_contact(contact: Mapping[str, object]) -> list[Doubt]:
    phone = str(contact.get("phone") or "")
    return [] if is_whole(phone) else [Doubt("phone", _(_PHONE).format(value=phone))]


def _about_lead(lead: Mapping[str, object], pack: stages.RulePack) -> list[Doubt]:
    missing = stages.missing(pack, lead)
    if not missing:
        return []
    fields = (KINDS["leads"].field(name) for name in missing)
    labels = ", ".join(_(field.label) for field in fields if field)
    stage = choice_label("stages", str(lead.get("stage", "")))
    return [Doubt("stage", _(_DEMANDS).format(stage=stage, fields=labels))]
