"""3 Visits: who was met when, newest first."""

from __future__ import annotations

from fieldkit.i18n import N_, _
from fieldkit.tui.screens.records import RecordsScreen
from fieldkit.tui.widgets.record_list import Column
from fieldkit.tui.words import choice_words, day_words


class VisitsScreen(RecordsScreen):
    """Visits by day."""

    MODE = KIND = "visits"

    def columns(self) -> list[Column]:
        """The list's columns."""
        today = self.tui.data.today()
        return [
            Column(N_("Day"), lambda row: day_words(row.get("visited_on", ""), today), 10, look="faint"),
            Column(N_("Company"), lambda row: row.get("company", ""), 16, need=56, look="strong"),
            Column(N_("Contact"), lambda row: row.get("contact", ""), 8, need=92),
            Column(N_("Mode"), lambda row: choice_words("modes", row.get("mode", "")), 8, need=110, look="faint"),
            Column(N_("Text"), lambda row: row.get("title", "")),
        ]

    def empty_words(self) -> str:
        """What belongs here."""
        return _("Here stand your visits, newest first. F2 writes a note, and it becomes a visit.")
