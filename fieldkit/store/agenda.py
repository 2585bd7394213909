"""What a day asks of a person: overdue and due follow-ups, the day's visits, and what could not be filed without them."""

from __future__ import annotations

from fieldkit.domain.kinds import INBOX
from fieldkit.domain.needs import TWIN
from fieldkit.store.rows import rows

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from datetime import date

    from fieldkit.store.connection import Row

MOST = 200  # rows of each part; a list that long has its own screen


class Agenda:
    """Rows of one day: `overdue` and `due` follow-ups, `visits`; at most MOST of each, `overdue_count` counts them all."""

    __slots__ = ("due", "overdue", "overdue_count", "visits")

    def __init__(self, overdue: list[Row], overdue_count: int, due: list[Row], visits: list[Row]) -> None:
        self.overdue = overdue
        self.overdue_count = overdue_count
        self.due = due
        self.visits = visits


def today(connection: sqlite3.Connection, day: date) -> Agenda:
    """The agenda of `day`: follow-ups still open from before, those of the day (done ones too), and the day's visits."""
    text = day.isoformat()
    overdue = "deleted = 0 AND done_at IS NULL AND due_on < ?"
    return Agenda(
        overdue=_found(connection, "followups", f"{overdue} ORDER BY due_on, due_time, id", text),
        overdue_count=_number(connection, f"followups WHERE {overdue}", text),
        due=_found(
            connection,
            "followups",
            "deleted = 0 AND due_on = ? ORDER BY done_at IS NOT NULL, due_time = '', due_time, id",
            text,
        ),
        visits=_found(connection, "visits", "deleted = 0 AND visited_on = ? ORDER BY visited_time DESC, id DESC", text),
    )


def needs_me(connection: sqlite3.Connection) -> list[Row]:
    """Waiting inbox lines, then visits that hold an open question in `needs`; at most MOST of each, newest first."""
    lines = _found(connection, INBOX, "state = ? ORDER BY written_at DESC, id DESC", "waiting")
    visits = _found(connection, "visits", "NOT deleted AND needs <> '' ORDER BY visited_on DESC, id DESC")
    return lines + visits


def twins(connection: sqlite3.Connection) -> list[Row]:
    """The companies of one group that share their credit code, at most MOST, each with the question in `needs`."""
    shared = (
        "SELECT uscc, group_code FROM companies WHERE uscc <> '' AND deleted = 0"
        " GROUP BY uscc, group_code HAVING count(*) > 1"
    )
    found = _found(
        connection, "companies", f"uscc <> '' AND deleted = 0 AND (uscc, group_code) IN ({shared}) ORDER BY uscc, id"
    )
    return [row | {"needs": TWIN} for row in found]


def _found(connection: sqlite3.Connection, kind: str, condition: str, *values: str) -> list[Row]:
    statement = f"SELECT id FROM {kind} WHERE {condition} LIMIT {MOST}"  # noqa: S608 - names from our own tables
    return rows(connection, kind, [row["id"] for row in connection.execute(statement, values)])


def _number(connection: sqlite3.Connection, condition: str, *values: str) -> int:
    row = connection.execute(f"SELECT count(*) AS number FROM {condition}", values).fetchone()  # noqa: S608 - as above
    number: int = row["number"]
    return number
