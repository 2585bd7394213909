"""`fieldkit office publish`: the guide of a task force, from a file, to every laptop of it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from fieldkit.cli.context import Context
from fieldkit.cli.options import Commands, add_printing_command, file_name
from fieldkit.cli.output import print_json
from fieldkit.domain import guides
from fieldkit.domain.choices import choice_label
from fieldkit.domain.cleaning import shown
from fieldkit.i18n import N_, _

if TYPE_CHECKING:
    from fieldkit.office.publishing import Published

_WHAT = {
    guides.ADDED: N_("added"),
    guides.CHANGED: N_("changed"),
    guides.MOVED: N_("moved"),
    guides.REMOVED: N_("removed"),
    guides.UNCHANGED: N_("unchanged"),
}


def add_publish(parts: Commands[argparse.ArgumentParser]) -> None:
    """The guide at the office."""
    parser = add_printing_command(
        parts,
        "publish",
        publish,
        summary=_("publish the guide of a task force from a Markdown file"),
        example="fieldkit office publish guide.md --task-force 数字经济",
        description=_(
            "Publish a Markdown file as the guide of a task force, in the place of the version before. Each # or ## heading "
            "begins a section; what changed goes to the laptops of the task force with their next sync."
        ),
    )
    parser.add_argument("file", type=file_name, metavar="FILE", help=_("the text, in UTF-8 or GB18030"))
    parser.add_argument("--task-force", required=True, metavar=_("TASKFORCE"), help=_("its code, or its name"))


def publish(options: argparse.Namespace, context: Context) -> int:
    """Publish a guide and say what changed."""
    from fieldkit.office import people, publishing
    from fieldkit.office.centre import open_centre

    centre = open_centre(context.locations, context.clock)
    try:
        author = people.first_of_office(centre)["id"]
        published = publishing.publish(centre, author, options.file, options.task_force)
    finally:
        centre.close()
    if options.json:
        print_json(_document(published), context.out)
    else:
        context.out.write("".join(f"{line}\n" for line in _lines(published)))
    return 0


def _document(published: Published) -> dict[str, object]:
    sections = [
        {"kind": "guides", "id": step.id, "title": step.passage.title, "position": step.position, "change": step.what}
        for step in published.steps
    ]
    return {"task_force": published.task_force, "version": published.version, "sections": sections}


def _lines(published: Published) -> list[str]:
    done = [step.what for step in published.steps]
    counts = " · ".join(f"{_(label)} {done.count(what)}" for what, label in _WHAT.items() if what in done)
    name, version = choice_label("task_forces", published.task_force), published.version
    if set(done) == {guides.UNCHANGED}:
        text = _("The guide of {name} says this already; version {version} stands ({counts}).")
        return [text.format(name=name, version=version, counts=counts)]
    text = _("Published the guide of {name}, version {version}: {counts}.")
    return [
        text.format(name=name, version=version, counts=counts),
        *(
            f"  {_(_WHAT[step.what])}  {shown(step.passage.title)}"
            for step in published.steps
            if step.what != guides.UNCHANGED
        ),
    ]
