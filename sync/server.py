"""The centre: an ASGI application, and the same door for what the office itself writes.

Its owner says who calls, which scopes a record belongs to, and what to refuse. It keeps nothing outside the database:
several processes may serve one PostgreSQL.
"""

from __future__ import annotations

import base64
import logging
import os
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import SQLModel

from sync import centre, clock, devices, feed, protocol, receiving, verification
from sync.asgi import READ_TIMEOUT, Endpoint
from sync.centre import Change, Refuse, Rules, ScopesOf, Transaction, Upcast
from sync.devices import Caller, DeviceState, Identity
from sync.errors import InvalidValue, Malformed, Revoked, TooLarge, UnknownConflict
from sync.gaps import Verification
from sync.protocol import EncodedReply, Push, Request, Result
from sync.receiving import Door, HolderOf, Memory, Receipt
from sync.sqlite import READING
from sync.statements import Statements
from sync.tables import centre_metadata, synced

_BESIDE_OUR_OWN = 10
"""Milliseconds past the centre's own latest stamp in which laptops stamp what they know to be later, though its clock was wrong."""
_MOST_TOKENS = 80
_TOKEN_LIMIT = 64

_log = logging.getLogger("sync")


class Answer(NamedTuple):
    """An HTTP answer before it meets a socket."""

    status: int
    headers: dict[str, str]
    body: bytes


class OpenConflict(NamedTuple):
    """A conflict as the centre has it; `value` is the wire form of the value that gave way."""

    id: str
    table: str
    record_id: str
    field: str
    value: Any
    author: str
    at: int


