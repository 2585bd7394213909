"""Work off the app's own thread. Each piece has its own connection, stops when it is cancelled, and answers by a message."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING, Any

from textual.message import Message
from textual.worker import Worker, get_current_worker

from fieldkit.errors import FieldkitError
from fieldkit.store.connection import store_error
from fieldkit.tui.deeds import Failed

if TYPE_CHECKING:
    from textual.dom import DOMNode

    from fieldkit.actions.candidates import Asked
    from fieldkit.capture import Reading
    from fieldkit.store.store import Store
    from fieldkit.tui.widgets.pages import Row

_STEPS = 2000  # of SQLite's machine between two looks at whether the answer is still wanted


class Filtered(Message):
    """The ids of `kind` that hold `text`, in the list's order."""

    def __init__(self, kind: str, text: str, ids: list[str]) -> None:
        super().__init__()
        self.kind = kind
        self.text = text
        self.ids = ids


class Found(Message):
    """The rows that hold `text`."""

    def __init__(self, text: str, rows: Sequence[dict[str, Any]]) -> None:
        super().__init__()
        self.text = text
        self.rows = rows


class FoundOfEach(Message):
    """Of every kind the best rows that hold `text`, and how many there are of it, counted to a bound; where there are none,
    what `filters.unknown` says.
    """

    def __init__(
        self,
        text: str,
        rows: Sequence[dict[str, Any]],
        counts: Mapping[str, int],
        unknown: Sequence[tuple[str, str, Sequence[str]]],
    ) -> None:
        super().__init__()
        self.text = text
        self.rows = rows
        self.counts = counts
        self.unknown = unknown


class Suggested(Message):
    """What a visit asks, with what may be the answers."""

    def __init__(self, questions: Sequence[Asked]) -> None:
        super().__init__()
        self.questions = questions


class Understood(Message):
    """What the composer's `text` was read as."""

    def __init__(self, text: str, reading: Reading) -> None:
        super().__init__()
        self.text = text
        self.reading = reading


def filter_ids(asker: DOMNode, store: Store, kind: str, text: str, order: str) -> None:
    """Post Filtered to `asker`; a later call cancels an earlier one."""

    def read(connection: sqlite3.Connection) -> Message:
        from fieldkit.store import query

        return Filtered(kind, text, query.ids(connection, kind, text=text, order=order))

    ask(asker, store, "filter", read)


def find(
    asker: DOMNode,
    store: Store,
    text: str,
    *,
    kinds: Sequence[str] | None = None,
    limit: int = 50,
    today: date | None = None,
) -> None:
    """Post Found to `asker`; a later call cancels an earlier one. `today` is for words like 本周."""

    def read(connection: sqlite3.Connection) -> Message:
        from fieldkit.store import search

        return Found(text, search.find(connection, text, kinds=kinds, limit=limit, today=today))

    ask(asker, store, "find", read)


def find_of_each(asker: DOMNode, store: Store, text: str, *, asked: Mapping[str, int], most: int, today: date) -> None:
    """Post FoundOfEach to `asker`; a later call cancels an earlier one. Of the kinds in `asked` that many rows."""

    def read(connection: sqlite3.Connection) -> Message:
        from fieldkit.store import filters, search

        rows, counts = search.find_of_each(connection, text, asked=asked, most=most, today=today)
        return FoundOfEach(text, rows, counts, () if rows else filters.unknown(connection, text))

    ask(asker, store, "find", read)


def alike(asker: DOMNode, store: Store, row: Row) -> None:
    """Post Found, for no text, with the records that look like `row`: of companies its near names, of others the same name."""

    def read(connection: sqlite3.Connection) -> Message:
        from fieldkit.actions.candidates import look_alikes

        return Found("", look_alikes(connection, row))

    ask(asker, store, "find", read)


def suggest(asker: DOMNode, store: Store, visit: Row) -> None:
    """Post Suggested to `asker`: what may be the answers to what a visit asks."""

    def read(connection: sqlite3.Connection) -> Message:
        from fieldkit.actions.candidates import asked

        return Suggested(asked(connection, dict(visit)))

    ask(asker, store, "suggest", read)


def ask(asker: DOMNode, store: Store, group: str, read: Callable[[sqlite3.Connection], Message]) -> Worker[None]:
    """Run `read` on a connection of its own in a thread and post its answer to `asker`, unless it was cancelled meanwhile."""

    def work() -> None:
        worker = get_current_worker()
        try:
            with closing(store.reader()) as connection:
                connection.set_progress_handler(lambda: int(worker.is_cancelled), _STEPS)
                answer = read(connection)
        except FieldkitError as error:
            answer = Failed(group, error)
        except sqlite3.DatabaseError as error:
            if worker.is_cancelled:
                return
            failure = store_error(error, store.path)
            if failure is None:
                raise
            answer = Failed(group, failure)
        if not worker.is_cancelled and asker.is_running:
            asker.post_message(answer)

    return asker.run_worker(work, thread=True, exclusive=True, group=group)


def understand(asker: DOMNode, store: Store, text: str) -> None:
    """Post Understood to `asker`; a later call cancels an earlier one."""

    def read(_connection: sqlite3.Connection) -> Message:
        from fieldkit.actions.notes import read_line

        return Understood(text, read_line(store, text))

    ask(asker, store, "understand", read)
