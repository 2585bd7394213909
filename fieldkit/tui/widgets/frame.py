"""The frame of every screen: the screens' names above; the truth about the outbox and six key hints below."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content
from textual.events import Click
from textual.widget import Widget

from fieldkit.domain.cleaning import shown
from fieldkit.i18n import N_, _
from fieldkit.tui.action_table import hints, key_words
from fieldkit.tui.widgets.painted import wrap

SCREENS: tuple[tuple[str, str], ...] = (
    ("today", N_("Today")),
    ("leads", N_("Leads")),
    ("visits", N_("Visits")),
    ("contacts", N_("Contacts")),
    ("companies", N_("Companies")),
    ("sync", N_("Sync")),
)


class Tabs(Widget):
    """The names of the screens with their numbers; the current one stands out."""

    DEFAULT_CSS = "Tabs { height: 1; dock: top; background: $surface; color: $faint; }"

    def __init__(self, current: str) -> None:
        super().__init__()
        self._current = current

    def _names(self) -> list[tuple[str, str]]:
        return [(name, f" {number} {_(label)} ") for number, (name, label) in enumerate(SCREENS, 1)]

    def render(self) -> Content:
        """One line."""
        parts: list[Content | tuple[str, str]] = [
            (text, "bold $background on $primary" if name == self._current else "") for name, text in self._names()
        ]
        return Content.assemble(" ", *parts)

    def on_click(self, event: Click) -> None:
        """A click on a name goes there."""
        edge = 1
        for name, text in self._names():
            edge += cell_len(text)
            if event.x < edge:
                self.app.call_later(self.app.run_action, f"show('{name}')")
                return


class StatusLine(Widget):
    """Left: what just happened. Right: what the centre does not have yet, as the outbox says."""

    DEFAULT_CSS = """
    StatusLine { height: auto; min-height: 1; max-height: 3; background: $surface; color: $foreground; padding: 0 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._message, self._look = "", ""
        self._status, self._status_look = "", ""

    def tell(self, message: str, look: str = "") -> None:
        """Show what just happened; an empty message takes it away."""
        self._message, self._look = shown(message), look
        self.refresh(layout=True)

    def set_status(self, status: str, look: str) -> None:
        """Show where the outbox stands."""
        self._status, self._status_look = shown(status), look
        self.refresh()

    def render(self) -> Content:
        """The message gets the room it needs first, and further lines where one is too short for what to do."""
        room = self.content_size.width or self.app.size.width - 2
        gap = room - cell_len(self._message) - cell_len(self._status)
        if self._message and gap < 2:
            return Content("\n".join(wrap(self._message, max(room, 8)))).stylize(self._look)
        return Content.assemble((self._message, self._look), " " * max(gap, 0), (self._status, self._status_look))


class Hints(Widget):
    """The footer: at most six keys of the place where the focus is."""

    DEFAULT_CSS = "Hints { height: 1; background: $background; color: $faint; padding: 0 1; }"

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def show_place(self, place: str) -> None:
        """Another place has the focus."""
        if place != self.place:
            self.place = place
            self.refresh()

    def render(self) -> Content:
        """As many hints as fit."""
        parts: list[tuple[str, str] | str] = []
        room = self.size.width
        for action in hints(self.place):
            key, label = key_words(action.keys[0]), f" {_(action.short)}   "
            room -= cell_len(key) + cell_len(label)
            if room < -3:
                break
            parts += [(key, "$primary bold"), label]
        return Content.assemble(*parts)
