"""What was understood of a note, on one line for people."""

from __future__ import annotations

from fieldkit.domain.cleaning import shown
from fieldkit.domain.money import money_text
from fieldkit.i18n import _

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fieldkit.capture import Next, Reading


def summary(reading: Reading) -> str:
    """Company code · person phone · project · amount · next step; empty where nothing was read."""
    parts = [
        " ".join(word for word in (reading.company, reading.uscc) if word),
        " ".join(word for word in (reading.contact, reading.phone) if word),
        reading.title,
        money_text(reading.amount, reading.currency or "CNY") if reading.amount else None,
        _next_text(reading.next) if reading.next else None,
    ]
    if any(mark.kind == "uscc" and not mark.sure for mark in reading.marks):
        from fieldkit.domain.doubts import doubts_about

        parts += [doubt.text for doubt in doubts_about("companies", {"uscc": reading.uscc}, {})]
    if reading.questions:
        from fieldkit.domain.needs import question

        parts.append(_("to be settled: {questions}").format(questions=" ".join(map(question, reading.questions))))
    return " · ".join(shown(part) for part in parts if part)


def _next_text(step: Next) -> str:
    day = f"{step.date:%m-%d} {weekday(step.date.weekday())}" if step.date else ""
    return " ".join(part for part in (_("next:"), day, f"{step.time:%H:%M}" if step.time else "", step.what) if part)


def weekday(number: int) -> str:
    """The short name of a weekday, Monday 0."""
    names = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
    return names[number]
