"""The app: the actions of the one table, and what it says when a deed is done. What it does to the store is in `deeds`."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.binding import BindingType

from fieldkit.domain.cleaning import shown
from fieldkit.domain.kinds import INBOX, MERGEABLE
from fieldkit.i18n import N_, _
from fieldkit.reasons import state_words
from fieldkit.tui.action_table import APP, bindings
from fieldkit.tui.shell import Shell
from fieldkit.tui.widgets.painted import fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldkit.store.store import Store
    from fieldkit.tui.deeds import Deeds, Done, Failed, Progress
    from fieldkit.tui.draft import Draft
    from fieldkit.tui.notes import Notes
    from fieldkit.tui.screens.overlay import Overlay
    from fieldkit.tui.widgets.composer import Composer
    from fieldkit.tui.widgets.pages import Row

LABEL_ROOM = 30  # cells of what was undone, so that the key stands on the same line
LOOK_AROUND = 2.0  # seconds between two looks at whether another program has written
REASON_STAGES = ("shelved", "lost")
_SETTLED = {
    "resolve": N_("Settled; the others get it with the next sync · Ctrl+Z undoes"),
    "send_again": N_("It goes again with the next sync · F5 sends"),
    "give_up": N_("Given up; the centre's version comes with the next sync · Ctrl+Z undoes"),
}


class FieldkitApp(Shell):
    """The app over one laptop's store, which its owner closes."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(APP)

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.kept_forms: dict[tuple[str, str], dict[str, str]] = {}

    @cached_property
    def deeds(self) -> Deeds:
        """What the app does to the store; loaded after the first frame."""
        from fieldkit.tui.deeds import Deeds

        return Deeds(self)

    @property
    def exchanging(self) -> bool:
        """Whether an exchange with the centre is under way."""
        return "deeds" in vars(self) and self.deeds.exchanging

    def on_unmount(self) -> None:
        """Nobody looks any more."""
        super().on_unmount()
        if "deeds" in vars(self):
            self.deeds.leave()

    @cached_property
    def notes(self) -> Notes:
        """The note being written; loaded after the first frame."""
        from fieldkit.tui.notes import Notes

        return Notes(self)

    @property
    def overlay(self) -> Overlay[Any] | None:
        """What lies over the mode's screen."""
        return cast("Overlay[Any]", self.screen) if self.overlaid else None

    def on_ready(self) -> None:
        """The first frame is painted: now load what the first save needs, file what waits, take up the last draft."""
        self.data.settle()
        self.store_changed()
        self.deeds.get_ready()
        self.notes.restore()
        self.set_interval(LOOK_AROUND, self.look_around)

    def look_around(self) -> None:
        """Take in what another program has written meanwhile; while somebody types, that waits."""
        if self.closing or self.overlaid or self.work_screen.composer() is not None:
            return
        if self.data.written_outside():
            self.deeds.file_waiting()

    def open_composer(self, draft: Draft) -> None:
        """Show the composer over the footer of the current screen."""
        self.notes.open(draft)

    def open_form(self, kind: str, record_id: str = "") -> None:
        """Show the form of a record, or of a new one."""
        from fieldkit.tui.screens.form import FormScreen

        row = self.data.row(kind, record_id) if record_id else None
        if record_id and row is None:
            self.tell(_("This record is not here any more."))
            return
        self.push_screen(FormScreen(kind, row))

    def open_reading(self, kind: str, record_id: str) -> None:
        """Show a record that is only read, over what is there."""
        from fieldkit.tui.screens.reading import ReadingScreen

        row = self.data.row(kind, record_id)
        if row is None:
            self.tell(_("This record is not here any more."))
            return
        self.push_screen(ReadingScreen(row))

    def keep_note(self) -> bool:
        """Write the open note to disk as it is; False, and said why, where that failed."""
        return self.notes.keep_open()

    def unsaved_form(self) -> bool:
        """Whether something was typed into a form and not saved, in the one in sight or in one that was left."""
        return bool(self.kept_forms) or bool(self.overlay and self.overlay.unsaved())

    async def action_compose(self) -> None:
        """Write a note."""
        await self.close_overlays()
        self.notes.compose()

    async def action_find(self) -> None:
        """Search everything."""
        from fieldkit.tui.screens.find import FindScreen

        await self.close_overlays()
        self.push_screen(FindScreen())

    async def action_palette(self) -> None:
        """All commands."""
        from fieldkit.tui.screens.palette import PaletteScreen

        await self.close_overlays()
        self.push_screen(PaletteScreen(), self.run_command)

    def run_command(self, name: str | None) -> None:
        """Run an action that the palette answered."""
        if name:
            self.call_later(self.run_action, name)

    async def action_help(self) -> None:
        """Every key."""
        from fieldkit.tui.screens.help import HelpScreen

        if type(self.screen).__name__ != "HelpScreen":
            self.push_screen(HelpScreen())

    async def action_history(self) -> None:
        """What was changed."""
        from fieldkit.tui.screens.history import HistoryScreen

        self.push_screen(HistoryScreen())

    def action_new(self) -> None:
        """Add a record of the screen's kind."""
        if self.work_screen.KIND and not self.overlaid:
            self.open_form(self.work_screen.KIND)

    def action_edit(self) -> None:
        """Edit what is under the cursor."""
        target = self._target()
        if target:
            self.open_form(*target)

    def action_delete(self) -> None:
        """Delete what is under the cursor, without asking: it can be undone."""
        target = self._target()
        if target:
            self.deeds.delete(*target)

    def action_merge(self) -> None:
        """Pick the record that is the same as the one under the cursor, which stays."""
        target = self._target()
        row = self.data.row(*target) if target else None
        if row is None or row["kind"] not in MERGEABLE:
            self.tell(_("Companies, contacts and leads can be merged; select the one that stays."))
            return
        self._pick_other(row)

    def _pick_other(self, row: Row) -> None:
        from fieldkit.tui.screens.merge import MergeScreen

        def picked(other_id: str | None) -> None:
            if other_id:
                self.deeds.merge(row["kind"], row["id"], other_id)

        self.push_screen(MergeScreen(row), picked)

    def _offer_twins(self, twins: Sequence[Any]) -> None:
        """What a merged company has twice can be merged at once: the first of them is asked about, Esc leaves both."""
        row = next((row for pair in twins if (row := self.data.row(pair.kind, pair.kept))), None)
        if row is not None and not self.overlaid:
            self._pick_other(row)

    def action_complete(self) -> None:
        """A follow-up is done, or not done after all; what a visit asks needs no answer."""
        target = self._target()
        row = self.data.row(*target) if target else None
        if row and row["kind"] == "followups":
            self.deeds.complete(row["id"], done=not row["done_at"])
        elif row and row.get("needs"):
            self.deeds.dismiss(row["id"], row["needs"].split())

    def _target(self) -> tuple[str, str] | None:
        """The record that a deed is for. A line that waits is filed first: only then is there something to change."""
        target = None if self.overlaid else self.work_screen.selected()
        if target and target[0] == INBOX:
            self.file_inbox()
            return None
        return target

    def file_inbox(self) -> None:
        """File the lines that wait."""
        self.tell(_("Filing the lines that wait …"))
        self.deeds.file_waiting()

    def action_undo(self) -> None:
        """Take back the last change."""
        self.deeds.undo()

    def action_redo(self) -> None:
        """Do it again."""
        self.deeds.redo()

    def action_filter(self) -> None:
        """Narrow the list."""
        if not self.overlaid:
            self.work_screen.open_filter()

    def action_toggle_board(self) -> None:
        """Leads as board or list."""
        self.work_screen.toggle_board()

    def action_toggle_order(self) -> None:
        """Newest first, or by name."""
        if not self.overlaid:
            self.work_screen.toggle_order()

    def action_synchronise(self) -> None:
        """Exchange with the centre."""
        if self.deeds.exchanging:
            return
        self.tell(_("Talking to the centre …"))
        self.deeds.synchronise()

    def move_lead(self, lead_id: str, stage: str) -> None:
        """Move a lead; setting one aside asks for the reason first."""
        if stage not in REASON_STAGES:
            self.deeds.move(lead_id, stage)
            return
        from fieldkit.tui.screens.reason import ReasonScreen

        def answered(reason: str | None) -> None:
            if reason:
                self.deeds.move(lead_id, stage, reason)

        self.push_screen(ReasonScreen(stage), answered)

    def on_done(self, event: Done) -> None:
        """A deed is committed: screens read again, and the status line says it."""
        self.store_changed()
        if self.closing:
            return
        if self.overlay:
            self.overlay.deed_done(event)
        words = self._doubtful(event) or self._words(event.name, event.result)
        if words:
            self.tell(*words)
        if event.name == "merge":
            self._offer_twins(event.result.twins)
        if event.target and event.name == "add" and not self.overlaid and event.target[0] == self.work_screen.KIND:
            self.work_screen.show_record(event.target[1])

    def _doubtful(self, event: Done) -> tuple[str, str] | None:
        """What is doubtful about a record that was saved, which it is all the same; what a lead still needs is shown beside it."""
        row = self.data.row(*event.target) if event.target and event.name in ("add", "edit") else None
        if row is None or row["kind"] not in MERGEABLE:
            return None
        twins = [one for asked in self.data.questions(row) for one in asked.rows]
        like = self.data.doubles(row) if event.name == "add" and not twins else ()
        told = [
            *(self.data.doubts(row) if row["kind"] != "leads" else ()),
            *(_("{name} has the same credit code; m merges the two").format(name=one["title"]) for one in twins[:1]),
            *(_("Looks like {name}; if they are one, m merges them").format(name=one["title"]) for one in like[:1]),
        ]
        return (_("Saved") + " · " + " ".join(map(shown, told)), "$accent") if told else None

    def _words(self, name: str, result: Any) -> tuple[str, str] | None:
        if name == "file":
            return None
        if name == "synchronise":
            return self._outcome(result)
        if name in ("undo", "redo") and result.kept:
            left = _(", ").join(result.left())
            return _("Left as they are, because they have changed since: {fields}").format(fields=left), "$accent"
        if name in ("undo", "redo"):
            template = _("Undone: {what} · Ctrl+Y does it again") if name == "undo" else _("Done again: {what}")
            return template.format(what=fit(shown(result.label), LABEL_ROOM).rstrip()), "$success"
        if name == "merge" and result.twins:
            titles = ", ".join(dict.fromkeys(shown(one.title) for one in result.twins))
            return _("Merged; there twice now: {titles} · m merges two").format(
                titles=fit(titles, LABEL_ROOM).rstrip()
            ), "$accent"
        if name == "merge":
            return _("Merged; everything of both is kept · Ctrl+Z takes them apart"), "$success"
        if name == "delete":
            return _("Deleted · Ctrl+Z undoes"), "$success"
        if name in _SETTLED:
            return _(_SETTLED[name]), "$success"
        return _("Saved · Ctrl+Z undoes"), "$success"

    def _outcome(self, outcome: Any) -> tuple[str, str]:
        stopped = state_words(outcome.state, _("press F5"))
        if stopped:
            return stopped, "$error"
        counted = _("{sent} sent, {received} received").format(sent=outcome.sent, received=outcome.received)
        if outcome.rejected or outcome.conflicts:
            return counted + " · " + _("look at Sync (6)"), "$accent"
        return counted, "$success"

    def on_failed(self, event: Failed) -> None:
        """A deed did not happen: say why."""
        from fieldkit.errors import NothingToRedo, NothingToUndo
        from fieldkit.sentences import sentence

        self.store_changed()
        if self.closing or (self.overlay and self.overlay.deed_failed(event)):
            return
        plain = isinstance(event.error, NothingToUndo | NothingToRedo)
        nothing = _("Nothing to undo.") if isinstance(event.error, NothingToUndo) else _("Nothing to redo.")
        self.tell(nothing if plain else sentence(event.error), "" if plain else "$error")

    def on_progress(self, event: Progress) -> None:
        """How far the exchange is; the question whether to leave stands meanwhile."""
        if not self.leaving:
            self.tell(_("Talking to the centre: {step}").format(step=event.words))
        if not self.closing and self.current_mode == "sync":
            self.work_screen.load()

    def on_composer_changed(self, event: Composer.Changed) -> None:
        """Read what the note says now."""
        self.notes.read(event.draft)

    def on_composer_kept(self, event: Composer.Kept) -> None:
        """Write the draft to disk."""
        self.notes.keep(event.draft)

    async def on_composer_closed(self, event: Composer.Closed) -> None:
        """The composer goes, the draft stays."""
        await self.notes.put_aside(event.draft)

    def on_composer_saved(self, event: Composer.Saved) -> None:
        """The note is finished."""
        self.notes.save(event.draft, again=event.again)


def run(store: Store) -> int:
    """Run the app until the person quits; the exit code."""
    app = FieldkitApp(store)
    code = app.run()
    if app.exchanging:
        app.deeds.rest()
    return code if code is not None else app.return_code or 0
