"""Find anything by typing a little: names first (exact, then beginning so), then whatever holds every word, newest first."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from heapq import merge
from itertools import islice
from operator import itemgetter
from typing import Any

from fieldkit.capture import names
from fieldkit.domain.kinds import KINDS, WRITTEN
from fieldkit.store import filters, settings
from fieldkit.store.documents import FIELDS
from fieldkit.store.filters import LONGEST_QUERY, Filter
from fieldkit.store.matched import is_misspelt, match
from fieldkit.store.rows import rows
from fieldkit.store.terms import Term, terms

_STRETCH = 50  # hits among which one's own come first
_SPELLED_STRETCH = 100  # hits among which those spelled as typed come first
_FEW = 2000  # records that pass a filter, up to which they are listed and not looked up one by one
_Hit = tuple[int, str, str]
_Narrowing = tuple[str, str, list[Any]]
"""A join, a condition on it and its values."""


def find(
    connection: sqlite3.Connection,
    query: str,
    *,
    kinds: Sequence[str] | None = None,
    limit: int = 50,
    offset: int = 0,
    today: date | None = None,
) -> list[dict[str, Any]]:
    """The rows (as `query.rows`) that hold every word of `query`, best first: called so, beginning so, then the newest.

    A word is any piece of Chinese, of a number, a code or a word in letters, or pinyin, full or by initials. `filters`
    says what narrows; a filter alone lists what passes it. Each row has its `match` (as `matched.match`). Any text at
    all is answered; nothing to look for finds nothing. Without `today` words like 本周 are words.
    """
    if limit <= 0:
        return []
    words, narrow = filters.read(connection, query, today)
    wanted = terms(words)
    among = [kind for kind in KINDS if kinds is None or kind in kinds]
    hits = _Search(connection, words, wanted, narrow).hits(among) if wanted or narrow else iter(())
    page = list(islice(hits, offset, offset + limit))
    found = {
        (kind, row["id"]): row
        for kind in among
        for row in rows(connection, kind, [hit[2] for hit in page if hit[1] == kind])
    }
    return [found[hit[1:]] | {"match": match(hit[1], found[hit[1:]], wanted)} for hit in page if hit[1:] in found]


def matching_ids(connection: sqlite3.Connection, kind: str, query: str) -> set[str] | None:
    """The ids of every record of `kind` that `query` finds; None where there is nothing to look for."""
    words, narrow = filters.read(connection, query, None)
    wanted = terms(words)
    if not wanted and not narrow:
        return None
    return {record_id for _, _, record_id in _Search(connection, words, wanted, narrow).holding(kind)}


class _Search:
    """One query over one store; hits are read as they are asked for."""

    def __init__(self, connection: sqlite3.Connection, words: str, wanted: Sequence[Term], narrow: Filter) -> None:
        self._connection = connection
        self._key = names.key(words[:LONGEST_QUERY])
        self._wanted = wanted
        self._filter = narrow
        self._me = settings.me(connection)

    def hits(self, kinds: Sequence[str]) -> Iterator[_Hit]:
        """Without repetition; what better hits make needless is not looked for."""
        seen: set[int] = set()
        among = [kind for kind in kinds if self._filter.condition(kind) is not None]
        for named in (self._called, self._beginning):
            yield from self._own_first(_fresh(named(among), seen), ())
        may_be_misspelt = [term for term in self._wanted if term.may_be_misspelt]
        yield from self._own_first(_fresh(self._all_holding(among), seen), may_be_misspelt)

    def _called(self, kinds: Sequence[str]) -> Iterable[_Hit]:
        return self._named("names.key = ?", (self._key,), kinds)

    def _beginning(self, kinds: Sequence[str]) -> Iterable[_Hit]:
        return self._named("names.key > ? AND names.key < ?", (self._key, self._key + "\U0010ffff"), kinds)

    def _named(self, condition: str, values: tuple[str, ...], kinds: Sequence[str]) -> Iterable[_Hit]:
        if not self._key:
            return []
        if not self._filter:
            marks = ", ".join("?" * len(kinds))
            return self._named_so("", f"{condition} AND e.kind IN ({marks})", (*values, *kinds))
        narrowed = ((kind, self._narrowing(kind)) for kind in kinds)
        return (
            hit
            for kind, (join, also, more) in narrowed
            for hit in self._named_so(join, f"{condition} AND e.kind = ? {also}", (*values, kind, *more))
        )

    def _named_so(self, join: str, condition: str, values: tuple[Any, ...]) -> Iterator[_Hit]:
        return self._tuples(
            "SELECT e.entry, e.kind, e.record_id FROM names CROSS JOIN search_entries e ON e.entry = names.entry"  # noqa: S608 - names from our own tables
            f" {join} WHERE {condition} ORDER BY names.key, names.entry DESC",
            values,
        )

    def _all_holding(self, kinds: Sequence[str]) -> Iterable[_Hit]:
        newest = itemgetter(0) if self._wanted else itemgetter(2)
        return merge(*(self.holding(kind) for kind in kinds), key=newest, reverse=True)

    def holding(self, kind: str) -> Iterable[_Hit]:
        """(entry, kind, id) of the records of `kind` that hold all the words and pass the filter, newest first: the last
        changed, or without words the last made.
        """
        passing = self._filter.condition(kind)
        if passing is None:
            return []
        if not self._wanted:
            return self._passing(kind, *passing)
        join, also, more = self._narrowing(kind, "+s.rowid")
        words = " AND ".join(term.expression for term in self._wanted)
        return self._tuples(
            f"SELECT e.entry, e.kind, e.record_id FROM search_{kind} s CROSS JOIN search_entries e ON e.entry = s.rowid"  # noqa: S608
            f" {join} WHERE search_{kind} MATCH ? {also} ORDER BY s.rowid DESC",
            (words, *more),
        )

    def _passing(self, kind: str, condition: str, values: Sequence[str]) -> Iterable[_Hit]:
        return self._tuples(
            f"SELECT e.entry, e.kind, r.id FROM {kind} r CROSS JOIN search_entries e ON e.record_id = r.id AND e.kind = ?"  # noqa: S608
            f" WHERE {condition} ORDER BY r.id DESC",
            (kind, *values),
        )

    def _narrowing(self, kind: str, entry: str = "+e.entry") -> _Narrowing:
        """Few records that pass the filter are listed first; many are met soon enough, whatever the words are.

        The + before `entry`, the number that is narrowed, keeps SQLite from asking for the words number by number.
        """
        found = self._filter.condition(kind)
        if found is None or not (self._filter.codes or self._filter.days):
            return "", "", []
        condition, values = found
        passing = (
            f"SELECT e.entry FROM {kind} r CROSS JOIN search_entries e ON e.record_id = r.id AND e.kind = ?"  # noqa: S608
            f" WHERE {condition} LIMIT ?"
        )
        few = [row[0] for row in self._tuples(passing, (kind, *values, _FEW))]
        if len(few) == _FEW:
            return f"CROSS JOIN {kind} r ON r.id = e.record_id", f"AND {condition}", values
        if not few:
            return "", "AND 0", []
        return "", f"AND {entry} IN (SELECT value FROM json_each(?))", [json.dumps(few)]  # noqa: S608 - our own names

    def _own_first(self, hits: Iterator[_Hit], misspelt: Sequence[Term]) -> Iterator[_Hit]:
        """Stretch by stretch: names that are spelled as was typed, then one's own records, then those of one's group."""
        while stretch := list(islice(hits, _SPELLED_STRETCH if misspelt else _STRETCH)):
            if len(stretch) > 1 and (self._me.person_id or misspelt):
                stretch.sort(key=self._standings(stretch, misspelt).__getitem__)
            yield from stretch

    def _standings(self, stretch: Sequence[_Hit], misspelt: Sequence[Term]) -> dict[_Hit, tuple[bool, bool, bool]]:
        standing: dict[_Hit, tuple[bool, bool, bool]] = dict.fromkeys(stretch, (True, True, True))
        for kind in {hit[1] for hit in stretch}:
            hits = {hit[2]: hit for hit in stretch if hit[1] == kind}
            owner = ("person_id", "group_code") if kind in WRITTEN else ("''", "''")
            fields = FIELDS[kind] if misspelt else ()
            for record_id, person, group, *texts in self._tuples(
                f"SELECT {', '.join(('id', *owner, *fields))} FROM {kind}"  # noqa: S608 - names from our own tables
                " WHERE id IN (SELECT value FROM json_each(?))",
                (json.dumps(list(hits)),),
            ):
                other = bool(misspelt) and is_misspelt(kind, dict(zip(fields, texts, strict=True)), misspelt)
                standing[hits[record_id]] = (other, person != self._me.person_id, group != self._me.group_code)
        return standing

    def _tuples(self, statement: str, values: tuple[Any, ...]) -> Iterator[Any]:
        cursor = self._connection.cursor()
        cursor.row_factory = None
        return cursor.execute(statement, values)


def _fresh(hits: Iterable[_Hit], seen: set[int]) -> Iterator[_Hit]:
    for hit in hits:
        if hit[0] not in seen:
            seen.add(hit[0])
            yield hit
