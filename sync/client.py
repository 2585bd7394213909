"""The laptop's side of the wire: rounds over HTTP until the centre has answered for everything, or something stops it.

One round pushes one batch and pulls one page. After a failed push the next round only pulls. On a far line the next
round leaves before the last one is answered: the next batch, or the page after the one that is still arriving.
"""

from __future__ import annotations

import os
import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from ssl import SSLContext
from typing import NamedTuple

import httpx

from sync import bundle, files, protocol
from sync.carried import Replies
from sync.errors import (
    AlreadySyncing,
    CentreFault,
    ClockWrong,
    ForkSuspected,
    Malformed,
    Misdirected,
    NotACentre,
    NotAwaited,
    Revoked,
    SyncError,
    TooLarge,
    TooOld,
    Unauthorised,
    Unreachable,
)
from sync.flight import Call, Flight, Landing
from sync.pace import Pace
from sync.protocol import Reply
from sync.replica import Prepared, Replica

_LONGEST_PAUSE = 8.0
_FRESH_STARTS = 3
_GATEWAY_DOWN = frozenset({502, 503, 504})

_STATES: dict[type[SyncError], str] = {
    CentreFault: "fault",
    Unreachable: "unreachable",
    NotACentre: "portal",
    Unauthorised: "sign-in",
    Revoked: "revoked",
    ClockWrong: "clock",
    TooOld: "too-old",
    ForkSuspected: "fork",
    AlreadySyncing: "busy",
}


class Progress(NamedTuple):
    """Where a synchronisation stands: records answered for, records still waiting, records that came or left.

    `sending` of those that wait are on their way now; it is told before each request, and 0 after its reply.
    """

    sent: int
    waiting: int
    received: int
    sending: int = 0


class Outcome(NamedTuple):
    """How a synchronisation ended.

    `state` is `done` when the centre has answered for everything, else the code of what stopped it (see
    `sync.status.Status`), and `error` says it as an exception. The counts are records.
    """

    state: str
    sent: int
    received: int
    waiting: int
    rejected: int
    conflicts: int
    error: SyncError | None = None


