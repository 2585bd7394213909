"""What the app does to the store, in order and off its own thread: every deed answers with Done or Failed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any

from textual.message import Message

from fieldkit.errors import FieldkitError

if TYPE_CHECKING:
    from fieldkit.tui.app import FieldkitApp

LAST_STEP = 1.0
"""Seconds that leaving waits for the exchange to reach its next step."""


class Done(Message):
    """A deed is committed: its `name` and what the action answered."""

    def __init__(self, name: str, result: Any, target: tuple[str, str] | None = None) -> None:
        super().__init__()
        self.name = name
        self.result = result
        self.target = target


class Failed(Message):
    """A deed did not happen, with the error that says why."""

    def __init__(self, name: str, error: FieldkitError) -> None:
        super().__init__()
        self.name = name
        self.error = error


class Progress(Message):
    """How far an exchange with the centre is, in words."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.words = words


class Left(Exception):
    """The app has been left while the exchange was under way."""


class Deeds:
    """One function for each deed; `fieldkit.actions` does the work and is loaded with the first one."""

    def __init__(self, app: FieldkitApp) -> None:
        self._app = app
        self._one_at_a_time = Lock()
        self._exchange: Thread | None = None
        self._left = False

    def get_ready(self) -> None:
        """File the lines that wait, and load what the first save needs."""

        def work() -> Any:
            from fieldkit import actions

            filed = actions.file_waiting(self._app.store)
            self._app.store.session().close()
            return filed

        self._run("file", work)

    def file_waiting(self) -> None:
        """File the lines that wait."""

        def work() -> Any:
            from fieldkit import actions

            return actions.file_waiting(self._app.store)

        self._run("file", work)

    def add(self, kind: str, values: Mapping[str, object]) -> None:
        """Add a record."""
        self._act("add", lambda actions, store: actions.add(store, kind, values), kind)

    def edit(self, kind: str, record_id: str, values: Mapping[str, object]) -> None:
        """Change fields of a record."""
        self._act("edit", lambda actions, store: actions.edit(store, kind, record_id, values), kind, record_id)

    def delete(self, kind: str, record_id: str) -> None:
        """Delete a record."""
        self._act("delete", lambda actions, store: actions.delete(store, kind, record_id))

    def merge(self, kind: str, kept_id: str, other_id: str) -> None:
        """Merge the other record into the kept one."""
        self._act("merge", lambda actions, store: actions.merge(store, kind, kept_id, other_id), kind, kept_id)

    def move(self, lead_id: str, stage: str, reason: str = "") -> None:
        """Move a lead to a stage."""
        self._act("move", lambda actions, store: actions.move_stage(store, lead_id, stage, reason), "leads", lead_id)

    def complete(self, followup_id: str, *, done: bool) -> None:
        """Mark a follow-up as done, or as not done after all."""
        name = "complete_followup" if done else "reopen_followup"
        self._act("complete" if done else "reopen", lambda actions, store: getattr(actions, name)(store, followup_id))

    def dismiss(self, visit_id: str, codes: Collection[str]) -> None:
        """What a visit asks by these codes needs no answer."""
        self._act("settle", lambda actions, store: actions.settle(store, visit_id, {}, dismiss=codes))

    def undo(self) -> None:
        """Take back the last deed."""
        self._act("undo", lambda actions, store: actions.undo(store))

    def redo(self) -> None:
        """Do again what was taken back last."""
        self._act("redo", lambda actions, store: actions.redo(store))

    @property
    def exchanging(self) -> bool:
        """Whether an exchange with the centre is under way."""
        return self._exchange is not None and self._exchange.is_alive()

    def synchronise(self) -> None:
        """Exchange with the centre; one exchange at a time.

        Its thread is not waited for when the app is left: a slow line must hold nobody up, and it may stop anywhere.
        """
        if self.exchanging:
            return
        app, finished = self._app, asyncio.Event()
        loop = asyncio.get_running_loop()

        def tell(step: Any) -> None:
            from fieldkit.replication.progress import step_words

            if self._left:
                raise Left
            app.post_message(Progress(step_words(step)))

        def run() -> None:
            answer = self._answer("synchronise", lambda: laptop().synchronise(app.store, tell))
            if not self._left:
                app.post_message(answer)
                loop.call_soon_threadsafe(finished.set)

        async def wait() -> None:
            await finished.wait()

        self._exchange = Thread(target=run, daemon=True, name="exchange")
        self._exchange.start()
        app.run_worker(wait(), group="synchronise")

    def leave(self) -> None:
        """Nobody waits for answers any more; an exchange ends at its next step."""
        self._left = True

    def rest(self) -> None:
        """Give an exchange a moment to get to its next step."""
        if self._exchange is not None:
            self._exchange.join(LAST_STEP)

    def settle(self, dispute_id: str, choice: str, value: object = None) -> None:
        """Settle a conflict: `mine`, `theirs`, or, without a choice, another `value`."""

        def work() -> Any:
            from fieldkit.replication import disputes

            return disputes.settle(self._app.store, dispute_id, choice, value)

        self._run("resolve", work)

    def send_again(self, kind: str, record_id: str) -> None:
        """Send a refused record once more."""

        def work() -> Any:
            from fieldkit.replication import refusals

            return refusals.send_again(self._app.store, kind, record_id)

        self._run("send_again", work)

    def give_up(self, kind: str, record_id: str) -> None:
        """Take the centre's version of a refused record over."""

        def work() -> Any:
            from fieldkit.replication import refusals

            return refusals.give_up(self._app.store, kind, record_id)

        self._run("give_up", work)

    def _act(self, name: str, action: Callable[[Any, Any], Any], kind: str = "", record_id: str = "") -> None:
        def work() -> Any:
            from fieldkit import actions

            return action(actions, self._app.store)

        self._run(name, work, kind=kind, record_id=record_id)

    def _run(self, name: str, work: Callable[[], Any], *, kind: str = "", record_id: str = "") -> None:
        def run() -> None:
            with self._one_at_a_time:
                answer = self._answer(name, work, kind, record_id)
            self._app.post_message(answer)

        self._app.run_worker(run, thread=True, group=name)

    @staticmethod
    def _answer(name: str, work: Callable[[], Any], kind: str = "", record_id: str = "") -> Done | Failed:
        try:
            result = work()
        except FieldkitError as error:
            return Failed(name, error)
        except Exception as error:  # noqa: BLE001 - what fails in one deed must not take the app and the note with it
            return Failed(name, FieldkitError(detail=f"{type(error).__name__}: {error}"))
        found = record_id or (result if isinstance(result, str) else "")
        return Done(name, result, (kind, found) if kind and found else None)


def laptop() -> Any:
    """The laptop's half of an exchange, loaded when it is needed."""
    from fieldkit.replication import laptop as loaded

    return loaded
