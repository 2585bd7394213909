"""An outline of lines, some of which can be chosen: Today, a record's detail, Sync, help, search results."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from textual.events import Click, Resize
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip

from fieldkit.tui.action_table import LIST, bindings
from fieldkit.tui.widgets.painted import Painted, Part, harmless


class Line:
    """One line: cleaned parts, and the `target` that it stands for (None: it cannot be chosen)."""

    __slots__ = ("parts", "target")

    def __init__(self, parts: Iterable[Part] = (), target: object = None) -> None:
        self.parts = harmless(parts)
        self.target = target


BESIDE = 4  # lines past the window's edge at which a target still counts as in sight: a heading stands between

Writer = Callable[[int], Sequence[Line]]
"""Makes the lines for a width in cells."""


class Lines(Painted):
    """Paints what a Writer writes; the cursor goes from target to target, or scrolls where there is none."""

    BINDINGS = bindings(LIST)

    class Moved(Message):
        """The cursor is on another target."""

        def __init__(self, lines: Lines) -> None:
            super().__init__()
            self.lines = lines

        @property
        def control(self) -> Lines:
            return self.lines

    class Opened(Moved):
        """Enter, or a click on the selected line."""

    def __init__(self, write: Writer | None = None, *, id: str | None = None, held: bool = False) -> None:
        """`held` shows the cursor without the focus, where a text field moves it."""
        super().__init__(id=id)
        self.strong = held
        self._write: Writer = write or (lambda _width: ())
        self._lines: Sequence[Line] = ()
        self._stops: list[int] = []
        self._at = 0
        self._width = 0

    @property
    def target(self) -> object:
        """What the cursor stands on."""
        return self._lines[self._stops[self._at]].target if self._stops else None

    def rewrite(self, write: Writer | None = None, *, keep: bool = True) -> None:
        """Write again, with another Writer if given; the cursor stays on an equal target where there is one."""
        before = self.target if keep else None
        self._write = write or self._write
        if self._width:
            self._fill(before)
            if not keep:
                self.scroll_to(y=0, animate=False)

    def _fill(self, before: object) -> None:
        self._lines = self._write(self._width)
        self._stops = [index for index, line in enumerate(self._lines) if line.target is not None]
        same = (at for at, index in enumerate(self._stops) if self._lines[index].target == before)
        self._at = next(same, min(self._at, max(len(self._stops) - 1, 0)) if before is not None else 0)
        self.virtual_size = Size(self._width, len(self._lines))
        self.refresh()

    def on_resize(self, event: Resize) -> None:
        """A new width: the lines are written for it."""
        if event.size.width != self._width:
            self._width = event.size.width
            self._fill(self.target)

    def render_line(self, y: int) -> Strip:
        """The line at `y` of the window."""
        index = y + round(self.scroll_y)
        if index >= len(self._lines):
            return self.paint(())
        chosen = bool(self._stops) and self._stops[self._at] == index
        return self.paint(self._lines[index].parts, cursor=chosen and (self.strong or self.has_focus))

    def _move(self, at: int) -> None:
        if not self._stops:
            return
        self._at = max(0, min(at, len(self._stops) - 1))
        index = self._stops[self._at]
        first = 0 if self._at == 0 else index
        self.scroll_to_region(Region(0, first, 1, index - first + 1), animate=False)
        if self._at == len(self._stops) - 1:
            self.scroll_to_region(Region(0, index, 1, len(self._lines) - index), animate=False)
            self.scroll_to_region(Region(0, index, 1, 1), animate=False)
        self.refresh()
        self.post_message(self.Moved(self))

    def action_cursor_up(self) -> None:
        """To the target above; where that is out of sight, a line up, so that long words between can be read."""
        if self._at and self._stops[self._at - 1] >= round(self.scroll_y) - BESIDE:
            self._move(self._at - 1)
        else:
            self.scroll_relative(y=-1, animate=False)

    def action_cursor_down(self) -> None:
        """To the target below; where that is out of sight, a line down."""
        after = self._stops[self._at + 1 : self._at + 2]
        if after and after[0] < round(self.scroll_y) + self.size.height + BESIDE:
            self._move(self._at + 1)
        else:
            self.scroll_relative(y=1, animate=False)

    def action_page_up(self) -> None:
        """A page of lines up."""
        self._page(-1)

    def action_page_down(self) -> None:
        """A page of lines down."""
        self._page(1)

    def _page(self, direction: int) -> None:
        height = max(self.size.height - 1, 1)
        before = round(self.scroll_y)
        top = max(0, min(before + direction * height, round(self.max_scroll_y)))
        self.scroll_to(y=top, animate=False, immediate=True)
        seen = [at for at, index in enumerate(self._stops) if top <= index < top + self.size.height]
        if seen:
            moved = self._stops[self._at] + (top - before or direction * height)
            self._move(min(seen, key=lambda at: abs(self._stops[at] - moved)))

    def action_first(self) -> None:
        """To the first target."""
        self._move(0)
        self.scroll_to(y=0, animate=False)

    def action_last(self) -> None:
        """To the last target."""
        self._move(len(self._stops) - 1)
        self.scroll_to(y=self.max_scroll_y, animate=False)

    def action_open(self) -> None:
        """Say that the selected target is to be opened."""
        if self.target is not None:
            self.post_message(self.Opened(self))

    def on_click(self, event: Click) -> None:
        """A click selects; a click on what is selected opens."""
        index = event.y + round(self.scroll_y)
        if index in self._stops:
            at = self._stops.index(index)
            opened = at == self._at and self.has_focus and event.chain > 1
            self._move(at)
            if opened:
                self.action_open()

    def on_focus(self) -> None:
        """The cursor shows where the focus is."""
        self.refresh()

    def on_blur(self) -> None:
        """The cursor hides."""
        self.refresh()
