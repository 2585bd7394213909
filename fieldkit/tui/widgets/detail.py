"""A record written out: its fields, then everything related, each of which can be opened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from rich.cells import cell_len

from fieldkit.domain.cleaning import shown, shown_lines
from fieldkit.domain.kinds import BODY, KINDS, LONG_TEXT
from fieldkit.domain.needs import TWIN, question
from fieldkit.i18n import _
from fieldkit.tui.widgets.lines import Line, Writer
from fieldkit.tui.widgets.pages import Row
from fieldkit.tui.widgets.painted import Part, badge, fit, wrap
from fieldkit.tui.words import beside, field_words, kind_words

if TYPE_CHECKING:
    from fieldkit.actions.candidates import Asked

Target = tuple[str, str]
"""The kind and id of a record that a line stands for."""

RELATED_SHOWN = 50


def write_detail(
    row: Row,
    related: Mapping[str, Sequence[Row]],
    states: Mapping[str, str],
    now: datetime,
    *,
    questions: Sequence[Asked] = (),
    doubts: Sequence[str] = (),
) -> Writer:
    """A Writer for `row` and the rows `related` to it by kind; `states` are the badges' states by id.

    `questions` are what it asks, with what may be meant, `doubts` what is doubtful about it. What a field of the row names
    already stands there and not again among the related.
    """

    def write(width: int) -> list[Line]:
        lines = [Line(), *_title(row, states, width), *_questions(questions, width), Line()]
        lines += [Line([(f" {line}", "accent")]) for words in doubts for line in wrap(shown(words), max(width - 2, 8))]
        lines += _fields(row, now, width)
        named = {row.get(field.name) for field in KINDS[row["kind"]].fields if field.of in KINDS}
        for kind, found in related.items():
            rows = [one for one in found if one["id"] not in named]
            if not rows:
                continue
            lines += [Line(), heading(kind_words(kind), len(rows))]
            lines += record_lines(rows[:RELATED_SHOWN], width, now.date(), states, beneath=row)
            if len(rows) > RELATED_SHOWN:
                lines.append(Line([("  " + _("and {n} more").format(n=len(rows) - RELATED_SHOWN), "faint")]))
        return lines

    return write


def heading(text: str, count: int | str | None = None) -> Line:
    """A section's heading with how many stand under it."""
    return Line([(f" {text}", "heading"), (f"  {count}" if count is not None else "", "faint")])


def record_lines(
    rows: Sequence[Row],
    width: int,
    today: date,
    states: Mapping[str, str],
    *,
    beneath: Row | None = None,
    look: str = "",
    room: int = 0,
) -> list[Line]:
    """One record on each line: badge, title, and in a second column what belongs beside it.

    What all of them share with the record that they stand `beneath` is not repeated. `room` is the second column's width
    in cells, 0 for what it needs.
    """
    sides = [shown(beside(row, today, (beneath or {}).get("title", ""))) for row in rows]
    room = room or min(max(map(cell_len, sides), default=0), width * 2 // 5)
    lines = []
    for row, side in zip(rows, sides, strict=True):
        mark, mark_look = badge(states.get(row["id"]))
        title = fit(shown(row.get("title", "")), max(width - room - 7, 4))
        words = "faint" if row.get("done_at") else look
        parts: list[Part] = [(f" {mark} ", mark_look), (title, words), ("  ", ""), (fit(side, room), "faint")]
        lines.append(Line(parts, (row["kind"], row["id"])))
    return lines


def _title(row: Row, states: Mapping[str, str], width: int) -> Iterable[Line]:
    state = states.get(row["id"], "")
    words = {
        "waiting": _("not yet sent"),
        "rejected": _("refused by the centre"),
        "conflict": _("edited by two people"),
    }.get(state, "")
    if row["kind"] != "visits":
        for line in wrap(shown(row["title"]) or _("(no name)"), max(width - 2, 8)):
            yield Line([(f" {line}", "strong")])
    mark, look = badge(state)
    kind = _(KINDS[row["kind"]].label_one)
    yield Line([(f" {kind}", "faint"), (f"  {mark} {words}" if words else "", look)], (row["kind"], row["id"]))


def _questions(questions: Sequence[Asked], width: int) -> Iterable[Line]:
    if not questions:
        return
    yield from (Line(), heading(_("Needs you"), len(questions)))
    for one in questions:
        yield from (Line([(f"   {line}", "accent")]) for line in wrap(question(one.need), max(width - 4, 8)))
        said = map(shown, [*filter(None, [one.why]), *one.words(), *(figure.words for figure in one.figures)])
        yield from (Line([(f"     {line}", "")]) for words in said for line in wrap(words, max(width - 6, 8)))
    how = (
        _("m merges the two.")
        if questions[0].need == TWIN
        else _("F4 gives the answer; Space says that none is needed.")
    )
    yield from (Line([(f"   {line}", "faint")]) for line in wrap(how, max(width - 4, 8)))


def _fields(row: Row, now: datetime, width: int) -> Iterable[Line]:
    kind = KINDS[row["kind"]]
    filled = [
        (_(field.label), text, field)
        for field in kind.fields
        if field.name != kind.title_field or row["kind"] == "visits"
        for text in (field_words(row, field, now),)
        if text
    ]
    label_room = max((cell_len(label) for label, _text, _field in filled), default=0)
    for label, text, field in filled:
        room = max(width - label_room - 5, 8)
        value = shown_lines(text) if field.takes == LONG_TEXT else shown(text)
        if field.name == BODY:
            yield from [] if field is filled[0][2] else [Line()]
            yield from (Line([(f" {line}", "")]) for line in wrap(value, max(width - 2, 8)))
            yield Line()
            continue
        target = (field.of, row[field.name]) if field.of in KINDS and row.get(field.name) else None
        for number, line in enumerate(wrap(value, room)):
            head = fit(label, label_room) if number == 0 else " " * label_room
            yield Line([(f" {head}  ", "faint"), (line, "accent" if target else "")], target if number == 0 else None)
