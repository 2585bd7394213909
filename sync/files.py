"""Hand-carried files on disk: written whole or not at all, never over another file, for their owner's eyes only."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from sync.errors import TooLarge


def read(path: Path | str, limit: int) -> bytes:
    """The content of a file; raises `TooLarge` past `limit` bytes without reading them, or OSError."""
    with open(path, "rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise TooLarge("file")
    return data


def check_free(path: Path | str) -> None:
    """Raise FileExistsError where `write_new` would, and FileNotFoundError where its folder is missing."""
    if os.path.lexists(path):
        raise FileExistsError(str(path))
    if not os.path.isdir(_folder(path)):
        raise FileNotFoundError(str(path))


def write_new(path: Path | str, data: bytes) -> None:
    """Write `data` durably under a name that nothing has yet; raises FileExistsError, or another OSError."""
    folder = _folder(path)
    handle, unfinished = tempfile.mkstemp(prefix=f"{os.path.basename(path)}.", suffix=".part", dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _place(unfinished, path)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(unfinished)
    _keep_name(folder)


def _place(unfinished: str, path: Path | str) -> None:
    """Give the finished file its name; a link fails where the name is taken, a rename would not."""
    try:
        os.link(unfinished, path)
    except FileExistsError:
        raise
    except OSError:  # the file system of many a memory stick knows no links
        check_free(path)
        os.rename(unfinished, path)


def _keep_name(folder: str) -> None:
    with suppress(PermissionError):  # a folder that cannot be opened, which on Windows is any, cannot be flushed either
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _folder(path: Path | str) -> str:
    return os.path.dirname(os.path.abspath(path))
