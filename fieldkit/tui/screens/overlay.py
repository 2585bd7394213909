"""What lies over a screen: overlays that close with Esc, and overlays in which something is found by typing and picked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar, cast

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from fieldkit.domain.cleaning import shown
from fieldkit.tui.action_table import LIST, OVERLAY, bindings
from fieldkit.tui.widgets.fields import TextField
from fieldkit.tui.widgets.frame import Hints
from fieldkit.tui.widgets.lines import Line, Lines

if TYPE_CHECKING:
    from fieldkit.tui.app import FieldkitApp
    from fieldkit.tui.deeds import Done, Failed

Answer = TypeVar("Answer")


class Overlay(ModalScreen[Answer], Generic[Answer]):
    """Over the mode's screen; the app behind it shows through at the edges."""

    BINDINGS = bindings(OVERLAY)
    PLACE = OVERLAY
    DEFAULT_CSS = """
    Overlay { align: center top; background: $background 70%; }
    #panel { width: 84; max-width: 96%; height: 82%; margin: 1 0 3 0; background: $surface; padding: 1 1; }
    Overlay.-narrow #panel { width: 100%; max-width: 100%; }
    #panel Painted { background: $surface; }
    #title { height: 1; color: $primary; text-style: bold; padding: 0 1; }
    #query { margin: 0 0 1 0; background: $panel; }
    """

    @property
    def tui(self) -> FieldkitApp:
        """The app, as what it is."""
        return cast("FieldkitApp", self.app)

    def action_dismiss(self, _result: Answer | None = None) -> None:  # type: ignore[override]
        """Close without an answer."""
        self.dismiss()

    def on_screen_resume(self) -> None:
        """The footer speaks for the overlay."""
        self.tui.work_screen.query_one(Hints).show_place(self.PLACE)

    def unsaved(self) -> bool:
        """Whether something was typed here that quitting would lose."""
        return False

    def deed_done(self, event: Done) -> None:
        """Something was committed while the overlay is open."""

    def deed_failed(self, event: Failed) -> bool:
        """A deed failed; whether the overlay has said so."""
        del event
        return False


class PickScreen(Overlay[Answer]):
    """A line to type in, and below it lines to pick from; arrows move, Enter picks."""

    BINDINGS = bindings(LIST)

    def compose(self) -> ComposeResult:
        """Title, line, lines."""
        with Vertical(id="panel"):
            yield Static(Content(shown(self.title_words())), id="title")
            yield TextField(placeholder=self.placeholder_words(), id="query")
            yield Lines(self.write, held=True)

    def title_words(self) -> str:
        """What the overlay is for."""
        raise NotImplementedError

    def placeholder_words(self) -> str:
        """What can be typed."""
        raise NotImplementedError

    def write(self, width: int) -> list[Line]:
        """The lines for what is typed."""
        raise NotImplementedError

    def pick(self, target: object) -> None:
        """Enter on a line."""
        raise NotImplementedError

    def typed(self, text: str) -> None:
        """Other words were typed."""
        del text
        self.lines.rewrite(keep=False)

    @property
    def lines(self) -> Lines:
        """The lines to pick from."""
        return self.query_one(Lines)

    @property
    def text(self) -> str:
        """What is typed."""
        found = self.query(TextField)
        return found.first().value.strip() if found else ""

    @on(Input.Changed, "#query")
    def _changed(self, event: Input.Changed) -> None:
        self.typed(event.value.strip())

    @on(Input.Submitted, "#query")
    def _submitted(self) -> None:
        if self.lines.target is not None:
            self.pick(self.lines.target)

    @on(Lines.Opened)
    def _opened(self) -> None:
        self.pick(self.lines.target)

    def action_cursor_up(self) -> None:
        """The line above."""
        self.lines.action_cursor_up()

    def action_cursor_down(self) -> None:
        """The line below."""
        self.lines.action_cursor_down()

    def action_page_up(self) -> None:
        """A page up."""
        self.lines.action_page_up()

    def action_page_down(self) -> None:
        """A page down."""
        self.lines.action_page_down()

    def action_first(self) -> None:
        """The first line."""
        self.lines.action_first()

    def action_last(self) -> None:
        """The last line."""
        self.lines.action_last()

    def action_open(self) -> None:
        """Pick the line."""
        self._submitted()
