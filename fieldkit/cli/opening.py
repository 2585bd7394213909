"""The store as one command uses it: opened, read, closed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from fieldkit.cli.context import Context
from fieldkit.cli.output import Row
from fieldkit.errors import NoSuchRecord
from fieldkit.store.store import Store


@contextmanager
def opened(context: Context) -> Iterator[Store]:
    """The laptop's store, closed at the end."""
    store = context.open_store()
    try:
        yield store
    finally:
        store.close()


@contextmanager
def reading(store: Store) -> Iterator[sqlite3.Connection]:
    """A reader of `store`, closed at the end."""
    connection = store.reader()
    try:
        yield connection
    finally:
        connection.close()


def found(connection: sqlite3.Connection, record_id: str) -> Row:
    """The record of this id or unique beginning of one; NoSuchRecord where there is none."""
    from fieldkit.store import query

    row = query.record(connection, record_id)
    if row is None:
        raise NoSuchRecord(id=record_id)
    return row
