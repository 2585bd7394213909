"""What the commands' parts of the command line have in common."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from fieldkit.cli.context import Context
from fieldkit.domain.cleaning import shown
from fieldkit.i18n import _

Commands = argparse._SubParsersAction
"""What `add_subparsers` returns; argparse offers no public name for it."""
_MOST = 10**9
_DIGITS = 20
Handler = Callable[[argparse.Namespace, Context], int]
ONE_OF_A_KIND = {
    "contact": "contacts",
    "company": "companies",
    "lead": "leads",
    "visit": "visits",
    "followup": "followups",
    "guide": "guides",
}


def add_command(
    commands: Commands[argparse.ArgumentParser],
    name: str,
    run: Handler,
    *,
    summary: str,
    example: str,
    description: str = "",
) -> argparse.ArgumentParser:
    """A command: help with an example, and the handler that runs it."""
    parser = commands.add_parser(name, help=summary, description=description or None, epilog=example_text(example))
    parser.set_defaults(run=run)
    return parser


def add_printing_command(
    commands: Commands[argparse.ArgumentParser],
    name: str,
    run: Handler,
    *,
    summary: str,
    example: str,
    description: str = "",
) -> argparse.ArgumentParser:
    """A command that prints data, with `--json` for scripts."""
    parser = add_command(commands, name, run, summary=summary, example=example, description=description)
    parser.add_argument("--json", action="store_true", help=_("print one JSON document"))
    return parser


def file_name(text: str) -> str:
    """The name of a file, which is not empty."""
    if not text:
        raise argparse.ArgumentTypeError(_("the name of a file is missing"))
    return text


def example_text(command: str) -> str:
    """The line under a command's help."""
    return _("Example: {example}").format(example=command)


def kind(word: str) -> str:
    """The name of a kind; one of a kind is called by its kind too."""
    return ONE_OF_A_KIND.get(word, word)


def count(word: str) -> int:
    """How many of something."""
    return between(word, 0, _MOST)


def between(text: str, least: int, most: int) -> int:
    """A whole number from `least` to `most`."""
    if not text.isdecimal() or len(text) > _DIGITS or not least <= int(text) <= most:
        message = _("{value} is not a number from {least} to {most}").format(value=shown(text), least=least, most=most)
        raise argparse.ArgumentTypeError(message)
    return int(text)
