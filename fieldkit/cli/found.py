"""How what was found is printed: a line a record, what was typed standing out on a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from fieldkit.cli.output import Seen, record_lines
from fieldkit.domain.cleaning import shown
from fieldkit.domain.kinds import KINDS
from fieldkit.i18n import _
from fieldkit.store.matched import marked

if TYPE_CHECKING:
    from typing import TextIO

_STANDING_OUT = ("\x1b[1;4m", "\x1b[0m")


def print_found(rows: Sequence[Mapping[str, Any]], seen: Seen, out: TextIO, empty: str) -> None:
    """As `print_rows`; what was found of a record elsewhere than in its title stands on a line below."""
    if not rows:
        out.write(empty + "\n")
    for row, (beginning, title, detail) in zip(rows, record_lines(rows, seen), strict=True):
        inside = _standing_out(title, row["match"], out)
        out.write(f"{beginning}{inside or title}  {detail}".rstrip() + "\n")
        if row["match"] and not inside:
            out.write(f"    {_label(row)}  {_standing_out(row['match']['text'], row['match'], out)}\n")


def _label(row: Mapping[str, Any]) -> str:
    field = KINDS[row["kind"]].field(row["match"]["field"])
    return _(field.label) if field else ""


def _standing_out(text: str, match: Mapping[str, Any] | None, out: TextIO) -> str:
    """`text` with what was found set off where `out` is a terminal; empty where it is not all there."""
    before, after = _STANDING_OUT if out.isatty() else ("", "")
    return "".join(f"{before}{shown(part)}{after}" if found else shown(part) for part, found in marked(text, match))
