"""What was understood of a note, on one line for people."""

from __future__ import annotations

from fieldkit.domain.cleaning import shown
from fieldkit.domain.money import money_text
from fieldkit.domain.needs import COMPANY, CONTACT, NAMED, code_of, question
from fieldkit.i18n import _

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from fieldkit.capture import Next, Reading
    from fieldkit.cli.foreseen import Foreseen
    from fieldkit.store.connection import Row


def summary(reading: Reading, ahead: Foreseen | None = None) -> str:
    """Company code · person phone · project · amount · next step · what is open; empty where nothing was read.

    With what is foreseen of filing, nothing is said to be understood that hangs on a company that will be asked for.
    """
    money = money_text(reading.amount, reading.currency or "CNY") if reading.amount else None
    if ahead and ahead.asks_company:
        others = (code for code in reading.questions if code not in NAMED and code_of(code) not in NAMED)
        return _joined([money], reading, [COMPANY, *others])
    contact = (ahead and ahead.contact) or ""
    parts = [
        " ".join(word for word in (reading.company, reading.uscc) if word),
        " ".join(word for word in (reading.contact or contact, reading.phone) if word),
        reading.title,
        money,
    ]
    return _joined(parts, reading, [code for code in reading.questions if code != CONTACT or not contact])


def summary_of_filed(visit: Row, contact: Row | None, reading: Reading) -> str:
    """The same of a line that is a visit now: only what is linked, and only what waits for a person."""
    from fieldkit.domain.phone_numbers import has_number, phone_number

    phone = (
        reading.phone if contact and reading.phone and has_number(contact["phone"], phone_number(reading.phone)) else ""
    )
    code = reading.uscc if visit["company"] and COMPANY not in visit["needs"].split() else ""
    parts = [
        " ".join(word for word in (visit["company"], code) if word),
        " ".join(word for word in (visit["contact"], phone) if word),
        visit["lead"],
        money_text(visit["amount"], visit["currency"]) if visit["amount"] else None,
    ]
    return _joined(parts, reading, visit["needs"].split())


def _joined(said: Iterable[str | None], reading: Reading, asked: Iterable[str]) -> str:
    parts = [*said, _next_text(reading.next) if reading.next else None]
    if any(mark.kind == "uscc" and not mark.sure for mark in reading.marks):
        from fieldkit.domain.doubts import doubts_about

        parts += [doubt.text for doubt in doubts_about("companies", {"uscc": reading.uscc}, {})]
    if questions := " ".join(dict.fromkeys(question(code_of(code)) for code in asked)):
        parts.append(_("to be settled: {questions}").format(questions=questions))
    return " · ".join(shown(part) for part in parts if part)


def _next_text(step: Next) -> str:
    day = f"{step.date:%m-%d} {weekday(step.date.weekday())}" if step.date else ""
    return " ".join(part for part in (_("next:"), day, f"{step.time:%H:%M}" if step.time else "", step.what) if part)


def weekday(number: int) -> str:
    """The short name of a weekday, Monday 0."""
    names = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
    return names[number]
