"""Whether a store is whole: its file, and its search index beside its records."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, Any, NamedTuple

from fieldkit.store import index
from fieldkit.store.connection import Guarded
from fieldkit.store.documents import EVERY, FIELDS, NAMES

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_DAMAGE = 10
_BROKEN = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_ERROR)  # the index cannot be read, or is not there
_LOOKED_INTO = 200  # records of a kind whose words are compared


class Checkup(NamedTuple):
    """What SQLite says of `damage` in the file, and how many records the index lacks or mistakes."""

    damage: list[str]
    strays: int


def check(connection: sqlite3.Connection, path: str) -> Checkup:
    """Look at the whole file once, and into the words and names of some records. Raises StoreError where it cannot be read."""
    with Guarded(path):
        said = _column(connection, f"PRAGMA quick_check({_MOST_DAMAGE})")
        strays = sum(_strays(connection, kind) for kind in FIELDS)
    return Checkup([] if said == ["ok"] else said, strays)


def _strays(connection: sqlite3.Connection, kind: str) -> int:
    shown = _column(connection, f"SELECT rowid FROM {kind} WHERE deleted = 0")  # noqa: S608 - names from our own table
    try:
        known = set(_column(connection, f"SELECT rowid FROM search_{kind} WHERE search_{kind} MATCH '{EVERY}'"))  # noqa: S608
        last = index.last_number(connection)
        held = [number for number in shown if number in known and number <= last]
        return len(shown) - len(held) + _mistaken(connection, kind, held[:: len(held) // _LOOKED_INTO + 1])
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF not in _BROKEN:
            raise
        return max(len(shown), 1)


def _mistaken(connection: sqlite3.Connection, kind: str, numbers: Sequence[int]) -> int:
    """How many of these records the index has with other words, not by all their names or numbers."""
    return sum(
        not index.holds(connection, kind, number, document)
        or (kind in NAMES and not document.keys <= _keys(connection, kind, number, document.keys))
        or not document.phones <= _phones(connection, number, document.phones)
        for number, document in index.documents(connection, kind, "rowid", numbers).items()
    )


def _keys(connection: sqlite3.Connection, kind: str, number: int, keys: set[str]) -> set[str]:
    statement = f"SELECT key FROM names_{kind} WHERE number = ? AND key IN (SELECT value FROM json_each(?))"  # noqa: S608
    return set(_column(connection, statement, (number, json.dumps(sorted(keys)))))


def _phones(connection: sqlite3.Connection, number: int, phones: set[str]) -> set[str]:
    if not phones:
        return set()
    statement = "SELECT backwards FROM search_phones WHERE number = ? AND backwards IN (SELECT value FROM json_each(?))"
    return set(_column(connection, statement, (number, json.dumps(sorted(phones)))))


def _column(connection: sqlite3.Connection, statement: str, values: Sequence[object] = ()) -> list[Any]:
    cursor = connection.cursor()
    cursor.row_factory = None
    return [row[0] for row in cursor.execute(statement, values)]
