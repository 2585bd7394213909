"""Whether a store is whole: its file, and its search index beside its records."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fieldkit.store.connection import Guarded
from fieldkit.store.documents import FIELDS

if TYPE_CHECKING:
    import sqlite3

_MOST_DAMAGE = 10


class Checkup(NamedTuple):
    """What SQLite says of `damage` in the file, and how many records the index lacks or holds though they are gone."""

    damage: list[str]
    strays: int


def check(connection: sqlite3.Connection, path: str) -> Checkup:
    """Look at the whole file once. Raises StoreError where it cannot be read at all."""
    with Guarded(path):
        cursor = connection.cursor()
        cursor.row_factory = None
        said = [row[0] for row in cursor.execute(f"PRAGMA quick_check({_MOST_DAMAGE})")]
        strays = sum(cursor.execute(_strays(kind)).fetchone()[0] for kind in FIELDS)
    return Checkup([] if said == ["ok"] else said, strays)


def _strays(kind: str) -> str:
    return (
        f"SELECT (SELECT count(*) FROM {kind} r WHERE deleted = 0 AND NOT EXISTS"  # noqa: S608 - names from our own table
        f" (SELECT 1 FROM search_entries e WHERE e.record_id = r.id AND e.kind = '{kind}'))"
        f" + (SELECT count(*) FROM search_entries e WHERE e.kind = '{kind}' AND NOT EXISTS"
        f" (SELECT 1 FROM {kind} r WHERE r.id = e.record_id AND r.deleted = 0))"
    )
