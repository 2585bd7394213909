"""One process at a time at a long piece of work."""

from __future__ import annotations

import sqlite3

from fieldkit.store.connection import BUSY_SECONDS


class Alone:
    """`with Alone(path):` by the lock of an empty SQLite file: it holds on every platform and falls with its process.

    Waits for another holder as long as connections do, then raises sqlite3.OperationalError.
    """

    def __init__(self, path: str) -> None:
        self._path = path

    def __enter__(self) -> None:
        self._connection = sqlite3.connect(self._path, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            self._connection.execute("BEGIN EXCLUSIVE")
        except BaseException:
            self._connection.close()
            raise

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._connection.execute("ROLLBACK")
        self._connection.close()
