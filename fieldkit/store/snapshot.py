"""Verified copies of a live store."""

from __future__ import annotations

import os
from contextlib import closing

from fieldkit.errors import StoreUnreadable
from fieldkit.store.connection import Guarded, open_reader, open_writer
from fieldkit.store.schema import read_revision


def take(path: str, target: str) -> None:
    """Copy the store at `path` to `target`, which appears whole and checked or not at all. An older `target` is replaced.

    Raises StoreUnreadable where the copy does not hold together, DiskFull, StoreLocked.
    """
    os.makedirs(os.path.dirname(target), mode=0o700, exist_ok=True)
    unfinished = f"{target}.part"
    with Guarded(path):
        if os.path.exists(unfinished):
            os.remove(unfinished)
        with closing(open_writer(path)) as connection:
            revision = read_revision(connection)
            connection.execute("VACUUM INTO ?", (unfinished,))
        _verify(unfinished, revision)
        _to_disk(unfinished, os.O_RDWR)
        os.replace(unfinished, target)
        _to_disk(os.path.dirname(target), os.O_RDONLY)


def _verify(path: str, revision: str | None) -> None:
    with closing(open_reader(path)) as connection:
        answer = connection.execute("PRAGMA quick_check(1)").fetchone()["quick_check"]
        if answer != "ok" or read_revision(connection) != revision:
            raise StoreUnreadable(path=path, detail=f"the copy does not hold together: {answer}")


def _to_disk(path: str, flags: int) -> None:
    if os.name == "nt" and os.path.isdir(path):
        return  # Windows cannot open a directory, and writes its entries with the file
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
