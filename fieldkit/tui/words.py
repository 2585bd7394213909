"""How values are told on screen: days near today, amounts, stages, and one line for a record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from fieldkit.domain.kinds import AMOUNT, CHOICE, INSTANT, KINDS, PHONE, REFERENCE, Field
from fieldkit.domain.phones import readable
from fieldkit.i18n import _, language, ngettext

Row = Mapping[str, Any]


def weekday(day: date) -> str:
    """周二 / Tue."""
    return (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))[day.weekday()]


def day_words(text: str, today: date) -> str:
    """A stored day as 今天, 明天, 昨天, `11-25 周三`, or `2025-11-25` in another year."""
    day = as_day(text)
    if day is None:
        return text
    near = {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}.get((day - today).days)
    return near or (f"{day:%m-%d} {weekday(day)}" if day.year == today.year else day.isoformat())


def mention_words(text: str, today: date) -> str:
    """A time that was read, as `2026-12-02T15:00` or `2026-11-30/2026-12-06`, told as `day_words` does: `12-02 周三 15:00`."""
    parts = [part.partition("T") for part in text.split("/")]
    return " – ".join(f"{day_words(day, today)} {clock}".strip() for day, _sign, clock in parts)


def moment_words(milliseconds: int, now: datetime) -> str:
    """An instant in the laptop's time: `14:06` today, `周二 14:05` this week, else `11-03 14:05`."""
    moment = datetime.fromtimestamp(milliseconds / 1000, tz=now.tzinfo)
    if moment.date() == now.date():
        return f"{moment:%H:%M}"
    near = abs(moment.date() - now.date()) < timedelta(days=7)
    return f"{weekday(moment.date())} {moment:%H:%M}" if near else f"{moment:%m-%d %H:%M}"


def instant_words(text: str, now: datetime) -> str:
    """A stored instant, told as `moment_words` does."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return moment_words(int(moment.timestamp() * 1000), now)


def due_words(text: str, today: date) -> str:
    """A due day; an overdue one says by how much."""
    day = as_day(text)
    if day is None:
        return _("no day")
    late = (today - day).days
    if late > 0:
        return ngettext("{n} day late", "{n} days late", late).format(n=late)
    return day_words(text, today)


def as_day(text: str) -> date | None:
    """A stored day, None where it is not one."""
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        return None


def amount_words(row: Row) -> str:
    """2.5亿元; empty where there is no amount."""
    from fieldkit.domain.money import money_text

    amount = row.get("amount")
    return money_text(amount, row.get("currency") or "CNY") if amount is not None else ""


def choice_words(of: str, code: str) -> str:
    """The label of a code of `modes`, `stages`, `task_forces` or `places`."""
    return _labels(language(), of).get(code, code)


@cache
def _labels(_language: str, of: str) -> dict[str, str]:
    from fieldkit.domain.choices import choices

    return choices(of)


def field_words(row: Row, field: Field, now: datetime) -> str:
    """A field of a record as people read it; empty where it is empty."""
    value = row.get(field.name)
    if field.takes == REFERENCE:
        return str(row.get(field.name.removesuffix("_id")) or "")
    if field.takes == AMOUNT:
        return amount_words(row)
    if value is None or value == "":
        return ""
    if field.takes == CHOICE:
        return choice_words(field.of, str(value))
    if field.takes == PHONE:
        return readable(str(value))
    if field.takes == INSTANT:
        return instant_words(str(value), now)
    if field.name in ("visited_on", "due_on"):
        return day_words(str(value), now.date())
    return str(value)


def beside(row: Row, today: date, without: str = "") -> str:
    """What stands after a record's title in a mixed list, `without` a name that is plain there."""
    tellers: dict[str, Callable[[], list[Any]]] = {
        "companies": lambda: [
            *question_words(row)[:1],
            row.get("region"),
            choice_words("task_forces", row.get("task_force", "")),
        ],
        "contacts": lambda: [row.get("post"), row.get("company"), readable(row.get("phone", ""))],
        "leads": lambda: [choice_words("stages", row.get("stage", "")), amount_words(row), row.get("company")],
        "visits": lambda: [*question_words(row)[:1], day_words(row.get("visited_on", ""), today), row.get("company")],
        "followups": lambda: [
            _("done") if row.get("done_at") else due_words(row.get("due_on") or "", today),
            row.get("company"),
        ],
        "guides": lambda: [choice_words("task_forces", row.get("task_force", ""))],
    }
    tell = tellers.get(str(row.get("kind")))
    return " · ".join(str(part) for part in tell() if part and part != without) if tell else ""


def question_words(row: Row) -> list[str]:
    """What a visit needs of a person before all of it is filed, as questions."""
    from fieldkit.domain.needs import question

    return [question(code) for code in str(row.get("needs") or "").split()]


def kind_words(kind: str) -> str:
    """The name of a kind, plural."""
    return _(KINDS[kind].label) if kind in KINDS else _("Inbox")


def stage_codes() -> list[str]:
    """The codes of all stages in their order."""
    return list(_labels(language(), "stages"))


def choice_options(of: str) -> list[tuple[str, str]]:
    """(code, label) of every code of a choice, in their order."""
    return list(_labels(language(), of).items())
