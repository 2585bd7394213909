"""How far an exchange with the centre is, in words."""

from __future__ import annotations

from fieldkit.i18n import _, ngettext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sync import Progress


def step_words(step: Progress) -> str:
    """`sending 3 of 12` and what has come so far; only the latter once nothing is left to send.

    A round after one that failed sends nothing.
    """
    if not step.waiting and not step.sending:
        return _("receiving, {n} so far").format(n=step.received)
    n = step.sent + step.sending
    if not n:
        return ngettext("{n} not yet sent", "{n} not yet sent", step.waiting).format(n=step.waiting)
    words = _("sending {n} of {total}").format(n=n, total=max(step.sent + step.waiting, n))
    return words + (_(", {n} received").format(n=step.received) if step.received else "")
