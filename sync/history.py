"""The history of the centre: one entry for each transaction that wrote, appended in it and chained by SHA-256.

An entry holds every record that its transaction changed, whole and as it was left: the last entry that names a record
equals the record, and a record that was taken away can be read from it. The hash of an entry covers the hash of the
one before; the last number and hash also stand in `sync_centre`, so that a tail that was cut is seen.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct
from sqlalchemy import Connection

from sync.change import Stamps
from sync.ledger import Stored, Work
from sync.merge import Past
from sync.statements import Statements
from sync.tables import Synced

_LEVEL = 1
_ALIKE = (str, type(None))
"""Types of which equal values are the same value: true equals 1, and 1 equals 1.0."""
_INSERT = (
    "INSERT INTO sync_history (number, at, device, person, revision_before, revision, content, hash)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)


class Head(NamedTuple):
    """The last entry: its number, 0 for none, and its hash in hexadecimal digits."""

    number: int
    hash: str


class Deed(NamedTuple):
    """One writing transaction: when in milliseconds since the epoch, by whom, the revision before it and after it."""

    at: int
    device: str
    person: str
    revision_before: int
    revision: int


class Block(Struct, array_like=True):
    """Records of one table, column by column: `columns` are wire values in the order of `fields`.

    A column that holds the same for every record holds it once; `spread` gives it back.
    `steps` lead from the revision of one record to that of the next, the first from 0. `extra` holds fields that the
    centre's own schema does not have.
    """

    table: str
    fields: list[str]
    ids: list[str]
    steps: list[int]
    stamps: Sequence[Stamps]
    past: Sequence[Past]
    scopes: Sequence[list[str]]
    extra: list[dict[str, Any]]
    columns: list[Sequence[Any]]


class Opened(Struct, array_like=True):
    """A value that was kept as a conflict."""

    id: str
    table: str
    record: str
    field: str
    stamp: str
    value: Any


class Content(Struct, omit_defaults=True):
    """What one transaction wrote: records as it left them, conflicts opened and settled, a new epoch."""

    records: list[Block] = []
    opened: list[Opened] = []
    settled: list[str] = []
    epoch: str = ""


def content_of(tables: Mapping[str, Synced], works: Iterable[Work], epoch: str = "") -> Content:
    """What `works` wrote, one after the other; of a record only how it was left."""
    content = Content(epoch=epoch)
    left: dict[str, dict[str, Stored]] = {}
    for work in works:
        for (table, record), stored in work.changed.items():
            if table not in left:
                left[table] = {}
            left[table][record] = stored
        content.opened.extend(
            Opened(one, *key, kept.field, kept.stamp, kept.value) for one, (key, kept) in work.opened.items()
        )
        content.settled.extend(sorted(work.settled))
    content.records.extend(_block(name, tables[name], records) for name, records in left.items())
    return content


def append(connection: Connection, statements: Statements, head: Head, deed: Deed, content: Content) -> Head:
    """Add the entry after `head`; the head that follows, or `head` where there is nothing to tell."""
    if content == Content():
        return head
    packed = zlib.compress(msgspec.json.encode(content), _LEVEL)
    number = head.number + 1
    after = Head(number, entry_hash(head.hash, number, deed, packed))
    statements.run(connection, _INSERT, number, *deed, packed, after.hash)
    return after


def entry_hash(previous: str, number: int, deed: Deed, packed: bytes) -> str:
    """SHA-256 over a JSON array, which tells where it ends, and the packed content after it."""
    return hashlib.sha256(msgspec.json.encode([previous, number, *deed]) + packed).hexdigest()


def unpack(packed: bytes) -> Content | None:
    """The content of an entry; None for what nobody packed."""
    try:
        return _contents.decode(zlib.decompress(packed))
    except (zlib.error, msgspec.MsgspecError):
        return None


_contents = msgspec.json.Decoder(Content)


def _block(name: str, table: Synced, records: Mapping[str, Stored]) -> Block:
    stored = list(records.values())
    values: Sequence[Mapping[str, Any]] = [one.values for one in stored]
    try:
        columns = _columns(table, values)
    except KeyError:  # the sender's schema is older: the record took defaults
        values = [{**_as_stored(table, one), **one.values} for one in stored]
        columns = _columns(table, values)
    known = len(table.fields)
    strange = any(len(one) != known for one in values)
    scopes = {one: sorted(one) for one in {one.scopes for one in stored}}
    return Block(
        name,
        list(table.fields),
        list(records),
        [after - before for before, after in pairwise([0, *(one.revision for one in stored)])],
        _once([one.stamps for one in stored]),
        _once([one.past for one in stored]),
        _once([scopes[one.scopes] for one in stored]),
        [_unknown(table, one) for one in values] if strange else [{}],
        [_once(column) if type(column[0]) in _ALIKE else column for column in columns],
    )


def spread(column: Sequence[Any], count: int) -> Sequence[Any]:
    """A column of a block, as long as there are records."""
    return [column[0]] * count if len(column) == 1 else column


def _once(column: Sequence[Any]) -> Sequence[Any]:
    return column[:1] if column[0] == column[-1] and column.count(column[0]) == len(column) else column


def _columns(table: Synced, values: Iterable[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
    return list(zip(*map(table.in_order, values), strict=True))


def _as_stored(table: Synced, stored: Stored) -> dict[str, Any]:
    return {field: table.to_wire(field, stored.row[field]) for field in table.fields}


def _unknown(table: Synced, values: Mapping[str, Any]) -> dict[str, Any]:
    return {field: value for field, value in values.items() if field not in table.kinds}
