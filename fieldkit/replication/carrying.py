"""Work carried to the office in a file, and the office's answer carried back, for a laptop that cannot get through."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from fieldkit.errors import DiskFull, FileNotTaken, FileThere, FileUnreadable, FileUnwritable
from fieldkit.replication.laptop import as_failure, counted, ready_for_centre
from fieldkit.store.store import Store

if TYPE_CHECKING:
    from sync import Outcome
    from sync.errors import SyncError

_REASONS = {
    "Malformed": "damaged",
    "TooLarge": "too-large",
    "TooOld": "newer",
    "NotAwaited": "no-news",
    "Revoked": "withdrawn",
    "ForkSuspected": "fork",
    "ClockWrong": "clock",
}


def to_file(store: Store, path: str) -> int:
    """Write everything unsent, and what waits in the inbox, into a new file at `path`; the number of records in it.

    The office takes it with `fieldkit.office.receiving.receive`. It is sealed, not encrypted. Raises NotEnrolled,
    FileThere, FileUnwritable, DiskFull, SyncFailed, StoreError; then nothing was written, and nothing is lost.
    """
    with ready_for_centre(store) as client, writing(path), taking(path):
        return client.to_file(path)


def from_file(store: Store, path: str) -> Outcome:
    """Take the office's answer at `path` as if the centre had replied.

    Raises NotEnrolled, FileUnreadable, FileNotTaken, SyncFailed, StoreError; then nothing was changed. What the answer
    itself says stopped the exchange is in the outcome, see `as_file_failure`.
    """
    with ready_for_centre(store) as client, reading(path), taking(path, mistaken="bundle", unknown="other-laptop"):
        return counted(store, lambda: client.from_file(path))


def as_file_failure(error: SyncError, path: str) -> Exception:
    """What stopped an exchange by file, as fieldkit's own error."""
    reason = _REASONS.get(type(error).__name__)
    return FileNotTaken(path=path, reason=reason) if reason in ("fork", "clock") else as_failure(error)


@contextmanager
def writing(path: str) -> Iterator[None]:
    """Errors of writing a new file at `path` as fieldkit's own."""
    try:
        yield
    except FileExistsError:
        raise FileThere(path=path) from None
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise DiskFull(path=path) from error
        raise FileUnwritable(path=path, detail=error) from error


@contextmanager
def reading(path: str) -> Iterator[None]:
    """Errors of reading the file at `path` as fieldkit's own."""
    try:
        yield
    except OSError as error:
        raise FileUnreadable(path=path, detail=error) from error


@contextmanager
def taking(path: str, *, mistaken: str = "", unknown: str = "") -> Iterator[None]:
    """Errors of the file's content as fieldkit's own: `mistaken` is the reason where it is of the other kind, `unknown`
    where its sender or receiver is not the one that it should be.
    """
    from sync.errors import Misdirected, SyncError

    try:
        yield
    except Misdirected as error:
        raise FileNotTaken(path=path, reason=mistaken if error.why == "kind" else unknown) from error
    except SyncError as error:
        reason = _REASONS.get(type(error).__name__)
        raise (FileNotTaken(path=path, reason=reason) if reason else as_failure(error)) from error
