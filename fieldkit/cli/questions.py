"""What a visit asks, with what may be meant, as lines and as documents."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from fieldkit.cli.output import Row
from fieldkit.domain.cleaning import shown
from fieldkit.domain.needs import TWIN, question
from fieldkit.i18n import _

if TYPE_CHECKING:
    import sqlite3

    from fieldkit.actions.candidates import Asked
    from fieldkit.domain.doubts import Doubt


class Remarks(NamedTuple):
    """What is said beside a record: doubts that hold nobody up, its open questions, and records that it looks like."""

    row: Row
    doubts: Sequence[Doubt]
    asked: Sequence[Asked]
    alike: Sequence[Row]

    def document(self) -> dict[str, object]:
        """For scripts: `doubts`; `asked` and `alike` where there are any."""
        alike = {"alike": [_reference(one) for one in self.alike]} if self.alike else {}
        return {
            "doubts": [{"field": one.field, "text": one.text} for one in self.doubts],
            **document(self.asked),
            **alike,
        }

    def others(self) -> list[Row]:
        """The records that are named in it."""
        return [*self.alike, *(found for one in self.asked for found in one.rows)]

    def lines(self, short: Mapping[str, str]) -> list[str]:
        """For people; `short` gives as much of each id as names its record."""
        text = _("Looks like {id} {name}; if they are one: `{merge}`.")
        alike = [
            text.format(
                id=short[str(one["id"])],
                name=shown(one["title"]),
                merge=f"fieldkit merge {short[str(one['id'])]} {short[str(self.row['id'])]}",
            )
            for one in self.alike
        ]
        return [*(shown(doubt.text) for doubt in self.doubts), *lines(self.row, self.asked, short), *alike]


def about(connection: sqlite3.Connection, row: Row, *, new: bool = False) -> Remarks:
    """The remarks on a record; of a `new` one also which it may be already."""
    from fieldkit.actions.candidates import doubles
    from fieldkit.domain.doubts import doubts_about
    from fieldkit.store.rules import rule_pack

    asked = of(connection, row)
    alike = doubles(connection, row) if new and not asked else ()
    return Remarks(row, doubts_about(str(row["kind"]), row, rule_pack(connection)), asked, alike)


def of(connection: sqlite3.Connection, row: Row) -> Sequence[Asked]:
    """The open questions of a record; only visits and companies have any."""
    if not (row.get("needs") or row.get("uscc")):
        return ()
    from fieldkit.actions.candidates import asked

    return asked(connection, dict(row))


def _reference(row: Row) -> dict[str, object]:
    return {name: row[name] for name in ("kind", "id", "title")}


def document(questions: Sequence[Asked]) -> dict[str, object]:
    """For scripts: `asked`, where there is something; `field` takes the id of a candidate, or `+name` for a new record, or the
    `value` of one of `figures`.
    """
    if not questions:
        return {}
    return {
        "asked": [
            {
                "need": one.need,
                "field": one.field or None,
                "text": question(one.need),
                "said": one.said or None,
                "candidates": [_reference(row) for row in one.rows],
                **({"why": one.why} if one.why else {}),
                **({"figures": [figure._asdict() for figure in one.figures]} if one.figures else {}),
            }
            for one in questions
        ]
    }


def lines(row: Row, questions: Sequence[Asked], short: Mapping[str, str]) -> list[str]:
    """For people: each question, who or what may be meant with the id to give, and how to answer."""
    said, asking = [], short.get(str(row["id"]), "")
    for one in questions:
        said.append(f"  {asking}  {question(one.need)}")
        said += [f"    {shown(one.why)}"] if one.why else []
        said += [
            f"    {short[str(found['id'])]}  {shown(words)}" for found, words in zip(one.rows, one.words(), strict=True)
        ]
        said += [
            _("    `{answer}` {words}").format(
                answer=f"fieldkit edit {asking} {one.field}={shlex.quote(figure.value)}", words=shown(figure.words)
            )
            for figure in one.figures
        ]
        if one.need == TWIN:
            answer = f"fieldkit merge {asking} {short[str(one.rows[0]['id'])]}"
            said.append(_("    `{answer}` makes one of the two.").format(answer=answer))
        elif one.rows:
            answer = f"fieldkit edit {asking} {one.field}=ID"
            made = f"{one.field}='+{shown(one.said)}'" if one.said else f"{one.field}=+…"
            said.append(_("    `{answer}` gives the answer, {made} makes a new one.").format(answer=answer, made=made))
    return said
