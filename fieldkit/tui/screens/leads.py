"""2 Leads: the pipeline as a board by stage, or as a list."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.widget import Widget

from fieldkit.i18n import N_, _
from fieldkit.store import query
from fieldkit.tui.screens.records import RecordsScreen
from fieldkit.tui.screens.work import Target
from fieldkit.tui.widgets.board import Board, Stage
from fieldkit.tui.widgets.record_list import Column, RecordList
from fieldkit.tui.words import amount_words, choice_words, stage_codes


class LeadsScreen(RecordsScreen):
    """Board or list over the same leads; Shift+←/→ moves a card."""

    MODE = KIND = "leads"

    DEFAULT_CSS = """
    LeadsScreen #list { display: none; }
    LeadsScreen.-list #list { display: block; }
    LeadsScreen.-list #board { display: none; }
    LeadsScreen.-board.-wide #detail { display: none; }
    LeadsScreen.-board.-wide.-detail #detail { display: block; width: 44; }
    LeadsScreen.-board.-very-wide #detail { width: 48; }
    LeadsScreen.-board.-narrow.-tall #detail { height: 14; }
    """

    def columns(self) -> list[Column]:
        """The list's columns."""
        return [
            Column(N_("Stage"), lambda row: choice_words("stages", row.get("stage", "")), 8, look="accent"),
            Column(N_("Project"), lambda row: row.get("title", ""), look="strong"),
            Column(N_("Company"), lambda row: row.get("company", ""), 18, need=60),
            Column(N_("Amount"), amount_words, 12, need=44, align="right"),
        ]

    def lists(self) -> ComposeResult:
        """The board, and the list behind it."""
        yield Board(id="board")
        yield RecordList(self.columns(), id="list")

    def empty_words(self) -> str:
        """What belongs here."""
        return _("Here stand your project leads by stage. Name a project in a note (F2), or add one with F7.")

    def __init__(self) -> None:
        super().__init__()
        self.add_class("-board")

    def show_ids(self, ids: list[str]) -> None:
        """Both faces show these leads."""
        super().show_ids(ids)
        self.query_one(Board).load(self._stages(set(ids) if self._filter else None), self._empty())

    def _empty(self) -> str:
        return _("Nothing here matches. Esc takes the filter away.") if self._filter else self.empty_words()

    def _stages(self, only: set[str] | None) -> list[Stage]:
        cards = query.board(self.tui.data.reader, stage_codes())
        kept = cards if only is None else {code: [lead for lead in ids if lead in only] for code, ids in cards.items()}
        return [
            Stage(code, choice_words("stages", code), self.tui.data.pages("leads", ids)) for code, ids in kept.items()
        ]

    @property
    def on_board(self) -> bool:
        """Whether the board is in sight."""
        return not self.has_class("-list")

    def toggle_board(self) -> None:
        """From board to list and back, on the same lead."""
        target = self.listed()
        self.toggle_class("-list", "-board")
        face: Widget = self.query_one(Board) if self.on_board else self.query_one(RecordList)
        if target:
            self.query_one(Board).select(target[1])
            self.query_one(RecordList).select(target[1])
        face.focus()
        self.show_detail()

    def listed(self) -> Target | None:
        """The lead under the cursor of the face in sight."""
        record_id = self.query_one(Board).record_id if self.on_board else self.query_one(RecordList).record_id
        return ("leads", record_id) if record_id else None

    def selected(self) -> Target | None:
        """As in every list, from the face in sight."""
        return super().selected() if self.query_one("#detail").has_focus else self.listed()

    def panes(self) -> list[Widget]:
        """The face in sight takes the list's place."""
        board = self.query_one(Board)
        panes = [pane for pane in super().panes() if pane.id != "list"] if self.on_board else super().panes()
        return [board, *panes] if self.on_board and self.query_one("#left").display else panes

    def show_record(self, record_id: str) -> bool:
        """Select a lead on both faces."""
        shown = super().show_record(record_id)
        return self.query_one(Board).select(record_id) and shown

    def go_back(self) -> None:
        """The face in sight gets the focus."""
        super().go_back()
        if self.on_board:
            self.query_one(Board).focus()

    @on(Board.Moved)
    def _card_moved(self) -> None:
        self.detail_soon()

    @on(Board.Opened)
    def _card_opened(self) -> None:
        self.show_detail()
        self._open_detail()

    @on(Board.StageChanged)
    def _stage_changed(self, event: Board.StageChanged) -> None:
        self.tui.move_lead(event.lead_id, event.stage)
