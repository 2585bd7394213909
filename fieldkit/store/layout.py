"""The tables of the search index as the newest revision makes them, so that one that is gone can be made again."""

from __future__ import annotations

from fieldkit.store.documents import FIELDS, NAMES, PAIRED

LAST = "CREATE TABLE IF NOT EXISTS search_last (number INTEGER NOT NULL CONSTRAINT pk_search_last PRIMARY KEY)"
"""The last number that was given."""


def statements(beside: str) -> dict[str, str]:
    """table → what makes it; its name ends in `beside`."""
    made = {f"search_{kind}": _full_text(f"search_{kind}{beside}", kind) for kind in FIELDS}
    made |= {f"names_{kind}": _keyed(f"names_{kind}", "key", beside) for kind in NAMES}
    return made | {"search_phones": _keyed("search_phones", "backwards", beside)}


def _full_text(table: str, kind: str) -> str:
    detail = "none" if kind in PAIRED else "full"
    return (
        f"CREATE VIRTUAL TABLE {table} USING fts5(words, content='', columnsize=0, detail={detail}, tokenize='ascii')"
    )


def _keyed(table: str, column: str, beside: str) -> str:
    return (
        f"CREATE TABLE {table}{beside} ({column} TEXT NOT NULL, number INTEGER NOT NULL,"
        f" CONSTRAINT pk_{table} PRIMARY KEY ({column}, number)) WITHOUT ROWID"
    )
