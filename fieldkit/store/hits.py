"""The hits of one query, best first, read as they are asked for."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from itertools import islice
from operator import itemgetter
from typing import Any

from fieldkit import uscc
from fieldkit.capture import names
from fieldkit.domain.kinds import WRITTEN
from fieldkit.store import settings
from fieldkit.store.documents import FIELDS, NAMES, PAIRED, names_of, stored_key
from fieldkit.store.filters import LONGEST_QUERY, Filter
from fieldkit.store.matched import is_misspelt, stands_in
from fieldkit.store.spelled import SpelledSo
from fieldkit.store.terms import Term
from fieldkit.store.tokens import folded

_STRETCH = 50  # hits among which one's own come first
_SPELLED_STRETCH = 100  # hits among which those spelled as typed come first
_FEW = 2000  # records that pass a filter, up to which they are listed and not looked up one by one
_Hit = tuple[int, str, str]
"""(number, kind, id)."""


class Search:
    """One query over one store; hits are read as they are asked for."""

    def __init__(self, connection: sqlite3.Connection, words: str, wanted: Sequence[Term], narrow: Filter) -> None:
        self._connection = connection
        self._key = names.key(words[:LONGEST_QUERY])
        self._wanted = wanted
        self._filter = narrow
        self._signed = [term.text for term in wanted if term.signed]
        self._me = settings.me(connection)

    def hits(self, kinds: Sequence[str]) -> Iterator[_Hit]:
        """Without repetition; what better hits make needless is not looked for."""
        seen: set[str] = set()
        among = [kind for kind in kinds if self._filter.condition(kind) is not None]
        for named in self._named_first(among):
            yield from self._own_first(_fresh(named, seen), ())
        may_be_misspelt = [term for term in self._wanted if term.may_be_misspelt]
        yield from self._own_first(_fresh(self._all_holding(among), seen), may_be_misspelt)

    def _named_first(self, kinds: Sequence[str]) -> Iterator[Iterable[_Hit]]:
        """What is called so, then what begins so: by its characters or initials, by its number or code, by its sounds."""
        yield self._called(kinds)
        only = self._wanted[0] if len(self._wanted) == 1 else None
        if only is None:
            yield self._beginning(kinds)
            return
        yield self._numbered(kinds, only)
        spelled = SpelledSo(self._connection, kinds, only, self._narrowing)
        yield spelled.called
        yield self._beginning(kinds)
        yield spelled.beginning

    def _called(self, kinds: Sequence[str]) -> Iterator[_Hit]:
        for kind in self._named_kinds(kinds):
            known = stored_key(kind, self._key)
            for row in self._named(kind, "n.key = ?", (known,), NAMES[kind]):
                values = dict(zip(NAMES[kind], row[2:], strict=True))
                called = names_of(kind, values)
                if self._signed and not self._written_in(called):
                    continue
                if known == self._key or any(names.goes_by(name, self._key) for name in called):
                    yield row[0], kind, row[1]

    def _numbered(self, kinds: Sequence[str], word: Term) -> Iterator[_Hit]:
        """Those whose whole number or code the word is."""
        for digits in filter(str.isdecimal, word.ways) if "contacts" in kinds else ():
            yield from self._keyed(
                "contacts", "rowid IN (SELECT number FROM search_phones WHERE backwards = ?)", digits[::-1]
            )
        if "companies" in kinds and len(self._key) == uscc.LENGTH:
            yield from self._keyed("companies", "uscc = ? AND r.uscc <> '' AND r.deleted = 0", self._key.upper())

    def _keyed(self, kind: str, condition: str, value: str) -> Iterator[_Hit]:
        also, more = self._narrowing(kind, "r.rowid")
        return self._tuples(
            f"SELECT r.rowid, '{kind}', r.id FROM {kind} r WHERE r.{condition} AND {also} ORDER BY r.rowid DESC",  # noqa: S608
            (value, *more),
        )

    def _beginning(self, kinds: Sequence[str]) -> Iterator[_Hit]:
        found = merge(*map(self._beginning_of, self._named_kinds(kinds)), key=lambda hit: (hit[3], -hit[0]))
        return (hit[:3] for hit in found)

    def _beginning_of(self, kind: str) -> Iterator[tuple[int, str, str, str]]:
        between = ("n.key > ? AND n.key < ?", (self._key, self._key + "\U0010ffff"))
        columns = ["n.key", *(NAMES[kind] if self._signed else ())]
        for number, record_id, key, *called in self._named(kind, *between, columns):
            if not self._signed or self._written_in(called):
                yield number, kind, record_id, key

    def _written_in(self, called: Sequence[str]) -> bool:
        """Whether the words with signs between their letters stand in names, by whose initials alone they may be found."""
        plain = folded(" ".join(called))
        return all(text in plain for text in self._signed)

    def _named_kinds(self, kinds: Sequence[str]) -> list[str]:
        return [kind for kind in kinds if kind in NAMES] if self._key else []

    def _named(self, kind: str, condition: str, values: Sequence[str], columns: Sequence[str]) -> Iterator[Any]:
        also, more = self._narrowing(kind, "n.number")
        return self._tuples(
            f"SELECT r.rowid, r.id, {', '.join(columns)} FROM names_{kind} n CROSS JOIN {kind} r ON r.rowid = n.number"  # noqa: S608
            f" WHERE {condition} AND {also} ORDER BY n.key, n.number DESC",
            (*values, *more),
        )

    def _all_holding(self, kinds: Sequence[str]) -> Iterable[_Hit]:
        newest = itemgetter(0) if self._wanted else itemgetter(2)
        return merge(*(self.holding(kind) for kind in kinds), key=newest, reverse=True)

    def holding(self, kind: str) -> Iterable[_Hit]:
        """(number, kind, id) of the records of `kind` that hold all the words and pass the filter, newest first: the last
        changed, or without words the last made.
        """
        passing = self._filter.condition(kind)
        if passing is None:
            return []
        if not self._wanted:
            return self._passing(kind, *passing)
        in_pairs = kind in PAIRED
        words = [term.paired if in_pairs else term.expression for term in self._wanted]
        unsure = [term for term in self._wanted if not (term.sure_in_pairs if in_pairs else term.sure)]
        if not unsure:
            return self._matching(kind, words, ())
        return (hit[:3] for hit in self._matching(kind, words, FIELDS[kind]) if _holds(kind, hit[3:], unsure))

    def _matching(self, kind: str, words: Sequence[str], columns: Sequence[str]) -> Iterator[Any]:
        also, more = self._narrowing(kind, "s.rowid")
        return self._tuples(
            f"SELECT s.rowid, '{kind}', {', '.join(('r.id', *columns))} FROM search_{kind} s"  # noqa: S608 - our own names
            f" CROSS JOIN {kind} r ON r.rowid = s.rowid WHERE search_{kind} MATCH ? AND {also} ORDER BY s.rowid DESC",
            (" AND ".join(words), *more),
        )

    def _passing(self, kind: str, condition: str, values: Sequence[str]) -> Iterable[_Hit]:
        return self._tuples(
            f"SELECT r.rowid, '{kind}', r.id FROM {kind} r WHERE {condition} ORDER BY r.id DESC",  # noqa: S608
            values,
        )

    def _narrowing(self, kind: str, number: str) -> tuple[str, Sequence[Any]]:
        """A condition and its values. Few records that pass the filter are listed first, so that only the numbers between
        them are gone through; many are met soon enough, whatever the words are.

        The + before `number`, what is narrowed, keeps SQLite from asking for the words number by number.
        """
        condition, values = self._filter.condition(kind) or ("0", [])
        if not (self._filter.codes or self._filter.days):
            return condition, values
        passing = f"SELECT r.rowid FROM {kind} r WHERE {condition} LIMIT ?"  # noqa: S608 - names from our own tables
        few = [row[0] for row in self._tuples(passing, (*values, _FEW))]
        if len(few) == _FEW:
            return condition, values
        if not few:
            return "0", []
        among = f"{number} BETWEEN ? AND ? AND +{number} IN (SELECT value FROM json_each(?))"  # noqa: S608 - our own names
        return among, [min(few), max(few), json.dumps(few)]

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

    def _tuples(self, statement: str, values: Sequence[Any]) -> Iterator[Any]:
        cursor = self._connection.cursor()
        cursor.row_factory = None
        return cursor.execute(statement, values)


def _holds(kind: str, values: Sequence[str], wanted: Sequence[Term]) -> bool:
    named = dict(zip(FIELDS[kind], values, strict=True))
    return all(stands_in(kind, named, term) for term in wanted)


def _fresh(hits: Iterable[_Hit], seen: set[str]) -> Iterator[_Hit]:
    for hit in hits:
        if hit[2] not in seen:
            seen.add(hit[2])
            yield hit
