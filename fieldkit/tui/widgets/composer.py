"""The composer: a note is written here while the list stays in sight above. What it holds is on disk within a second."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.events import Key
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static, TextArea

from fieldkit.domain.cleaning import shown
from fieldkit.i18n import _
from fieldkit.tui.action_table import COMPOSER, bindings
from fieldkit.tui.draft import Draft
from fieldkit.tui.widgets.chips import Chip, Chips, chips_of
from fieldkit.tui.widgets.text_area import LongField
from fieldkit.tui.words import day_words
from fieldkit.tui.workers import Understood

READ_AFTER = 0.08
KEEP_AFTER = 0.5


class Composer(Vertical):
    """One text area over the footer, with the chips above it. `draft` is what it holds."""

    BINDINGS = bindings(COMPOSER)
    DEFAULT_CSS = """
    Composer { height: auto; border-top: hkey $primary; background: $background; }
    Composer #note { height: 4; }
    Composer #about { height: 1; padding: 0 1; color: $faint; }
    """

    class Changed(Message):
        """The draft has other words: they are to be kept, and read."""

        def __init__(self, draft: Draft) -> None:
            super().__init__()
            self.draft = draft

    class Kept(Changed):
        """The draft is to be written to disk."""

    class Saved(Changed):
        """The note is finished; `again` asks for another with the same company."""

        def __init__(self, draft: Draft, *, again: bool) -> None:
            super().__init__(draft)
            self.again = again

    class Closed(Changed):
        """The composer is put aside."""

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self.draft = draft
        self._read: Timer | None = None
        self._keep: Timer | None = None

    def compose(self) -> ComposeResult:
        """Chips, the text, and where it will be filed."""
        yield Chips()
        yield LongField(self.draft.text, id="note", placeholder=_("Whom did you meet, what was said, what comes next?"))
        yield Static(Content(self._about()), id="about")

    def on_mount(self) -> None:
        """Writing can begin at the end of what is there."""
        note = self.query_one(LongField)
        note.focus()
        note.move_cursor(note.document.end)
        self.post_message(self.Changed(self.draft))

    def _about(self, *, named: bool = False) -> str:
        day = day_words(self.draft.day.isoformat(), self.draft.today) if self.draft.day else ""
        context = " · ".join(part for part in ("" if named else self.draft.company_name, day) if part)
        words = _("For {context}; Backspace in an empty note takes this away")
        return words.format(context=shown(context)) if context else _("A new note")

    def panes(self) -> list[Widget]:
        """What F6 goes through while the composer is open."""
        chips = self.query_one(Chips)
        return [self.query_one(LongField), *([chips] if chips.can_focus else [])]

    @on(TextArea.Changed)
    def _text_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        if event.text_area.text == self.draft.text:
            return
        self.draft.text = event.text_area.text
        if self._read is not None:
            self._read.stop()
        self._read = self.set_timer(READ_AFTER, lambda: self.post_message(self.Changed(self.draft)))
        if self._keep is None:
            self._keep = self.set_timer(KEEP_AFTER, self._keep_now)

    def _keep_now(self) -> None:
        self._keep = None
        self.post_message(self.Kept(self.draft))

    def on_key(self, event: Key) -> None:
        """In an empty note Backspace takes the row's company and day away, and Ctrl+Z undoes what was saved last."""
        if self.draft.text or event.key not in ("backspace", "ctrl+z"):
            return
        event.stop()
        if event.key == "ctrl+z":
            self.app.call_later(self.app.run_action, "undo")
            return
        self.draft.forget_context()
        self.post_message(self.Changed(self.draft))

    @on(Understood)
    def _understood(self, event: Understood) -> None:
        if event.text == self.draft.text:
            reading = event.reading
            self.draft.named = (reading.company_id or "", reading.company) if reading.company else None
            self.query_one("#about", Static).update(Content(self._about(named=bool(event.reading.company))))
            self.query_one(Chips).show_chips([*self._from_row(event), *chips_of(event.reading, self.draft.today)])

    def _from_row(self, event: Understood) -> list[Chip]:
        chips = []
        if self.draft.company_name and not event.reading.company:
            chips.append(Chip(_("Company"), self.draft.company_name, sure=False))
        if self.draft.day and not event.reading.visited:
            chips.append(Chip(_("Day"), day_words(self.draft.day.isoformat(), self.draft.today), sure=False))
        return chips

    @on(Chips.Chosen)
    def _chosen(self, event: Chips.Chosen) -> None:
        text = self.draft.text
        note = self.query_one(LongField)
        note.text = text[: event.start] + event.value + text[event.end :]
        note.move_cursor(note.document.end)
        note.focus()

    def action_save(self) -> None:
        """Save the note."""
        self._finish(again=False)

    def action_save_next(self) -> None:
        """Save it and start the next with the same company."""
        self._finish(again=True)

    def hold(self, *, held: bool) -> None:
        """Take no more words while the note is being saved. Its look stays, so Textual's watcher is not asked."""
        self.query_one(LongField).set_reactive(TextArea.read_only, held)

    def up_to_date(self) -> Draft:
        """The draft with the words that stand in the field now."""
        self.draft.text = self.query_one(LongField).text
        return self.draft

    def _finish(self, *, again: bool) -> None:
        self.post_message(self.Saved(self.up_to_date(), again=again))

    def action_close(self) -> None:
        """Put the note aside."""
        self.post_message(self.Closed(self.up_to_date()))
