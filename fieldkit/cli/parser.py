"""The command line as argparse sees it; every command brings its own part."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import NoReturn

from fieldkit import __version__
from fieldkit.cli.context import Context
from fieldkit.errors import UsageError
from fieldkit.i18n import N_, _

ARGPARSE_TEXTS = (
    N_("usage: "),
    N_("positional arguments"),
    N_("options"),
    N_("show this help message and exit"),
    N_("show program's version number and exit"),
    N_("the following arguments are required: %s"),
    N_("unrecognized arguments: %s"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
    N_("invalid %(type)s value: %(value)r"),
    N_("argument %(argument_name)s: %(message)s"),
    N_("expected one argument"),
    N_("expected at least one argument"),
)


class Parser(argparse.ArgumentParser):
    """Reports wrong usage as an error of ours, so that one place prints it."""

    def error(self, message: str) -> NoReturn:
        """Raise UsageError with argparse's message and where to find help."""
        text = _("{message}; see `{program} --help`")
        raise UsageError(message=text.format(message=message, program=self.prog))


def run_command(arguments: Sequence[str], context: Context) -> int:
    """Parse and run; without a command the app opens."""
    if not arguments:
        from fieldkit.cli import app

        return app.run(context)
    options = build_parser().parse_args(arguments)
    code: int = options.run(options, context)
    return code


def build_parser() -> Parser:
    """The whole command line."""
    from fieldkit.cli import attention, changing, demo, doctor, guide, looking, note, office, parse, sync

    argparse._ = _  # type: ignore[attr-defined]  # argparse asks its own module for translations; ours are in the catalogue
    parser = Parser(
        prog="fieldkit",
        description=_("Visit notes, leads and follow-ups of investment recruiters. Without a command the app opens."),
        epilog=_("Example: {example}").format(example='fieldkit note "拜访宁德时代 @张伟 2.5亿 下周三回访"'),
    )
    version_help = _("show program's version number and exit")
    parser.add_argument("--version", action="version", version=f"fieldkit {__version__}", help=version_help)
    commands = parser.add_subparsers(metavar=_("COMMAND"), required=True, parser_class=Parser)
    for part in (note, parse, looking, guide, changing, sync, attention, demo, doctor, office):
        part.add_parsers(commands)
    return parser
