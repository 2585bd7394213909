"""`fieldkit guide`: the guides that this laptop holds."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING

from fieldkit.cli.context import Context
from fieldkit.cli.options import Commands, add_printing_command
from fieldkit.cli.output import print_json, to_the_minute, with_offsets
from fieldkit.domain.choices import choice_label, task_force_called
from fieldkit.domain.cleaning import shown, shown_lines
from fieldkit.i18n import _

if TYPE_CHECKING:
    from fieldkit.store.guides import Guide


def add_parsers(commands: Commands[argparse.ArgumentParser]) -> None:
    """The command `guide`."""
    parser = add_printing_command(
        commands,
        "guide",
        guide,
        summary=_("read the guide of your task force"),
        description=_(
            "Print the guide that the office has published for your task force; where several are here, their contents, and the "
            "text of the one that is named."
        ),
        example="fieldkit guide 数字经济",
    )
    parser.add_argument(
        "task_force", nargs="?", default="", metavar=_("TASKFORCE"), help=_("the code or name of a task force")
    )


def guide(options: argparse.Namespace, context: Context) -> int:
    """The text of one guide, or the contents of several."""
    from fieldkit.store import guides

    wanted = task_force_called(options.task_force) if options.task_force else ""
    with closing(context.open_store()) as store, closing(store.reader()) as connection:
        held = guides.held(connection)
        own = guides.own_task_force(connection)
    found = [one for one in held if wanted in ("", one.task_force)]
    if options.json:
        print_json([_document(one) for one in found], context.out)
        return 0
    whole = len(found) == 1
    lines = [line for one in found for line in ["", *_heading(one), *(_text(one) if whole else _contents(one))]]
    context.out.write("".join(f"{line}\n" for line in lines[1:] or [_none(wanted or own)]))
    return 0


def _document(one: Guide) -> dict[str, object]:
    head = {"task_force": one.task_force, "name": choice_label("task_forces", one.task_force), "version": one.version}
    published = {"published_at": one.published_at}
    return head | with_offsets(published) | {"sections": [with_offsets(row) for row in one.sections]}


def _none(task_force: str) -> str:
    if not task_force:
        return _("No guide has come to this laptop yet; `fieldkit sync` brings what the office has published.")
    text = _("No guide of {name} has come to this laptop yet; `fieldkit sync` brings what the office has published.")
    return text.format(name=choice_label("task_forces", task_force))


def _heading(one: Guide) -> list[str]:
    published = to_the_minute(datetime.fromisoformat(one.published_at))
    text = _("Guide: {name} · version {version} · {published}")
    name = choice_label("task_forces", one.task_force)
    return [text.format(name=name, version=one.version, published=published)]


def _contents(one: Guide) -> list[str]:
    return [f"  {number:>2}  {shown(row['title'])}" for number, row in enumerate(one.sections, 1)]


def _text(one: Guide) -> Sequence[str]:
    return [
        line
        for number, row in enumerate(one.sections, 1)
        for line in ["", f"{number}  {shown(row['title'])}", "", *shown_lines(row["text"]).split("\n")]
    ]
