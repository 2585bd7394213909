"""F3: find anything by typing a little of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from textual import on
from textual.timer import Timer

from fieldkit.i18n import _
from fieldkit.tui.screens.overlay import PickScreen
from fieldkit.tui.widgets.detail import heading, record_lines
from fieldkit.tui.widgets.lines import Line
from fieldkit.tui.words import kind_words
from fieldkit.tui.workers import Found, find

DEBOUNCE = 0.08


class FindScreen(PickScreen[None]):
    """Results by kind, as they are typed for."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: Sequence[dict[str, Any]] = ()
        self._answered = ""
        self._timer: Timer | None = None

    def title_words(self) -> str:
        """Find anything."""
        return _("Find anything")

    def placeholder_words(self) -> str:
        """What is searched."""
        return _("Name, piece of a text, pinyin, initials, last digits of a phone")

    def typed(self, text: str) -> None:
        """Search when the typing rests for a moment."""
        if self._timer is not None:
            self._timer.stop()
        if text:
            self._timer = self.set_timer(DEBOUNCE, lambda: find(self, self.tui.store, text))
        else:
            self._show("", ())

    @on(Found)
    def _found(self, event: Found) -> None:
        if event.text == self.text:
            self._show(event.text, event.rows)

    def _show(self, text: str, rows: Sequence[dict[str, Any]]) -> None:
        self._answered, self._rows = text, rows
        self.lines.rewrite(keep=False)

    def write(self, width: int) -> list[Line]:
        """The best match first; then by kind."""
        if not self._rows:
            words = (
                _("Nothing holds these words.")
                if self._answered
                else _("Leads, visits, contacts, companies and follow-ups are searched.")
            )
            return [Line([(f" {words}", "faint")])]
        lines: list[Line] = []
        today = self.tui.data.today()
        for kind in dict.fromkeys(row["kind"] for row in self._rows):
            rows = [row for row in self._rows if row["kind"] == kind]
            lines += [heading(kind_words(kind), len(rows)), *record_lines(rows, width, today, {}), Line()]
        return lines

    def pick(self, target: object) -> None:
        """Open the record."""
        if isinstance(target, tuple):
            self.tui.open_record(*target)
