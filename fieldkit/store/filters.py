"""Filters inside a query: `类型:`/`kind:`, `阶段:`/`stage:`, `专班:`/`taskforce:` with the beginning or a part of a value, and 本周."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from fieldkit.domain.kinds import KINDS
from fieldkit.ids import uuid7
from fieldkit.store.rules import rule_pack
from fieldkit.store.tokens import folded

if TYPE_CHECKING:
    import sqlite3

LONGEST_QUERY = 200  # characters that are looked at
_KIND_WORDS: Mapping[str, tuple[str, ...]] = {
    "companies": ("company", "companies", "企业", "公司"),
    "contacts": ("contact", "contacts", "联系人"),
    "leads": ("lead", "leads", "线索", "项目"),
    "visits": ("visit", "visits", "拜访", "走访"),
    "followups": ("followup", "followups", "follow-ups", "待办", "回访"),
    "guides": ("guide", "guides", "指南", "招商指南"),
}
_KEYS = {"类型": "kind", "kind": "kind", "阶段": "stage", "stage": "stage"} | dict.fromkeys(
    ("专班", "taskforce", "task_force", "task-force"), "task_force"
)
_KEYED = re.compile(rf"(?<!\S)({'|'.join(_KEYS)}):(\s*)(\S*)")
_SPANS: Mapping[str, Callable[[date], tuple[date, date]]] = {
    "day": lambda today: (today, today),
    "week": lambda today: (today - timedelta(today.weekday()), today + timedelta(6 - today.weekday())),
    "month": lambda today: (today.replace(day=1), (today.replace(day=1) + timedelta(31)).replace(day=1) - timedelta(1)),
}
_SPAN_WORDS = {"本周": "week", "这周": "week", "this week": "week", "今天": "day", "today": "day"} | dict.fromkeys(
    ("本月", "这个月", "this month"), "month"
)
_SPANNED = re.compile(rf"(?<!\S)({'|'.join(_SPAN_WORDS)})(?!\S)")
_DAYS = {"visits": "visited_on", "followups": "due_on"}
"""The field with the day that a record is of; the others are of the instant at which their id was made."""


class Filter:
    """What a query asks for beside words: `kinds`, `codes` by field, and `days`, first and last; None for no such filter."""

    __slots__ = ("codes", "days", "kinds")

    def __init__(self) -> None:
        self.kinds: set[str] | None = None
        self.codes: dict[str, set[str]] = {}
        self.days: tuple[date, date] | None = None

    def __bool__(self) -> bool:
        return self.kinds is not None or bool(self.codes) or self.days is not None

    def condition(self, kind: str) -> tuple[str, list[str]] | None:
        """What a row `r` of `kind` must fulfil, with its values; None where none of the kind can pass."""
        if self.kinds is not None and kind not in self.kinds:
            return None
        terms, values = ["r.deleted = 0"], list[str]()
        for field, codes in self.codes.items():
            if KINDS[kind].field(field) is None:
                return None
            terms.append(f"r.{field} IN ({', '.join('?' * len(codes))})")
            values += sorted(codes)
        if self.days is not None:
            terms.append(f"r.{_DAYS.get(kind, 'id')} BETWEEN ? AND ?")
            values += _bounds(kind, *self.days)
        return " AND ".join(terms), values


def read(connection: sqlite3.Connection, query: str, today: date | None) -> tuple[str, Filter]:
    """The words of `query` and the filter it holds; a filter of an unknown value is words. Without `today` 本周 is a word."""
    found = Filter()

    def keyed(match: re.Match[str]) -> str:
        key, blank, value = _KEYS[match[1]], match[2], match[3]
        if not value or _take(found, key, _codes(connection, key, value)):
            return ""
        return value if blank else match[0]

    def spanned(match: re.Match[str]) -> str:
        if today is not None:
            found.days = _SPANS[_SPAN_WORDS[match[1]]](today)
        return "" if today is not None else match[0]

    words = _KEYED.sub(keyed, folded(query[:LONGEST_QUERY]))
    return _SPANNED.sub(spanned, words), found


def unknown(connection: sqlite3.Connection, query: str) -> list[tuple[str, str, list[str]]]:
    """(key, value, known values) of each filter in `query` whose value names nothing; in the language of its key."""
    asked = ((match[1], _KEYS[match[1]], match[3]) for match in _KEYED.finditer(folded(query[:LONGEST_QUERY])))
    return [
        (word, value, [_called(names, english=word.isascii()) for _, names in _named(connection, key)])
        for word, key, value in asked
        if value and not _codes(connection, key, value)
    ]


def _called(names: Sequence[str], *, english: bool) -> str:
    return next((name for name in names[1:] if name and name.isascii() is english), names[0])


def _take(found: Filter, key: str, codes: set[str]) -> bool:
    if codes and key == "kind":
        found.kinds = (found.kinds or set()) | codes
    elif codes:
        found.codes[key] = found.codes.get(key, set()) | codes
    return bool(codes)


def _codes(connection: sqlite3.Connection, key: str, value: str) -> set[str]:
    """The codes that `value` may stand for: named so, else with a name or code that holds it."""
    named = {code: [folded(name) for name in names] for code, names in _named(connection, key)}
    whole = {code for code, names in named.items() if value in names}
    return whole or {code for code, names in named.items() if any(value in name for name in names)}


def _named(connection: sqlite3.Connection, key: str) -> Iterable[tuple[str, tuple[str, ...]]]:
    if key == "kind":
        return _KIND_WORDS.items()
    if key == "stage":
        pack = rule_pack(connection)
        rows = [*pack["stages"], *pack["set_aside"]]
    else:
        rows = connection.execute("SELECT code, name, name_en FROM task_forces WHERE deleted = 0").fetchall()
    return [(row["code"], (row["code"], row["name"], row.get("name_en") or "")) for row in rows]


def _bounds(kind: str, first: date, last: date) -> tuple[str, str]:
    if kind in _DAYS:
        return first.isoformat(), last.isoformat()
    start, end = (datetime.combine(day, time()).astimezone() for day in (first, last + timedelta(1)))
    return _first_id(start), _first_id(end)


def _first_id(moment: datetime) -> str:
    return uuid7(int(moment.timestamp() * 1000), bytes(10))
