"""The reason for setting a lead aside, which such a stage demands."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from fieldkit.i18n import _
from fieldkit.tui.screens.overlay import Overlay
from fieldkit.tui.widgets.fields import TextField
from fieldkit.tui.words import choice_words


class ReasonScreen(Overlay[str]):
    """Answers the reason; Esc leaves the lead where it is."""

    CSS = "ReasonScreen #panel { height: 6; padding: 1 1; }"

    def __init__(self, stage: str) -> None:
        super().__init__()
        self._stage = stage

    def compose(self) -> ComposeResult:
        """One line."""
        with Vertical(id="panel"):
            words = _("Why does the lead go to {stage}?").format(stage=choice_words("stages", self._stage))
            yield Static(Content(words), id="title")
            yield TextField(placeholder=_("The reason; Enter moves the lead, Esc leaves it where it is"), id="query")

    @on(Input.Submitted)
    def _answered(self, event: Input.Submitted) -> None:
        if event.value.strip():
            self.dismiss(event.value.strip())
