"""A record that the centre refused: why, and edit it, send it again, or take the centre's version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from fieldkit.domain.cleaning import shown, shown_lines
from fieldkit.i18n import _
from fieldkit.tui.screens.overlay import Overlay
from fieldkit.tui.widgets.lines import Line, Lines

if TYPE_CHECKING:
    from fieldkit.replication.refusals import Refusal
    from fieldkit.tui.deeds import Done


class RefusedScreen(Overlay[None]):
    """What is given up can be brought back by undo."""

    DEFAULT_CSS = """
    RefusedScreen #panel { height: auto; max-height: 88%; }
    #why { height: auto; max-height: 12; margin: 1 0; padding: 0 1; color: $error; }
    RefusedScreen Lines { height: 3; }
    """

    def __init__(self, refusal: Refusal) -> None:
        super().__init__()
        self._refusal = refusal

    def compose(self) -> ComposeResult:
        """Why, then what can be done."""
        refusal = self._refusal
        words = "\n".join([refusal.why, *map(shown_lines, refusal.held)])
        with Vertical(id="panel"):
            yield Static(Content(f"{shown(refusal.title)}  ·  {_('Refused by the centre')}"), id="title")
            yield Static(Content(words), id="why")
            yield Lines(self._write)

    def on_mount(self) -> None:
        """The choices have the focus."""
        self.query_one(Lines).focus()

    def _write(self, _width: int) -> list[Line]:
        choices = [] if self._refusal.gone else [("edit", _("Edit it; it goes again when it is saved"))]
        choices += [("again", _("Send it again as it is"))]
        choices += [("give-up", _("Give it up, and take the centre's version"))]
        return [Line([(f"  {words}", "")], name) for name, words in choices]

    @on(Lines.Opened)
    def _chosen(self, event: Lines.Opened) -> None:
        refusal = self._refusal
        if event.lines.target == "edit":
            self.dismiss()
            self.tui.open_form(refusal.kind, refusal.id)
        elif event.lines.target == "again":
            self.tui.deeds.send_again(refusal.kind, refusal.id)
        else:
            self.tui.deeds.give_up(refusal.kind, refusal.id)

    def deed_done(self, event: Done) -> None:
        """It is answered."""
        if event.name in ("send_again", "give_up"):
            self.dismiss()
