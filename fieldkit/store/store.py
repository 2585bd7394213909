"""One laptop's store, opened: readers, a writer for local tables, and sessions whose changes are captured for sync."""

from __future__ import annotations

from fieldkit.store import settings
from fieldkit.store.connection import open_reader, open_writer

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence
    from typing import Any, Protocol

    from sqlmodel import Session

    from fieldkit.clock import Clock

    class Sessions(Protocol):
        """Where captured sessions come from; made when the first one is asked for."""

        def session(self) -> Session:
            """A session whose flushes are captured in the same transaction."""

        def reopen(self, session: Session, kind: str, record_id: str, gave_way: Sequence[Sequence[Any]]) -> None:
            """Open the conflicts of these values again, beside what the session writes next."""

        def close_again(self, session: Session, kind: str, record_id: str, gave_way: Sequence[Sequence[Any]]) -> None:
            """Close the conflicts of these values by what the session writes next."""

        def close(self) -> None:
            """Close every database connection behind it."""


class Store:
    """The store at `path`, which must be current. Readers and the writer belong to the caller, who closes them."""

    def __init__(self, path: str, clock: Clock, sessions: Callable[[], Sessions]) -> None:
        self.path = path
        self.clock = clock
        self._make_sessions = sessions
        self._sessions: Sessions | None = None

    def reader(self) -> sqlite3.Connection:
        """A new connection that only reads, with rows as dicts."""
        return open_reader(self.path)

    def writer(self) -> sqlite3.Connection:
        """A new connection for the local tables (inbox, settings), in autocommit."""
        return open_writer(self.path)

    def session(self) -> Session:
        """A new SQLModel session; what it flushes is captured for sync, searched and named in the same transaction."""
        return self.sessions.session()

    @property
    def sessions(self) -> Sessions:
        """Where its sessions come from."""
        if self._sessions is None:
            self._sessions = self._make_sessions()
        return self._sessions

    @property
    def me(self) -> settings.Me:
        """Who works here now."""
        connection = self.reader()
        try:
            return settings.me(connection)
        finally:
            connection.close()

    def close(self) -> None:
        """Close what sessions hold open."""
        if self._sessions is not None:
            self._sessions.close()
            self._sessions = None
