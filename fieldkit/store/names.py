"""What the store knows by name, for reading a typed line. Plain sqlite3: the quick path asks here."""

from __future__ import annotations

import sqlite3

from fieldkit.capture.names import bare, goes_by
from fieldkit.capture.reading import Known

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

_BATCH = 500
_MOST = 2000  # records of one line's fragments; more than a handful are no help to anybody
_TITLES = (("companies", "name, short_name, former_names"), ("contacts", "name"), ("leads", "title"))
_BEGINS = " OR ".join(
    f"EXISTS (SELECT 1 FROM names_{kind} WHERE key >= value AND key < value || char(1114111))"  # noqa: S608 - our own names
    for kind, _ in _TITLES
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
                f"WITH pair(value) AS (VALUES {', '.join(['(?)'] * len(some))}) SELECT value FROM pair WHERE {_BEGINS}",  # noqa: S608
                some,
            )
        return frozenset([pair for (pair,) in found])

    def lookup(self, fragments: Sequence[str]) -> Mapping[str, Sequence[tuple[str, str, str]]]:
        """fragment → (kind, id, name) of every company, contact or lead called so; fragments are `capture.names` keys."""
        found: dict[str, list[tuple[str, str, str]]] = {}
        for start in range(0, len(fragments), _BATCH):
            some = fragments[start : start + _BATCH]
            for kind, titles in _TITLES:
                self._look(kind, titles, _stored(some) if kind == "companies" else {one: [one] for one in some}, found)
        return found

    def _look(
        self, kind: str, titles: str, asked: Mapping[str, Sequence[str]], found: dict[str, list[tuple[str, str, str]]]
    ) -> None:
        """`asked`: stored key → the fragments that it may stand for."""
        rows = self._tuples(
            f"SELECT n.key, r.id, {titles} FROM names_{kind} n CROSS JOIN {kind} r ON r.rowid = n.number"  # noqa: S608
            f" WHERE n.key IN ({', '.join('?' * len(asked))}) AND r.deleted = 0 LIMIT {_MOST}",
            [*asked],
        )
        for key, record_id, name, *others in rows:
            for fragment in asked[key]:
                if fragment == key or any(goes_by(called, fragment) for called in _called(name, *others)):
                    found.setdefault(fragment, []).append((kind, record_id, name))

    def _tuples(self, statement: str, values: Sequence[str]) -> list[Any]:
        cursor = self._connection.cursor()
        cursor.row_factory = None
        return cursor.execute(statement, list(values)).fetchall()


def _stored(fragments: Sequence[str]) -> dict[str, list[str]]:
    """The keys under which companies stand that may be called so → the fragments."""
    stored: dict[str, list[str]] = {}
    for fragment in fragments:
        stored.setdefault(bare(fragment), []).append(fragment)
    return stored


def _called(name: str, short_name: str, former: str) -> list[str]:
    from fieldkit.domain import former_names  # only where a line says a company's legal form

    return [name, short_name, *former_names.each(former)]
