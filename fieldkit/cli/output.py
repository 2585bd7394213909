"""How records are printed: one JSON document for scripts, aligned lines for people."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from fieldkit.cli.width import cells, fit
from fieldkit.domain.cleaning import shown
from fieldkit.i18n import _

TYPE_CHECKING = False  # `note --json` prints with this module, and `typing` would cost it more than the insert
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence
    from typing import TextIO

Row = Mapping[str, object]
SHORT_ID = 13  # the time part of a UUIDv7; where that is not enough, more is printed


def print_json(document: object, out: TextIO) -> None:
    """One JSON document, Chinese as it is."""
    out.write(json.dumps(document, ensure_ascii=False) + "\n")


def short_ids(connection: sqlite3.Connection, ids: Iterable[object]) -> Mapping[str, str]:
    """id → as much of it as is printed, which is enough to name its record."""
    from fieldkit.store import query

    return query.short_ids(connection, map(str, ids), SHORT_ID)


def print_rows(rows: Sequence[Row], short: Mapping[str, str], out: TextIO, empty: str) -> None:
    """A line a record: its id as `short` gives it, what it is called, what belongs to it; `empty` where there are none."""
    if not rows:
        out.write(empty + "\n")
        return
    width = max(min(cells(_title(row)), 48) for row in rows)
    for row in rows:
        line = f"{short[str(row['id'])]}  {fit(_title(row), width)}  {_detail(row)}"
        out.write(line.rstrip() + "\n")


def print_record(row: Row, out: TextIO, labels: Iterable[tuple[str, str]]) -> None:
    """One record, a line a field: `labels` are pairs of label and text; empty texts are left out."""
    out.write(f"{_title(row)}\n{row['id']}\n")
    filled = [(label, text) for label, text in labels if text]
    width = max((cells(label) for label, _text in filled), default=0)
    for label, text in filled:
        out.write(f"  {fit(label, width)}  {shown(text)}\n")


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
