"""Find anything by typing a little: names first (exact, then beginning so), then whatever holds every word, newest first."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from heapq import merge
from itertools import islice
from typing import Any

from fieldkit.capture import names
from fieldkit.domain.kinds import KINDS
from fieldkit.store.rows import rows
from fieldkit.store.terms import LONGEST_QUERY, Term, terms

_Hit = tuple[int, str, str]


def find(
    connection: sqlite3.Connection,
    query: str,
    *,
    kinds: Sequence[str] | None = None,
    limit: int = 50,
    offset: int = 0,
) -> list[dict[str, Any]]:
    """The rows (as `query.rows`) that hold every word of `query`, best first: called so, beginning so, then the newest.

    A word is any piece of Chinese, the beginning of a word in letters, pinyin full or by initials, or the end of a
    telephone number. Any text at all is answered; nothing to look for finds nothing.
    """
    wanted = terms(query)
    if not wanted or limit <= 0:
        return []
    among = [kind for kind in KINDS if kinds is None or kind in kinds]
    page = list(islice(_hits(connection, query, wanted, among, offset + limit), offset, offset + limit))
    found = {
        (kind, row["id"]): row
        for kind in among
        for row in rows(connection, kind, [hit[2] for hit in page if hit[1] == kind])
    }
    return [found[hit[1:]] for hit in page if hit[1:] in found]


def matching_ids(connection: sqlite3.Connection, kind: str, query: str) -> set[str] | None:
    """The ids of every record of `kind` that holds every word of `query`; None where there is no word to look for."""
    wanted = terms(query)
    return {record_id for _, _, record_id in _holding(connection, kind, wanted, -1)} if wanted else None


def _hits(
    connection: sqlite3.Connection, query: str, wanted: Sequence[Term], kinds: Sequence[str], most: int
) -> Iterator[_Hit]:
    """At least the best `most` hits, without repetition; what better hits make needless is not looked for."""
    seen: set[int] = set()
    key = names.key(query[:LONGEST_QUERY])
    for source in (_called, _beginning):
        for hit in source(connection, key, kinds, most) if key else ():
            if hit[0] not in seen:
                seen.add(hit[0])
                yield hit
    holding = [_holding(connection, kind, wanted, most) for kind in kinds]
    yield from (hit for hit in merge(*holding, reverse=True) if hit[0] not in seen)


def _called(connection: sqlite3.Connection, key: str, kinds: Sequence[str], most: int) -> list[_Hit]:
    return _named(connection, "names.key = ?", (key,), kinds, most)


def _beginning(connection: sqlite3.Connection, key: str, kinds: Sequence[str], most: int) -> list[_Hit]:
    values = (key, key + "\U0010ffff")
    return _named(connection, "names.key > ? AND names.key < ?", values, kinds, most)


def _named(
    connection: sqlite3.Connection, condition: str, values: tuple[str, ...], kinds: Sequence[str], most: int
) -> list[_Hit]:
    marks = ", ".join("?" * len(kinds))
    return _tuples(
        connection,
        "SELECT e.entry, e.kind, e.record_id FROM names CROSS JOIN search_entries e ON e.entry = names.entry"  # noqa: S608
        f" WHERE {condition} AND e.kind IN ({marks}) ORDER BY names.key, e.entry DESC LIMIT ?",
        (*values, *kinds, most),
    )


def _holding(connection: sqlite3.Connection, kind: str, wanted: Sequence[Term], most: int) -> list[_Hit]:
    """(entry, kind, id) of the records that hold all of `wanted`, newest first; `most` -1 stands for all."""
    words = " AND ".join(term.expression for term in wanted)
    found = _tuples(
        connection,
        f"SELECT e.entry, e.kind, e.record_id FROM search_{kind} s CROSS JOIN search_entries e ON e.entry = s.rowid"  # noqa: S608
        f" WHERE search_{kind} MATCH ? ORDER BY s.rowid DESC LIMIT ?",
        (words, most),
    )
    for term in wanted:
        if term.tail:
            others = " AND ".join(other.expression for other in wanted if other is not term)
            found += _reached_by(connection, kind, term.tail, others, most)
    return sorted(found, reverse=True)


def _reached_by(connection: sqlite3.Connection, kind: str, tail: str, others: str, most: int) -> list[_Hit]:
    """The records with a phone number that ends so (`tail` is backwards) and that hold the other words."""
    narrowed = f" AND e.entry IN (SELECT rowid FROM search_{kind} WHERE search_{kind} MATCH ?)" if others else ""  # noqa: S608
    return _tuples(
        connection,
        "SELECT DISTINCT e.entry, e.kind, e.record_id FROM search_phones p"  # noqa: S608 - names from our own table
        " CROSS JOIN search_entries e ON e.entry = p.entry"
        f" WHERE p.backwards >= ? AND p.backwards < ? AND e.kind = ?{narrowed} ORDER BY e.entry DESC LIMIT ?",
        (tail, tail + ":", kind, *([others] if others else []), most),
    )


def _tuples(connection: sqlite3.Connection, statement: str, values: tuple[object, ...]) -> list[_Hit]:
    cursor = connection.cursor()
    cursor.row_factory = None
    return cursor.execute(statement, values).fetchall()
