"""Which tables travel, which scopes a record belongs to, and what the centre takes from whom."""

from __future__ import annotations

from collections.abc import Mapping

from sqlmodel import SQLModel

from fieldkit.domain import records

TABLES: tuple[type[SQLModel], ...] = (*records.REFERENCE, *records.PUBLISHED, *records.WORK)
SCHEMA = 3
"""The schema of these tables: it grows with each change of their columns, and a laptop that has grown pulls all anew."""
EVERYBODY = "all"
_REFERENCE_NAMES = frozenset(str(table.__tablename__) for table in records.REFERENCE)
_PUBLISHED_NAMES = frozenset(str(table.__tablename__) for table in records.PUBLISHED)
CENTRES_OWN = _REFERENCE_NAMES | _PUBLISHED_NAMES
"""The tables that the centre alone writes."""
_WRITERS = frozenset({"recruiter", "group-leader", "office", "admin"})
_SEE_ALL = frozenset({"office", "admin", "leader"})


def group_scope(group_code: str) -> str:
    """The scope of one group's work."""
    return f"group:{group_code}"


def guide_scope(task_force: str) -> str:
    """The scope of one task force's guide."""
    return f"guide:{task_force}"


def scopes_of(table: str, record: Mapping[str, object]) -> frozenset[str]:
    """Reference records belong to everybody, a guide to its task force, work to its group."""
    if table in _REFERENCE_NAMES:
        return frozenset({EVERYBODY})
    if table in _PUBLISHED_NAMES:
        return frozenset({guide_scope(str(record.get("task_force", "")))})
    return frozenset({group_scope(str(record.get("group_code", "")))})


def reads(role: str, group_code: str, task_forces: Mapping[str, str]) -> frozenset[str]:
    """The scopes that somebody of this role and group may read: the work of groups, and the guides of their task forces.

    `task_forces` are those with which every group is paired, by the group's code; empty for a group without one.
    """
    groups = task_forces if role in _SEE_ALL else (group_code,)
    guides = filter(None, (task_forces.get(code) for code in groups))
    return frozenset({EVERYBODY, *map(group_scope, groups), *map(guide_scope, guides)})


def writes(role: str, group_code: str) -> frozenset[str]:
    """The scopes that somebody of this role and group may write: their own group's work, never what is the centre's."""
    return frozenset({group_scope(group_code)}) if role in _WRITERS else frozenset()
