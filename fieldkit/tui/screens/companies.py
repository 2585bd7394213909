"""5 Companies."""

from __future__ import annotations

from fieldkit.i18n import N_, _
from fieldkit.tui.screens.records import RecordsScreen
from fieldkit.tui.widgets.record_list import Column
from fieldkit.tui.words import choice_words


class CompaniesScreen(RecordsScreen):
    """Companies, the newest first."""

    MODE = KIND = "companies"

    def columns(self) -> list[Column]:
        """The list's columns."""
        return [
            Column(N_("Name"), lambda row: row.get("title", ""), look="strong"),
            Column(N_("Region"), lambda row: row.get("region", ""), 12, need=52, look="faint"),
            Column(N_("Task force"), lambda row: choice_words("task_forces", row.get("task_force", "")), 18, need=72),
            Column(N_("Credit code"), lambda row: row.get("uscc", ""), 18, need=110, look="faint"),
        ]

    def empty_words(self) -> str:
        """What belongs here."""
        return _("Here stand the companies you talk to. Name one in a note (F2), or add one with F7.")
