"""`fieldkit parse`: what a note would be read as, with nothing saved."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator

from fieldkit.cli.context import Context
from fieldkit.cli.options import Commands, add_command
from fieldkit.cli.output import print_json
from fieldkit.i18n import _, ngettext

_REPLACED = "\ufffd"
"""What stands for bytes that are not UTF-8."""


def add_parsers(commands: Commands[argparse.ArgumentParser]) -> None:
    """The command `parse`."""
    parser = add_command(
        commands,
        "parse",
        run,
        summary=_("show what a note would be read as"),
        description=_("Show what a note would be read as. Nothing is saved."),
        example='fieldkit parse --json "周五下午两点接待比亚迪考察团"',
    )
    parser.add_argument("words", nargs="+", metavar=_("TEXT"), help=_("the note; - reads lines from standard input"))
    parser.add_argument("--json", action="store_true", help=_("print one JSON document a line"))


def run(options: argparse.Namespace, context: Context) -> int:
    """Answer the words of the command line, or every line of standard input as it comes."""
    from fieldkit.capture import read
    from fieldkit.cli.understood import summary
    from fieldkit.store import schema
    from fieldkit.store.names import KnownNames

    reader = schema.open_current(context.locations.store)
    known = KnownNames(reader) if reader is not None else None
    try:
        unreadable = 0
        for text in _texts(options.words, context):
            unreadable += _REPLACED in text
            reading = read(text, context.clock(), known)
            if options.json:
                print_json(reading.as_json(), context.out)
            else:
                context.out.write((summary(reading) or _("nothing was read")) + "\n")
            context.out.flush()
    finally:
        if reader is not None:
            reader.close()
    if unreadable:
        text = ngettext(
            "{n} line is not UTF-8 text and was read without its bad bytes; convert it to UTF-8 and try again.",
            "{n} lines are not UTF-8 text and were read without their bad bytes; convert them to UTF-8 and try again.",
            unreadable,
        )
        context.err.write(text.format(n=unreadable) + "\n")
    return 1 if unreadable else 0


def _texts(words: list[str], context: Context) -> Iterator[str]:
    if words != ["-"]:
        yield os.fsencode(" ".join(words)).decode("utf-8", "replace")
        return
    for line in context.input.buffer:
        yield line.decode("utf-8", "replace").rstrip("\r\n")
