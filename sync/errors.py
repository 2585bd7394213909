"""What can go wrong, as one tree; owners turn a class into words for people, `sync` never does.

SyncError
├── Unreachable          no answer: refused, timed out, cut; worth another try later
│   └── CentreFault      the centre answered that it could not (5xx, busy)
├── NotACentre           something answered, but not a centre: captive portal, proxy, wrong address
├── Unauthorised         the centre does not know this credential, or it has expired
├── Revoked              this laptop may no longer take part
├── ClockWrong           stamps lie in the centre's future even after re-stamping
├── TooOld               the centre has taken the push, but its records are too new for this program
├── ForkSuspected        the centre does not know this laptop's token: cloned disk, or a restored centre
├── Malformed            a message that the protocol does not allow
│   └── TooLarge         a message past its bound
├── Misdirected          a hand-carried file that is not for here
├── NotAwaited           the answer to a hand-carried file that this store does not wait for (any more)
├── AlreadySyncing       another process is synchronising this store
├── UncapturedWrite      a statement tried to change synced records past the journal
├── InvalidValue         a value that cannot travel: NaN, number past 64 bits, wrong type
├── UnknownConflict      a conflict that is already closed, or never was
└── UnsupportedTable     a table or column that `sync` cannot replicate
"""

from __future__ import annotations


class SyncError(Exception):
    """Root of everything `sync` raises on purpose."""


class Unreachable(SyncError):
    """No answer came: refused, timed out, cut."""


class CentreFault(Unreachable):
    """The centre itself answered that it could not serve the request."""


class NotACentre(SyncError):
    """Something answered, but it was not a centre; `status` is what it answered with."""

    def __init__(self, status: int, where: str = "") -> None:
        super().__init__(f"answered {status}, not as a centre")
        self.status = status
        self.where = where


class Unauthorised(SyncError):
    """The centre does not know the credential."""


class Revoked(SyncError):
    """The laptop has been shut out for good. An `identify` callback may raise it."""


class ClockWrong(SyncError):
    """The laptop's clock is so far off that re-stamping did not help."""


class TooOld(SyncError):
    """The program is too old to read the centre's records; what it sent has been taken."""


class ForkSuspected(SyncError):
    """The centre does not know the token, even after the laptop took a new identity."""


class Malformed(SyncError):
    """A message that the protocol does not allow."""


class TooLarge(Malformed):
    """A message past its bound."""


class Misdirected(SyncError):
    """A hand-carried file that is not for here; `why` is `kind` (a bundle for an answer, or an answer for a bundle)
    or `name` (the credential behind its seal is not the reader's, or not one that the centre knows).
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class NotAwaited(SyncError):
    """The answer to a bundle of another store, or one that was taken or overtaken before; nothing was changed."""


class AlreadySyncing(SyncError):
    """Another process is synchronising this store."""


class UncapturedWrite(SyncError):
    """A statement tried to change the synced table `table` without capture."""

    def __init__(self, table: str, instead: str) -> None:
        super().__init__(f"{table!r} is replicated: {instead}")
        self.table = table


class InvalidValue(SyncError):
    """The value of `table.field` cannot travel; `why` is a short reason code."""

    def __init__(self, table: str, field: str, why: str) -> None:
        super().__init__(f"{table}.{field}: {why}")
        self.table = table
        self.field = field
        self.why = why


class UnknownConflict(SyncError):
    """There is no open conflict with this id."""


class UnsupportedTable(SyncError):
    """A table without `id: str` and `deleted: bool`, or with a column that cannot be put on the wire."""
