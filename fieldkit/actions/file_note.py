"""File the lines that wait in the inbox: each becomes a visit with its whole text, under the line's own id.

A line is filed in one transaction with everything that it makes, so that a crash leaves either all of it or a line that
still waits. Lines are filed a few to a commit; one that fails stops no other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from fieldkit.actions import labels
from fieldkit.actions.filing import add_followup, file_sheet, fill_visit
from fieldkit.actions.lookups import Lookups
from fieldkit.actions.sheet import Sheet
from fieldkit.actions.work import Work, working
from fieldkit.capture import Reading, read
from fieldkit.domain import needs
from fieldkit.domain.cleaning import stored_text
from fieldkit.domain.kinds import INBOX
from fieldkit.errors import NoSuchRecord, StoreError
from fieldkit.store import inbox, matching
from fieldkit.store.history import Change

if TYPE_CHECKING:
    from fieldkit.store.connection import Row
    from fieldkit.store.store import Store

_LINES_TO_A_COMMIT = 40


class Filed(NamedTuple):
    """A line that was filed: its id, which is now the visit's, what it made by kind (ids), and what it still needs.

    `error` tells why a line could not be read or written; where the visit could not be written either, `filed` is False and
    the line still waits.
    """

    id: str
    made: Mapping[str, Sequence[str]]
    needs: tuple[str, ...]
    error: str = ""
    filed: bool = True


def file_line(store: Store, line_id: str) -> Filed:
    """File one waiting line now. A line that stands as a visit already is answered as it is. Raises NoSuchRecord."""
    with closing(store.reader()) as connection:
        line = inbox.get(connection, line_id)
    if line is None:
        raise NoSuchRecord(id=line_id)
    return _file_some(store, [line])[0]


def file_waiting(store: Store, progress: Callable[[int, int], None] | None = None) -> list[Filed]:
    """File every waiting line, oldest first. `progress` is told how many of how many are done."""
    with closing(store.reader()) as connection:
        lines = inbox.waiting(connection)
    filed: list[Filed] = []
    for start in range(0, len(lines), _LINES_TO_A_COMMIT):
        filed += _file_some(store, lines[start : start + _LINES_TO_A_COMMIT])
        if progress:
            progress(len(filed), len(lines))
    return filed


def _file_some(store: Store, lines: Sequence[Row]) -> list[Filed]:
    """The lines filed in one transaction; where one of them fails, each in a transaction of its own."""
    try:
        with working(store) as work:
            lookups = Lookups(work)
            return [_file(work, lookups, line) for line in lines]
    except StoreError:
        raise
    except Exception:  # noqa: BLE001 - whatever is wrong with one line, the others go on
        return [_file_alone(store, line) for line in lines]


def _file_alone(store: Store, line: Row) -> Filed:
    """The line filed; where that fails, as a visit of nothing but its words; where that fails too, still waiting."""
    error = ""
    for attempt in (_file, _file_words):
        try:
            with working(store) as work:
                return attempt(work, Lookups(work), line)._replace(error=error)
        except StoreError:
            raise
        except Exception as failure:  # noqa: BLE001 - its words stay in any case
            error = f"{type(failure).__name__}: {failure}"
    return Filed(line["id"], {}, (), error, filed=False)


def _file(work: Work, lookups: Lookups, line: Row) -> Filed:
    state = matching.line_state(work.connection, line["id"])
    if state != inbox.WAITING or work.find("visits", line["id"]) is not None:
        return _as_it_stands(work, line, state)
    written_at = datetime.fromisoformat(line["written_at"]).astimezone(work.now.tzinfo)
    text = stored_text(line["text"])
    reading = read(text, written_at, lookups)
    day = date.fromisoformat(line["day"]) if line["day"] else written_at.date()
    visit: dict[str, object] = {"text": text, "visited_on": reading.visited or day}
    sheet = Sheet(work, lookups, reading, visit, written_at)
    fill_visit(sheet)
    file_sheet(sheet, context_company=line["company_id"])
    _write_visit(work, line["id"], sheet)
    return _remember(work, line["id"], sheet)


def _write_visit(work: Work, visit_id: str, sheet: Sheet) -> None:
    columns = sheet.visit | {"needs": " ".join(sheet.needs)}
    work.add("visits", columns, record_id=visit_id, written_at=sheet.written_at)
    add_followup(sheet, visit_id)
    _mark_filed(work, visit_id)


def _file_words(work: Work, lookups: Lookups, line: Row) -> Filed:
    written_at = datetime.fromisoformat(line["written_at"]).astimezone(work.now.tzinfo)
    visit: dict[str, object] = {"text": stored_text(line["text"]), "visited_on": written_at.date()}
    sheet = Sheet(work, lookups, Reading(""), visit, written_at)
    sheet.needs.append(needs.READING)
    _write_visit(work, line["id"], sheet)
    return _remember(work, line["id"], sheet)


def _mark_filed(work: Work, line_id: str) -> None:
    inbox.mark_filed(work.connection, line_id)
    work.changes.append(Change(INBOX, line_id, {"state": inbox.WAITING}, {"state": inbox.FILED}))


def _remember(work: Work, visit_id: str, sheet: Sheet) -> Filed:
    made: dict[str, list[str]] = {}
    for change in work.changes:
        if change.before is None:
            made.setdefault(change.table, []).append(change.record_id)
    work.remember(labels.filed(sheet.visit))
    return Filed(visit_id, made, tuple(sheet.needs))


def _as_it_stands(work: Work, line: Row, state: str) -> Filed:
    visit: Any = work.find("visits", line["id"])
    if visit is not None and state == inbox.WAITING:
        inbox.mark_filed(work.connection, line["id"])
    return Filed(line["id"], {}, tuple(visit.needs.split()) if visit else (), filed=visit is not None)
