"""Ctrl+P: every command in our own words, found by text, pinyin or initials."""

from __future__ import annotations

from rich.cells import cell_len

from fieldkit.i18n import _
from fieldkit.tui.action_table import ACTIONS, APP, key_words
from fieldkit.tui.matching import matches
from fieldkit.tui.screens.overlay import PickScreen
from fieldkit.tui.widgets.lines import Line
from fieldkit.tui.widgets.painted import fit


class PaletteScreen(PickScreen[str]):
    """Answers the name of the action that was picked."""

    def title_words(self) -> str:
        """All commands."""
        return _("All commands")

    def placeholder_words(self) -> str:
        """How they are found."""
        return _("Type a command: words, pinyin or initials")

    def write(self, width: int) -> list[Line]:
        """The commands that match, with their keys."""
        lines = []
        for action in ACTIONS:
            label = _(action.label)
            if action.palette and action.place == APP and matches(self.text, label):
                keys = "  ".join(key_words(key) for key in action.keys[:1])
                room = max(width - cell_len(keys) - 2, 8)
                words = (
                    label
                    if action.group == "Work"
                    else _("{group}: {label}").format(group=_(action.group), label=label)
                )
                lines.append(Line([(f" {fit(words, room - 1)}", ""), (f"{keys} ", "faint")], action.name))
        return lines or [Line([(" " + _("No command is called that."), "faint")])]

    def pick(self, target: object) -> None:
        """Run it."""
        self.dismiss(str(target))
