"""What one record becomes when another is merged into it: what it lacked is taken over, what differs is told in its remarks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fieldkit.actions.values import LINE_LIMIT, TEXT_LIMIT
from fieldkit.capture.names import key
from fieldkit.domain import former_names
from fieldkit.domain.kinds import AMOUNT, LONG_TEXT, PHONE, Field, Kind, written_with
from fieldkit.domain.phone_numbers import phone_number
from fieldkit.domain.wording import value_text
from fieldkit.errors import Invalid
from fieldkit.i18n import _

Stored = Mapping[str, Any]
"""The columns of a record."""
_CALLED = ("name", "short_name", "former_names")
_NOTE = "note"


def joined(
    kind: Kind, kept: Stored, other: Stored, named: Callable[[str, str], str], *, again: bool = False
) -> dict[str, Any]:
    """The columns of `kept` that change when `other` goes into it, so that every value of both can still be read.

    `named` gives the title for a kind and an id. `again` says that `other` went into it before, and may have changed since:
    what stands in the remarks already is not told twice. Raises Invalid where a text would be too long.
    """
    columns = _called(kept, other) if kind.name == "companies" else {}
    told: list[str] = []
    elsewhere = (_NOTE, *(_CALLED if kind.name == "companies" else ()))
    for field in kind.fields:
        if field.name in elsewhere or _same(field, kept, other):
            continue
        if kept[written_with(field.name)[0]] in (None, ""):
            columns |= {name: other[name] for name in written_with(field.name) if name in other}
        elif field.takes == LONG_TEXT:
            columns[field.name] = _beneath(kept[field.name], other[field.name], again=again)
        else:
            name = named(field.of, other[field.name]) if field.of else ""
            words = _words(field, other[field.name], name, str(other.get("currency") or ""))
            if not (again and words in kept[_NOTE]):
                told.append(f"{_(field.label)} {words}")
    columns |= _remarks(kind, kept, other, told, again=again)
    _hold_to_limits(kind, columns)
    return {name: value for name, value in columns.items() if value != kept[name]}


def _called(company: Stored, other: Stored) -> dict[str, Any]:
    """The names of the other company under which this one is not known yet: people go on using them."""
    names = [company["name"], company["short_name"], *former_names.each(company["former_names"])]
    known = {key(name) for name in names}
    short = {} if company["short_name"] or not other["short_name"] else {"short_name": other["short_name"]}
    others = [other["name"], other["short_name"], *former_names.each(other["former_names"])]
    new = [name for name in others if name and key(name) not in known and name not in short.values()]
    listed = former_names.joined([*former_names.each(company["former_names"]), *new])
    return short | ({"former_names": listed} if new else {})


def _same(field: Field, kept: Stored, other: Stored) -> bool:
    """Whether the other record has nothing of its own to say there."""
    theirs, mine = other[field.name], kept[field.name]
    same_money = field.takes != AMOUNT or other["currency"] == kept["currency"]
    if field.takes == PHONE:
        theirs, mine = phone_number(theirs), phone_number(mine)
    return theirs in (None, "") or (theirs == mine and same_money)


def _remarks(kind: Kind, kept: Stored, other: Stored, told: list[str], *, again: bool) -> dict[str, Any]:
    first = other["created_at"]
    if kind.name == "leads" and first < kept["created_at"] and not again:
        told = [*told, _("first reported {time}").format(time=f"{first.astimezone():%Y-%m-%d %H:%M}")]
    head = _("Merged from {title}: {what}").format(title=other[kind.title_field], what=_("; ").join(told))
    added = "\n".join(text for text in (head if told else "", other[_NOTE]) if text)
    return {_NOTE: _beneath(kept[_NOTE], added, again=again)} if added else {}


def _words(field: Field, value: object, name: str, currency: str) -> str:
    return value_text(field, value, currency=currency, name=name) or str(value)


def _beneath(text: str, added: str, *, again: bool = False) -> str:
    """`added` in lines of its own below `text`, unless these words stand there already; `again` looks at each line."""
    if again:
        known = {line.strip() for line in text.splitlines()}
        added = "\n".join(line for line in added.splitlines() if line.strip() not in known)
    if added in text:
        return text
    return f"{text.rstrip()}\n{added}" if text.strip() else added


def _hold_to_limits(kind: Kind, columns: Mapping[str, Any]) -> None:
    for field in kind.fields:
        limit = TEXT_LIMIT if field.takes == LONG_TEXT else LINE_LIMIT
        text = columns.get(field.name)
        if isinstance(text, str) and len(text) > limit:
            raise Invalid(field=field.name, reason="too-long", value=text[:20] + "…", limit=limit)
