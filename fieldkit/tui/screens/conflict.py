"""Two values of one field, side by side: keep mine, take theirs, keep both, or write another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static

from fieldkit.domain.cleaning import shown, shown_lines
from fieldkit.domain.kinds import KINDS, LONG_TEXT, TEXT
from fieldkit.domain.wording import field_of
from fieldkit.i18n import _
from fieldkit.tui.screens.overlay import Overlay
from fieldkit.tui.widgets.fields import TextField
from fieldkit.tui.widgets.lines import Line, Lines
from fieldkit.tui.words import moment_words

if TYPE_CHECKING:
    from fieldkit.replication.disputes import Dispute, Side
    from fieldkit.tui.deeds import Done, Failed


class ConflictScreen(Overlay[None]):
    """What is chosen travels to everybody as an ordinary edit."""

    DEFAULT_CSS = """
    ConflictScreen #panel { height: auto; max-height: 88%; }
    #sides { height: auto; max-height: 12; margin: 1 0; }
    .side { width: 1fr; height: auto; padding: 0 1; border: round $border; border-title-color: $primary; margin: 0 1; }
    ConflictScreen Lines { height: 4; }
    ConflictScreen #query { display: none; margin: 1 1; }
    ConflictScreen #query.-open { display: block; }
    #say { height: auto; padding: 0 1; color: $error; }
    """

    def __init__(self, dispute: Dispute) -> None:
        super().__init__()
        self._dispute = dispute
        self._field = field_of(dispute.kind, dispute.field)

    def compose(self) -> ComposeResult:
        """Both sides, then what can be done."""
        title = f"{shown(self._dispute.title)}  ·  {self._dispute.label}"
        with Vertical(id="panel"):
            yield Static(Content(title), id="title")
            with Horizontal(id="sides"):
                yield from map(self._side, (self._dispute.mine, self._dispute.theirs))
            yield Lines(self._write)
            yield TextField(shown(self._both()), id="query")
            yield Static("", id="say")

    def on_mount(self) -> None:
        """The choices have the focus."""
        self.query_one(Lines).focus()

    def _side(self, side: Side) -> Static:
        shape = Static(Content(shown_lines(side.words or _("(empty)"))), classes="side")
        shape.border_title = Content(f"{shown(side.name)} · {moment_words(side.at, self.tui.data.now())}")
        return shape

    def _both(self) -> str:
        values = (self._dispute.mine.value, self._dispute.theirs.value)
        return " / ".join(str(value) for value in values if value)

    def _write(self, _width: int) -> list[Line]:
        dispute = self._dispute
        name = shown(dispute.theirs.name)
        keep = _("Keep mine") if dispute.mine.by == self.tui.store.me.person_id else _("Keep what stands")
        choices = [("mine", keep), ("theirs", _("Take what {name} wrote").format(name=name))]
        if dispute.field == "deleted":
            choices = [
                (side_name, _("Delete it") if side.value else _("Keep it, with what was changed"))
                for side_name, side in (("mine", dispute.mine), ("theirs", dispute.theirs))
            ]
        elif self._field.takes in (TEXT, LONG_TEXT):
            choices.append(("both", _("Keep both")))
        if KINDS[dispute.kind].field(dispute.field):
            choices.append(("edit", _("Write another value")))
        return [Line([(f"  {words}", "")], name) for name, words in choices]

    @on(Lines.Opened)
    def _chosen(self, event: Lines.Opened) -> None:
        choice = str(event.lines.target)
        if choice == "edit":
            field = self.query_one(TextField)
            field.add_class("-open")
            field.focus()
        elif choice == "both":
            self.tui.deeds.settle(self._dispute.id, "", self._both())
        else:
            self.tui.deeds.settle(self._dispute.id, choice)

    @on(Input.Submitted)
    def _written(self, event: Input.Submitted) -> None:
        self.tui.deeds.settle(self._dispute.id, "", event.value)

    def deed_done(self, event: Done) -> None:
        """It is settled."""
        if event.name == "resolve":
            self.dismiss()

    def deed_failed(self, event: Failed) -> bool:
        """The value does not fit the field."""
        from fieldkit.sentences import sentence

        self.query_one("#say", Static).update(Content(shown(sentence(event.error))))
        return True
