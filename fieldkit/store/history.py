"""What was done on this laptop, newest last, with what undo and redo need. It never travels.

An entry is DONE, UNDONE (redo takes it up again) or PASSED (undone, and then something else was done). Rows stay. One that
is LED was no step of a person: a reference that followed a merge, one to an entry, which goes back should that be undone.
"""

from __future__ import annotations

import json

from fieldkit.clock import instant_text
from fieldkit.domain.choices import choice_label
from fieldkit.i18n import _

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from typing import Any

    from fieldkit.store.connection import Row

DONE, UNDONE, PASSED, LED = 0, 1, 2, 3
_AFTER_LAST_DONE = "id > coalesce((SELECT id FROM history WHERE undone = ? ORDER BY id DESC LIMIT 1), 0)"


class Label:
    """What was done, in words that are translated when they are shown: a message and the facts that fill it."""

    __slots__ = ("facts", "message")

    def __init__(self, message: str, **facts: str) -> None:
        self.message = message
        self.facts = facts

    def text(self) -> str:
        """The label in the language in use; clean it before it is shown, as any text of people."""
        stage = self.facts.get("stage")
        named = {"stage": choice_label("stages", stage)} if stage else {}
        return _(self.message).format(**(self.facts | named))


class Change:
    """One record in one action: stored values before and after, by field.

    `before` is None where it was added; a field that `after` lacks took whatever value the centre has. `gave_way` are the
    values whose conflicts it closed, each `[field, stamp, value, author, author of the other]`, see `sync.settling.GaveWay`.
    """

    __slots__ = ("after", "before", "gave_way", "record_id", "table")

    def __init__(
        self,
        table: str,
        record_id: str,
        before: Mapping[str, Any] | None,
        after: Mapping[str, Any],
        gave_way: Iterable[Sequence[Any]] = (),
    ) -> None:
        self.table = table
        self.record_id = record_id
        self.before = before
        self.after = after
        self.gave_way = [list(one) for one in gave_way]

    def document(self) -> dict[str, Any]:
        """As it is stored."""
        found = {"table": self.table, "id": self.record_id, "before": self.before, "after": self.after}
        return {**found, "gave_way": self.gave_way} if self.gave_way else found


class Entry:
    """One action of the history."""

    __slots__ = ("at", "changes", "id", "label", "state")

    def __init__(self, row: Sequence[Any]) -> None:
        self.id: int = row[0]
        self.at: str = row[1]
        label = json.loads(row[2])
        self.label = Label(label["message"], **label["facts"])
        self.changes = [
            Change(change["table"], change["id"], change["before"], change["after"], change.get("gave_way", ()))
            for change in json.loads(row[3])
        ]
        self.state: int = row[4]


def write(connection: sqlite3.Connection, at: datetime, label: Label, changes: Sequence[Change]) -> None:
    """Add an entry in the connection's transaction; what was undone before it can no longer be done again."""
    connection.execute(f"UPDATE history SET undone = ? WHERE undone = ? AND {_AFTER_LAST_DONE}", (PASSED, UNDONE, DONE))  # noqa: S608
    connection.execute(
        "INSERT INTO history (at, label, changes, undone) VALUES (?, ?, ?, ?)",
        (
            instant_text(at),
            _json({"message": label.message, "facts": label.facts}),
            _json([change.document() for change in changes]),
            DONE,
        ),
    )


def write_led(connection: sqlite3.Connection, at: datetime, changes: Iterable[Change]) -> None:
    """Keep where each of these references had led before a merge."""
    connection.executemany(
        "INSERT INTO history (at, label, changes, undone) VALUES (?, ?, ?, ?)",
        [
            (instant_text(at), _json({"message": "", "facts": {}}), _json([change.document()]), LED)
            for change in changes
        ],
    )


def led(connection: sqlite3.Connection) -> list[Entry]:
    """The references that follow a merge now, the newest first."""
    cursor = connection.cursor()
    cursor.row_factory = None
    rows = cursor.execute(
        "SELECT id, at, label, changes, undone FROM history WHERE undone = ? ORDER BY id DESC", (LED,)
    )
    return [Entry(row) for row in rows.fetchall()]


def to_undo(connection: sqlite3.Connection) -> Entry | None:
    """The last action that stands."""
    return _entry(connection, "undone = ? ORDER BY id DESC", (DONE,))


def to_redo(connection: sqlite3.Connection) -> Entry | None:
    """The action that was undone last."""
    return _entry(connection, f"undone = ? AND {_AFTER_LAST_DONE} ORDER BY id", (UNDONE, DONE))


def mark(connection: sqlite3.Connection, entry_id: int, state: int) -> None:
    """Set the state of an entry."""
    connection.execute("UPDATE history SET undone = ? WHERE id = ?", (state, entry_id))


def recent(connection: sqlite3.Connection, limit: int = 100, offset: int = 0) -> list[Row]:
    """A person's steps, newest first: id, at (stored instant), label (in the language in use), undone (whether it was taken
    back).
    """
    cursor = connection.cursor()
    cursor.row_factory = None
    rows = cursor.execute(
        'SELECT id, at, label, undone FROM history WHERE label NOT LIKE \'{"message":""%\' ORDER BY id DESC LIMIT ? OFFSET ?',
        (limit, offset),
    )
    return [{"id": row[0], "at": row[1], "label": _label_text(row[2]), "undone": row[3] != DONE} for row in rows]


def _entry(connection: sqlite3.Connection, which: str, values: Sequence[int]) -> Entry | None:
    cursor = connection.cursor()
    cursor.row_factory = None
    row = cursor.execute(
        f"SELECT id, at, label, changes, undone FROM history WHERE {which} LIMIT 1",  # noqa: S608
        values,
    ).fetchone()
    return Entry(row) if row else None


def _label_text(stored: str) -> str:
    label = json.loads(stored)
    return Label(label["message"], **label["facts"]).text()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
