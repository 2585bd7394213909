"""6 Sync: what waits, what the centre refused and why, and fields that two people changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.message import Message
from textual.widget import Widget

from fieldkit.domain.cleaning import shown
from fieldkit.domain.kinds import KINDS
from fieldkit.i18n import _
from fieldkit.reasons import reason_words, state_words
from fieldkit.replication import status
from fieldkit.tui.screens.work import Target, WorkScreen
from fieldkit.tui.status_words import status_words
from fieldkit.tui.widgets.detail import heading, record_lines
from fieldkit.tui.widgets.lines import Line, Lines
from fieldkit.tui.widgets.painted import wrap
from fieldkit.tui.words import kind_words, moment_words, value_words

if TYPE_CHECKING:
    import sqlite3

    from sync import Conflict

MOST = 100


class ConflictTarget(tuple[str, str, str]):
    """What a conflict's line stands for: kind, record id, conflict id."""

    __slots__ = ()


class Conflicts(Message):
    """The open conflicts."""

    def __init__(self, found: Sequence[Conflict]) -> None:
        super().__init__()
        self.found = found


class SyncScreen(WorkScreen):
    """The outbox as it is."""

    MODE = "sync"

    def __init__(self) -> None:
        super().__init__()
        self._conflicts: Sequence[Conflict] = ()

    def body(self) -> ComposeResult:
        """One outline."""
        yield Lines(id="outbox")

    def load(self) -> None:
        """Read the outbox; conflicts come from a thread, because they need the heavy part."""
        self._write_again()
        if status.read_status(self.tui.data.reader).conflicts or self._conflicts:
            self.ask_conflicts()

    def ask_conflicts(self) -> None:
        """Post Conflicts."""
        from fieldkit.tui.workers import ask

        def read(_connection: sqlite3.Connection) -> Message:
            from fieldkit.replication.laptop import conflicts

            return Conflicts(conflicts(self.tui.store))

        ask(self, self.tui.store, "conflicts", read)

    @on(Conflicts)
    def _found(self, event: Conflicts) -> None:
        self._conflicts = event.found
        self._write_again()

    def _write_again(self) -> None:
        reader = self.tui.data.reader
        found = status.read_status(reader)
        refused = status.rejected_records(reader, MOST)
        waiting = status.waiting_records(reader, MOST)
        conflicts = self._conflicts

        def write(width: int) -> list[Line]:
            lines = [Line(), self._standing(found)]
            if found.state not in ("never", "done", "waiting", "rejected"):
                lines += [Line([(f" {text}", "bad")]) for text in wrap(state_words(found.state), max(width - 2, 10))]
            if found.conflicts:
                lines += [Line(), heading(_("Two people wrote different values"), found.conflicts)]
                lines += [line for conflict in conflicts for line in self._conflict(conflict, width)]
            if refused:
                lines += [Line(), heading(_("Refused by the centre"), found.rejected)]
                lines += [line for record in refused for line in self._refused(record, width)]
            if waiting:
                lines += [Line(), heading(_("Not yet sent"), found.waiting)]
                lines += [self._record(record.table, record.id, width, "waiting") for record in waiting]
            if not (found.conflicts or refused or waiting):
                lines += [
                    Line(),
                    Line([("  " + _("What waits for the centre stands here; F5 sends and fetches."), "faint")]),
                ]
            return lines

        self.query_one(Lines).rewrite(write)

    def _standing(self, found: status.Status) -> Line:
        words, look = status_words(found, self.tui.data.now())
        looks = {"$error": "bad", "$accent": "accent", "$success": "good"}
        return Line([(f" {words}", looks[look])])

    def _record(self, kind: str, record_id: str, width: int, state: str) -> Line:
        row = self.tui.data.row(kind, record_id) if kind in KINDS else None
        if row is None:
            return Line([(f"   {kind_words(kind)}  ", "faint"), (_("deleted here"), "faint")])
        return record_lines([row], width, self.tui.data.today(), {record_id: state})[0]

    def _refused(self, record: status.Rejected, width: int) -> list[Line]:
        words = wrap(reason_words(record.reason), max(width - 6, 10))
        return [
            self._record(record.table, record.id, width, "rejected"),
            *(Line([(f"     {text}", "bad")]) for text in words),
        ]

    def _conflict(self, conflict: Conflict, width: int) -> list[Line]:
        row = self.tui.data.row(conflict.table, conflict.record_id) if conflict.table in KINDS else None
        title = shown(row["title"]) if row else conflict.record_id
        kind = KINDS.get(conflict.table)
        field = kind.field(conflict.field) if kind else None
        label = _(field.label) if field else conflict.field
        target = ConflictTarget((conflict.table, conflict.record_id, conflict.id))
        now = self.tui.data.now()
        sides = [
            f"{moment_words(at, now)}  {value_words(conflict.table, conflict.field, value)}"
            for at, value in ((conflict.kept_at, conflict.kept), (conflict.other_at, conflict.other))
        ]
        room = max(width - 6, 10)
        return [
            Line([(" ⇄ ", "accent"), (f"{title}  ", "strong"), (label, "accent")], target),
            *(Line([(f"     {text}", "faint")]) for side in sides for text in wrap(shown(side), room)[:2]),
        ]

    def selected(self) -> Target | None:
        """The record under the cursor."""
        target = self.query_one(Lines).target
        return (target[0], target[1]) if isinstance(target, tuple) else None

    def panes(self) -> list[Widget]:
        """The outline alone."""
        return [self.query_one(Lines)]

    @on(Lines.Opened)
    def _opened(self, event: Lines.Opened) -> None:
        target = event.lines.target
        if isinstance(target, ConflictTarget):
            from fieldkit.tui.screens.conflict import ConflictScreen

            conflict = next((one for one in self._conflicts if one.id == target[2]), None)
            if conflict is not None:
                self.tui.push_screen(ConflictScreen(conflict))
        elif isinstance(target, tuple):
            self.tui.open_record(target[0], target[1])
