"""What a day asks of a person: overdue and due follow-ups, the day's visits, and what could not be filed without them."""

from __future__ import annotations

from fieldkit.domain.kinds import INBOX
from fieldkit.store.rows import rows

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from datetime import date

    from fieldkit.store.connection import Row

MOST = 500  # rows of each part; a list that long has its own screen


class Agenda:
    """Rows of one day: `overdue` and `due` follow-ups, `visits`."""

    __slots__ = ("due", "overdue", "visits")

    def __init__(self, overdue: list[Row], due: list[Row], visits: list[Row]) -> None:
        self.overdue = overdue
        self.due = due
        self.visits = visits


def today(connection: sqlite3.Connection, day: date) -> Agenda:
    """The agenda of `day`: follow-ups still open from before, those of the day (done ones too), and the day's visits."""
    text = day.isoformat()
    return Agenda(
        overdue=_found(connection, "followups", "due_on < ? AND done_at IS NULL", text, "due_on, due_time, id"),
        due=_found(connection, "followups", "due_on = ?", text, "done_at IS NOT NULL, due_time = '', due_time, id"),
        visits=_found(connection, "visits", "visited_on = ?", text, "visited_time DESC, id DESC"),
    )


def needs_me(connection: sqlite3.Connection) -> list[Row]:
    """Waiting inbox lines, then visits that hold an open question in `needs`; newest first."""
    lines = _found(connection, INBOX, "state = ?", "waiting", "written_at DESC, id DESC")
    visits = _found(connection, "visits", "needs > ?", "", "visited_on DESC, id DESC")
    return lines + visits


def _found(connection: sqlite3.Connection, kind: str, condition: str, value: str, order: str) -> list[Row]:
    shown = "" if kind == INBOX else "deleted = 0 AND "
    statement = f"SELECT id FROM {kind} WHERE {shown}{condition} ORDER BY {order} LIMIT {MOST}"  # noqa: S608 - our own words
    return rows(connection, kind, [row["id"] for row in connection.execute(statement, (value,))])
