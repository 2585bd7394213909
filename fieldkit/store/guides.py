"""The guides that a laptop holds. Plain sqlite3."""

from __future__ import annotations

from fieldkit.store import query, settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from fieldkit.store.connection import Row


class Guide:
    """One task force's guide: its version, when that was published (UTC text), and its sections in their order."""

    __slots__ = ("published_at", "sections", "task_force", "version")

    def __init__(self, task_force: str, version: int, published_at: str, sections: Sequence[Row]) -> None:
        self.task_force = task_force
        self.version = version
        self.published_at = published_at
        self.sections = sections


def held(connection: sqlite3.Connection) -> list[Guide]:
    """Every guide of which a section is here, in the order of the task forces."""
    found = connection.execute(
        "SELECT g.task_force, max(g.version) AS version, max(g.published_at) AS published_at FROM guides g"
        " LEFT JOIN task_forces t ON t.code = g.task_force AND t.deleted = 0"
        " GROUP BY g.task_force HAVING min(g.deleted) = 0 ORDER BY t.position, g.task_force"
    ).fetchall()
    return [Guide(**row, sections=sections(connection, row["task_force"])) for row in found]


def sections(connection: sqlite3.Connection, task_force: str) -> list[Row]:
    """The sections of one guide in their order, as `rows` shapes them."""
    return query.rows(connection, "guides", query.ids(connection, "guides", filters={"task_force": task_force}))


def own_task_force(connection: sqlite3.Connection) -> str:
    """The code of the task force with which the group of whoever works here is paired; empty where there is none."""
    group = settings.me(connection).group_code
    row = connection.execute("SELECT task_force FROM groups WHERE code = ? AND deleted = 0", (group,)).fetchone()
    return str(row["task_force"]) if row else ""
