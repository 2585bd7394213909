"""The truth about the outbox in a few words, for the status line and the Sync screen."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from fieldkit.i18n import _, ngettext
from fieldkit.tui.words import moment_words

if TYPE_CHECKING:
    from fieldkit.replication.status import Status


def status_words(status: Status, now: datetime) -> tuple[str, str]:
    """What the centre does not have yet, and the look of that sentence."""
    parts = []
    if status.rejected:
        parts.append(ngettext("{n} refused", "{n} refused", status.rejected).format(n=status.rejected))
    if status.conflicts:
        parts.append(ngettext("{n} conflict", "{n} conflicts", status.conflicts).format(n=status.conflicts))
    parts.append(_way(status, now))
    stopped = status.state not in ("never", "done", "unreachable", "busy")
    look = (
        "$error"
        if status.rejected or stopped
        else "$accent"
        if status.conflicts or status.waiting or status.confirmed_at is None
        else "$success"
    )
    return " · ".join(part for part in parts if part), look


def _way(status: Status, now: datetime) -> str:
    if status.sending:
        return _("sending {n} of {total}").format(n=status.sending, total=status.waiting)
    if status.waiting:
        words = ngettext("{n} not yet sent", "{n} not yet sent", status.waiting).format(n=status.waiting)
        if status.oldest is not None:
            words += _(", oldest {when}").format(when=moment_words(status.oldest, now))
        return words
    if status.confirmed_at is not None:
        return _("centre confirmed at {when}").format(when=moment_words(status.confirmed_at, now))
    return _("nothing to send yet")
