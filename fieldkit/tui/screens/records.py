"""A list of one kind with the detail of the selected record: beside it when wide, below when tall, else alone after Enter."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.css.query import NoMatches
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input

from fieldkit.i18n import _
from fieldkit.store import query
from fieldkit.tui.screens.work import Target, WorkScreen
from fieldkit.tui.widgets.detail import write_detail
from fieldkit.tui.widgets.fields import TextField
from fieldkit.tui.widgets.lines import Line, Lines
from fieldkit.tui.widgets.record_list import Column, RecordList
from fieldkit.tui.workers import Filtered, filter_ids

DETAIL_DELAY = 0.06
DEBOUNCE = 0.08


class RecordsScreen(WorkScreen):
    """The list, the filter above it, and the detail."""

    DEFAULT_CSS = """
    RecordsScreen #body { layout: horizontal; }
    RecordsScreen.-narrow #body { layout: vertical; }
    #left { height: 1fr; width: 11fr; min-width: 50; }
    #detail { height: 1fr; width: 10fr; border-left: vkey $border; }
    RecordsScreen.-narrow #left { width: 1fr; min-width: 0; }
    RecordsScreen.-narrow #detail { width: 1fr; border-left: none; border-top: hkey $border; }
    RecordsScreen.-narrow.-short #detail { display: none; border-top: none; }
    RecordsScreen.-narrow.-short.-detail #left { display: none; }
    RecordsScreen.-narrow.-short.-detail #detail { display: block; }
    #filter { display: none; }
    #filter.-open { display: block; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._filter = ""
        self._order = "recent"
        self._timer: Timer | None = None
        self._debounce: Timer | None = None
        self._detailed: Target | None = None

    def body(self) -> ComposeResult:
        """Filter and list to the left, detail to the right."""
        with Vertical(id="left"):
            yield TextField(placeholder=_("Narrow the list: words, pinyin or initials"), id="filter")
            yield from self.lists()
        yield Lines(id="detail")

    def lists(self) -> ComposeResult:
        """The widgets that hold the records."""
        yield RecordList(self.columns(), id="list")

    def columns(self) -> list[Column]:
        """The list's columns."""
        raise NotImplementedError

    def empty_words(self) -> str:
        """What belongs here and which key makes it."""
        raise NotImplementedError

    def load(self) -> None:
        """Read the ids again, narrowed where a filter is set."""
        if self._filter:
            filter_ids(self, self.tui.store, self.KIND, self._filter, self._order)
        else:
            self.show_ids(query.ids(self.tui.data.reader, self.KIND, order=self._order))

    def toggle_order(self) -> None:
        """Newest first, or by name as it is spoken."""
        if self.KIND in query.BY_NAME:
            self._order = "recent" if self._order == query.NAME else query.NAME
            self.load()

    def show_ids(self, ids: list[str]) -> None:
        """Show these records."""
        empty = _("Nothing here matches. Esc takes the filter away.") if self._filter else self.empty_words()
        self.query_one(RecordList).load(self.tui.data.pages(self.KIND, ids), empty)
        self.show_detail()

    def selected(self) -> Target | None:
        """The record under the cursor: of the detail where that has the focus, else of the list."""
        detail = self.query_one("#detail", Lines)
        if detail.has_focus and isinstance(detail.target, tuple):
            return detail.target
        record_id = self.query_one(RecordList).record_id
        return (self.KIND, record_id) if record_id else None

    def listed(self) -> Target | None:
        """The record under the list's cursor."""
        record_id = self.query_one(RecordList).record_id
        return (self.KIND, record_id) if record_id else None

    def panes(self) -> list[Widget]:
        """The list and the detail, where that is in sight."""
        left = self.query_one("#left").display
        panes = [self.query_one("#filter"), self.query_one("#list")] if left else []
        return [pane for pane in (*panes, self.query_one("#detail")) if pane.display]

    def show_record(self, record_id: str) -> bool:
        """Select a record and show its detail, alone where there is no room beside the list."""
        self.load_if_stale()
        if not self.query_one(RecordList).select(record_id):
            self._unfilter()
            if not self.query_one(RecordList).select(record_id):
                return False
        self.show_detail()
        self._open_detail()
        return True

    def _unfilter(self) -> None:
        self._filter = ""
        field = self.query_one("#filter", TextField)
        with self.prevent(Input.Changed):
            field.value = ""
        field.remove_class("-open")
        self.load()

    def show_detail(self) -> None:
        """Write out the record under the cursor."""
        try:
            detail = self.query_one("#detail", Lines)
        except NoMatches:
            return
        target = self.listed()
        row = self.tui.data.row(*target) if target else None
        if row is None:
            detail.rewrite(lambda _width: [Line()], keep=False)
            return
        related = query.related(self.tui.data.reader, row["kind"], row["id"])
        states = self.tui.data.badges_of({**related, row["kind"]: [row, *related.get(row["kind"], [])]})
        data = self.tui.data
        written = write_detail(row, related, states, data.now(), questions=data.questions(row), doubts=data.doubts(row))
        detail.rewrite(written, keep=target == self._detailed)
        self._detailed = target

    def detail_soon(self) -> None:
        """The cursor may be passing by: write the detail when it rests."""
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(DETAIL_DELAY, self.show_detail)

    def _open_detail(self) -> None:
        self.add_class("-detail")
        self.query_one("#detail").focus()

    @on(RecordList.Moved)
    def _moved(self) -> None:
        self.detail_soon()

    @on(RecordList.Opened)
    def _opened(self) -> None:
        self.show_detail()
        self._open_detail()

    @on(Lines.Opened, "#detail")
    def _related_opened(self, event: Lines.Opened) -> None:
        if event.lines.target == self.listed():
            self.tui.action_edit()
        elif isinstance(event.lines.target, tuple):
            self.tui.open_record(*event.lines.target)

    def go_back(self) -> None:
        """From the detail to the list; from a filter to the whole list."""
        filter_field = self.query_one("#filter", TextField)
        if self.query_one("#detail").has_focus:
            self.remove_class("-detail")
        elif filter_field.value:
            filter_field.value = ""
        else:
            filter_field.remove_class("-open")
        self.query_one("#list").focus()

    def open_filter(self) -> None:
        """F9: the line above the list."""
        self.remove_class("-detail")
        field = self.query_one("#filter", TextField)
        field.add_class("-open")
        field.focus()

    @on(Input.Changed, "#filter")
    def _filter_changed(self, event: Input.Changed) -> None:
        self._filter = event.value.strip()
        if self._debounce is not None:
            self._debounce.stop()
        self._debounce = self.set_timer(DEBOUNCE, self.load)

    @on(Input.Submitted, "#filter")
    def _filter_done(self) -> None:
        self.query_one("#list").focus()

    @on(Filtered)
    def _filtered(self, event: Filtered) -> None:
        if event.text == self._filter:
            self.show_ids(event.ids)