class Server(Endpoint):
    """Serves `tables` from `engine` (SQLite by `sqlite_engine`, or PostgreSQL).

    `identify(credential)` gives the caller, None for 401, or raises `Revoked` for 410. `scopes_of(table, record)` gives
    the scopes of a record, a mapping of Python values. `refuse(caller, table, before, after)` may give a reason code;
    the record then stays at the laptop as `rejected`. `before` is None for a new record; for one that a restored centre
    lacks and a laptop offers again, it holds those fields that were stamped before the restore. A laptop whose schema is
    below `oldest_schema` may push but not pull. `clock` gives milliseconds since the epoch. `read_timeout` is how many
    seconds a caller may be silent in the middle of a body. `holder_of(name)` gives who holds the credential of
    hand-carried files of this name, or raises `Revoked`; without it none are taken. `upcast(schema, table, field, value)`
    gives the wire value that a value from a laptop of this schema means by now; columns keep their names for ever.
    """

    def __init__(
        self,
        engine: Engine,
        tables: Sequence[type[SQLModel]],
        *,
        identify: Callable[[str], Caller | None],
        scopes_of: ScopesOf,
        refuse: Refuse | None = None,
        clock: Callable[[], int] = clock.wall_clock,
        entropy: Callable[[int], bytes] = os.urandom,
        oldest_schema: int = 0,
        read_timeout: float = READ_TIMEOUT,
        holder_of: HolderOf | None = None,
        upcast: Upcast | None = None,
    ) -> None:
        super().__init__(read_timeout)
        self.engine = engine
        self._identify = identify
        self._clock = clock
        self._entropy = entropy
        self._oldest_schema = oldest_schema
        self._holder_of = holder_of
        known, self._own = synced(tables, engine.dialect), centre_metadata()
        self._statements = Statements(engine.dialect, known, self._own)
        self._rules = Rules(known, self._statements, scopes_of, refuse, upcast)
        self._door = threading.Lock()

    def create_tables(self) -> None:
        """Make the replicated tables and `sync`'s own, for a centre without migrations."""
        with self._writing() as connection:
            for table in self._rules.tables.values():
                table.table.create(connection, checkfirst=True)
            self._own.create_all(connection)

    def adopt_fields(self) -> int:
        """After the tables have grown: put what newer laptops sent before into its columns; how many records it was in."""
        with self._writing() as connection:
            lines = self._statements.run(connection, "SELECT tab, id, extra FROM sync_record WHERE extra IS NOT NULL")
            known = {name: table.kinds.keys() for name, table in self._rules.tables.items()}
            keys = [(tab, one) for tab, one, extra in lines if known.get(tab, set()) & protocol.decode(extra).keys()]
            if keys:
                self._state(connection)
                work = Transaction(connection, self._rules, None, "", "")
                work.adopt(keys)
                work.close(self._clock())
            return len(keys)

    def greet(self, headers: Mapping[str, str]) -> Caller | Answer:
        """Who is calling, settled before the body is read; or the answer that ends the call."""
        if headers.get(protocol.PROTOCOL) != protocol.VERSION:
            return self._answer(headers, 400)
        scheme, _, credential = headers.get("authorization", "").partition(" ")
        try:
            caller = self._identify(credential.strip()) if scheme.lower() == "bearer" else None
        except Revoked:
            return self._answer(headers, 410)
        return caller or self._answer(headers, 401)

    def serve(self, caller: Caller, headers: Mapping[str, str], body: bytes) -> Answer:
        """One round for `caller`; `body` is what came over the wire."""
        try:
            packed = headers.get("content-encoding", "") in (protocol.GZIP, protocol.SHORT)
            request = protocol.request_from(protocol.inflate(body) if packed else body)
            identity = _identity(headers)
            reply = self._round(caller, identity, request)
        except TooLarge:
            return self._answer(headers, 413)
        except Malformed:
            return self._answer(headers, 400)
        except OperationalError:
            _log.exception("the database did not answer")
            return self._answer(headers, 503)
        _leave_out_what_is_known(reply, identity, request)
        status = 426 if request.page and request.schema < self._oldest_schema else 200
        answer = self._answer(headers, status, protocol.encode(reply))
        if reply.page is not None and reply.page.more:
            answer.headers[protocol.PAGE] = str(min(reply.page.cursors.values()))
        return answer

    def write(self, author: str, changes: Iterable[Change]) -> int:
        """Write the office's own changes through the same door; returns the revision reached.

        All or nothing: raises `InvalidValue` for a value that cannot travel. Python values in, as in `Change`.
        """
        with self._writing() as connection:
            now = self._clock()
            self._state(connection)
            device = devices.Register(connection, self._statements).office(author, now)
            work = Transaction(connection, self._rules, None, author, device)
            noise = int.from_bytes(self._entropy(2), "big")
            stamp = clock.stamp(clock.advance(clock.tick_of(work.high), now, noise), device)
            pushes = [self._office_push(connection, change, stamp) for change in _by_record(changes)]
            for push, answer in zip(pushes, work.apply(pushes), strict=True):
                if answer.state != protocol.OK:
                    raise InvalidValue(push.t, push.i, answer.reason or answer.state)
            work.close(now)
            return work.revision

    def receive(self, file: bytes) -> Receipt:
        """Take a laptop's hand-carried file (`Client.to_file`) through the same door; any number of times, in any order.

        Raises `Malformed`, `TooLarge`, `TooOld`, `Misdirected`, or what `holder_of` raises; then nothing was changed.
        """
        door = Door(_identity, partial(self._push, carried=True), self._add_carried_page)
        return receiving.receive(self._holder_of, door, file)

    def devices(self) -> list[DeviceState]:
        """Every laptop that has ever synced, the longest silent first."""
        with self._reading() as connection:
            return devices.Register(connection, self._statements).laptops()

    def conflicts(self) -> list[OpenConflict]:
        """Every open conflict, oldest first."""
        query = "SELECT id, tab, record, field, value, author, stamp FROM sync_conflict WHERE closed = 0 ORDER BY stamp"
        with self._reading() as connection:
            rows = self._statements.run(connection, query)
        return [
            OpenConflict(one, table, record, field, protocol.decode(value), author, clock.millis_of(stamp))
            for one, table, record, field, value, author, stamp in rows
        ]

    def resolve(self, author: str, conflict_id: str, value: Any) -> int:
        """Decide a conflict at the office; raises `UnknownConflict`."""
        found = next((one for one in self.conflicts() if one.id == conflict_id), None)
        if found is None:
            raise UnknownConflict(conflict_id)
        return self.write(author, [Change(found.table, found.record_id, {found.field: value}, (conflict_id,))])

    def epoch(self) -> str:
        """The life of this centre; laptops that know another one offer again what this one may lack."""
        with self._writing() as connection:
            return self._state(connection).epoch

    def new_epoch(self) -> str:
        """Begin a new life, after a restore from a backup."""
        with self._writing() as connection:
            self._state(connection)
            epoch = centre.epoch(self._clock(), self._mint())
            Transaction(connection, self._rules, None, "", "").close(self._clock(), epoch)
        return epoch

    def verify(self, expect: str = "") -> Verification:
        """Walk the whole history in one snapshot and compare it with the records; `expect` is a hash noted earlier."""
        with self._reading() as connection:
            return verification.verify(connection, self._rules.tables, self._statements, self._own, expect)

    def _round(self, caller: Caller, identity: Identity, request: Request) -> EncodedReply:
        reply, _known = self._push(caller, identity, request)
        if reply.state == protocol.TAKEN and request.page and request.schema >= self._oldest_schema:
            self._add_records(caller, request, reply)
        return reply

    def _push(
        self, caller: Caller, identity: Identity, request: Request, *, carried: bool = False
    ) -> tuple[EncodedReply, bool]:
        """The reply without a page; and whether a `carried` request is one that was taken or overtaken before."""
        try:
            return self._pushed(caller, identity, request, carried=carried, one_by_one=False)
        except centre.REFUSALS as error:
            if centre.is_about_itself(error):
                raise
            return self._pushed(caller, identity, request, carried=carried, one_by_one=True)

    def _pushed(
        self, caller: Caller, identity: Identity, request: Request, *, carried: bool, one_by_one: bool
    ) -> tuple[EncodedReply, bool]:
        known = False
        now = self._clock()
        try:
            with self._writing() as connection:
                state = self._state(connection)
                reply = EncodedReply(protocol.TAKEN, now, state.high, state.epoch)
                memory = Memory(connection, self._statements)
                known = carried and memory.holds(caller, identity)
                self._admit(connection, caller, identity, request, reply, known=known)
                memory.keep(identity, carried=carried)
                if request.push:
                    self._take(connection, caller, identity, request, reply, one_by_one=one_by_one)
        except _Ended as ended:
            return EncodedReply(ended.state, now, reply.high, reply.epoch), known
        except centre.Forked:
            return EncodedReply(protocol.FORK, now, reply.high, reply.epoch), known
        return reply, known

    def _admit(
        self,
        connection: Connection,
        caller: Caller,
        identity: Identity,
        request: Request,
        reply: EncodedReply,
        *,
        known: bool,
    ) -> None:
        if identity.epoch not in ("", reply.epoch):
            raise _Ended(protocol.RESTORED)
        register = devices.Register(connection, self._statements)
        if not known and not register.admit(caller, identity, request, reply.now):
            raise _Ended(protocol.FORK)
        latest = max(reply.now + clock.FUTURE_TOLERANCE, clock.millis_of(reply.high) + _BESIDE_OUR_OWN)
        if _any_after(request.push, latest):
            raise _Ended(protocol.CLOCK)

    def _take(
        self,
        connection: Connection,
        caller: Caller,
        identity: Identity,
        request: Request,
        reply: EncodedReply,
        *,
        one_by_one: bool,
    ) -> None:
        work = Transaction(connection, self._rules, caller, caller.person, identity.device, schema=request.schema)
        sets = feed.ScopeSets(caller.reads)
        answers = work.apply(request.push, one_by_one=one_by_one)
        reply.results = [Result(one.state, sets.place(one.scopes), one.reason) for one in answers]
        reply.span, reply.high = (work.before, work.revision), work.high
        work.close(reply.now)
        if request.schema >= self._oldest_schema:
            reader = feed.Reader(connection, self._rules.tables, self._statements, sets)
            self._correct(reader, request, answers, reply)
        reply.scopes = sets.listed()

    def _correct(
        self, reader: feed.Reader, request: Request, answers: Sequence[centre.Answer], reply: EncodedReply
    ) -> None:
        """Give the records that are not as the laptop knows them, as far as the reply has room; it asks for the others."""
        keys = [(push.t, push.i) for push in request.push]
        wrong = dict.fromkeys(key for key, one in zip(keys, answers, strict=True) if one.correct)
        rows, left = feed.fill(reader, list(wrong), protocol.CORRECTIONS_LIMIT)
        reply.corrections = reader.blocks(rows)
        missing = set(left)
        for key, result in zip(keys, reply.results, strict=True) if left else ():
            if key in missing:
                result.reason = protocol.ASK

    def _add_carried_page(self, caller: Caller, request: Request, reply: EncodedReply) -> bool:
        readable = request.schema >= self._oldest_schema
        if readable:
            self._add_records(caller, request, reply, leaves=True)
        return readable

    def _add_records(self, caller: Caller, request: Request, reply: EncodedReply, *, leaves: bool = False) -> None:
        sets = feed.ScopeSets(caller.reads)
        for scopes in reply.scopes:
            sets.place(frozenset(scopes))
        have = [*request.have, reply.span] if reply.span[1] > reply.span[0] else request.have
        with self._reading() as connection:
            reader = feed.Reader(connection, self._rules.tables, self._statements, sets)
            size = min(request.page, protocol.BATCH_LIMIT)
            wish = feed.Wish(caller.reads, request.cursors, have, size, leaves)
            reply.page = feed.read_page(reader, wish)
            reply.high = max(reply.high, self._state(connection).high)
        reply.scopes = sets.listed()

    def _office_push(self, connection: Connection, change: Change, stamp: str) -> Push:
        table = self._rules.tables.get(change.table)
        if table is None:
            raise InvalidValue(change.table, change.id, "table")
        push = Push(change.table, change.id, {}, stamp, w=True)
        push.f = {field: table.wire(field, value) for field, value in change.values.items()}
        if len(protocol.encode(push)) > protocol.RECORD_LIMIT:
            raise InvalidValue(change.table, change.id, "too-large")
        if change.settles:
            query = "SELECT field, stamp FROM sync_conflict WHERE id"
            for field, settled in self._statements.among(connection, query, change.settles):
                push.b.setdefault(field, []).append(settled)
        return push

    def _state(self, connection: Connection) -> _State:
        query = "SELECT epoch, high FROM sync_centre"
        found = self._statements.run(connection, query)
        if not found:
            first = "INSERT INTO sync_centre (one, epoch, revision) VALUES (1, ?, 0) ON CONFLICT DO NOTHING"
            self._statements.run(connection, first, self._mint())
            found = self._statements.run(connection, query)
        return _State(*found[0])

    def _mint(self) -> str:
        return base64.urlsafe_b64encode(self._entropy(9)).decode()

    @contextmanager
    def _writing(self) -> Any:
        """A writing transaction; writers of one process queue here rather than polling SQLite's lock."""
        if self.engine.dialect.name != "sqlite":
            with self.engine.begin() as connection:
                yield connection
            return
        with self._door, self.engine.begin() as connection:
            yield connection

    def _reading(self) -> Any:
        if self.engine.dialect.name == "sqlite":
            return self.engine.execution_options(**READING).begin()
        return self.engine.execution_options(isolation_level="REPEATABLE READ").begin()

    def _answer(self, headers: Mapping[str, str], status: int, body: bytes = b"{}") -> Answer:
        packed, encoding = protocol.pack(body, headers.get("accept-encoding", ""))
        answered = {
            "content-type": protocol.MEDIA_TYPE,
            "content-encoding": encoding,
            "cache-control": "no-store",
            protocol.PROTOCOL: protocol.VERSION,
            protocol.NONCE: headers.get(protocol.NONCE, "")[:64],
        }
        return Answer(status, answered, packed)


