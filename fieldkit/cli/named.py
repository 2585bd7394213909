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
