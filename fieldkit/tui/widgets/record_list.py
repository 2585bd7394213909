"""A list of any length in columns, under a line of column heads."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.events import Click
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from fieldkit.domain.cleaning import shown
from fieldkit.i18n import _
from fieldkit.tui.action_table import LIST, bindings
from fieldkit.tui.widgets.pages import Pages, Row
from fieldkit.tui.widgets.painted import Painted, Part, badge, fit, wrap


class Column:
    """One column: its label, how a row is told in it, `width` in cells (0: takes what is left), `need` the least list width."""

    __slots__ = ("align", "label", "look", "need", "tell", "width")

    def __init__(
        self,
        label: str,
        tell: Callable[[Row], str],
        width: int = 0,
        *,
        need: int = 0,
        look: str = "",
        align: str = "left",
    ) -> None:
        self.label = label
        self.tell = tell
        self.width = width
        self.need = need
        self.look = look
        self.align = align


class RecordList(Painted):
    """Rows of one kind in columns, under a line of column heads."""

    BINDINGS = bindings(LIST)

    class Moved(Message):
        """The cursor is on another record."""

        def __init__(self, records: RecordList) -> None:
            super().__init__()
            self.records = records

        @property
        def control(self) -> RecordList:
            return self.records

    class Opened(Moved):
        """Enter, or a double click."""

    def __init__(self, columns: Sequence[Column], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._columns = columns
        self._pages = Pages()
        self._empty = ""
        self._at = 0

    def load(self, pages: Pages, empty: str) -> None:
        """Show `pages`; the cursor stays on its record where it is still there. `empty` is said where there are none."""
        at = pages.index(self.record_id)
        self._pages, self._empty = pages, empty
        self._at = at if at >= 0 else min(self._at, max(len(pages) - 1, 0))
        self.virtual_size = Size(0, len(pages) + 1)
        self._keep_in_sight()
        self.refresh()

    @property
    def record_id(self) -> str | None:
        """The id under the cursor."""
        return self._pages.ids[self._at] if len(self._pages) else None

    @property
    def count(self) -> int:
        """How many records the list holds."""
        return len(self._pages)

    def select(self, record_id: str) -> bool:
        """Put the cursor on a record; False where it is not in the list."""
        at = self._pages.index(record_id)
        if at >= 0:
            self._move(at)
        return at >= 0

    def render_line(self, y: int) -> Strip:
        """The line at `y` of the window; the first is the column heads, which stay."""
        if not len(self._pages):
            return self._render_empty(y)
        if y == 0:
            return self.paint(self._line(None, " ", ""), tint="faint")
        index = y - 1 + round(self.scroll_y)
        if index >= len(self._pages):
            return self.paint(())
        row, state = self._pages.row(index)
        mark, look = badge(state)
        return self.paint(self._line(row, mark, look), cursor=index == self._at)

    def _render_empty(self, y: int) -> Strip:
        text = wrap(self._empty, max(self.size.width - 4, 10))
        line = y - 2
        return self.paint([(f"  {text[line]}", "faint")] if 0 <= line < len(text) else ())

    def _line(self, row: Row | None, mark: str, look: str) -> list[Part]:
        width = self.size.width
        columns = [column for column in self._columns if width >= column.need]
        fixed = sum(column.width + 2 for column in columns if column.width) + 2
        free = [column for column in columns if not column.width]
        parts: list[Part] = [(f"{mark} ", look)]
        for column in columns:
            room = column.width or max((width - fixed) // max(len(free), 1) - 2, 4)
            text = _(column.label) if row is None else shown(column.tell(row)) if row else ""
            parts.append((fit(text, room, column.align) + "  ", column.look if row is not None else ""))
        return parts

    def _move(self, at: int) -> None:
        if not len(self._pages):
            return
        self._at = max(0, min(at, len(self._pages) - 1))
        self._keep_in_sight()
        self.refresh()
        self.post_message(self.Moved(self))

    def _keep_in_sight(self) -> None:
        top, room = round(self.scroll_y), max(self.size.height - 1, 1)
        if self._at < top:
            self.scroll_to(y=self._at, animate=False, force=True)
        elif self._at >= top + room:
            self.scroll_to(y=self._at - room + 1, animate=False, force=True)

    def on_resize(self) -> None:
        """A smaller window still shows the cursor."""
        self._keep_in_sight()

    def action_cursor_up(self) -> None:
        """One up."""
        self._move(self._at - 1)

    def action_cursor_down(self) -> None:
        """One down."""
        self._move(self._at + 1)

    def action_page_up(self) -> None:
        """A window up."""
        self._move(self._at - max(self.size.height - 2, 1))

    def action_page_down(self) -> None:
        """A window down."""
        self._move(self._at + max(self.size.height - 2, 1))

    def action_first(self) -> None:
        """To the first record."""
        self._move(0)

    def action_last(self) -> None:
        """To the last record."""
        self._move(len(self._pages) - 1)

    def action_open(self) -> None:
        """Say that the selected record is to be opened."""
        if len(self._pages):
            self.post_message(self.Opened(self))

    def on_click(self, event: Click) -> None:
        """A click selects, a double click opens."""
        index = event.y - 1 + round(self.scroll_y)
        if event.y and 0 <= index < len(self._pages):
            self._move(index)
            if event.chain > 1:
                self.action_open()

    def on_focus(self) -> None:
        """The cursor is strong where the focus is."""
        self.refresh()

    def on_blur(self) -> None:
        """The cursor is pale elsewhere."""
        self.refresh()
