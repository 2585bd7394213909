"""The composer's side of the app: open it, keep its draft, read it, save it."""

from __future__ import annotations

from asyncio import to_thread
from typing import TYPE_CHECKING

from textual.containers import Vertical

from fieldkit.errors import FieldkitError, StoreLocked
from fieldkit.i18n import _
from fieldkit.sentences import sentence
from fieldkit.tui.draft import Draft, last_draft
from fieldkit.tui.words import as_day
from fieldkit.tui.workers import understand

if TYPE_CHECKING:
    from fieldkit.tui.app import FieldkitApp

TRY_AGAIN = 0.5  # seconds until a draft is offered to a busy store again


class Notes:
    """The note being written, and what happens to it."""

    def __init__(self, app: FieldkitApp) -> None:
        self._app = app
        self._aside: Draft | None = None
        self._saving = False

    def compose(self) -> None:
        """Open the composer with the note put aside or a new one, or go back into it."""
        composer = self._app.work_screen.composer()
        if composer is not None:
            composer.panes()[0].focus()
        else:
            self.open(self._aside or self._about_selected())

    def _about_selected(self) -> Draft:
        row = self._app.work_screen.selected_row()
        if row is None:
            return Draft(self._app.store)
        about_company = row["kind"] == "companies"
        company_id = row["id"] if about_company else row.get("company_id", "")
        name = row["title"] if about_company else row.get("company", "")
        day = as_day(row["visited_on"]) if row["kind"] == "visits" else None
        return Draft(self._app.store, company_id=company_id, company_name=name, day=day)

    def open(self, draft: Draft) -> None:
        """Show the composer with `draft` over the footer of the current screen."""
        from fieldkit.tui.widgets.composer import Composer

        self._aside = None
        self._app.work_screen.query_one("#foot", Vertical).mount(Composer(draft), before=0)

    def restore(self) -> None:
        """A note that was left at the last start is opened again."""
        draft = last_draft(self._app.store, self._app.data.reader)
        if draft is not None:
            self.open(draft)
            self._app.tell(_("Your unfinished note is back."))

    def read(self, draft: Draft) -> None:
        """Have the note understood; the composer hears the answer."""
        composer = self._app.work_screen.composer()
        if composer is not None:
            understand(composer, self._app.store, draft.text)

    def keep(self, draft: Draft) -> None:
        """Write the draft to disk; while another program writes, try again."""
        if draft.finished:
            return
        try:
            draft.keep()
        except StoreLocked:
            self._app.set_timer(TRY_AGAIN, lambda: self.keep(draft))
        except FieldkitError as error:
            self._app.tell(sentence(error), "$error")

    def keep_open(self) -> bool:
        """Write the open note to disk as it is; False, and said why, where that failed."""
        composer = self._app.work_screen.composer()
        if composer is None or composer.draft.finished:
            return True
        try:
            composer.up_to_date().keep()
        except FieldkitError as error:
            self._app.tell(sentence(error), "$error")
            return False
        return True

    async def put_aside(self, draft: Draft) -> None:
        """The composer goes, the draft stays."""
        if self._saving:
            return
        self.keep(draft)
        await self._close()
        if draft.text.strip():
            self._aside = draft
            self._app.tell(_("Your note is kept. F2 takes it up again."))

    def save(self, draft: Draft, *, again: bool) -> None:
        """Save it off the app's own thread: while another program writes, that may take seconds."""
        if self._saving:
            return
        self._saving = True
        self._hold(held=True)
        self._app.run_worker(self._save(draft, again=again), group="note")
        self._app.set_timer(TRY_AGAIN, self._say_why_it_takes_long)

    def _say_why_it_takes_long(self) -> None:
        if self._saving:
            self._app.tell(_("Another program is writing; the note is saved as soon as that is done."))

    def _hold(self, *, held: bool) -> None:
        composer = self._app.work_screen.composer()
        if composer is not None:
            composer.hold(held=held)

    async def _save(self, draft: Draft, *, again: bool) -> None:
        """The words are on disk before anything is said; filing follows."""
        try:
            await to_thread(draft.finish)
        except FieldkitError as error:
            self._hold(held=False)
            self._app.tell(sentence(error), "$error")
            return
        finally:
            self._saving = False
        await self._close()
        if again:
            self.open(draft.next())
        self._app.tell(_("Saved · Ctrl+Z undoes"), "$success")
        self._app.deeds.file_waiting()

    async def _close(self) -> None:
        composer = self._app.work_screen.composer()
        if composer is not None:
            await composer.remove()
            panes = self._app.work_screen.panes()
            if panes:
                panes[0].focus()
