"""The shell of the app: modes, frame, themes, language, the way between screens, and how it is left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.app import App, ScreenError
from textual.geometry import Offset
from textual.screen import Screen

from fieldkit import i18n
from fieldkit.domain.kinds import INBOX, WRITTEN
from fieldkit.i18n import _
from fieldkit.tui.data import Data
from fieldkit.tui.screens.work import WorkScreen
from fieldkit.tui.themes import DARK, LIGHT, THEMES
from fieldkit.tui.widgets.frame import SCREENS, StatusLine

if TYPE_CHECKING:
    from collections.abc import Callable

    from fieldkit.store.store import Store
    from fieldkit.tui.draft import Draft

MESSAGE_SECONDS = 8.0
MODE_OF_KIND = {"leads": "leads", "visits": "visits", "contacts": "contacts", "companies": "companies"}


def _screen(name: str) -> Callable[[], Screen[None]]:
    def make() -> Screen[None]:
        from importlib import import_module

        module = import_module(f"fieldkit.tui.screens.{name}")
        return cast("Screen[None]", getattr(module, f"{name.capitalize()}Screen")())

    return make


class Shell(App[int]):
    """The app over one laptop's store, which its owner closes."""

    TITLE = "fieldkit"
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (96, "-wide"), (132, "-very-wide")]  # noqa: RUF012 - as Textual declares it
    VERTICAL_BREAKPOINTS = [(0, "-short"), (34, "-tall")]  # noqa: RUF012 - as Textual declares it
    MODES: ClassVar[dict[str, str | Callable[[], Screen[Any]]]] = {name: _screen(name) for name, _label in SCREENS}
    DEFAULT_MODE = "today"

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.store = store
        self.data = Data(store)
        self.message, self.message_look = "", ""
        self.leaving = False
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = self.stored_theme()

    @property
    def cursor_position(self) -> Offset:
        """Where the terminal's cursor is parked, and with it the input method's window: always at the focused field's cursor."""
        focused = self.focused if self._screen_stack else None
        return getattr(focused, "cursor_screen_offset", None) or Offset(0, 0)

    @cursor_position.setter
    def cursor_position(self, _position: Offset) -> None:
        """Textual's widgets set this too early and one cell off; what they say is not used."""

    def stored_theme(self) -> str:
        """The theme that was chosen last."""
        from fieldkit.store import settings

        names = {theme.name for theme in THEMES}
        stored = settings.get(self.data.reader, "theme", DARK.name)
        return stored if stored in names else DARK.name

    def on_unmount(self) -> None:
        """Give the connection back."""
        self.data.close()

    @property
    def work_screen(self) -> WorkScreen:
        """The current mode's own screen, under any overlay."""
        return cast("WorkScreen", self._screen_stacks[self.current_mode][0])

    @property
    def closing(self) -> bool:
        """Whether the screens are gone already: a timer or a deed may still come home while the app closes."""
        return not self._screen_stacks[self.current_mode]

    @property
    def overlaid(self) -> bool:
        """Whether an overlay or a form is over the mode's screen."""
        return len(self.screen_stack) > 1

    def show_frame(self) -> None:
        """Tell the status line of the current screen what is true now."""
        if self.closing or not self.data.settled:
            return
        from fieldkit.replication import status
        from fieldkit.tui.status_words import status_words

        found = status.read_status(self.data.reader)
        line = self.work_screen.query_one(StatusLine)
        line.set_status(*status_words(found, self.data.now()))
        line.tell(self.message, self.message_look)

    def tell(self, message: str, look: str = "") -> None:
        """Say what just happened; it stays for a while."""
        self.message, self.message_look = message, look
        self.leaving = False
        self.show_frame()
        self.set_timer(MESSAGE_SECONDS, lambda: self._forget(message))

    def _forget(self, message: str) -> None:
        if self.message == message:
            self.message, self.leaving = "", False
            self.show_frame()

    def store_changed(self) -> None:
        """Screens read again: the one in sight now, the others when they come."""
        self.data.changed()
        if not self.closing:
            self.work_screen.load_if_stale()
            self.show_frame()

    async def show_screen(self, name: str) -> None:
        """Go to a screen; overlays close, an open composer comes along."""
        await self.close_overlays()
        if name != self.current_mode:
            composer = self.work_screen.composer()
            if composer is not None:
                await composer.remove()
            await self.switch_mode(name)
            if composer is not None:
                self.open_composer(composer.draft)

    async def close_overlays(self) -> None:
        """Back to the mode's own screen."""
        while self.overlaid:
            try:
                await self.pop_screen()
            except ScreenError:
                return

    def open_record(self, kind: str, record_id: str) -> None:
        """Show a record on the screen of its kind."""
        self.call_later(self._open_record, kind, record_id)

    def open_form(self, kind: str, record_id: str = "") -> None:
        """Show the form of a record, or of a new one."""
        raise NotImplementedError

    def open_reading(self, kind: str, record_id: str) -> None:
        """Show a record that is only read, over what is there."""
        raise NotImplementedError

    def file_inbox(self) -> None:
        """File the lines that wait."""
        raise NotImplementedError

    def keep_note(self) -> bool:
        """Write the open note to disk as it is; False, and said why, where that failed."""
        raise NotImplementedError

    def unsaved_form(self) -> bool:
        """Whether something was typed into a form and not saved."""
        raise NotImplementedError

    def open_composer(self, draft: Draft) -> None:
        """Show the composer over the footer of the current screen."""
        raise NotImplementedError

    @property
    def exchanging(self) -> bool:
        """Whether an exchange with the centre is under way."""
        raise NotImplementedError

    async def _open_record(self, kind: str, record_id: str) -> None:
        if kind == INBOX:
            self.file_inbox()
            return
        if kind not in WRITTEN:
            self.open_reading(kind, record_id)
            return
        if kind not in MODE_OF_KIND:
            await self.close_overlays()
            self.open_form(kind, record_id)
            return
        await self.show_screen(MODE_OF_KIND[kind])
        if not self.work_screen.show_record(record_id):
            self.tell(_("This record is not here any more."))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Over a form only help, sync and quitting work; it is saved or left first."""
        del parameters
        form_open = self.overlaid and type(self.screen).__name__ in (
            "FormScreen",
            "ConflictScreen",
            "RefusedScreen",
            "ReasonScreen",
        )
        return not (form_open and action in ("compose", "find", "palette", "filter", "next_pane", "show"))

    async def action_show(self, name: str) -> None:
        """A screen by its name."""
        await self.show_screen(name)

    async def action_next_screen(self) -> None:
        """The screen to the right."""
        await self._step_screen(1)

    async def action_previous_screen(self) -> None:
        """The screen to the left."""
        await self._step_screen(-1)

    async def _step_screen(self, step: int) -> None:
        names = [name for name, _label in SCREENS]
        await self.show_screen(names[(names.index(self.current_mode) + step) % len(names)])

    def action_next_pane(self) -> None:
        """The next pane of the screen, or of the composer while that has the focus."""
        composer = self.work_screen.composer()
        inside = composer is not None and composer.has_focus_within
        panes = composer.panes() if composer and inside else self.work_screen.panes()
        if not self.overlaid and panes:
            at = next((index for index, pane in enumerate(panes) if pane.has_focus), -1)
            panes[(at + 1) % len(panes)].focus()

    async def action_back(self) -> None:
        """One step back."""
        self.leaving = False
        if not self.overlaid:
            self.work_screen.go_back()

    def action_switch_language(self) -> None:
        """From Chinese to English and back; kept for the next start."""
        language = "en" if i18n.language() == "zh_CN" else "zh_CN"
        i18n.use_language(language)
        self.keep_setting("language", language)
        self.call_later(self._start_again)

    async def _start_again(self) -> None:
        """Every screen is made anew in the other language."""
        current = self.current_mode
        for name, _label in SCREENS:
            if name != current:
                await self.remove_mode(name)
                self.add_mode(name, _screen(name))
        await self.work_screen.recompose()
        self.data.changed()
        self.work_screen.on_mount()
        self.work_screen.load_if_stale()
        self.show_frame()

    def action_switch_theme(self) -> None:
        """From dark to light and back; kept for the next start."""
        self.theme = LIGHT.name if self.theme == DARK.name else DARK.name
        self.keep_setting("theme", self.theme)

    def keep_setting(self, key: str, value: str) -> None:
        """Store a setting of this laptop; where that fails, it holds until the app is left."""
        from contextlib import closing, suppress

        from fieldkit.errors import FieldkitError
        from fieldkit.store import settings
        from fieldkit.store.connection import Guarded

        def work() -> None:
            with suppress(FieldkitError), Guarded(self.store.path), closing(self.store.writer()) as connection:
                settings.put(connection, {key: value})

        self.run_worker(work, thread=True, group="setting")

    def action_leave(self) -> None:
        """Quit; while a form is not saved or work is unsent, say so first and ask for the key once more."""
        words = "" if self.leaving else self._before_leaving()
        if words:
            self.tell(words, "$accent")
            self.leaving = True
        elif self.keep_note():
            stopped = _("The exchange was stopped; what was saved is safe, and the next one goes on from there.")
            self.exit(0, message=stopped if self.exchanging else None)

    def _before_leaving(self) -> str:
        from fieldkit.replication import status

        if self.unsaved_form():
            return _("A form is not saved; Ctrl+Q again quits without it.")
        waiting = status.read_status(self.data.reader).waiting
        if self.exchanging:
            return _("Still talking to the centre; Ctrl+Q again quits, and what is not sent stays on this laptop.")
        words = _("{n} not yet sent. F5 sends them; Ctrl+Q again quits, and they stay on this laptop.")
        return words.format(n=waiting) if waiting else ""
