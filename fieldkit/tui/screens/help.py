"""F1: every key, made from the action table, and searchable."""

from __future__ import annotations

from rich.cells import cell_len

from fieldkit.i18n import N_, _
from fieldkit.tui.action_table import ACTIONS, Action, key_words
from fieldkit.tui.matching import matches
from fieldkit.tui.screens.overlay import PickScreen
from fieldkit.tui.widgets.detail import heading
from fieldkit.tui.widgets.lines import Line
from fieldkit.tui.widgets.painted import fit

BADGE_LINES = (
    ("⇡", N_("not yet sent to the centre"), "faint"),
    ("✗", N_("refused by the centre; the reason stands under Sync"), "bad"),
    ("⇄", N_("two people wrote different values; both stand under Sync"), "accent"),
)
KEYS_ROOM = 18


class HelpScreen(PickScreen[None]):
    """Groups of actions with all their keys."""

    def title_words(self) -> str:
        """Help."""
        return _("Help: every key")

    def placeholder_words(self) -> str:
        """How an entry is found."""
        return _("Find in help: words, pinyin or initials")

    def write(self, width: int) -> list[Line]:
        """The groups in the table's order, then what the badges mean."""
        found = [action for action in ACTIONS if action.keys and self._meant(action)]
        lines: list[Line] = []
        for group in dict.fromkeys(action.group for action in found):
            lines += [Line(), heading(_(group))]
            lines += [self._line(action, width) for action in found if action.group == group]
        if not self.text:
            lines += [Line(), heading(_("Badges"))]
            lines += [Line([(f"   {mark}  ", look), (_(words), "")]) for mark, words, look in BADGE_LINES]
        return lines[1:] or [Line([(" " + _("Nothing in help matches."), "faint")])]

    def _meant(self, action: Action) -> bool:
        keys = " ".join(map(key_words, action.keys))
        return matches(self.text, f"{_(action.label)} {_(action.group)}") or self.text.casefold() in keys.casefold()

    def _line(self, action: Action, width: int) -> Line:
        keys = "  ".join(map(key_words, action.keys))
        room = max(KEYS_ROOM, cell_len(keys))
        return Line([(f"   {fit(keys, room)}  ", "accent"), (fit(_(action.label), max(width - room - 6, 8)), "")])

    def pick(self, target: object) -> None:
        """Nothing is picked here."""
