"""A laptop's store with capture on, and the exchange of its work with the centre."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

from fieldkit.clock import Clock, millis
from fieldkit.errors import CentreError, NotEnrolled, SyncFailed, Withdrawn
from fieldkit.locations import Locations
from fieldkit.replication.merges import follow
from fieldkit.replication.status import Status, read_status, refused_by_centre
from fieldkit.store import schema, settings
from fieldkit.store.connection import Guarded
from fieldkit.store.store import Store

if TYPE_CHECKING:
    import httpx
    from sqlmodel import Session

    from sync import Client, Outcome, Progress, Replica
    from sync.errors import SyncError


def open_store(locations: Locations, clock: Clock) -> Store:
    """The laptop's store, made or migrated where need be. SQLModel and `sync` are loaded by the first session.

    Raises StoreNewer, StoreUnreadable, StoreUnwritable, StoreLocked, DiskFull.
    """
    schema.ensure_current(locations.store)
    return Store(locations.store, clock, lambda: Captured(locations.store, clock))


class Captured:
    """A replica over the store at `path`, whose sessions capture for sync and keep the search index."""

    def __init__(self, path: str, clock: Clock) -> None:
        import sync
        from fieldkit.replication.tables import SCHEMA, TABLES
        from fieldkit.store import index

        self._engine = sync.sqlite_engine(path, pragmas={"secure_delete": "ON"})
        self.replica: Replica = sync.Replica(
            self._engine,
            TABLES,
            clock=lambda: millis(clock()),
            observers=[index.observe],
            schema=SCHEMA,
        )

    def session(self) -> Session:
        """A session whose flushes are captured."""
        return self.replica.session()

    def reopen(self, session: Session, kind: str, record_id: str, gave_way: Sequence[Sequence[Any]]) -> None:
        """Open the conflicts of these values again, beside what the session writes next."""
        from sync.settling import GaveWay, reopen_conflicts

        reopen_conflicts(session, kind, record_id, [GaveWay(*one) for one in gave_way])

    def close_again(self, session: Session, kind: str, record_id: str, gave_way: Sequence[Sequence[Any]]) -> None:
        """Close the conflicts of these values by what the session writes next."""
        from sync.settling import GaveWay, close_again

        close_again(session, kind, record_id, [GaveWay(*one) for one in gave_way])

    def close(self) -> None:
        """Close its connections."""
        self._engine.dispose()


def synchronise(
    store: Store,
    progress: Callable[[Progress], None] | None = None,
    *,
    transport: httpx.BaseTransport | None = None,
) -> Outcome:
    """File what waits in the inbox, then exchange work with the centre until it has answered for everything.

    What stops the exchange is in the outcome, see `as_failure`; `sent` are records that the centre has taken. Raises
    NotEnrolled, StoreError. What was saved is safe whatever happens.
    """
    with ready_for_centre(store, transport) as client, meeting_centre():
        return counted(store, lambda: _exchanged(store, client, progress))


def _exchanged(store: Store, client: Client, progress: Callable[[Progress], None] | None) -> Outcome:
    """One exchange, and another where what came in makes this laptop change something of its own."""
    outcome = client.sync(progress)
    if outcome.state == "done" and follow(store):
        outcome = _both(outcome, client.sync(progress))
    return outcome


def counted(store: Store, exchange: Callable[[], Outcome]) -> Outcome:
    """The outcome of `exchange` as people count: what was refused was not sent, and an amount with its currency is one
    conflict.
    """
    refused = _refused(store)
    outcome = exchange()
    taken = max(outcome.sent - max(_refused(store) - refused, 0), 0)
    return outcome._replace(sent=taken, conflicts=_standing(store).conflicts if outcome.conflicts else 0)


def _refused(store: Store) -> int:
    with closing(store.reader()) as connection:
        return refused_by_centre(connection)


@contextmanager
def ready_for_centre(store: Store, transport: httpx.BaseTransport | None = None) -> Iterator[Client]:
    """The way to the centre, with everything filed that waited in the inbox. Raises NotEnrolled, StoreError."""
    from fieldkit.actions import file_waiting
    from fieldkit.replication.enrol import adopt
    from sync import Client

    file_waiting(store)
    url, credential = _centre(store)
    adopt(store)
    follow(store)
    with _replica(store) as replica:
        yield Client(replica, f"{url}/sync", credential=credential, transport=transport)


def _both(first: Outcome, second: Outcome) -> Outcome:
    return second._replace(sent=first.sent + second.sent, received=first.received + second.received)


def _standing(store: Store) -> Status:
    with closing(store.reader()) as connection:
        return read_status(connection)


def _centre(store: Store) -> tuple[str, str]:
    with closing(store.reader()) as connection:
        url, credential = settings.get(connection, "centre_url"), settings.get(connection, "credential")
    if not url or not credential:
        raise NotEnrolled
    return url, credential


@contextmanager
def _replica(store: Store) -> Iterator[Replica]:
    captured = Captured(store.path, store.clock)
    try:
        with Guarded(store.path):
            yield captured.replica
    finally:
        captured.close()


def as_failure(error: SyncError, command: str = "sync") -> CentreError:
    """What stopped a synchronisation or an enrolment, as fieldkit's own error; `command` is what to run again."""
    from sync.errors import Revoked

    return Withdrawn() if isinstance(error, Revoked) else SyncFailed(cause=error, command=command)


@contextmanager
def meeting_centre(command: str = "sync") -> Iterator[None]:
    """Errors of `sync` as fieldkit's own."""
    from sync.errors import SyncError

    try:
        yield
    except SyncError as error:
        raise as_failure(error, command) from error
