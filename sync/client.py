"""The laptop's side of the wire: rounds over HTTP until the centre has answered for everything, or something stops it.

One round pushes one batch and pulls one page. Batches follow the line: they double after quick replies and halve when
one is cut, down to one record. After a failed push the next round only pulls.
"""

from __future__ import annotations

import os
import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
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
from sync.protocol import Reply
from sync.replica import Prepared, Replica, Taken

FIRST_BATCH = 32 * 1024
_QUICK_SECONDS = 2.0
_LONGEST_PAUSE = 8.0
_FRESH_STARTS = 3
_IDLE_ROUNDS = 2
"""Rounds in a row that sent nothing, though something waits, before giving up."""
_SHORT_LIFE, _LONG_LIFE = 4, 8
"""Rounds between two cuts: with fewer, too much is sent in vain; after so many, a larger batch may fit."""
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

    `transport` replaces the network (httpx's seam), `sleep` and `jitter` (0 to 1) the waiting, `patience` bounds the
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
        run = _Run(self._patience)
        try:
            with _alone(self._replica, self._queue_seconds), self._http() as http:
                self._rounds(http, run, progress)
        except SyncError as error:
            return self._end(run, error)
        return self._end(run, None)

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
        run = _Run(self._patience)
        with _alone(self._replica, self._queue_seconds):
            taken = self._replica.unpack(header.id, replies)
            if taken is None:
                raise NotAwaited
            run.sent, run.received = taken.answered, taken.received
            return self._end(run, _ended(header, taken.state))

    def _answer_in(self, path: Path | str) -> tuple[bundle.Header, Replies]:
        data = files.read(path, bundle.FILE_LIMIT)
        secret = bundle.secret_of(self._credential)
        if bundle.header_of(bundle.ANSWER, data).name != bundle.name_of(secret):
            raise Misdirected("name")
        opened = bundle.opened(bundle.ANSWER, data, secret)
        return opened.header, Replies(opened.frames)

    def _rounds(self, http: httpx.Client, run: _Run, progress: Callable[[Progress], None] | None) -> None:
        waiting = self._replica.counts()[0] if progress else 0
        while not run.finished:
            prepared = self._replica.prepare(size=run.up, page=run.down, push=run.pushing)
            if progress:
                progress(Progress(run.sent, waiting, run.received, len(prepared.batch.records)))
            began = self._elapsed()
            try:
                reply, too_old = self._post(http, prepared)
            except Malformed as error:
                self._shrink(run, prepared, error)
                continue
            except Unreachable as error:
                run.failed(error)
                self._sleep(_pause(run.failures, self._jitter()))
                continue
            if reply.state == protocol.TAKEN:
                taken = self._replica.take(prepared, reply)
                run.took(taken, quick=self._elapsed() - began < _QUICK_SECONDS, too_old=too_old)
                waiting = taken.waiting
                if progress:
                    progress(Progress(run.sent, waiting, run.received))
            else:
                self._start_afresh(run, reply)

    def _start_afresh(self, run: _Run, reply: Reply) -> None:
        run.fresh_starts += 1
        if reply.state == protocol.CLOCK:
            if run.fresh_starts > _FRESH_STARTS:
                raise ClockWrong
            self._replica.mend_clock(reply)
        elif reply.state in (protocol.FORK, protocol.RESTORED):
            if run.fresh_starts > _FRESH_STARTS:
                raise ForkSuspected
            self._replica.take_new_identity(reply)
        else:
            raise CentreFault(reply.state)

    def _shrink(self, run: _Run, prepared: Prepared, error: Malformed) -> None:
        """The centre will not read the batch: try smaller ones, and set aside the one record that it cannot read."""
        count = len(prepared.batch.bodies)
        if count == 0:
            raise CentreFault("the centre does not understand") from error
        if count == 1:
            self._replica.refuse_locally(prepared, "too-large" if isinstance(error, TooLarge) else "malformed")
        run.up = max(1, min(run.up, sum(map(len, prepared.batch.bodies))) // 2)

    def _post(self, http: httpx.Client, prepared: Prepared) -> tuple[Reply, bool]:
        nonce = self._entropy(9).hex()
        headers = {**prepared.headers, protocol.NONCE: nonce}
        try:
            with http.stream("POST", self._url, headers=headers, content=protocol.deflate(prepared.body)) as response:
                self._check(response, nonce)
                body = _inflated(response)
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise NotACentre(0, self._url) from error
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            self._replica.withdraw()
            raise Unreachable(str(error)) from error
        except httpx.HTTPError as error:
            raise Unreachable(str(error)) from error
        try:
            return protocol.reply_from(body), response.status_code == 426
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
        headers = {
            "authorization": f"Bearer {self._credential}",
            "content-type": protocol.MEDIA_TYPE,
            "content-encoding": "gzip",
            "accept": protocol.MEDIA_TYPE,
            "accept-encoding": "gzip",
            protocol.PROTOCOL: protocol.VERSION,
        }
        return httpx.Client(
            headers=headers,
            transport=self._transport,
            verify=self._verify,
            timeout=self._timeout,
            follow_redirects=False,
        )

    def _end(self, run: _Run, error: SyncError | None) -> Outcome:
        state = next((_STATES[kind] for kind in type(error).__mro__ if kind in _STATES), "fault") if error else "done"
        if state != "busy":
            self._replica.note_state(state, str(error) if error else "")
        waiting, rejected, conflicts = self._replica.counts()
        return Outcome(state, run.sent, run.received, waiting, rejected, conflicts, error)


def _ended(header: bundle.Header, state: str) -> SyncError | None:
    """What the last reply of an answer asks for before the laptop can go on."""
    if state == protocol.CLOCK:
        return ClockWrong()
    if state != protocol.TAKEN:
        return ForkSuspected()
    return TooOld() if header.too_old else None


class _Run:
    """Sizes and counts of one synchronisation."""

    def __init__(self, patience: int) -> None:
        self.up = self.down = FIRST_BATCH
        self.sent = self.received = 0
        self.failures = self.fresh_starts = 0
        self.pushing = True
        self.finished = False
        self._idle = 0
        self._patience = patience
        self._cut = False
        self._streak = 0

    def failed(self, error: Unreachable) -> None:
        """A round without an answer: smaller next time, and pull before pushing again."""
        self.failures += 1
        if self.failures > self._patience:
            raise error
        if self._streak < _SHORT_LIFE:
            self.down = max(1, self.down // 2)
            if self.pushing:
                self.up = max(1, self.up // 2)
        self._cut, self._streak = True, 0
        self.pushing = not self.pushing

    def took(self, taken: Taken, *, quick: bool, too_old: bool) -> None:
        """A round with an answer."""
        self.sent += taken.answered
        self.received += taken.received
        self._idle = self._idle + 1 if self.pushing and not taken.answered else 0
        self.pushing = True
        if taken.answered or taken.received:
            self.failures = self.fresh_starts = 0
        self._streak += 1
        if quick and not (self._cut and self._streak < _LONG_LIFE):
            self._grow(taken)
        if taken.more or (taken.waiting and self._idle < _IDLE_ROUNDS):
            return
        if too_old:
            raise TooOld
        self.finished = True

    def _grow(self, taken: Taken) -> None:
        self._streak = 0 if self._cut else self._streak
        if taken.answered:
            self.up = min(self.up * 2, protocol.BATCH_LIMIT)
        if taken.received:
            self.down = min(self.down * 2, protocol.BATCH_LIMIT)


def _inflated(response: httpx.Response) -> bytes:
    packed = response.headers.get("content-encoding") == "gzip"
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