def _leave_out_what_is_known(reply: EncodedReply, identity: Identity, request: Request) -> None:
    """An epoch that the laptop named, and a latest stamp that came from it, need not go back."""
    if reply.state != protocol.TAKEN:
        return
    if reply.epoch == identity.epoch:
        reply.epoch = ""
    if any(push.h == reply.high for push in request.push):
        reply.high = ""


def _by_record(changes: Iterable[Change]) -> Iterable[Change]:
    """One change for each record; raises `InvalidValue` for a field that is written twice: which of the two would stand?"""
    found: dict[tuple[str, str], Change] = {}
    for change in changes:
        before = found.get((change.table, change.id))
        if before is not None:
            for field in before.values.keys() & change.values.keys():
                raise InvalidValue(change.table, field, "twice")
            change = before._replace(  # noqa: PLW2901 - both of them in one
                values={**before.values, **change.values}, settles=(*before.settles, *change.settles)
            )
        found[change.table, change.id] = change
    return found.values()


class _State(NamedTuple):
    epoch: str
    high: str


class _Ended(Exception):
    """An answer that undoes the transaction."""

    def __init__(self, state: str) -> None:
        self.state = state


def _identity(headers: Mapping[str, str]) -> Identity:
    device = headers.get(protocol.DEVICE, "")
    *held, proposed = headers.get(protocol.TOKEN, "").split() or [""]
    if not clock.is_device(device) or not held or len(held) > _MOST_TOKENS or len(proposed) > _TOKEN_LIMIT:
        raise Malformed("identity")
    tokens = tuple("" if token == protocol.NO_TOKEN else token for token in held)
    return Identity(device, tokens, proposed, headers.get(protocol.EPOCH, ""))


def _any_after(pushes: Sequence[Push], millis: int) -> bool:
    """Whether a stamp lies after `millis`; what has not the form of a stamp is refused with its record."""
    latest = clock.stamp(clock.Tick(millis + 1, 0), "")
    return any(
        stamp > latest and clock.is_stamp(stamp)
        for push in pushes
        for stamp in ((push.h, *push.s.values(), *push.d.values()) if push.s or push.d else (push.h,))
    )
