"""Line-by-line painting shared by every list: parts of text with a look, cleaned, cut and padded by cells."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.scroll_view import ScrollView
from textual.strip import Strip

from fieldkit.domain.cleaning import shown

Part = tuple[str, str]
"""A text and its look: one of LOOKS, or "" for plain."""

LOOKS = ("heading", "faint", "strong", "accent", "good", "bad", "card")
BADGES = {"waiting": ("⇡", "faint"), "sending": ("⇡", "accent"), "rejected": ("✗", "bad"), "conflict": ("⇄", "accent")}


def fit(text: str, width: int, align: str = "left") -> str:
    """`text` in exactly `width` terminal cells: padded, or cut with `…`."""
    length = cell_len(text)
    if length > width:
        return set_cell_size(set_cell_size(text, max(width - 1, 0)).rstrip() + "…", width) if width else ""
    padding = " " * (width - length)
    return padding + text if align == "right" else text + padding


def wrap(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` cells; breaks at blanks where there are some, between any two Chinese characters."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line, used = "", 0
        for character in paragraph:
            cells = cell_len(character)
            if used + cells > width:
                head, blank, tail = line.rpartition(" ")
                keep = bool(blank) and character.isascii() and not character.isspace() and line[-1:].isascii()
                lines.append(head if keep else line.rstrip())
                line = tail if keep else ""
                used = cell_len(line)
                if character == " ":
                    continue
            line, used = line + character, used + cells
        lines.append(line)
    return lines


def badge(state: str | None) -> Part:
    """The one-cell mark of a record's way to the centre; a blank once it is confirmed."""
    return BADGES.get(state or "", (" ", ""))


class Painted(ScrollView, can_focus=True):
    """A scroll view that paints lines of parts; subclasses say what stands on which line."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {*(f"look-{look}" for look in LOOKS), "look-cursor", "look-cursor-away"}
    DEFAULT_CSS = """
    Painted { background: $background; overflow-x: hidden; scrollbar-size-vertical: 1; }
    Painted > .look-heading { color: $primary; text-style: bold; }
    Painted > .look-faint { color: $faint; }
    Painted > .look-strong { text-style: bold; }
    Painted > .look-accent { color: $accent; }
    Painted > .look-good { color: $success; }
    Painted > .look-bad { color: $error; }
    Painted > .look-card { background: $surface; }
    Painted > .look-cursor { background: $cursor; text-style: bold; }
    Painted > .look-cursor-away { background: $cursor-away; }
    """

    strong = False
    """Whether the cursor is strong without the focus."""

    def paint(self, parts: Iterable[Part], *, cursor: bool = False, tint: str = "") -> Strip:
        """One line over the whole width. `cursor` marks the selected row, `tint` gives a base look for the line."""
        base = self.look(tint) if tint else self.rich_style
        if cursor:
            base += self.look("cursor" if self.has_focus or self.strong else "cursor-away", partial=True)
        return Strip(self.segments(parts, base)).adjust_cell_length(self.size.width, base).simplify()

    def segments(self, parts: Iterable[Part], base: Style) -> list[Segment]:
        """`parts` over a base style."""
        return [Segment(text, self._style(base, look)) for text, look in parts if text]

    def look(self, name: str, *, partial: bool = False) -> Style:
        """The style of one look."""
        return self.get_component_rich_style(f"look-{name}", partial=partial)

    def _style(self, base: Style, look: str) -> Style:
        if not look:
            return base
        style = self.look(look, partial=True)
        return base + Style(color=style.color, bold=style.bold, underline=style.underline)


def harmless(parts: Iterable[Part]) -> list[Part]:
    """`parts` with every text cleaned."""
    return [(shown(text), look) for text, look in parts]
