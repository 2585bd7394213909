"""A field whose value is chosen by typing: a code of a list, or a record of another kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.events import DescendantBlur, Key
from textual.timer import Timer
from textual.widgets import Input

from fieldkit.i18n import _
from fieldkit.tui.widgets.fields import TextField
from fieldkit.tui.widgets.lines import Line, Lines
from fieldkit.tui.workers import Found

DEBOUNCE = 0.08
SHOWN = 5

Option = tuple[str, str, str]
"""A value, its words, and what stands beside them."""


class PickField(Vertical):
    """A text field over at most five options; ↑↓ go through them, Enter takes one, an empty field is no value.

    `look_up` is called with what is typed and answers by `offer`, now or later.
    """

    DEFAULT_CSS = """
    PickField { height: auto; }
    PickField Lines { height: auto; max-height: 5; display: none; background: $panel; }
    PickField.-open Lines { display: block; }
    """

    def __init__(self, value: str, words: str, look_up: Callable[[PickField, str], None], *, id: str) -> None:
        super().__init__(id=id)
        self.value = value
        self._words = words
        self._look_up = look_up
        self._options: Sequence[Option] = ()
        self._suggested: Sequence[Option] = ()
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """The line and its options."""
        yield TextField(self._words, _("Type to choose"))
        yield Lines(self._write, held=True)

    def on_mount(self) -> None:
        """The options are reached by the arrows, never by Tab."""
        self.query_one(Lines).can_focus = False

    @property
    def text(self) -> str:
        """What stands in the line."""
        return self.query_one(TextField).value.strip()

    @property
    def settled(self) -> bool:
        """Whether what stands in the line is the value's own words, or nothing."""
        return not self.text or self.text == self._words

    @property
    def open(self) -> bool:
        """Whether options are in sight."""
        return self.has_class("-open")

    def offer(self, typed: str, options: Sequence[Option]) -> None:
        """The options for what was typed, if it still stands there."""
        if typed == self.text and not self.settled:
            self._show(options)

    def suggest(self, options: Sequence[Option]) -> None:
        """Options for the empty line, in sight while it has the focus."""
        self._suggested = options
        self._offer_suggested()

    def _offer_suggested(self) -> None:
        if not self.text and self._suggested and self.query_one(TextField).has_focus:
            self._show(self._suggested)

    def _show(self, options: Sequence[Option]) -> None:
        self._options = options[:SHOWN]
        self.set_class(bool(self._options), "-open")
        lines = self.query_one(Lines)
        lines.styles.height = len(self._options)
        lines.rewrite(keep=False)

    def _write(self, _width: int) -> list[Line]:
        return [
            Line([(f" {words}", ""), (f"  {side}", "faint")], (value, words)) for value, words, side in self._options
        ]

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        if self._timer is not None:
            self._timer.stop()
        if self.settled:
            self.value = self.value if self.text else ""
            self._words = self._words if self.text else ""
            self.remove_class("-open")
            self._offer_suggested()
        else:
            self._timer = self.set_timer(DEBOUNCE, lambda: self._look_up(self, self.text))

    @on(Found)
    def _found(self, event: Found) -> None:
        self.offer(
            event.text, [(row["id"], row["title"], row.get("company") or row.get("region") or "") for row in event.rows]
        )

    def on_key(self, event: Key) -> None:
        """While options are in sight, arrows and Enter are theirs."""
        moves = {"up": Lines.action_cursor_up, "down": Lines.action_cursor_down}
        if self.open and event.key in moves:
            moves[event.key](self.query_one(Lines))
            event.stop()
            event.prevent_default()
        elif self.open and event.key == "escape":
            self.remove_class("-open")
            event.stop()
            event.prevent_default()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        if self.open:
            event.stop()
            self._take()

    @on(Lines.Opened)
    def _clicked(self, event: Lines.Opened) -> None:
        event.stop()
        self._take()

    def _take(self) -> None:
        target = self.query_one(Lines).target
        if isinstance(target, tuple):
            self.value, self._words = target
            self.query_one(TextField).value = self._words
            self.remove_class("-open")

    def on_descendant_focus(self) -> None:
        """What is suggested comes into sight."""
        self._offer_suggested()

    def on_descendant_blur(self, event: DescendantBlur) -> None:
        """Leaving the field closes the options; a single one that was typed out in full is taken."""
        del event
        if self.open and self._options and self._options[0][1] == self.text:
            self._take()
        self.remove_class("-open")
