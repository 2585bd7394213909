"""The guides at the centre, as they stand before a new version is published."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from fieldkit.domain import records
from fieldkit.domain.guides import Passage, Standing

_GUIDES = records.GuideSection.__table__  # type: ignore[attr-defined]


def sections(connection: Connection, task_force: str) -> list[Standing]:
    """The sections of a task force's guide in their order."""
    columns = _GUIDES.c
    query = select(columns.id, columns.title, columns.text, columns.position).where(
        columns.task_force == task_force, columns.deleted.is_(False)
    )
    found = connection.execute(query.order_by(columns.position, columns.id))
    return [Standing(row.id, Passage(row.title, row.text), row.position) for row in found]


def latest_version(connection: Connection, task_force: str) -> int:
    """The version of a task force's guide, removed sections counted; 0 where none was published."""
    query = select(func.max(_GUIDES.c.version)).where(_GUIDES.c.task_force == task_force)
    return connection.scalar(query) or 0
