"""4 Contacts: people at companies."""

from __future__ import annotations

from fieldkit.domain.phones import readable
from fieldkit.i18n import N_, _
from fieldkit.tui.screens.records import RecordsScreen
from fieldkit.tui.widgets.record_list import Column


class ContactsScreen(RecordsScreen):
    """Contacts by name."""

    MODE = KIND = "contacts"

    def columns(self) -> list[Column]:
        """The list's columns."""
        return [
            Column(N_("Name"), lambda row: row.get("title", ""), 12, look="strong"),
            Column(N_("Post"), lambda row: row.get("post", ""), 12, need=64),
            Column(N_("Phone"), lambda row: readable(row.get("phone", "")), 14, need=46),
            Column(N_("Company"), lambda row: row.get("company", "")),
        ]

    def empty_words(self) -> str:
        """What belongs here."""
        return _("Here stand the people you meet. Write @name in a note (F2), or add one with F7.")
