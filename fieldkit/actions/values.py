"""Typed field values → column values: what a form, a command line or a script gives for a field, checked and made uniform."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Protocol

from fieldkit import uscc
from fieldkit.capture import read
from fieldkit.domain import kinds
from fieldkit.domain.choices import code_of
from fieldkit.domain.cleaning import stored_line, stored_text
from fieldkit.domain.kinds import Field, Kind
from fieldkit.domain.money import YUAN
from fieldkit.domain.phone_numbers import phone_number
from fieldkit.domain.stages import RulePack, codes
from fieldkit.errors import Invalid

LINE_LIMIT = 500
TEXT_LIMIT = 50_000
"""Characters; a record on the wire holds 256 KiB."""
_LARGEST = 2**63 - 1
_DAY_CONTEXT = {"visited_on": "{day}拜访", "due_on": "{day}回访"}
"""A bare day looks back for a visit and ahead for what comes next."""


class Surroundings(Protocol):
    """What values are judged against: the time, the rules, and which records exist."""

    @property
    def now(self) -> datetime:
        """The laptop's time, aware."""

    @property
    def rule_pack(self) -> RulePack:
        """The rules in force."""

    def exists(self, kind: str, record_id: str) -> bool:
        """Whether such a record stands."""


Columns = dict[str, object]


def read_values(kind: Kind, given: Mapping[str, object], around: Surroundings) -> Columns:
    """The columns for `given` fields of `kind`. Blank text and None empty a field. Raises Invalid."""
    columns: Columns = {}
    for name, value in given.items():
        field = kind.field(name)
        if field is None:
            known = ", ".join(field.name for field in kind.fields)
            raise Invalid(field=name, reason="unknown-field", value=value, kind=kind.name, known=known)
        columns |= _READERS[field.takes](field, value, around)
    return columns


def require(kind: Kind, columns: Columns, *, new: bool = False) -> None:
    """Raise Invalid where a field that a record cannot do without is empty, or missing in a new one."""
    for field in kind.fields:
        if field.required and (new or field.name in columns) and columns.get(field.name) in (None, ""):
            raise Invalid(field=field.name, reason="required", value="")


def _line(field: Field, value: object, _around: Surroundings) -> Columns:
    return {field.name: _bounded(field, stored_line(_text(value)), LINE_LIMIT)}


def _long_text(field: Field, value: object, _around: Surroundings) -> Columns:
    return {field.name: _bounded(field, stored_text(_text(value)).strip(), TEXT_LIMIT)}


def _amount(field: Field, value: object, around: Surroundings) -> Columns:
    typed = stored_line(_text(value))
    if not typed:
        return {field.name: None, "amount_text": "", "currency": YUAN}
    amount, currency = _read_amount(typed, around.now) or (-1, "")
    if not 0 <= amount <= _LARGEST:
        raise Invalid(field=field.name, reason="not-an-amount", value=typed)
    return {field.name: amount, "amount_text": typed, "currency": currency}


def _read_amount(typed: str, now: datetime) -> tuple[int, str] | None:
    plain = _folded(typed).replace(",", "")
    if plain.isascii() and plain.isdigit():
        return int(plain[:20]), YUAN
    found = read(typed, now).amounts
    if len(found) == 1 and found[0].start == 0 and found[0].end == len(typed) and found[0].most is None:
        return found[0].amount, found[0].currency
    return None


def _day(field: Field, value: object, around: Surroundings) -> Columns:
    if isinstance(value, datetime):
        return {field.name: value.date()}
    if isinstance(value, date):
        return {field.name: value}
    typed = stored_line(_text(value))
    day = _read_day(field.name, _folded(typed), around.now) if typed else None
    if typed and day is None:
        raise Invalid(field=field.name, reason="not-a-day", value=typed)
    return {field.name: day}


def _read_day(name: str, typed: str, now: datetime) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        pass
    found = read(_DAY_CONTEXT.get(name, "{day}").format(day=typed), now).dates
    whole = [one for one in found if one.start == 0 and one.end == len(typed) and one.until is None]
    return whole[0].date if whole else None


def _time(field: Field, value: object, around: Surroundings) -> Columns:
    if isinstance(value, time):
        return {field.name: f"{value:%H:%M}"}
    typed = stored_line(_text(value))
    clock = _read_time(_folded(typed), around.now) if typed else None
    if typed and clock is None:
        raise Invalid(field=field.name, reason="not-a-time", value=typed)
    return {field.name: f"{clock:%H:%M}" if clock else ""}


def _read_time(typed: str, now: datetime) -> time | None:
    hour, colon, minute = typed.partition(":")
    if colon and hour.isdigit() and minute.isdigit() and len(minute) == 2:
        return time(int(hour), int(minute)) if int(hour) < 24 and int(minute) < 60 else None
    today = f"{now.date().isoformat()} "
    found = read(today + typed, now).dates
    return found[0].time if len(found) == 1 and found[0].end == len(today + typed) else None


def _instant(field: Field, value: object, around: Surroundings) -> Columns:
    if isinstance(value, datetime):
        return {field.name: value if value.tzinfo else value.replace(tzinfo=around.now.tzinfo)}
    typed = stored_line(_text(value))
    if not typed:
        return {field.name: None}
    try:
        moment = datetime.fromisoformat(typed)
    except ValueError:
        raise Invalid(field=field.name, reason="not-an-instant", value=typed) from None
    return {field.name: moment if moment.tzinfo else moment.replace(tzinfo=around.now.tzinfo)}


def _phone(field: Field, value: object, _around: Surroundings) -> Columns:
    typed = _bounded(field, _folded(stored_line(_text(value))), LINE_LIMIT)
    if typed and not any(char.isdigit() for char in typed):
        raise Invalid(field=field.name, reason="not-a-phone", value=typed)
    return {field.name: phone_number(typed)}


def _uscc(field: Field, value: object, _around: Surroundings) -> Columns:
    return {field.name: _bounded(field, uscc.normalised(_folded(stored_line(_text(value)))), LINE_LIMIT)}


def _choice(field: Field, value: object, around: Surroundings) -> Columns:
    typed = stored_line(_text(value))
    code = code_of(field.of, typed, around.rule_pack) if typed else ""
    if code is None:
        known = ", ".join(_codes(field.of, around.rule_pack))
        raise Invalid(field=field.name, reason="not-a-choice", value=typed, known=known)
    return {field.name: code}


def _codes(of: str, pack: RulePack) -> list[str]:
    from fieldkit.domain.choices import choices

    return codes(pack) if of == "stages" else list(choices(of))


def _reference(field: Field, value: object, around: Surroundings) -> Columns:
    record_id = stored_line(_text(value))
    if record_id and not around.exists(field.of, record_id):
        raise Invalid(field=field.name, reason="no-such-reference", value=record_id)
    return {field.name: record_id}


_READERS: dict[str, Callable[[Field, object, Surroundings], Columns]] = {
    kinds.TEXT: _line,
    kinds.LONG_TEXT: _long_text,
    kinds.AMOUNT: _amount,
    kinds.DAY: _day,
    kinds.TIME: _time,
    kinds.INSTANT: _instant,
    kinds.PHONE: _phone,
    kinds.USCC: _uscc,
    kinds.CHOICE: _choice,
    kinds.REFERENCE: _reference,
}


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _bounded(field: Field, text: str, limit: int) -> str:
    if len(text) > limit:
        raise Invalid(field=field.name, reason="too-long", value=text[:20] + "…", limit=limit)
    return text
