"""Text fields of our own: the input method's window stands at the cursor, and pasted text is cleaned."""

from __future__ import annotations

from textual.events import Paste
from textual.geometry import Offset
from textual.widgets import Input

from fieldkit.domain.cleaning import shown


class TextField(Input):
    """A one-line field."""

    DEFAULT_CSS = """
    TextField { height: 1; border: none; padding: 0 1; background: $surface; color: $foreground; }
    TextField.-textual-compact { padding: 0 1; }
    TextField:focus { border: none; background: $panel; }
    TextField > .input--placeholder { color: $faint; }
    """

    def __init__(
        self, value: str = "", placeholder: str = "", *, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(shown(value), shown(placeholder), id=id, classes=classes, select_on_focus=False, compact=True)
        self.cursor_blink = False

    @property
    def cursor_screen_offset(self) -> Offset:
        """Where the cursor is painted: Textual counts one cell too many at the end of a value."""
        x, y, _width, _height = self.content_region
        cells = self._position_to_cell(self.cursor_position)
        return Offset(x + cells - round(self.scroll_x), y)

    def on_paste(self, event: Paste) -> None:
        """Pasted text is cleaned before it is inserted; lines become one."""
        event.text = shown(event.text)
