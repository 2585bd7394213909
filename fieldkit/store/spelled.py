"""The records whose name is read as a query's word, or begins so, from the order of names."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence

from fieldkit.capture.names import LEGAL
from fieldkit.store.name_order import TITLES
from fieldkit.store.terms import Term

_MOST = 100
"""Names that begin alike of each kind and way to read the word; what is beyond is found all the same, only later."""
_Hit = tuple[int, str, str]
_Narrowing = Callable[[str, str], tuple[str, Sequence[object]]]


class SpelledSo:
    """One word of letters; `called` are the hits whose whole name it is, or all but a legal form; `beginning` those that go on."""

    __slots__ = ("beginning", "called")

    def __init__(self, connection: sqlite3.Connection, kinds: Sequence[str], term: Term, narrowing: _Narrowing) -> None:
        called, beginning = set[_Hit](), set[_Hit]()
        for kind in kinds if len(term.parts) == 1 else ():
            if kind not in TITLES:
                continue
            for parts in term.parts[0].spelled:
                for rest, number, record_id in _read_so(connection, kind, parts, narrowing):
                    (called if rest in ("", *LEGAL) else beginning).add((number, kind, record_id))
        self.called = sorted(called, reverse=True)
        self.beginning = sorted(beginning - called, reverse=True)


def _read_so(
    connection: sqlite3.Connection, kind: str, parts: Sequence[str], narrowing: _Narrowing
) -> Iterator[tuple[str, int, str]]:
    """(the characters after those that are read so, number, id)."""
    also, more = narrowing(kind, "r.rowid")
    *whole, last = parts
    before = "".join(f"{syllable}[1-5]? " for syllable in whole)
    bounds = (f"{whole[0]}1", f"{whole[0]}6") if whole else (last, f"{last}~")
    cursor = connection.cursor()
    cursor.row_factory = None
    for pattern in (f"{before}{last}[1-5]?", f"{before}{last}*"):
        found = cursor.execute(
            f"SELECT n.spelled, r.rowid, r.id FROM name_order n CROSS JOIN {kind} r ON r.id = n.record_id"  # noqa: S608 - our own names
            f" WHERE n.kind = ? AND n.spelled >= ? AND n.spelled < ? AND n.spelled GLOB ? AND {also} LIMIT {_MOST}",
            (kind, *bounds, pattern, *more),
        ).fetchall()
        for spelled, number, record_id in found:
            read = spelled.split(" ")
            done = read[len(parts) - 1][:-1].rstrip("12345") == last
            rest = "".join(syllable[-1] for syllable in read[len(parts) :])
            yield rest if done else f"…{rest}", number, record_id
