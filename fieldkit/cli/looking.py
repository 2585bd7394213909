"""Commands that look: today, find, list, show."""

from __future__ import annotations

import argparse
import sqlite3
from collections.abc import Sequence
from contextlib import closing

from fieldkit.cli import questions
from fieldkit.cli.context import Context
from fieldkit.cli.named import record_or_standing
from fieldkit.cli.options import Commands, add_printing_command, count, kind
from fieldkit.cli.output import Row
from fieldkit.domain.cleaning import shown
from fieldkit.domain.kinds import INBOX, KINDS, WRITTEN
from fieldkit.errors import UsageError
from fieldkit.i18n import N_, _

PAGE = 50
ASKED = 20
"""Records whose questions `today` tells with what may be meant; `show` tells those of any other."""
RECENT, NAME = "recent", "name"
_SECTIONS = {
    "overdue": N_("Overdue"),
    "due": N_("Due today"),
    "visits": N_("Visits today"),
    "needs_me": N_("Needs me"),
}


def add_parsers(commands: Commands[argparse.ArgumentParser]) -> None:
    """The commands that only look."""
    add_printing_command(
        commands, "today", today, summary=_("what is due, what was done, what needs you"), example="fieldkit today"
    )
    parser = add_printing_command(
        commands,
        "find",
        find,
        summary=_("find records by any fragment"),
        description=_(
            "Characters, pinyin, initials, any part of a number or code, #tags, several words in any order. "
            "Filters: kind:visits, stage:talks, taskforce:digital, this week; in Chinese 类型:拜访, 阶段:洽谈, 专班:数字, 本周."
        ),
        example="fieldkit find 宁德 类型:拜访",
    )
    parser.add_argument("query", nargs="+", metavar=_("QUERY"))
    _add_paging(parser)
    parser = add_printing_command(
        commands, "list", list_kind, summary=_("list records of a kind"), example="fieldkit list leads --limit 20"
    )
    parser.add_argument("kind", type=kind, choices=[*KINDS, INBOX], metavar=_("KIND"), help=", ".join([*KINDS, INBOX]))
    parser.add_argument(
        "--sort", choices=(RECENT, NAME), default=RECENT, help=_("newest first, or by name as it is spoken")
    )
    _add_paging(parser)
    parser = add_printing_command(
        commands, "show", show, summary=_("show a record and what belongs to it"), example="fieldkit show 01937c2e-8a1b"
    )
    parser.add_argument("id", metavar=_("ID"))


def _add_paging(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--limit", type=count, default=PAGE, metavar=_("N"), help=_("at most so many"))
    parser.add_argument("--offset", type=count, default=0, metavar=_("N"), help=_("leave out the first so many"))


def today(options: argparse.Namespace, context: Context) -> int:
    """Overdue and due follow-ups, today's visits, and what needs the person."""
    from fieldkit.cli.output import Seen, print_json, print_rows
    from fieldkit.store import agenda

    with closing(context.open_store()) as store, closing(store.reader()) as connection:
        day = agenda.today(connection, context.clock().date())
        needs_me = [*agenda.needs_me(connection), *agenda.twins(connection)]
        asked = {str(row["id"]): questions.of(connection, row) for row in needs_me[:ASKED]}
        sections = {"overdue": day.overdue, "due": day.due, "visits": day.visits, "needs_me": needs_me}
        candidates = (found for each in asked.values() for one in each for found in one.rows)
        seen = Seen(connection, [*(row for rows in sections.values() for row in rows), *candidates])
    if options.json:
        document = {
            section: [seen.document(row) | questions.document(asked.get(str(row["id"]), ())) for row in rows]
            for section, rows in sections.items()
        }
        print_json(document, context.out)
        return 0
    for section, rows in sections.items():
        if rows:
            context.out.write(f"{_(_SECTIONS[section])} ({len(rows)})\n")
            print_rows(rows, seen, context.out, "")
    for row in needs_me:
        for line in questions.lines(row, asked.get(str(row["id"]), ()), seen.short):
            context.out.write(line + "\n")
    if not any(sections.values()):
        context.out.write(_("Nothing is due today; a visit note starts with `fieldkit note`.") + "\n")
    return 0


def find(options: argparse.Namespace, context: Context) -> int:
    """Records of any kind that hold the fragment, best first, with what was found of each."""
    from fieldkit.cli.found import print_found
    from fieldkit.cli.output import Seen, print_json
    from fieldkit.sentences import unknown_value
    from fieldkit.store import filters, search
    from fieldkit.store.connection import Guarded

    query, today = " ".join(options.query), context.clock().date()
    with closing(context.open_store()) as store, closing(store.reader()) as connection:
        with Guarded(store.path):
            rows = search.find(connection, query, limit=options.limit, offset=options.offset, today=today)
        seen = Seen(connection, rows)
        unknown = [] if rows else filters.unknown(connection, query)
    for key, value, known in unknown:
        context.err.write(unknown_value(key, shown(value), known) + "\n")
    if options.json:
        print_json([seen.document(row) for row in rows], context.out)
    elif not unknown:
        print_found(rows, seen, context.out, _("Nothing holds these words; a shorter fragment finds more."))
    return 0


def list_kind(options: argparse.Namespace, context: Context) -> int:
    """A page of one kind, newest first or by name."""
    from fieldkit.store import query

    if options.sort == NAME and options.kind not in query.BY_NAME:
        raise UsageError(message=_("only {kinds} are sorted by name").format(kinds=", ".join(sorted(query.BY_NAME))))
    with closing(context.open_store()) as store, closing(store.reader()) as connection:
        rows = query.listing(connection, options.kind, options.limit, options.offset, order=options.sort)
        empty = (
            _("There are none yet; `fieldkit note` and `fieldkit add` make them.")
            if options.kind not in KINDS or options.kind in WRITTEN
            else _("There are none yet; `fieldkit sync` brings what the office has published.")
        )
        return _print(rows, connection, options, context, empty)


def show(options: argparse.Namespace, context: Context) -> int:
    """One record, what is doubtful about it or asked of a person, and everything related to it."""
    from fieldkit.cli.labels import labelled
    from fieldkit.cli.output import Seen, print_json, print_record, print_rows
    from fieldkit.store import query

    with closing(context.open_store()) as store, closing(store.reader()) as connection:
        row = record_or_standing(connection, options.id)
        related = query.related(connection, str(row["kind"]), str(row["id"]))
        remarks = questions.about(connection, row)
        around_it = (other for rows in related.values() for other in rows)
        seen = Seen(connection, [row, *around_it, *remarks.others()])
    if options.json:
        around = {name: [seen.document(other) for other in rows] for name, rows in related.items()}
        print_json(seen.document(row) | {"related": around} | remarks.document(), context.out)
        return 0
    if not str(row["id"]).startswith(options.id.strip().lower()):
        context.err.write(_("That one was merged into this one, which has everything of both.") + "\n")
    print_record(row, seen, context.out, labelled(row))
    for line in remarks.lines(seen.short):
        context.out.write(line + "\n")
    for related_kind, rows in related.items():
        context.out.write(f"\n{_(KINDS[related_kind].label)}\n")
        print_rows(rows, seen, context.out, "")
    return 0


def _print(
    rows: Sequence[Row], connection: sqlite3.Connection, options: argparse.Namespace, context: Context, empty: str
) -> int:
    from fieldkit.cli.output import Seen, print_json, print_rows

    seen = Seen(connection, rows)
    if options.json:
        print_json([seen.document(row) for row in rows], context.out)
    else:
        print_rows(rows, seen, context.out, empty)
    return 0
