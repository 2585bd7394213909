"""`fieldkit doctor`: whether the laptop's store is whole, and its search index made anew."""

from __future__ import annotations

import argparse
from contextlib import closing

from fieldkit.cli.context import Context
from fieldkit.cli.options import Commands, add_printing_command
from fieldkit.cli.progress import CLEARED
from fieldkit.i18n import _, ngettext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO


def add_parsers(commands: Commands[argparse.ArgumentParser]) -> None:
    """The command that looks after the store."""
    parser = add_printing_command(
        commands,
        "doctor",
        run,
        summary=_("check the store; with --reindex make its search index anew"),
        example="fieldkit doctor --reindex",
    )
    parser.add_argument("--reindex", action="store_true", help=_("make the search index anew"))


def run(options: argparse.Namespace, context: Context) -> int:
    """Check the file and whether the index holds what the records hold; 0 only where both are well."""
    from fieldkit.cli.output import print_json
    from fieldkit.store import checkup

    with closing(context.open_store()) as store:
        indexed = _reindexed(store.path, context.err, quiet=options.json) if options.reindex else None
        with closing(store.reader()) as connection:
            found = checkup.check(connection, store.path)
    if options.json:
        print_json({"damage": found.damage, "strays": found.strays, "indexed": indexed}, context.out)
    else:
        if indexed is not None:
            text = ngettext("{n} record indexed anew.", "{n} records indexed anew.", indexed)
            context.out.write(text.format(n=indexed) + "\n")
        context.out.write(_words(found.damage, found.strays) + "\n")
    return 1 if found.damage or found.strays else 0


def _reindexed(path: str, err: TextIO, *, quiet: bool) -> int:
    from fieldkit.store.reindex import reindex

    shows = not quiet and err.isatty()

    def progress(done: int, total: int) -> None:
        if shows:
            err.write(CLEARED + _("indexing: {done} of {total}").format(done=done, total=total))
            err.flush()

    try:
        return reindex(path, progress)
    finally:
        if shows:
            err.write(CLEARED)


def _words(damage: list[str], strays: int) -> str:
    if damage:
        text = _("The store is damaged ({damage}); put a snapshot from the folder snapshots in its place.")
        return text.format(damage=damage[0])
    if strays:
        text = ngettext(
            "Search misses or mistakes {n} record; run `fieldkit doctor --reindex`.",
            "Search misses or mistakes {n} records; run `fieldkit doctor --reindex`.",
            strays,
        )
        return text.format(n=strays)
    return _("The store is whole, and search knows every record.")
