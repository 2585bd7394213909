"""Pick the record that is merged into the selected one: those that look alike first, any other by typing."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.timer import Timer

from fieldkit.i18n import _
from fieldkit.tui.screens.overlay import PickScreen
from fieldkit.tui.widgets.detail import heading, record_lines
from fieldkit.tui.widgets.lines import Line
from fieldkit.tui.widgets.pages import Row
from fieldkit.tui.words import kind_words
from fieldkit.tui.workers import Found, alike, find

DEBOUNCE = 0.08


class MergeScreen(PickScreen[str]):
    """Answers the id of the other record; Esc merges nothing."""

    def __init__(self, kept: Row) -> None:
        super().__init__()
        self._kept = kept
        self._rows: Sequence[Row] = ()
        self._timer: Timer | None = None

    def title_words(self) -> str:
        """Which one stays."""
        return _("Merge into {title}, which stays").format(title=self._kept["title"])

    def placeholder_words(self) -> str:
        """What can be typed."""
        return _("The other one: name, pinyin or initials; Enter merges, Esc leaves both")

    def on_mount(self) -> None:
        """Those that look alike are offered before anything is typed."""
        alike(self, self.tui.store, self._kept)

    def typed(self, text: str) -> None:
        """Search when the typing rests for a moment."""
        if self._timer is not None:
            self._timer.stop()
        kind = self._kept["kind"]
        if text:
            self._timer = self.set_timer(DEBOUNCE, lambda: find(self, self.tui.store, text, kinds=[kind]))
        else:
            alike(self, self.tui.store, self._kept)

    @on(Found)
    def _found(self, event: Found) -> None:
        if event.text == self.text:
            self._rows = [row for row in event.rows if row["id"] != self._kept["id"]]
            self.lines.rewrite(keep=False)

    def write(self, width: int) -> list[Line]:
        """The others, each with what stands beside it."""
        if not self._rows:
            return [Line([(" " + _("Type a part of the other one's name."), "faint")])]
        title = kind_words(self._kept["kind"]) if self.text else _("These look alike")
        listed = record_lines(self._rows, width, self.tui.data.today(), {})
        return [heading(title, len(self._rows)), *listed]

    def pick(self, target: object) -> None:
        """Merge this one."""
        if isinstance(target, tuple):
            self.dismiss(str(target[1]))
