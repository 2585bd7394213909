"""What the store knows by name, for reading a typed line. Plain sqlite3: the quick path asks here."""

from __future__ import annotations

import sqlite3

from fieldkit.capture.reading import Known

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

_BATCH = 500
_MOST = 2000  # records of one line's fragments; more than a handful are no help to anybody
_TITLES = (("companies", "name"), ("contacts", "name"), ("leads", "title"))
_UNION = " UNION ALL ".join(
    f"SELECT found.key, found.kind, found.record_id, named.{title} AS name FROM found"  # noqa: S608 - names from our own table
    f" JOIN {kind} named ON named.id = found.record_id AND found.kind = '{kind}'"
    for kind, title in _TITLES
)


class KnownNames(Known):
    """The names of one open store."""

    __slots__ = ("_connection",)

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def beginnings(self, pairs: Sequence[str]) -> frozenset[str]:
        """Those of `pairs` with which the key of a name begins."""
        found: list[tuple[str]] = []
        for start in range(0, len(pairs), _BATCH):
            some = pairs[start : start + _BATCH]
            found += self._tuples(
                f"WITH pair(value) AS (VALUES {', '.join(['(?)'] * len(some))}) SELECT value FROM pair WHERE EXISTS"  # noqa: S608
                " (SELECT 1 FROM names WHERE key >= value AND key < value || char(1114111))",
                some,
            )
        return frozenset([pair for (pair,) in found])

    def lookup(self, fragments: Sequence[str]) -> Mapping[str, Sequence[tuple[str, str, str]]]:
        """fragment → (kind, id, name) of every company, contact or lead called so; fragments are `capture.names` keys."""
        found: dict[str, list[tuple[str, str, str]]] = {}
        for start in range(0, len(fragments), _BATCH):
            for key, kind, record_id, name in self._rows(fragments[start : start + _BATCH]):
                found.setdefault(key, []).append((kind, record_id, name))
        return found

    def _rows(self, fragments: Sequence[str]) -> list[tuple[str, str, str, str]]:
        marks = ", ".join("?" * len(fragments))
        return self._tuples(
            "WITH found AS MATERIALIZED (SELECT names.key, kind, record_id FROM names"  # noqa: S608 - only marks are put in
            " JOIN search_entries ON search_entries.entry = names.entry"
            f" WHERE names.key IN ({marks}) LIMIT {_MOST}) {_UNION}",
            fragments,
        )

    def _tuples(self, statement: str, values: Sequence[str]) -> list[Any]:
        cursor = self._connection.cursor()
        cursor.row_factory = None
        return cursor.execute(statement, list(values)).fetchall()
