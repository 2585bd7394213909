"""What was changed on this laptop, newest first; Ctrl+Z and Ctrl+Y work here too."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from fieldkit.i18n import _
from fieldkit.store import history
from fieldkit.tui.action_table import borrowed
from fieldkit.tui.deeds import Done
from fieldkit.tui.screens.overlay import Overlay
from fieldkit.tui.widgets.lines import Line, Lines
from fieldkit.tui.widgets.painted import fit
from fieldkit.tui.words import instant_words

MOST = 200


class HistoryScreen(Overlay[None]):
    """One line for each thing done."""

    BINDINGS = borrowed("undo", "redo")

    def compose(self) -> ComposeResult:
        """Title and lines."""
        with Vertical(id="panel"):
            yield Static(Content(_("What was changed, newest first") + "  ·  Ctrl+Z / Ctrl+Y"), id="title")
            yield Lines(self._write)

    def _write(self, width: int) -> list[Line]:
        data = self.tui.data
        entries = history.recent(data.reader, MOST)
        lines = [Line()]
        for entry in entries:
            when = fit(instant_words(entry["at"], data.now()), 12)
            undone = f"  {_('undone')}" if entry["undone"] else ""
            words = fit(entry["label"], max(width - 24, 8))
            lines.append(
                Line([(f" {when}  ", "faint"), (words, "faint" if undone else ""), (undone, "accent")], entry["id"])
            )
        return (
            lines
            if entries
            else [
                Line(),
                Line([(" " + _("Nothing was changed yet; what you add, edit or delete stands here."), "faint")]),
            ]
        )

    def deed_done(self, event: Done) -> None:
        """The list again."""
        del event
        self.query_one(Lines).rewrite()
