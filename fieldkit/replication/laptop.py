"""A laptop's store with capture on, and the exchange of its work with the centre."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

from fieldkit.clock import Clock, millis
from fieldkit.domain.kinds import written_with
from fieldkit.errors import CentreError, Invalid, NoSuchRecord, NotEnrolled, SyncFailed, Withdrawn
from fieldkit.locations import Locations
from fieldkit.replication.status import Status, leading, read_status
from fieldkit.store import schema, settings
from fieldkit.store.connection import Guarded
from fieldkit.store.store import Store

if TYPE_CHECKING:
    import httpx
    from sqlmodel import Session

    from sync import Conflict, Outcome, Progress, Replica
    from sync.errors import SyncError

CHOICES = ("mine", "theirs", "value")


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
        from fieldkit.replication.tables import TABLES
        from fieldkit.store import index

        self._engine = sync.sqlite_engine(path, pragmas={"secure_delete": "ON"})
        self.replica: Replica = sync.Replica(
            self._engine,
            TABLES,
            clock=lambda: millis(clock()),
            observers=[index.observe],
            schema=len(schema.REVISIONS),
        )

    def session(self) -> Session:
        """A session whose flushes are captured."""
        return self.replica.session()

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

    What stops the exchange is in the outcome, see `as_failure`. Raises NotEnrolled, StoreError. What was saved is safe
    whatever happens.
    """
    from fieldkit.actions import file_waiting
    from fieldkit.replication.enrol import adopt
    from sync import Client

    file_waiting(store)
    url, credential = _centre(store)
    adopt(store)
    with _replica(store) as replica, meeting_centre():
        client = Client(replica, f"{url}/sync", credential=credential, transport=transport)
        outcome = client.sync(progress)
    return outcome._replace(conflicts=_standing(store).conflicts) if outcome.conflicts else outcome


def _standing(store: Store) -> Status:
    with closing(store.reader()) as connection:
        return read_status(connection)


def conflicts(store: Store) -> list[Conflict]:
    """Fields that two people changed at once, with both values, oldest first; of an amount, its words and its currency one."""
    with _replica(store) as replica:
        found = replica.conflicts()
    shown = set(leading((each.table, each.record_id, each.field) for each in found))
    return [each for each in found if (each.table, each.record_id, each.field) in shown]


def resolve(store: Store, conflict_id: str, choice: str, value: object = None) -> None:
    """Settle a conflict by keeping `mine`, taking `theirs`, or writing another `value` as typed. It travels as an edit.

    Fields that mean something only together (an amount and its currency) are settled together.
    Raises NoSuchRecord, Invalid.
    """
    if choice not in CHOICES:
        raise Invalid(field="choice", reason="not-a-choice", value=choice, known=", ".join(CHOICES))
    from fieldkit.actions import edit

    with _replica(store) as replica:
        found = replica.conflicts()
        wanted = next((conflict for conflict in found if conflict.id == conflict_id), None)
        if wanted is None:
            raise NoSuchRecord(id=conflict_id)
        if choice == "value":
            edit(store, wanted.table, wanted.record_id, {wanted.field: value})
        me = store.me.person_id
        for conflict in replica.conflicts():
            if _together(conflict, wanted):
                replica.resolve(conflict.id, conflict.kept if choice == "value" else _side(conflict, choice, me))


def _side(conflict: Conflict, choice: str, me: str) -> Any:
    mine_is_kept = conflict.kept_by in ("", me)
    return conflict.kept if (choice == "mine") == mine_is_kept else conflict.other


def _together(conflict: Conflict, wanted: Conflict) -> bool:
    same_record = (conflict.table, conflict.record_id) == (wanted.table, wanted.record_id)
    return same_record and conflict.field in written_with(wanted.field)


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
