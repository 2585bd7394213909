"""The working sheet of one visit while its line is filed: what is known by now, and what is left to a person."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from fieldkit.actions.lookups import Lookups
from fieldkit.actions.values import LINE_LIMIT
from fieldkit.actions.work import Work
from fieldkit.domain import needs
from fieldkit.domain.cleaning import stored_line
from fieldkit.store.matching import ContactMatch, LeadMatch

if TYPE_CHECKING:
    from fieldkit.capture import Reading
    from fieldkit.domain.records import Owned


class Sheet:
    """One visit on its way into the records.

    `visit` holds its columns and gains what is found; what it holds already was decided by a person and stands.
    `needs` are the codes of what was left undecided. What is not `still_open` was settled by a person and is not asked again.
    """

    def __init__(
        self,
        work: Work,
        lookups: Lookups,
        reading: Reading,
        visit: dict[str, object],
        written_at: datetime,
        *,
        still_open: Collection[str] = needs.CODES,
    ) -> None:
        self.work = work
        self.lookups = lookups
        self.reading = reading
        self.visit = visit
        self.written_at = written_at
        self.needs: list[str] = []
        self._open = still_open
        self._new_company = ""

    @property
    def company_id(self) -> str:
        """The visit's company, empty while it has none."""
        return str(self.visit.get("company_id") or "")

    def is_open(self, code: str, field: str) -> bool:
        """Whether `field` of the visit is still to be found."""
        return code in self._open and not self.visit.get(field)

    def need(self, code: str) -> str:
        """Leave `code` to a person; answers the empty id."""
        if code in self._open and code not in self.needs:
            self.needs.append(code)
        return ""

    def asks(self, code: str) -> bool:
        """Whether the line has more than one reading of this."""
        return code in self._open and any(needs.code_of(asked) == code for asked in self.reading.questions)

    def add(self, kind: str, columns: Mapping[str, object]) -> str:
        """A new record, reported when the line was written; its id."""
        record_id = self.work.add(kind, columns, written_at=self.written_at)
        if kind == "companies":
            self._new_company = record_id
        return record_id

    def fill_in(self, kind: str, record: Owned, given: Mapping[str, object]) -> None:
        """Write the `given` fields that `record` was without."""
        empty = {field: value for field, value in given.items() if value and getattr(record, field) in (None, "")}
        self.work.change(kind, record, empty)

    def colleagues(self) -> list[ContactMatch]:
        """The people known at the visit's company."""
        return [] if self.company_id == self._new_company else self.lookups.contacts_at(self.company_id)

    def leads(self) -> list[LeadMatch]:
        """The projects known at the visit's company."""
        return [] if self.company_id == self._new_company else self.lookups.leads_of(self.company_id)


def line(text: str) -> str:
    """Words of the typed line, as a field of one line takes them."""
    return stored_line(text)[:LINE_LIMIT]
