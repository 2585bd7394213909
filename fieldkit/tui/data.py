"""What screens read: the store's queries over one connection of the app's own thread, with a version that tells when they are stale."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from fieldkit.store import rows
from fieldkit.tui.widgets.pages import Pages, Row

if TYPE_CHECKING:
    from fieldkit.actions.candidates import Asked
    from fieldkit.store.store import Store


class Data:
    """Reads for the app's own thread. `version` grows with every change that the app makes or receives."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.version = 0
        self.settled = False
        self._outside = -1
        self._reader: sqlite3.Connection | None = None

    @property
    def reader(self) -> sqlite3.Connection:
        """The connection of the app's own thread."""
        if self._reader is None:
            self._reader = self.store.reader()
        return self._reader

    def close(self) -> None:
        """Close the connection."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def settle(self) -> None:
        """The first frame is painted: from now on badges are read too, whose imports it does not wait for."""
        self.settled = True

    def changed(self) -> None:
        """What screens have read is stale."""
        self.version += 1

    def written_outside(self) -> bool:
        """Whether another connection, perhaps of another program, has committed since this was asked last."""
        before = self._outside
        self._outside = int(self.reader.execute("PRAGMA data_version").fetchone()["data_version"])
        return before not in (-1, self._outside)

    def now(self) -> datetime:
        """The time by the laptop's clock."""
        return self.store.clock()

    def today(self) -> date:
        """The day by the laptop's clock."""
        return self.now().date()

    def pages(self, kind: str, ids: Sequence[str]) -> Pages:
        """Rows of one kind, fetched when they come into sight."""
        return Pages(ids, lambda wanted: rows.rows(self.reader, kind, wanted), lambda wanted: self.badges(kind, wanted))

    def row(self, kind: str, record_id: str) -> Row | None:
        """One record, None where it is gone."""
        found = rows.rows(self.reader, kind, [record_id])
        return found[0] if found else None

    def questions(self, row: Row) -> Sequence[Asked]:
        """What a visit or a company asks, with what may be meant; of another record, nothing."""
        if not (row.get("needs") or row.get("uscc")):
            return ()
        from fieldkit.actions.candidates import asked

        return asked(self.reader, dict(row))

    def doubles(self, row: Row) -> Sequence[Row]:
        """The records of which this new one may be a copy."""
        from fieldkit.actions.candidates import doubles

        return doubles(self.reader, row)

    def doubts(self, row: Row) -> list[str]:
        """What is doubtful about a company or a contact, in words."""
        if not (row.get("uscc") or row.get("phone")):
            return []
        from fieldkit.domain.doubts import doubts_about

        return [doubt.text for doubt in doubts_about(row["kind"], row, {})]

    def badges(self, kind: str, ids: Sequence[str]) -> Mapping[str, str]:
        """id → waiting, rejected or conflict; absent once confirmed."""
        if not self.settled:
            return {}
        from fieldkit.replication import status

        return status.badges(self.reader, kind, ids)

    def badges_of(self, rows_by_kind: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, str]:
        """The badges of rows of several kinds."""
        states: dict[str, str] = {}
        for kind, found in rows_by_kind.items():
            states.update(self.badges(kind, [row["id"] for row in found]))
        return states
