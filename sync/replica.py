"""One laptop's store: sessions that capture, conflicts that people can see, and the laptop's half of a round."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, Engine, Row
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session, SQLModel

from sync import carried, clock, laptop, outbox, protocol, quarantine
from sync.adoption import adopt
from sync.arrivals import Arrivals, sweep
from sync.bundle import TOKEN_MARK
from sync.carried import Packed, Replies
from sync.change import stamp_of
from sync.errors import Malformed, UnknownConflict
from sync.journal import OWN, Journal, Observer
from sync.outbox import Batch
from sync.protocol import Reply, Request
from sync.quarantine import Quarantined
from sync.settling import close_conflict
from sync.sqlite import READING
from sync.tables import laptop_metadata, synced

_SKEW_WORTH_MENDING = 60_000


class Conflict(NamedTuple):
    """Two people's values of one field: `kept` is the record's value now, `other` the one that gave way.

    Times are milliseconds since the epoch; `kept_by` and `other_by` name persons as the centre knows them.
    """

    id: str
    table: str
    record_id: str
    field: str
    kept: Any
    other: Any
    kept_by: str
    other_by: str
    kept_at: int
    other_at: int


class Prepared(NamedTuple):
    """One round's request, and what is needed to understand its reply.

    `page` is the bytes of the page that it asks for, `after` the revision that a page still on its way reaches;
    `resumes` is false before the first page of all.
    """

    headers: dict[str, str]
    body: bytes
    batch: Batch
    token: str
    page: int
    after: int
    resumes: bool


class Place(NamedTuple):
    """Where a request goes on from others that are on their way: a `seq` of the outbox, a revision of the feed."""

    seq: int = 0
    revision: int = 0


class Taken(NamedTuple):
    """What a reply changed: records answered for, records that came or left; what waits here, and at the centre."""

    answered: int
    received: int
    waiting: int
    more: bool


class Unpacked(NamedTuple):
    """What a hand-carried answer changed: the state of its last reply, records answered for, records that came or left."""

    state: str
    answered: int
    received: int


class Replica:
    """A laptop's store of `tables` in `engine` (SQLite, from `sqlite_engine`).

    `clock` gives milliseconds since the epoch, `entropy` random bytes. Each of `observers` is called with
    `(connection, table, ids)` in the transaction in which records were saved, arrived or left. `schema` is the number
    of the owner's schema: when it grows, everything is pulled anew. Nothing is read or written here.
    """

    def __init__(
        self,
        engine: Engine,
        tables: Sequence[type[SQLModel]],
        *,
        clock: Callable[[], int],
        entropy: Callable[[int], bytes] = os.urandom,
        observers: Sequence[Observer] = (),
        schema: int = 0,
    ) -> None:
        self.engine = engine
        self.tables = synced(tables, engine.dialect)
        self.clock = clock
        self.schema = schema
        self._entropy = entropy
        self._journal = Journal(self.tables, clock, entropy, observers)
        self._journal.guard(engine)
        self._sessions = self._journal.sessions(engine)

    def session(self) -> Session:
        """A session whose every flush is captured in its own transaction.

        It holds the write lock from its first statement on. `session.delete`, bulk and Core writes of replicated
        tables raise `UncapturedWrite`; a value that cannot travel raises `InvalidValue`.
        """
        return self._sessions()

    def create_tables(self) -> None:
        """Make the replicated tables and `sync`'s own, for a store without migrations."""
        with self._writing() as connection:
            for table in self.tables.values():
                table.table.create(connection, checkfirst=True)
            laptop_metadata().create_all(connection)

    def conflicts(self) -> list[Conflict]:
        """Every open conflict of records that this laptop holds, oldest first."""
        with self._reading() as connection:
            rows = connection.exec_driver_sql(
                "SELECT c.id, c.tab, c.record, c.field, c.stamp, c.value, c.author, c.kept_author, s.stamps "
                "FROM sync_conflict c JOIN sync_stamp s ON s.tab = c.tab AND s.id = c.record ORDER BY c.stamp"
            ).all()
            found = [self._conflict(connection, row) for row in rows]
        return [conflict for conflict in found if conflict is not None]

    def resolve(self, conflict_id: str, value: Any) -> None:
        """Set the conflict's field to `value` (either side, or a third) as an ordinary edit that closes the conflict.

        Raises `UnknownConflict`, or `InvalidValue`.
        """
        with self.session() as session:
            table, record_id, field = close_conflict(session, conflict_id)
            record = session.get(self.tables[table].model, record_id) if table in self.tables else None
            if record is None:
                raise UnknownConflict(conflict_id)
            setattr(record, field, value)
            flag_modified(record, field)
            session.commit()

    def prepare(self, *, size: int, page: int, push: bool = True, sent: int = 0, after: int = 0) -> Prepared:
        """The next round's request: about `size` bytes of unsent records (none without `push`), a page of `page` bytes.

        While another round is on its way, `sent` is the last place in the outbox that it holds, and `after` the
        revision that its page reaches. What leaves is durably marked as departed, and the proposed token is written
        down, before this returns.
        """
        with self._writing() as connection:
            place = Place(sent, after)
            return self._prepare(connection, size, page, protocol.RECORDS_LIMIT if push else 0, place)

    def pack(self) -> Packed:
        """Everything unsent as requests for a hand-carried file, as far as it holds them, each marked as `prepare` does."""
        with self._writing() as connection:

            def prepare(after: int) -> carried.Request:
                size, count = protocol.BATCH_LIMIT, protocol.RECORDS_LIMIT
                found = self._prepare(connection, size, size, count, Place(after), mark=TOKEN_MARK)
                headers, body, batch, token = found[:4]
                sent = [carried.Sent(one.table, one.id, one.fields, one.whole) for one in batch.records]
                part = carried.Part(headers[protocol.DEVICE], token, carried.cursors(connection), sent, batch.offers)
                return carried.Request(headers, body, batch, part)

            return carried.pack(connection, prepare, self._entropy(9).hex(), self.clock())

    def unpack(self, bundle_id: str, replies: Replies) -> Unpacked | None:
        """Apply the replies to a hand-carried file in one transaction; None, and nothing changed, if it awaits none.

        A store that has met the centre in another way since then asks again for what it would have brought. Raises
        `Malformed` for replies that do not fit the file.
        """
        outlines = [carried.outline(reply) for reply in replies]
        with self._writing() as connection:
            parts = carried.awaited(connection, laptop.standing(connection, self._journal), bundle_id, outlines)
            if not parts:
                return None
            total = Unpacked("", 0, 0)
            for part, reply in zip_longest(parts[: len(outlines)], replies):
                taken = self._unpack(connection, part, reply)
                total = Unpacked(reply.state, total.answered + taken.answered, total.received + taken.received)
            carried.forget(connection, bundle_id)
            return total

    def forget_packed(self, bundle_id: str) -> None:
        """The file with these requests was never finished."""
        with self._writing() as connection:
            carried.forget(connection, bundle_id)

    def _prepare(
        self, connection: Connection, size: int, page: int, count: int, place: Place, *, mark: str = ""
    ) -> Prepared:
        me = laptop.standing(connection, self._journal)
        if me.schema != self.schema:
            adopt(connection, self.tables)
            laptop.pull_anew(connection)
            connection.exec_driver_sql("UPDATE sync_laptop SET schema = ?", (self.schema,))
            me = laptop.standing(connection, self._journal)
        held, token = laptop.propose(connection, me, self._entropy, mark)
        batch = outbox.next_batch(connection, self.tables, size, count, place.seq) if count else Batch([], [], [])
        connection.exec_driver_sql("UPDATE sync_laptop SET sending = ?", (len(batch.records),))
        unsent, oldest = outbox.left_behind(connection, batch, place.seq)
        cursors = connection.exec_driver_sql("SELECT scope, revision FROM sync_cursor").all()
        request = Request(
            cursors={scope: max(revision, place.revision) for scope, revision in cursors},
            have=msgspec.json.decode(me.have),
            page=page,
            unsent=unsent,
            oldest=oldest,
            schema=self.schema,
            came_from=me.came_from,
        )
        headers = {
            protocol.DEVICE: me.device,
            protocol.TOKEN: f"{held} {token}",
            protocol.EPOCH: me.epoch,
        }
        body = protocol.request_bytes(batch.bodies, request)
        return Prepared(headers, body, batch, token, page, place.revision, bool(cursors))

    def quarantined(self) -> list[Quarantined]:
        """Records of the centre that this store cannot take; a newer program may."""
        with self._reading() as connection:
            return quarantine.listed(connection)

    def try_quarantined(self) -> int:
        """Apply what of the quarantine can be taken by now; the number of records."""
        if not self.quarantined():
            return 0
        with self._writing() as connection:
            return Arrivals(connection, self.tables, self._journal.notify).try_again()

    def withdraw(self, prepared: Prepared) -> None:
        """The request has certainly not reached the centre."""
        with self._writing() as connection:
            laptop.withdraw(connection, prepared.token)

    def take(self, prepared: Prepared, reply: Reply) -> Taken:
        """Apply a reply to `prepared`: answers, corrections, page, cursors and token in one transaction."""
        if len(reply.results) != len(prepared.batch.bodies):
            raise Malformed("results")
        with self._writing() as connection:
            laptop.accepted(connection, laptop.standing(connection, self._journal), prepared.token, reply.epoch)
            laptop.follow_clock(connection, self._skew(reply), reply.high)
            return self._apply(connection, prepared.batch, reply)

    def take_new_identity(self, reply: Reply) -> None:
        """After a fork, or a restore of the centre: new device, unsent work re-stamped, the last 90 days offered again.

        The days are counted by the centre's clock.
        """
        with self._writing() as connection:
            laptop.standing(connection, self._journal)
            self._take_new_identity(connection, reply)

    def mend_clock(self, reply: Reply) -> None:
        """The centre has refused stamps from its future: go back to its time and re-stamp what has not been sent."""
        with self._writing() as connection:
            laptop.standing(connection, self._journal)
            self._mend_clock(connection, reply)

    def refuse_locally(self, prepared: Prepared, reason: str) -> None:
        """Set aside the records and offers of a batch that the centre will not even look at."""
        batch = prepared.batch
        with self._writing() as connection:
            if batch.records:
                refused = [(protocol.REJECTED, reason, record.table, record.id) for record in batch.records]
                outbox.block(connection, refused)
            if batch.offers:
                outbox.park(connection, batch.offers)

    def note_state(self, state: str, detail: str = "") -> None:
        """Write down how the last synchronisation ended, for `sync.status`."""
        with self._writing() as connection:
            laptop.standing(connection, self._journal)
            connection.exec_driver_sql("UPDATE sync_laptop SET state = ?, detail = ?, sending = 0", (state, detail))

    def counts(self) -> tuple[int, int, int]:
        """Records waiting, records refused, open conflicts."""
        with self._reading() as connection:
            (conflicts,) = connection.exec_driver_sql("SELECT count(*) FROM sync_conflict").one()
            return *outbox.counts(connection), conflicts

    def _unpack(self, connection: Connection, part: carried.Part | None, reply: Reply) -> Taken:
        """Apply one carried reply, whose time is long past: the skew of the clock is not learned from it."""
        me = laptop.standing(connection, self._journal)
        if reply.state == protocol.TAKEN:
            if part is not None:
                laptop.accepted(connection, me, part.token, reply.epoch)
            laptop.follow_stamps(connection, reply.high)
            with carried.as_sent(connection, part) as batch:
                return self._apply(connection, batch, reply)
        if reply.state == protocol.CLOCK:
            self._mend_clock(connection, reply)
        else:
            self._take_new_identity(connection, reply)
        return Taken(0, 0, outbox.counts(connection)[0], False)

    def _apply(self, connection: Connection, batch: Batch, reply: Reply) -> Taken:
        """What a reply says of `batch`, and what it brings."""
        now = self.clock()
        overtaken = reply.page is None and 0 < reply.span[1] < _reached(connection)
        homeless = outbox.take_answers(connection, batch, reply, overtaken=overtaken)
        if overtaken:
            reply.corrections = []
        received = self._take_records(connection, reply, homeless)
        more = reply.page.more if reply.page else False
        me = laptop.standing(connection, self._journal)
        _note_have(connection, me, reply)
        if reply.page and not more and me.sweeping:
            sweep(connection, now)
        waiting = outbox.counts(connection)[0]
        if reply.page and not more and not waiting:
            connection.exec_driver_sql("UPDATE sync_laptop SET confirmed_at = ?", (now,))
        return Taken(len(reply.results), received, waiting, more)

    def _take_new_identity(self, connection: Connection, reply: Reply) -> None:
        cloned = reply.state == protocol.FORK
        laptop.take_new_identity(connection, self._journal, self.tables, self._entropy, reply.now, cloned=cloned)

    def _mend_clock(self, connection: Connection, reply: Reply) -> None:
        laptop.reset_clock(connection, reply.now - self.clock(), reply.high)
        laptop.restamp(connection, self._journal, cloned=False)

    def _take_records(self, connection: Connection, reply: Reply, homeless: list[tuple[str, str]]) -> int:
        arrivals = Arrivals(connection, self.tables, self._journal.notify)
        received = arrivals.apply_blocks(reply.corrections, reply.scopes, reply.span[1])
        if homeless:
            connection.exec_driver_sql("DELETE FROM sync_member WHERE tab = ? AND id = ?", homeless)
            received += arrivals.forget_homeless(homeless)
        if reply.page:
            received += arrivals.apply_page(reply.page, reply.scopes)
        return received

    def _conflict(self, connection: Connection, row: Row[Any]) -> Conflict | None:
        table = self.tables.get(row.tab)
        if table is None or row.field not in table.fields:
            return None
        kept = outbox.wire_of(connection, table, [row.record])[row.record][table.fields.index(row.field)]
        return Conflict(
            row.id,
            row.tab,
            row.record,
            row.field,
            table.shown(row.field, kept),
            table.shown(row.field, msgspec.json.decode(row.value)),
            row.kept_author,
            row.author,
            clock.millis_of(stamp_of(msgspec.json.decode(row.stamps), row.field)),
            clock.millis_of(row.stamp),
        )

    def _skew(self, reply: Reply) -> int:
        skew = reply.now - self.clock()
        return skew if abs(skew) > _SKEW_WORTH_MENDING else 0

    def _writing(self) -> Any:
        return self.engine.execution_options(**OWN).begin()

    def _reading(self) -> Any:
        return self.engine.execution_options(**OWN, **READING).begin()


def _reached(connection: Connection) -> int:
    """The revision up to which pages have been applied, in the scope that is furthest."""
    (revision,) = connection.exec_driver_sql("SELECT coalesce(max(revision), 0) FROM sync_cursor").one()
    return int(revision)


def _note_have(connection: Connection, me: laptop.Laptop, reply: Reply) -> None:
    have = msgspec.json.decode(me.have)
    if reply.span[1] > reply.span[0]:
        have.append(list(reply.span))
    low = min(reply.page.cursors.values(), default=0) if reply.page else 0
    have = [one for one in have if one[1] > low][-64:]
    connection.exec_driver_sql("UPDATE sync_laptop SET have = ?", (protocol.encode(have).decode(),))
