"""Connections keep the store's promises, and database errors become fieldkit's own at this edge."""

from __future__ import annotations

import errno
import os
import sqlite3

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from fieldkit.errors import DiskFull, StoreLocked, StoreUnreadable
from fieldkit.store import connection as connections
from fieldkit.store.connection import Guarded, Transaction, open_reader, open_writer, store_error


def pragma(connection: sqlite3.Connection, name: str) -> object:
    return connection.execute(f"PRAGMA {name}").fetchone()[name]


def test_what_a_writer_acknowledges_outlives_a_power_cut(writer):
    assert (pragma(writer, "journal_mode"), pragma(writer, "synchronous"), pragma(writer, "fullfsync")) == ("wal", 2, 1)


def test_what_is_erased_is_overwritten_and_a_planted_schema_runs_nothing(writer, reader):
    assert pragma(writer, "secure_delete") == 1
    assert pragma(writer, "trusted_schema") == pragma(reader, "trusted_schema") == 0


def test_everybody_waits_half_a_minute_for_the_lock(writer, reader):
    assert [connection.execute("PRAGMA busy_timeout").fetchone()["timeout"] for connection in (writer, reader)] == [
        30_000
    ] * 2


def test_a_reader_cannot_write(reader):
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader.execute("INSERT INTO settings VALUES ('a', 'b')")


def test_a_reader_sees_what_was_committed_meanwhile(writer, reader):
    assert reader.execute("SELECT * FROM settings").fetchall() == []
    writer.execute("INSERT INTO settings VALUES ('a', 'b')")
    assert reader.execute("SELECT * FROM settings").fetchall() == [{"key": "a", "value": "b"}]


def test_a_transaction_is_all_or_nothing(writer, reader):
    def half() -> None:
        with Transaction(writer):
            writer.execute("INSERT INTO settings VALUES ('a', 'b')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert not writer.in_transaction
    assert reader.execute("SELECT * FROM settings").fetchall() == []


def test_a_missing_file_is_unreadable_and_not_made(tmp_path):
    for opened in (open_reader, open_writer):
        with pytest.raises(StoreUnreadable):
            opened(str(tmp_path / "none.db"))
    assert os.listdir(tmp_path) == []


def test_a_store_kept_by_another_is_locked(store_path, writer, monkeypatch):
    monkeypatch.setattr(connections, "BUSY_SECONDS", 0.01)
    other = open_writer(store_path)
    with Transaction(writer), pytest.raises(StoreLocked) as refused, Guarded(store_path):
        other.execute("BEGIN IMMEDIATE")
    other.close()
    assert refused.value.facts == {"path": store_path}


def test_a_full_disk_is_told_and_writes_nothing(store_path, writer):
    pages = pragma(writer, "page_count")
    writer.execute(f"PRAGMA max_page_count={pages}")
    with pytest.raises(DiskFull), Guarded(store_path), Transaction(writer):
        writer.execute("INSERT INTO settings VALUES ('a', ?)", ("x" * 1_000_000,))
    assert writer.execute("SELECT * FROM settings").fetchall() == []


def test_damage_is_told(store_path):
    with open(store_path, "r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 200_000)
    reader = open_reader(store_path)
    with pytest.raises(StoreUnreadable), Guarded(store_path):
        reader.execute("SELECT * FROM companies").fetchall()
    reader.close()


def test_errors_of_sqlalchemy_are_read_like_those_of_sqlite(store_path, writer):
    engine = create_engine(f"sqlite:///{store_path}", connect_args={"timeout": 0.01})
    with Transaction(writer), engine.connect() as other, pytest.raises(DBAPIError) as raised:
        other.execute(text("INSERT INTO settings VALUES ('a', 'b')"))
    engine.dispose()
    assert isinstance(store_error(raised.value, store_path), StoreLocked)


@pytest.mark.parametrize("error", [ValueError("x"), OSError(errno.ENOENT, "x"), None, sqlite3.IntegrityError("x")])
def test_other_errors_pass(error):
    assert store_error(error, "path") is None


def test_no_room_for_a_file_is_a_full_disk():
    assert isinstance(store_error(OSError(errno.ENOSPC, "x"), "path"), DiskFull)
