"""Which tables travel, which scopes a record belongs to, and what the centre takes from whom."""

from __future__ import annotations

from collections.abc import Mapping

from sqlmodel import SQLModel

from fieldkit.domain import records

TABLES: tuple[type[SQLModel], ...] = (*records.REFERENCE, *records.WORK)
SCHEMA = 2
"""The schema of these tables: it grows with each change of their columns, and a laptop that has grown pulls all anew."""
EVERYBODY = "all"
_REFERENCE_NAMES = frozenset(str(table.__tablename__) for table in records.REFERENCE)
_WRITERS = frozenset({"recruiter", "group-leader", "office", "admin"})
_SEE_ALL = frozenset({"office", "admin", "leader"})


def group_scope(group_code: str) -> str:
    """The scope of one group's work."""
    return f"group:{group_code}"


def scopes_of(table: str, record: Mapping[str, object]) -> frozenset[str]:
    """Reference records belong to everybody, work belongs to its group."""
    if table in _REFERENCE_NAMES:
        return frozenset({EVERYBODY})
    return frozenset({group_scope(str(record.get("group_code", "")))})


def reads(role: str, group_code: str, all_groups: tuple[str, ...]) -> frozenset[str]:
    """The scopes that somebody of this role and group may read."""
    groups = all_groups if role in _SEE_ALL else (group_code,)
    return frozenset({EVERYBODY, *(group_scope(code) for code in groups)})


def writes(role: str, group_code: str) -> frozenset[str]:
    """The scopes that somebody of this role and group may write: their own group's work, never reference records."""
    return frozenset({group_scope(group_code)}) if role in _WRITERS else frozenset()