class Client:
    """Synchronises `replica` with the centre at exactly `url`.

    `transport` replaces the network (httpx's seam), one call at a time. `sleep` and `jitter` (0 to 1) the waiting, `patience` bounds the
    fruitless tries in a row. `timeout` is in seconds for each step of a request. `queue_seconds` is how long to wait
    for another process that is synchronising the same store.
    """

    def __init__(
        self,
        replica: Replica,
        url: str,
        *,
        credential: str,
        transport: httpx.BaseTransport | None = None,
        verify: SSLContext | bool = True,
        timeout: float = 60.0,
        patience: int = 3,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
        entropy: Callable[[int], bytes] = os.urandom,
        elapsed: Callable[[], float] = time.monotonic,
        queue_seconds: float = 30.0,
    ) -> None:
        self._replica = replica
        self._url = url
        self._credential = credential
        self._transport = transport
        self._runs_ahead = transport is None
        self._verify = verify
        self._timeout = httpx.Timeout(timeout, connect=min(timeout, 10.0))
        self._patience = patience
        self._sleep = sleep
        self._jitter = jitter
        self._entropy = entropy
        self._elapsed = elapsed
        self._queue_seconds = queue_seconds

    def sync(self, progress: Callable[[Progress], None] | None = None) -> Outcome:
        """Push and pull until everything is answered for; what stops it is in the outcome, not raised."""
        pace = Pace(self._patience)
        try:
            with _alone(self._replica, self._queue_seconds), self._http() as http:
                self._rounds(Flight(partial(self._post, http), self._elapsed), pace, progress or _tell_nobody)
        except SyncError as error:
            return self._end(pace, error)
        return self._end(pace, None)

    def to_file(self, path: Path | str) -> int:
        """Write everything unsent into a new file for `Server.receive`; the number of records in it.

        The file is proved, not encrypted: whoever finds it can read the work in it, but neither change nor forge it.
        Raises `AlreadySyncing`, FileExistsError, or another OSError; then nothing was written, and nothing is lost.
        """
        files.check_free(path)
        secret = bundle.secret_of(self._credential)
        with _alone(self._replica, self._queue_seconds):
            packed = self._replica.pack()
            try:
                header = bundle.Header(bundle.name_of(secret), packed.id)
                files.write_new(path, bundle.seal(bundle.BUNDLE, secret, header, packed.frames))
            except BaseException:
                self._replica.forget_packed(packed.id)
                raise
        return packed.records

    def from_file(self, path: Path | str) -> Outcome:
        """Take the answer to a file of this store, as if the centre had replied.

        An outcome of `fork` or `clock` has given the store a new identity or the centre's time, and what it has not
        sent must be put into a new file. Raises `Malformed`, `TooOld`, `Misdirected`, `NotAwaited`, `AlreadySyncing`
        or OSError; then nothing was changed.
        """
        header, replies = self._answer_in(path)
        pace = Pace(self._patience)
        with _alone(self._replica, self._queue_seconds):
            taken = self._replica.unpack(header.id, replies)
            if taken is None:
                raise NotAwaited
            pace.sent, pace.received = taken.answered, taken.received
            return self._end(pace, _ended(header, taken.state))

    def _answer_in(self, path: Path | str) -> tuple[bundle.Header, Replies]:
        data = files.read(path, bundle.FILE_LIMIT)
        secret = bundle.secret_of(self._credential)
        if bundle.header_of(bundle.ANSWER, data).name != bundle.name_of(secret):
            raise Misdirected("name")
        opened = bundle.opened(bundle.ANSWER, data, secret)
        return opened.header, Replies(opened.frames)

    def _rounds(self, flight: Flight, pace: Pace, tell: Callable[[Progress], None]) -> None:
        self._replica.try_quarantined()
        pace.waiting = self._replica.counts()[0]
        while flight.calls or not pace.finished:
            if not flight.calls:
                prepared = self._replica.prepare(size=pace.up, page=pace.down, push=pace.pushing)
                self._launch(flight, pace, prepared, tell)
            if self._runs_ahead and pace.far and len(flight.calls) == 1:
                self._launch_ahead(flight, pace, tell)
            call = flight.hear()
            if call.landed:
                flight.calls.popleft()
                if not call.void:
                    self._land(call, flight, pace, tell)

    def _launch(self, flight: Flight, pace: Pace, prepared: Prepared, tell: Callable[[Progress], None]) -> None:
        sending = len(prepared.batch.records) + sum(len(call.prepared.batch.records) for call in flight.calls)
        tell(Progress(pace.sent, pace.waiting, pace.received, sending))
        flight.launch(prepared, aside=self._runs_ahead and pace.far)

    def _launch_ahead(self, flight: Flight, pace: Pace, tell: Callable[[Progress], None]) -> None:
        """Send the next batch, without a page; or, with nothing to send, ask for the page after the one on its way."""
        call = flight.calls[0]
        records = call.prepared.batch.records
        if pace.pushing and records and pace.waiting > len(call.prepared.batch.bodies):
            prepared = self._replica.prepare(size=pace.up, page=0, sent=records[-1].seq)
        elif call.reaches and call.prepared.resumes and not call.prepared.batch.bodies:
            prepared = self._replica.prepare(size=0, page=pace.down, push=False, after=call.reaches)
        else:
            return
        self._launch(flight, pace, prepared, tell)

    def _land(self, call: Call, flight: Flight, pace: Pace, tell: Callable[[Progress], None]) -> None:
        try:
            reply, too_old = call.landing()
        except Malformed as error:
            flight.forget(all_of_them=False)
            self._shrink(pace, call.prepared, error)
        except Unreachable as error:
            flight.forget(all_of_them=False)
            if isinstance(error, _NeverLeft):
                self._replica.withdraw(call.prepared)
            pace.failed(error)
            self._sleep(_pause(pace.failures, self._jitter()))
        else:
            if reply.state == protocol.TAKEN:
                taken = self._replica.take(call.prepared, reply)
                tell(Progress(pace.sent + taken.answered, taken.waiting, pace.received + taken.received))
                pace.took(taken, call.seconds, paged=call.prepared.page > 0, too_old=too_old)
            else:
                flight.forget(all_of_them=True)
                self._start_afresh(pace, reply)

    def _start_afresh(self, pace: Pace, reply: Reply) -> None:
        pace.fresh_starts += 1
        if reply.state == protocol.CLOCK:
            if pace.fresh_starts > _FRESH_STARTS:
                raise ClockWrong
            self._replica.mend_clock(reply)
        elif reply.state in (protocol.FORK, protocol.RESTORED):
            if pace.fresh_starts > _FRESH_STARTS:
                raise ForkSuspected
            self._replica.take_new_identity(reply)
        else:
            raise CentreFault(reply.state)

    def _shrink(self, pace: Pace, prepared: Prepared, error: Malformed) -> None:
        """The centre will not read the batch: try smaller ones, and set aside the one record that it cannot read."""
        count = len(prepared.batch.bodies)
        if count == 0:
            raise CentreFault("the centre does not understand") from error
        if count == 1:
            self._replica.refuse_locally(prepared, "too-large" if isinstance(error, TooLarge) else "malformed")
        pace.refused(prepared)

    def _post(self, http: httpx.Client, prepared: Prepared, begun: Callable[[int], None]) -> Landing:
        nonce = self._entropy(9).hex()
        content, encoding = protocol.pack(prepared.body, protocol.SHORT)
        headers = {**prepared.headers, protocol.NONCE: nonce, "content-encoding": encoding}
        try:
            with http.stream("POST", self._url, headers=headers, content=content) as response:
                self._check(response, nonce)
                begun(_reaches(response))
                body = _inflated(response)
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise NotACentre(0, self._url) from error
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise _NeverLeft(str(error)) from error
        except httpx.HTTPError as error:
            raise Unreachable(str(error)) from error
        try:
            return Landing(protocol.reply_from(body), response.status_code == 426)
        except Malformed as error:
            raise CentreFault("unreadable reply") from error

    def _check(self, response: httpx.Response, nonce: str) -> None:
        """Let only the centre's own answer through; a redirect, a portal's page or a proxy's error is not one."""
        headers, status = response.headers, response.status_code
        genuine = (
            headers.get("content-type", "") == protocol.MEDIA_TYPE
            and headers.get(protocol.PROTOCOL) == protocol.VERSION
            and headers.get(protocol.NONCE) == nonce
        )
        if not genuine and status in _GATEWAY_DOWN:
            raise Unreachable(f"gateway {status}")
        if not genuine:
            raise NotACentre(status, str(response.url))
        if status == 401:
            raise Unauthorised
        if status == 410:
            raise Revoked
        if status == 413:
            raise TooLarge("batch")
        if status == 400:
            raise Malformed("batch")
        if status not in (200, 426):
            raise CentreFault(str(status))

    def _http(self) -> httpx.Client:
        if not self._credential.isascii():
            raise Unauthorised
        headers = {
            "authorization": f"Bearer {self._credential}",
            "content-type": protocol.MEDIA_TYPE,
            "accept": protocol.MEDIA_TYPE,
            "accept-encoding": f"{protocol.GZIP}, {protocol.SHORT}",
            protocol.PROTOCOL: protocol.VERSION,
        }
        return httpx.Client(
            headers=headers,
            transport=self._transport,
            verify=self._verify,
            timeout=self._timeout,
            follow_redirects=False,
        )

    def _end(self, pace: Pace, error: SyncError | None) -> Outcome:
        state = next((_STATES[kind] for kind in type(error).__mro__ if kind in _STATES), "fault") if error else "done"
        if state != "busy":
            self._replica.note_state(state, str(error) if error else "")
        waiting, rejected, conflicts = self._replica.counts()
        return Outcome(state, pace.sent, pace.received, waiting, rejected, conflicts, error)


