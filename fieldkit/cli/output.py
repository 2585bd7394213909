"""How records are printed: one JSON document for scripts, aligned lines for people."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from itertools import chain

from fieldkit.cli.width import cells, fit
from fieldkit.domain.cleaning import shown, shown_lines
from fieldkit.i18n import N_, _

TYPE_CHECKING = False  # `note --json` prints with this module, and `typing` would cost it more than the insert
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence
    from typing import TextIO

Row = Mapping[str, object]
SHORT_ID = 13  # the time part of a UUIDv7; where that is not enough, more is printed
MARKS = {"waiting": "⇡", "sending": "⇡", "rejected": "✗", "conflict": "⇄"}
_BADGES = {
    "waiting": N_("not yet sent to the centre"),
    "sending": N_("on its way to the centre"),
    "rejected": N_("refused by the centre; `fieldkit sync --conflicts` says why"),
    "conflict": N_("two people wrote different values; `fieldkit sync --conflicts` shows both"),
}


def print_json(document: object, out: TextIO) -> None:
    """One JSON document, Chinese as it is."""
    out.write(json.dumps(document, ensure_ascii=False) + "\n")


class Seen:
    """What of records is printed beside their fields: `short`, as much of the id as names the record, and `badges`, what
    the centre does not have of it yet; both by id.
    """

    def __init__(self, connection: sqlite3.Connection, rows: Iterable[Row]) -> None:
        from fieldkit.replication import status
        from fieldkit.store import query

        by_kind: dict[str, list[str]] = {}
        for row in rows:
            by_kind.setdefault(str(row["kind"]), []).append(str(row["id"]))
        self.short = query.short_ids(connection, chain.from_iterable(by_kind.values()), SHORT_ID)
        self.badges = {
            record_id: badge
            for kind, ids in by_kind.items()
            for record_id, badge in status.badges_of_kind(connection, kind, ids).items()
        }

    def document(self, row: Row) -> dict[str, object]:
        """`row` for scripts, with its `badge`: rejected, conflict, sending, waiting, or null."""
        return with_offsets(row) | {"badge": self.badges.get(str(row["id"]))}

    def mark(self, row: Row) -> str:
        """The sign of its badge, a blank where it has none."""
        return MARKS.get(self.badges.get(str(row["id"]), ""), " ")

    def words(self, row: Row) -> str:
        """Its badge in words, empty where it has none."""
        badge = self.badges.get(str(row["id"]))
        return f"{MARKS[badge]} {_(_BADGES[badge])}" if badge else ""


def print_rows(rows: Sequence[Row], seen: Seen, out: TextIO, empty: str) -> None:
    """A line a record: short id, badge, what it is called, what belongs to it; `empty` where there are none."""
    if not rows:
        out.write(empty + "\n")
        return
    for beginning, title, detail in record_lines(rows, seen):
        out.write(f"{beginning}{title}  {detail}".rstrip() + "\n")


def record_lines(rows: Sequence[Row], seen: Seen) -> list[tuple[str, str, str]]:
    """(short id and badge, title, what belongs to it) of each record, the titles equally wide."""
    marked = any(seen.mark(row) != " " for row in rows)
    width = max((min(cells(_title(row)), 48) for row in rows), default=0)
    return [
        (
            seen.short[str(row["id"])] + (f" {seen.mark(row)} " if marked else "  "),
            fit(_title(row), width),
            _detail(row),
        )
        for row in rows
    ]


def print_record(row: Row, seen: Seen, out: TextIO, labels: Iterable[tuple[str, str]]) -> None:
    """One record, a line a field, longer texts in their lines: `labels` are pairs of label and text; empty ones are left out."""
    out.write(f"{_title(row)}\n{row['id']}\n")
    badge = seen.words(row)
    if badge:
        out.write(f"{badge}\n")
    filled = [(label, text) for label, text in labels if text]
    width = max((cells(label) for label, _text in filled), default=0)
    for label, text in filled:
        for number, line in enumerate(shown_lines(text).split("\n")):
            out.write(f"  {fit(label if number == 0 else '', width)}  {line}".rstrip() + "\n")


def with_offsets(row: Row) -> dict[str, object]:
    """`row` for scripts: instants in ISO 8601 with the laptop's own offset."""
    return {name: _local(value) if name.endswith("_at") else value for name, value in row.items()}


def iso_with_offset(moment: datetime) -> str:
    """An instant for scripts: ISO 8601 to the second, in the laptop's own time."""
    return moment.astimezone().isoformat(timespec="seconds")


def to_the_minute(moment: datetime) -> str:
    """An instant for people, in the laptop's own time."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"


def _local(value: object) -> object:
    return iso_with_offset(datetime.fromisoformat(str(value))) if value else value


def _title(row: Row) -> str:
    return shown(str(row["title"])) or _("(no name)")


def _detail(row: Row) -> str:
    from fieldkit.cli.labels import summary_parts

    return " · ".join(shown(part) for part in summary_parts(row) if part)
