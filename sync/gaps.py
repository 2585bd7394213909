"""What a walk over the centre's history finds, as values."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class GapKind(Enum):
    """What is wrong at a gap."""

    MISSING = "missing"
    """Entries `entry.number` to `until` are not there; when and whose are those of the entry before."""
    ALTERED = "altered"
    """The entry is not what was written, or does not follow from the one before."""
    HEAD = "head"
    """The chain does not end as `sync_centre` says."""
    CHANGED = "changed"
    """The record is not as the entry left it; `field` names the first difference, `*` where it cannot even be read."""
    GONE = "gone"
    """The record that the entry wrote is not there; `entry` is `NO_ENTRY` for one that is older than the history."""
    UNKNOWN = "unknown"
    """No entry wrote the record as it stands; `entry` is `NO_ENTRY`."""
    CONFLICT = "conflict"
    """The value of `field` that the entry kept as a conflict is not there as it was, or was closed or opened otherwise."""


class EntryName(NamedTuple):
    """An entry of the history: its number, its time in milliseconds since the epoch, the device and the person."""

    number: int
    at: int
    device: str
    person: str


NO_ENTRY = EntryName(0, 0, "", "")


class Gap(NamedTuple):
    """The first place where the history does not hold, or does not bear out what stands in the tables."""

    kind: GapKind
    entry: EntryName
    until: int = 0
    table: str = ""
    id: str = ""
    field: str = ""


class Verification(NamedTuple):
    """What was found: the sound entries and the hash of the last one, records older than the history, the first gap.

    `expected` is the number of the entry whose hash was expected; None where none has it, or none was asked for.
    """

    entries: int
    head: str
    older_records: int
    expected: int | None
    gap: Gap | None