def _ended(header: bundle.Header, state: str) -> SyncError | None:
    """What the last reply of an answer asks for before the laptop can go on."""
    if state == protocol.CLOCK:
        return ClockWrong()
    if state != protocol.TAKEN:
        return ForkSuspected()
    return TooOld() if header.too_old else None


class _NeverLeft(Unreachable):
    """The request has certainly not reached the centre."""


def _reaches(response: httpx.Response) -> int:
    """The revision that the page in the reply reaches, told in its head when there is more after it; else 0."""
    told = response.headers.get(protocol.PAGE, "")
    return int(told) if told.isdecimal() and len(told) < 20 else 0


def _tell_nobody(_progress: Progress) -> None:
    """The progress that nobody asked for."""


def _inflated(response: httpx.Response) -> bytes:
    packed = response.headers.get("content-encoding") in (protocol.GZIP, protocol.SHORT)
    inflater, pieces, size = protocol.Inflater(protocol.REPLY_LIMIT), [], 0
    try:
        for piece in response.iter_raw():
            size += len(piece)
            if size > protocol.REPLY_LIMIT:
                raise TooLarge("reply")
            inflater.feed(piece) if packed else pieces.append(piece)
        return inflater.finish() if packed else b"".join(pieces)
    except Malformed as error:
        raise Unreachable("the reply was cut, or is past its bounds") from error


def _pause(failures: int, jitter: float) -> float:
    return min(_LONGEST_PAUSE, 0.25 * 2.0**failures) * (0.5 + jitter / 2)


@contextmanager
def _alone(replica: Replica, seconds: float) -> Iterator[None]:
    """Hold the store's synchronisation to one process; a lock of the operating system, gone with its holder."""
    path = replica.engine.url.database
    if not path or path == ":memory:":
        yield
        return
    with closing(sqlite3.connect(f"{path}.syncing", timeout=seconds, isolation_level=None)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise AlreadySyncing from error
        yield
