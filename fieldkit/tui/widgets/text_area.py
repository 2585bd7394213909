"""The field of several lines; loaded when the first one is needed, because it costs a fifth of Textual's own import."""

from __future__ import annotations

from textual.events import Paste
from textual.geometry import Region
from textual.strip import Strip
from textual.widgets import TextArea

from fieldkit.domain.cleaning import shown_lines


class LongField(TextArea):
    """Several lines of plain text. Tab leaves it; Enter is a new line, because it also confirms an input method."""

    DEFAULT_CSS = """
    LongField { border: none; padding: 0 1; background: $surface; height: 4; scrollbar-size-vertical: 1; }
    LongField:focus { border: none; background: $panel; }
    LongField .text-area--cursor-line { background: transparent; }
    """

    def __init__(self, text: str = "", *, id: str | None = None, placeholder: str = "") -> None:
        super().__init__(
            shown_lines(text),
            id=id,
            soft_wrap=True,
            tab_behavior="focus",
            show_line_numbers=False,
            highlight_cursor_line=False,
            compact=True,
            placeholder=placeholder,
        )
        self.cursor_blink = False

    def render_lines(self, crop: Region) -> list[Strip]:
        """Blank until the styles are there: an overlay may paint the screen below it before its new widgets have any."""
        try:
            return super().render_lines(crop)
        except KeyError:
            return [Strip.blank(crop.width)] * crop.height

    def on_paste(self, event: Paste) -> None:
        """Pasted text is cleaned before it is inserted."""
        event.text = shown_lines(event.text)
