"""6 Sync: what waits, what the centre refused and why, and fields that two people changed."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.widget import Widget

from fieldkit.domain.cleaning import shown
from fieldkit.domain.kinds import KINDS
from fieldkit.i18n import _
from fieldkit.reasons import clock_words, quarantine_words, state_words
from fieldkit.replication import status
from fieldkit.replication.disputes import Dispute, disputes
from fieldkit.replication.refusals import Refusal, refusals
from fieldkit.tui.screens.work import Target, WorkScreen
from fieldkit.tui.status_words import status_words
from fieldkit.tui.widgets.detail import heading, record_lines
from fieldkit.tui.widgets.lines import Line, Lines
from fieldkit.tui.widgets.painted import wrap
from fieldkit.tui.words import kind_words, moment_words

MOST = 100


class SyncScreen(WorkScreen):
    """The outbox as it is."""

    MODE = "sync"

    def body(self) -> ComposeResult:
        """One outline."""
        yield Lines(id="outbox")

    def load(self) -> None:
        """Read the outbox."""
        reader = self.tui.data.reader
        found = status.read_status(reader)
        refused = refusals(reader, MOST) if found.rejected else []
        waiting = status.waiting_records(reader, MOST)
        disputed = disputes(reader)[:MOST] if found.conflicts else []

        def write(width: int) -> list[Line]:
            lines = [Line(), self._standing(found), *self._stopped(found, width)]
            if disputed:
                lines += [Line(), heading(_("Two people wrote different values"), found.conflicts)]
                lines += [line for dispute in disputed for line in self._dispute(dispute, width)]
            if refused:
                lines += [Line(), heading(_("Refused by the centre"), found.rejected)]
                lines += [line for refusal in refused for line in _refused(refusal, width)]
            if waiting:
                lines += [Line(), heading(_("Not yet sent"), found.waiting)]
                lines += [self._record(record.table, record.id, width) for record in waiting]
            return lines if disputed or refused or waiting else [*lines, *_nothing()]

        self.query_one(Lines).rewrite(write)

    def _standing(self, found: status.Status) -> Line:
        words, look = status_words(found, self.tui.data.now())
        looks = {"$error": "bad", "$accent": "accent", "$success": "good"}
        return Line([(f" {words}", looks[look])])

    def _stopped(self, found: status.Status, width: int) -> list[Line]:
        words = "" if self.tui.exchanging else state_words(found.state, _("press F5"))
        clock = "" if found.state == "clock" else clock_words(found.skew)
        told = [one for one in (words, clock, quarantine_words(found.quarantined)) if one]
        return [Line([(f" {text}", "bad")]) for one in told for text in wrap(one, max(width - 2, 10))]

    def _record(self, kind: str, record_id: str, width: int) -> Line:
        row = self.tui.data.row(kind, record_id) if kind in KINDS else None
        if row is None:
            return Line([(f"   {kind_words(kind)}  ", "faint"), (_("deleted here"), "faint")])
        return record_lines([row], width, self.tui.data.today(), {record_id: "waiting"})[0]

    def _dispute(self, dispute: Dispute, width: int) -> list[Line]:
        now = self.tui.data.now()
        sides = [
            f"{moment_words(side.at, now)}  {side.name}  {side.words or _('(empty)')}"
            for side in (dispute.kept, dispute.other)
        ]
        gone = dispute.gone and dispute.field != "deleted"
        return [
            Line([(" ⇄ ", "accent"), *_named(dispute.title, gone=gone), (dispute.label, "accent")], dispute),
            *(
                Line([(f"     {text}", "faint")])
                for side in sides
                for text in wrap(shown(side), max(width - 6, 10))[:2]
            ),
        ]

    def selected(self) -> Target | None:
        """The record under the cursor."""
        target = self.query_one(Lines).target
        if isinstance(target, Dispute):
            return None if target.gone else (target.kind, target.record_id)
        if isinstance(target, Refusal):
            return None if target.gone else (target.kind, target.id)
        return target if isinstance(target, tuple) else None

    def panes(self) -> list[Widget]:
        """The outline alone."""
        return [self.query_one(Lines)]

    @on(Lines.Opened)
    def _opened(self, event: Lines.Opened) -> None:
        target = event.lines.target
        if isinstance(target, Dispute):
            from fieldkit.tui.screens.conflict import ConflictScreen

            self.tui.push_screen(ConflictScreen(target))
        elif isinstance(target, Refusal):
            from fieldkit.tui.screens.refused import RefusedScreen

            self.tui.push_screen(RefusedScreen(target))
        elif isinstance(target, tuple):
            self.tui.open_record(target[0], target[1])


def _refused(refusal: Refusal, width: int) -> list[Line]:
    room = max(width - 6, 10)
    head = Line(
        [(" ✗ ", "bad"), *_named(refusal.title, gone=refusal.gone), (kind_words(refusal.kind), "faint")], refusal
    )
    return [head, *(Line([(f"     {text}", "bad")]) for text in wrap(refusal.why, room))]


def _named(title: str, *, gone: bool) -> list[tuple[str, str]]:
    named = (f"{shown(title) or _('(no name)')}  ", "strong")
    return [named, (_("deleted here") + "  ", "faint")] if gone else [named]


def _nothing() -> list[Line]:
    return [Line(), Line([("  " + _("What waits for the centre stands here; F5 sends and fetches."), "faint")])]
