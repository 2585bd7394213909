"""The record that somebody names on the command line."""

from __future__ import annotations

import sqlite3

from fieldkit.cli.output import Row
from fieldkit.errors import NoSuchRecord


def record_named(connection: sqlite3.Connection, record_id: str) -> Row:
    """The record of this id or unique beginning of one; NoSuchRecord where there is none."""
    from fieldkit.store import query

    row = query.record(connection, record_id)
    if row is None:
        raise NoSuchRecord(id=record_id)
    return row


def record_or_standing(connection: sqlite3.Connection, record_id: str) -> Row:
    """As `record_named`; for one that was merged into another, that which stands."""
    from fieldkit.store import merged_names, query

    try:
        return record_named(connection, record_id)
    except NoSuchRecord:
        beginning = record_id.strip().lower()
        known = len(beginning) >= query.SHORTEST_ID
        _kind, standing = merged_names.standing_for(connection, beginning) if known else ("", "")
        if not standing:
            raise
        return record_named(connection, standing)
