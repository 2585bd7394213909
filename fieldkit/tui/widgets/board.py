"""The pipeline: a column for each stage, a card for each lead; as many columns side by side as the width allows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.binding import BindingType
from textual.events import Click
from textual.message import Message
from textual.strip import Strip

from fieldkit.domain.cleaning import shown
from fieldkit.tui.action_table import BOARD, LIST, bindings
from fieldkit.tui.widgets.pages import Pages
from fieldkit.tui.widgets.painted import Painted, Part, badge, fit, wrap
from fieldkit.tui.words import amount_words

CARD = 3  # lines: title, company and amount, a blank
HEAD = 2
COLUMN_CELLS = 24
SINGLE_BELOW = 64


class Stage:
    """One column: the stage's code and label, its leads, the card under the cursor, the first card in sight."""

    __slots__ = ("at", "code", "label", "pages", "top")

    def __init__(self, code: str, label: str, pages: Pages) -> None:
        self.code = code
        self.label = label
        self.pages = pages
        self.at = 0
        self.top = 0


class Board(Painted):
    """Cards by stage. The cursor is on one card of one column."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(LIST), *bindings(BOARD)]

    class Moved(Message):
        """The cursor is on another lead."""

        def __init__(self, board: Board) -> None:
            super().__init__()
            self.board = board

        @property
        def control(self) -> Board:
            return self.board

    class Opened(Moved):
        """Enter, or a double click."""

    class StageChanged(Message):
        """The person moves a lead to another stage."""

        def __init__(self, lead_id: str, stage: str) -> None:
            super().__init__()
            self.lead_id = lead_id
            self.stage = stage

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._stages: Sequence[Stage] = ()
        self._column = 0
        self._first = 0
        self._empty = ""

    def load(self, stages: Sequence[Stage], empty: str) -> None:
        """Show `stages`; the cursor follows its lead, into another column if need be."""
        before, column, cards = self.record_id, self._column, {stage.code: stage.at for stage in self._stages}
        self._stages, self._empty = stages, empty
        for stage in stages:
            stage.at = min(cards.get(stage.code, 0), max(len(stage.pages) - 1, 0))
        self._column = min(column, max(len(stages) - 1, 0))
        if before is None or not self.select(before):
            self._settle()

    @property
    def record_id(self) -> str | None:
        """The lead under the cursor."""
        stage = self._stages[self._column] if self._stages else None
        return stage.pages.ids[stage.at] if stage and len(stage.pages) else None

    def select(self, record_id: str) -> bool:
        """Put the cursor on a lead; False where it is on no column."""
        for column, stage in enumerate(self._stages):
            at = stage.pages.index(record_id)
            if at >= 0:
                self._column, stage.at = column, at
                self._settle()
                return True
        return False

    def _side_by_side(self) -> int:
        width = self.size.width
        return 1 if width < SINGLE_BELOW else max(1, min(width // COLUMN_CELLS, len(self._stages)))

    def _cards_in_sight(self) -> int:
        return max((self.size.height - HEAD) // CARD, 1)

    def _settle(self) -> None:
        beside = self._side_by_side()
        self._first = max(min(self._first, self._column), self._column - beside + 1, 0)
        self._first = min(self._first, max(len(self._stages) - beside, 0))
        for stage in self._stages:
            stage.top = max(min(stage.top, stage.at), stage.at - self._cards_in_sight() + 1, 0)
        self.refresh()
        self.post_message(self.Moved(self))

    def on_resize(self) -> None:
        """Another number of columns fits."""
        self._settle()

    def render_line(self, y: int) -> Strip:
        """The line at `y` across all columns in sight."""
        if not any(len(stage.pages) for stage in self._stages):
            return self._render_empty(y)
        beside = self._side_by_side()
        width = self.size.width // beside
        segments: list[Segment] = []
        for column in range(self._first, min(self._first + beside, len(self._stages))):
            segments += self._cell(column, y, width)
        return Strip(segments).adjust_cell_length(self.size.width, self.rich_style).simplify()

    def _render_empty(self, y: int) -> Strip:
        text = wrap(self._empty, max(self.size.width - 4, 10))
        return self.paint([(f"  {text[y - 2]}", "faint")] if 0 <= y - 2 < len(text) else ())

    def _cell(self, column: int, y: int, width: int) -> list[Segment]:
        stage = self._stages[column]
        if y < HEAD:
            return self.segments(self._head(column, width) if y == 0 else [(" " * width, "")], self.rich_style)
        number, line = divmod(y - HEAD, CARD)
        index = stage.top + number
        if line == CARD - 1 or index >= len(stage.pages):
            return self.segments([(" " * width, "")], self.rich_style)
        base = self.look("card")
        if column == self._column and index == stage.at:
            base += self.look("cursor" if self.has_focus else "cursor-away", partial=True)
        edge = self.segments([(" ", "")], self.rich_style)
        return [*edge, *self.segments(self._card(stage, index, line, width - 2), base), *edge]

    def _head(self, column: int, width: int) -> list[Part]:
        stage, last = self._stages[column], self._first + self._side_by_side() - 1
        before = "‹ " if column == self._first > 0 else "  "
        after = " ›" if column == last < len(self._stages) - 1 else "  "
        count = str(len(stage.pages)) if len(stage.pages) else ""
        look = "heading" if column == self._column else "strong"
        room = width - 4 - cell_len(count)
        return [(before, "faint"), (fit(shown(stage.label), room), look), (count, "faint"), (after, "faint")]

    def _card(self, stage: Stage, index: int, line: int, width: int) -> list[Part]:
        row, state = stage.pages.row(index)
        if line == 0:
            mark, look = badge(state)
            return [(" ", ""), (fit(shown(row.get("title", "")), width - 3), "strong"), (f"{mark} ", look)]
        amount = fit(shown(amount_words(row)), min(cell_len(shown(amount_words(row))), max(width - 9, width // 2)))
        room = max(width - 3 - cell_len(amount), 0)
        return [
            (" ", ""),
            (fit(shown(row.get("company") or ""), room), "faint"),
            (" ", ""),
            (amount, "accent"),
            (" ", ""),
        ]

    def _step(self, rows: int) -> None:
        stage = self._stages[self._column] if self._stages else None
        if stage and len(stage.pages):
            stage.at = max(0, min(stage.at + rows, len(stage.pages) - 1))
            self._settle()

    def action_cursor_up(self) -> None:
        """The card above."""
        self._step(-1)

    def action_cursor_down(self) -> None:
        """The card below."""
        self._step(1)

    def action_page_up(self) -> None:
        """A window of cards up."""
        self._step(-self._cards_in_sight())

    def action_page_down(self) -> None:
        """A window of cards down."""
        self._step(self._cards_in_sight())

    def action_first(self) -> None:
        """The column's first card."""
        self._step(-(10**9))

    def action_last(self) -> None:
        """The column's last card."""
        self._step(10**9)

    def action_column_left(self) -> None:
        """The column to the left."""
        self._column = max(self._column - 1, 0)
        self._settle()

    def action_column_right(self) -> None:
        """The column to the right."""
        self._column = max(min(self._column + 1, len(self._stages) - 1), 0)
        self._settle()

    def action_stage_back(self) -> None:
        """Ask for the lead to go one stage back."""
        self._ask_stage(self._column - 1)

    def action_stage_on(self) -> None:
        """Ask for the lead to go one stage on."""
        self._ask_stage(self._column + 1)

    def _ask_stage(self, column: int) -> None:
        if self.record_id and 0 <= column < len(self._stages):
            self.post_message(self.StageChanged(self.record_id, self._stages[column].code))

    def action_open(self) -> None:
        """Say that the lead is to be opened."""
        if self.record_id:
            self.post_message(self.Opened(self))

    def on_click(self, event: Click) -> None:
        """A click selects a card, a double click opens it."""
        column = self._first + event.x // max(self.size.width // self._side_by_side(), 1)
        if column < len(self._stages):
            stage = self._stages[column]
            index = stage.top + (event.y - HEAD) // CARD
            self._column = column
            if event.y >= HEAD and index < len(stage.pages):
                stage.at = index
            self._settle()
            if event.chain > 1:
                self.action_open()
