"""F3: find anything by typing a little of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.cells import set_cell_size
from textual import on
from textual.timer import Timer

from fieldkit.i18n import _
from fieldkit.sentences import unknown_value
from fieldkit.store.matched import marked
from fieldkit.tui.screens.overlay import PickScreen
from fieldkit.tui.widgets.detail import heading, record_lines
from fieldkit.tui.widgets.lines import Line
from fieldkit.tui.widgets.painted import Part, wrap
from fieldkit.tui.words import kind_words
from fieldkit.tui.workers import FoundOfEach, find_of_each

DEBOUNCE = 0.08
PAGE = 50
_MORE = "more"
"""Before the kind and how many of it are shown, in the target of the line that asks for more."""


class FindScreen(PickScreen[None]):
    """Results by kind, as they are typed for."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: Sequence[dict[str, Any]] = ()
        self._counts: Mapping[str, int] = {}
        self._asked: dict[str, int] = {}
        self._unknown: Sequence[tuple[str, str, Sequence[str]]] = ()
        self._answered = ""
        self._timer: Timer | None = None

    def title_words(self) -> str:
        """Find anything."""
        return _("Find anything")

    def placeholder_words(self) -> str:
        """What is searched."""
        return _("Words, pinyin, initials, part of a number or code; kind: stage: taskforce: this week")

    def typed(self, text: str) -> None:
        """Search when the typing rests for a moment."""
        if self._timer is not None:
            self._timer.stop()
        self._asked = {}
        if text:
            self._timer = self.set_timer(DEBOUNCE, lambda: self._ask(text))
        else:
            self._show("", (), {}, keep=False)

    def _ask(self, text: str) -> None:
        find_of_each(self, self.tui.store, text, asked=self._asked, most=PAGE, today=self.tui.data.today())

    @on(FoundOfEach)
    def _found(self, event: FoundOfEach) -> None:
        if event.text == self.text:
            self._unknown = event.unknown
            self._show(event.text, event.rows, event.counts, keep=bool(self._asked))

    def _show(self, text: str, rows: Sequence[dict[str, Any]], counts: Mapping[str, int], *, keep: bool) -> None:
        self._answered, self._rows, self._counts = text, rows, counts
        self.lines.rewrite(keep=keep)

    def write(self, width: int) -> list[Line]:
        """The best match first; then by kind."""
        if not self._rows:
            words = (
                _("Nothing holds these words.")
                if self._answered
                else _("Leads, visits, contacts, companies, follow-ups and the guide are searched.")
            )
            said = [unknown_value(*one) for one in self._unknown] if self._answered else []
            return [Line([(f" {text}", "faint")]) for told in said or [words] for text in wrap(told, max(width - 2, 8))]
        lines: list[Line] = []
        today = self.tui.data.today()
        for kind in dict.fromkeys(row["kind"] for row in self._rows):
            rows = [row for row in self._rows if row["kind"] == kind]
            count = self._counts.get(kind, len(rows))
            bound = max(PAGE, self._asked.get(kind, 0))
            lines.append(heading(kind_words(kind), count if count <= bound else f"{bound}+"))
            for row, line in zip(rows, record_lines(rows, width, today, {}), strict=True):
                lines += _with_match(line, row["match"], width)
            if count > len(rows):
                lines.append(Line([(f"     {_('Show more')}", "accent")], (_MORE, kind, len(rows))))
            lines.append(Line())
        return lines

    def pick(self, target: object) -> None:
        """Open the record, or show more of a kind."""
        if isinstance(target, tuple) and target[0] == _MORE:
            self._asked[str(target[1])] = int(target[2]) + PAGE
            self._ask(self._answered)
        elif isinstance(target, tuple):
            self.tui.open_record(*target)


def _with_match(line: Line, match: Mapping[str, Any] | None, width: int) -> list[Line]:
    """A record's line with what was found standing out in its title, else on a line below."""
    mark, (title, look), *beside = line.parts
    if inside := _standing_out(title, match, look):
        return [Line([mark, *inside, *beside], line.target)]
    if match is None:
        return [line]
    snippet = _standing_out(set_cell_size(match["text"], max(width - 6, 8)), match, "faint")
    return [line, Line([("     ", ""), *(snippet or [(match["text"], "faint")])])]


def _standing_out(text: str, match: Mapping[str, Any] | None, look: str) -> list[Part]:
    return [(part, "accent" if found else look) for part, found in marked(text, match)]
