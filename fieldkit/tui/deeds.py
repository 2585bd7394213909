"""What the app does to the store, in order and off its own thread: every deed answers with Done or Failed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from threading import Lock
from typing import TYPE_CHECKING, Any

from textual.message import Message

from fieldkit.errors import FieldkitError

if TYPE_CHECKING:
    from fieldkit.tui.app import FieldkitApp


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
    """How far an exchange with the centre is."""

    def __init__(self, sent: int, received: int) -> None:
        super().__init__()
        self.sent = sent
        self.received = received


class Deeds:
    """One function for each deed; `fieldkit.actions` does the work and is loaded with the first one."""

    def __init__(self, app: FieldkitApp) -> None:
        self._app = app
        self._one_at_a_time = Lock()

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

    def synchronise(self) -> None:
        """Exchange with the centre; one exchange at a time."""
        app = self._app

        def tell(step: Any) -> None:
            app.post_message(Progress(step.sent, step.received))

        def work() -> Any:
            from fieldkit.replication import laptop

            return laptop.synchronise(app.store, tell)

        self._run("synchronise", work, alone=False)

    def resolve(self, conflict_id: str, choice: str, value: object = None) -> None:
        """Settle a conflict: `mine`, `theirs`, or another `value`."""

        def work() -> Any:
            from fieldkit.replication import laptop

            return laptop.resolve(self._app.store, conflict_id, choice, value)

        self._run("resolve", work)

    def _act(self, name: str, action: Callable[[Any, Any], Any], kind: str = "", record_id: str = "") -> None:
        def work() -> Any:
            from fieldkit import actions

            return action(actions, self._app.store)

        self._run(name, work, kind=kind, record_id=record_id)

    def _run(
        self, name: str, work: Callable[[], Any], *, kind: str = "", record_id: str = "", alone: bool = True
    ) -> None:
        app = self._app

        def run() -> None:
            try:
                if alone:
                    with self._one_at_a_time:
                        result = work()
                else:
                    result = work()
            except FieldkitError as error:
                app.post_message(Failed(name, error))
                return
            except Exception as error:  # noqa: BLE001 - what fails in one deed must not take the app and the note with it
                app.post_message(Failed(name, FieldkitError(detail=f"{type(error).__name__}: {error}")))
                return
            found = record_id or (result if isinstance(result, str) else "")
            app.post_message(Done(name, result, (kind, found) if kind and found else None))

        app.run_worker(run, thread=True, group=name)
