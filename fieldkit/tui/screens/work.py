"""What the six screens share: the frame, the data they show, the record under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.screen import Screen
from textual.widget import Widget

from fieldkit.tui.action_table import APP, COMPOSER
from fieldkit.tui.widgets.frame import Hints, StatusLine, Tabs

if TYPE_CHECKING:
    from fieldkit.tui.app import FieldkitApp
    from fieldkit.tui.widgets.composer import Composer
    from fieldkit.tui.widgets.pages import Row

Target = tuple[str, str]


class WorkScreen(Screen[None]):
    """A screen of its own mode. Subclasses give `body` and say what is selected."""

    MODE = ""
    KIND = ""
    DEFAULT_CSS = """
    WorkScreen { layout: vertical; background: $background; }
    #body { height: 1fr; }
    #foot { height: auto; dock: bottom; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._seen = -1

    @property
    def tui(self) -> FieldkitApp:
        """The app, as what it is."""
        return cast("FieldkitApp", self.app)

    def compose(self) -> ComposeResult:
        """The frame around the body."""
        yield Tabs(self.MODE)
        with Container(id="body"):
            yield from self.body()
        with Vertical(id="foot"):
            yield StatusLine()
            yield Hints(APP)

    def body(self) -> ComposeResult:
        """The widgets between the frame's lines."""
        raise NotImplementedError

    def load(self) -> None:
        """Read what is shown from the store."""
        raise NotImplementedError

    def selected(self) -> Target | None:
        """The kind and id of the record under the cursor."""
        raise NotImplementedError

    def panes(self) -> list[Widget]:
        """What F6 goes through."""
        raise NotImplementedError

    def show_record(self, record_id: str) -> bool:
        """Put the cursor on a record; False where it is not shown here."""
        del record_id
        return False

    def go_back(self) -> None:
        """Esc: one step back inside the screen."""

    def open_filter(self) -> None:
        """F9: narrow the list, where there is one."""

    def toggle_board(self) -> None:
        """Another face of the same records, where there is one."""

    def toggle_order(self) -> None:
        """Newest first, or by name, where there are names."""

    def selected_row(self) -> Row | None:
        """The record under the cursor as stored."""
        target = self.selected()
        return self.tui.data.row(*target) if target else None

    def composer(self) -> Composer | None:
        """The composer, where it is open here."""
        found = self.query("Composer")
        return cast("Composer", found.first()) if found else None

    def load_if_stale(self) -> None:
        """Read again where the store has changed since."""
        if self._seen != self.tui.data.version:
            self._seen = self.tui.data.version
            self.load()

    def on_mount(self) -> None:
        """The first pane has the focus."""
        self.panes()[0].focus()

    def on_screen_resume(self) -> None:
        """The screen comes back into sight."""
        self.load_if_stale()
        self.tui.show_frame()
        self._hint()

    def on_descendant_focus(self) -> None:
        """The footer speaks for the place where the focus is."""
        self._hint()

    def _hint(self) -> None:
        composer = self.composer()
        inside = composer is not None and composer.has_focus_within
        self.query_one(Hints).show_place(COMPOSER if inside else APP)
