"""1 Today: what is overdue, what is due, who was met, and what needs a person."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.widget import Widget

from fieldkit.i18n import _
from fieldkit.store import agenda
from fieldkit.tui.screens.work import Target, WorkScreen
from fieldkit.tui.widgets.detail import heading, record_lines
from fieldkit.tui.widgets.lines import Line, Lines
from fieldkit.tui.words import weekday

SIDE = 34  # cells of the second column


class TodayScreen(WorkScreen):
    """The day on one page."""

    MODE = "today"
    KIND = "followups"

    def body(self) -> ComposeResult:
        """One outline."""
        yield Lines(id="day")

    def load(self) -> None:
        """Read the day."""
        data = self.tui.data
        today = data.today()
        day = agenda.today(data.reader, today)
        needs = agenda.needs_me(data.reader)
        states = data.badges_of({"followups": [*day.overdue, *day.due], "visits": [*day.visits, *needs]})
        if data.settled:
            needs += agenda.twins(data.reader)
        sections = (
            (_("Overdue"), day.overdue, "bad"),
            (_("Due today"), day.due, ""),
            (_("Needs you"), needs, "accent"),
            (_("Met today"), day.visits, ""),
        )

        def write(width: int) -> list[Line]:
            lines = [Line(), self._date_line()]
            for title, rows, look in sections:
                if rows:
                    listed = record_lines(rows, width, today, states, look=look, room=min(width * 2 // 5, SIDE))
                    lines += [Line(), heading(title, len(rows)), *listed]
            return lines if any(rows for _title, rows, _look in sections) else [*lines, *_empty()]

        self.query_one(Lines).rewrite(write)

    def _date_line(self) -> Line:
        today = self.tui.data.today()
        return Line([(f" {today.isoformat()}", "strong"), (f"  {weekday(today)}", "faint")])

    def selected(self) -> Target | None:
        """The record under the cursor."""
        target = self.query_one(Lines).target
        return target if isinstance(target, tuple) else None

    def panes(self) -> list[Widget]:
        """The outline alone."""
        return [self.query_one(Lines)]

    @on(Lines.Opened)
    def _opened(self, event: Lines.Opened) -> None:
        if isinstance(event.lines.target, tuple):
            self.tui.open_record(*event.lines.target)


def _empty() -> list[Line]:
    return [
        Line(),
        Line([("  " + _("Nothing is due today."), "")]),
        Line(
            [
                (
                    "  "
                    + _(
                        "Here stand follow-ups, visits of the day and what needs you; F2 writes a note, F7 adds a follow-up."
                    ),
                    "faint",
                )
            ]
        ),
    ]
