"""A section of a guide to read, and the contents of the guide below it; nothing is written here."""

from __future__ import annotations

from collections.abc import Iterator

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from fieldkit.domain.cleaning import shown
from fieldkit.domain.kinds import GUIDES
from fieldkit.i18n import _
from fieldkit.store import guides
from fieldkit.tui.deeds import Done
from fieldkit.tui.screens.overlay import Overlay
from fieldkit.tui.widgets.detail import heading, write_detail
from fieldkit.tui.widgets.lines import Line, Lines
from fieldkit.tui.widgets.pages import Row
from fieldkit.tui.widgets.painted import fit
from fieldkit.tui.words import choice_words


class ReadingScreen(Overlay[None]):
    """Enter on another section shows that one; Esc goes back to where the first was found."""

    def __init__(self, section: Row) -> None:
        super().__init__()
        self._section: Row | None = section

    def compose(self) -> ComposeResult:
        """Whose guide it is, then the section."""
        task_force = self._section["task_force"] if self._section else ""
        title = _("Guide: {name}").format(name=shown(choice_words("task_forces", task_force)))
        with Vertical(id="panel"):
            yield Static(Content(title), id="title")
            yield Lines(self._write)

    def _write(self, width: int) -> list[Line]:
        section = self._section
        if section is None:
            return [Line(), Line([(" " + _("This record is not here any more."), "faint")])]
        written = write_detail(section, {}, {}, self.tui.data.now())
        return [*written(width), Line(), *self._contents(section, width)]

    def _contents(self, own: Row, width: int) -> Iterator[Line]:
        sections = guides.sections(self.tui.data.reader, own["task_force"])
        yield heading(_("Contents"), len(sections))
        for number, row in enumerate(sections, 1):
            title = fit(shown(row["title"]), max(width - 7, 8))
            look = "accent" if row["id"] == own["id"] else ""
            yield Line([(f" {number:>4}  ", "faint"), (title, look)], (row["kind"], row["id"]))

    @on(Lines.Opened)
    def _opened(self, event: Lines.Opened) -> None:
        target = event.lines.target
        if isinstance(target, tuple) and self._section and target[1] != self._section["id"]:
            self._show(target[1])

    def deed_done(self, event: Done) -> None:
        """The section may have come anew, or be gone."""
        del event
        if self._section:
            self._show(self._section["id"])

    def _show(self, section_id: str) -> None:
        before = self._section
        self._section = self.tui.data.row(GUIDES.name, section_id)
        same = before is not None and before["id"] == section_id
        self.query_one(Lines).rewrite(keep=same)
