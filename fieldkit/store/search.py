"""Find anything by typing a little: names first (exact, then beginning so), then whatever holds every word, newest first."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any

from fieldkit.domain.kinds import KINDS
from fieldkit.store import filters
from fieldkit.store.hits import Search
from fieldkit.store.matched import match
from fieldkit.store.rows import rows
from fieldkit.store.terms import terms


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
    hits = Search(connection, words, wanted, narrow).hits(among) if wanted or narrow else iter(())
    page = list(islice(hits, offset, offset + limit))
    found = {
        (kind, row["id"]): row
        for kind in among
        for row in rows(connection, kind, [hit[2] for hit in page if hit[1] == kind])
    }
    return [found[hit[1:]] | {"match": match(hit[1], found[hit[1:]], wanted)} for hit in page if hit[1:] in found]


def find_of_each(
    connection: sqlite3.Connection,
    query: str,
    *,
    asked: Mapping[str, int],
    most: int = 50,
    today: date | None = None,
) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """As `find`, of every kind its best, the kind of the best match first: `most` in all, no kind without a few, and of the
    kinds in `asked` that many. With how many there are of each kind, counted to one more than `most` and than are shown.
    """
    words, narrow = filters.read(connection, query, today)
    wanted = terms(words)
    if not wanted and not narrow:
        return [], {}
    searched = Search(connection, words, wanted, narrow)
    best = dict.fromkeys([hit[1] for hit in islice(searched.hits(list(KINDS)), most)])
    hits = {
        kind: found
        for kind in (*best, *(kind for kind in KINDS if kind not in best))
        if (found := list(islice(searched.hits([kind]), max(most, asked.get(kind, 0)) + 1)))
    }
    shown = {kind: found[: asked.get(kind, most // len(hits))] for kind, found in hits.items()}
    answer = []
    for kind, some in shown.items():
        by_id = {row["id"]: row for row in rows(connection, kind, [hit[2] for hit in some])}
        answer += [by_id[hit[2]] | {"match": match(kind, by_id[hit[2]], wanted)} for hit in some if hit[2] in by_id]
    return answer, {kind: len(found) for kind, found in hits.items()}


def matching_ids(connection: sqlite3.Connection, kind: str, query: str) -> set[str] | None:
    """The ids of every record of `kind` that `query` finds; None where there is nothing to look for."""
    words, narrow = filters.read(connection, query, None)
    wanted = terms(words)
    if not wanted and not narrow:
        return None
    return {record_id for _, _, record_id in Search(connection, words, wanted, narrow).holding(kind)}
