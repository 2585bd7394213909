"""What a visit asks, with what may be meant, as lines and as documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from fieldkit.cli.output import SHORT_ID, Row
from fieldkit.domain.cleaning import shown
from fieldkit.domain.needs import pair, question
from fieldkit.i18n import _

if TYPE_CHECKING:
    import sqlite3

    from fieldkit.actions.candidates import Asked


def of(connection: sqlite3.Connection, row: Row) -> Sequence[Asked]:
    """The open questions of a record; only visits have any."""
    if not row.get("needs"):
        return ()
    from fieldkit.actions.candidates import asked

    return asked(connection, dict(row))


def document(questions: Sequence[Asked]) -> dict[str, object]:
    """For scripts: `asked`, where there is something; `field` takes the id of a candidate, or `+name` for a new record."""
    if not questions:
        return {}
    return {
        "asked": [
            {
                "need": one.need,
                "field": one.field or None,
                "text": question(one.need),
                "said": one.said or None,
                "candidates": [{"kind": row["kind"], "id": row["id"], "title": row["title"]} for row in one.rows],
            }
            for one in questions
        ]
    }


def lines(row: Row, questions: Sequence[Asked]) -> list[str]:
    """For people: each question, who or what may be meant with the id to give, and how to answer."""
    said = []
    for one in questions:
        said.append(f"  {str(row['id'])[:SHORT_ID]}  {question(one.need)}")
        said += [f"    {found['id'][:SHORT_ID]}  {shown(pair(one.said, str(found['title'])))}" for found in one.rows]
        if one.rows:
            answer = f"fieldkit edit {str(row['id'])[:SHORT_ID]} {one.field}=ID"
            made = f"{one.field}='+{shown(one.said)}'" if one.said else f"{one.field}=+…"
            said.append(_("    `{answer}` gives the answer, {made} makes a new one.").format(answer=answer, made=made))
    return said
