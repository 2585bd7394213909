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
from fieldkit.i18n import _
from fieldkit.tui.screens.overlay import Overlay
from fieldkit.tui.widgets.fields import TextField
from fieldkit.tui.widgets.lines import Line, Lines
from fieldkit.tui.words import moment_words, value_words

if TYPE_CHECKING:
    from fieldkit.tui.deeds import Done, Failed
    from sync import Conflict


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

    def __init__(self, conflict: Conflict) -> None:
        super().__init__()
        self._conflict = conflict
        kind = KINDS.get(conflict.table)
        self._field = kind.field(conflict.field) if kind else None

    def compose(self) -> ComposeResult:
        """Both sides, then what can be done."""
        row = self.tui.data.row(self._conflict.table, self._conflict.record_id)
        label = _(self._field.label) if self._field else self._conflict.field
        with Vertical(id="panel"):
            yield Static(Content(f"{shown(row['title']) if row else ''}  ·  {label}"), id="title")
            with Horizontal(id="sides"):
                yield from self._sides()
            yield Lines(self._write)
            yield TextField(shown(self._both()), id="query")
            yield Static("", id="say")

    def on_mount(self) -> None:
        """The choices have the focus."""
        self.query_one(Lines).focus()

    def _mine_is_kept(self) -> bool:
        return self._conflict.kept_by in ("", self.tui.store.me.person_id)

    def _mine_and_theirs(self) -> tuple[tuple[object, int], tuple[object, int]]:
        kept, other = (self._conflict.kept, self._conflict.kept_at), (self._conflict.other, self._conflict.other_at)
        return (kept, other) if self._mine_is_kept() else (other, kept)

    def _sides(self) -> list[Static]:
        sides = []
        for title, (value, at) in zip((_("Mine"), _("Theirs")), self._mine_and_theirs(), strict=True):
            words = value_words(self._conflict.table, self._conflict.field, value) or _("(empty)")
            side = Static(Content(shown_lines(words)), classes="side")
            side.border_title = Content(f"{title} · {moment_words(at, self.tui.data.now())}")
            sides.append(side)
        return sides

    def _both(self) -> str:
        mine, theirs = (str(value or "") for value, _at in self._mine_and_theirs())
        return " / ".join(part for part in (mine, theirs) if part)

    def _write(self, _width: int) -> list[Line]:
        choices = [("mine", _("Keep mine")), ("theirs", _("Take theirs"))]
        if self._field is not None and self._field.takes in (TEXT, LONG_TEXT):
            choices.append(("both", _("Keep both")))
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
            self.tui.deeds.resolve(self._conflict.id, "value", self._both())
        else:
            self.tui.deeds.resolve(self._conflict.id, choice)

    @on(Input.Submitted)
    def _written(self, event: Input.Submitted) -> None:
        self.tui.deeds.resolve(self._conflict.id, "value", event.value)

    def deed_done(self, event: Done) -> None:
        """It is settled."""
        if event.name == "resolve":
            self.dismiss()

    def deed_failed(self, event: Failed) -> bool:
        """The value does not fit the field."""
        from fieldkit.sentences import sentence

        self.query_one("#say", Static).update(Content(shown(sentence(event.error))))
        return True
