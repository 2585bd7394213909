"""Commands over records: today, find, list, show, add, edit, delete, undo, redo."""

from __future__ import annotations

import argparse
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from fieldkit.actions.undoing import Undone
from fieldkit.cli.context import Context
from fieldkit.cli.output import Row, with_offsets
from fieldkit.domain.kinds import INBOX, KINDS
from fieldkit.errors import NoSuchRecord, UsageError
from fieldkit.i18n import N_, _
from fieldkit.store.store import Store

ONE_OF_A_KIND = {
    "contact": "contacts",
    "company": "companies",
    "lead": "leads",
    "visit": "visits",
    "followup": "followups",
}
PAGE = 50


def add_parsers(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The commands over records."""
    json_option, paging = argparse.ArgumentParser(add_help=False), argparse.ArgumentParser(add_help=False)
    json_option.add_argument("--json", action="store_true", help=_("print one JSON document"))
    paging.add_argument("--limit", type=_count, default=PAGE, metavar=_("N"), help=_("at most so many"))
    paging.add_argument("--offset", type=_count, default=0, metavar=_("N"), help=_("leave out the first so many"))

    parser = commands.add_parser(
        "today",
        help=_("what is due, what was done, what needs you"),
        parents=[json_option],
        epilog=_("Example: {example}").format(example="fieldkit today"),
    )
    parser.set_defaults(run=today)

    parser = commands.add_parser(
        "find",
        help=_("find records by any fragment"),
        parents=[json_option, paging],
        epilog=_("Example: {example}").format(example="fieldkit find 宁德"),
    )
    parser.add_argument("query", nargs="+", metavar=_("QUERY"))
    parser.set_defaults(run=find)

    parser = commands.add_parser(
        "list",
        help=_("list records of a kind"),
        parents=[json_option, paging],
        epilog=_("Example: {example}").format(example="fieldkit list leads --limit 20"),
    )
    parser.add_argument("kind", type=_kind, choices=[*KINDS, INBOX], metavar=_("KIND"), help=", ".join([*KINDS, INBOX]))
    parser.set_defaults(run=list_kind)

    parser = commands.add_parser(
        "show",
        help=_("show a record and what belongs to it"),
        parents=[json_option],
        epilog=_("Example: {example}").format(example="fieldkit show 01937c2e-8a1b"),
    )
    parser.add_argument("id", metavar=_("ID"))
    parser.set_defaults(run=show)
    _add_writing_parsers(commands, json_option)


def _add_writing_parsers(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], json_option: argparse.ArgumentParser
) -> None:
    parser = commands.add_parser(
        "add",
        help=_("add a record"),
        parents=[json_option],
        epilog=_("Example: {example}").format(example="fieldkit add contacts name=张伟 phone=13800138000"),
    )
    parser.add_argument("kind", type=_kind, choices=list(KINDS), metavar=_("KIND"), help=", ".join(KINDS))
    parser.add_argument("values", nargs="+", metavar=_("FIELD=VALUE"))
    parser.set_defaults(run=add)

    parser = commands.add_parser(
        "edit",
        help=_("change fields of a record"),
        parents=[json_option],
        epilog=_("Example: {example}").format(example="fieldkit edit 01937c2e-8a1b stage=signed amount=2.5亿"),
    )
    parser.add_argument("id", metavar=_("ID"))
    parser.add_argument("values", nargs="+", metavar=_("FIELD=VALUE"))
    parser.set_defaults(run=edit)

    parser = commands.add_parser(
        "delete",
        help=_("delete a record; undo brings it back"),
        parents=[json_option],
        epilog=_("Example: {example}").format(example="fieldkit delete 01937c2e-8a1b"),
    )
    parser.add_argument("id", metavar=_("ID"))
    parser.set_defaults(run=delete)

    for name, run, help_text in (
        ("undo", undo, _("take back your last change")),
        ("redo", redo, _("do again what was undone")),
    ):
        parser = commands.add_parser(
            name,
            help=help_text,
            parents=[json_option],
            epilog=_("Example: {example}").format(example=f"fieldkit {name}"),
        )
        parser.set_defaults(run=run)


def today(options: argparse.Namespace, context: Context) -> int:
    """Overdue and due follow-ups, today's visits, and what needs the person."""
    from fieldkit.cli.output import print_json, print_rows
    from fieldkit.store import agenda

    with _reading(context) as connection:
        day = agenda.today(connection, context.clock().date())
        needs_me = agenda.needs_me(connection)
    found = {"overdue": day.overdue, "due": day.due, "visits": day.visits, "needs_me": needs_me}
    if options.json:
        print_json({section: [with_offsets(row) for row in rows] for section, rows in found.items()}, context.out)
        return 0
    for section, rows in found.items():
        if rows:
            context.out.write(f"{_(_SECTIONS[section])} ({len(rows)})\n")
            print_rows(rows, context.out, "")
    if not any(found.values()):
        context.out.write(_("Nothing is due today; a visit note starts with `fieldkit note`.") + "\n")
    return 0


def find(options: argparse.Namespace, context: Context) -> int:
    """Records of any kind that hold the fragment, best first."""
    from fieldkit.store import search

    with _reading(context) as connection:
        rows = search.find(connection, " ".join(options.query), limit=options.limit, offset=options.offset)
    return _print(rows, options, context, _("Nothing holds these words; a shorter fragment finds more."))


def list_kind(options: argparse.Namespace, context: Context) -> int:
    """A page of one kind, newest first."""
    from fieldkit.store import query

    with _reading(context) as connection:
        rows = query.listing(connection, options.kind, options.limit, options.offset)
    return _print(rows, options, context, _("There are none yet; `fieldkit note` and `fieldkit add` make them."))


def show(options: argparse.Namespace, context: Context) -> int:
    """One record and everything related to it."""
    from fieldkit.cli.labels import labelled
    from fieldkit.cli.output import print_json, print_record, print_rows
    from fieldkit.store import query

    with _reading(context) as connection:
        row = _record(connection, options.id)
        related = query.related(connection, str(row["kind"]), str(row["id"]))
    if options.json:
        around = {kind: [with_offsets(other) for other in rows] for kind, rows in related.items()}
        print_json(with_offsets(row) | {"related": around}, context.out)
        return 0
    print_record(row, context.out, labelled(row))
    for kind, rows in related.items():
        context.out.write(f"\n{_(KINDS[kind].label)}\n")
        print_rows(rows, context.out, "")
    return 0


def add(options: argparse.Namespace, context: Context) -> int:
    """Make one record from FIELD=VALUE pairs."""
    from fieldkit import actions

    with _opened(context) as store:
        record_id = actions.add(store, options.kind, _values(options.values))
        return _print_changed(store, record_id, options, context)


def edit(options: argparse.Namespace, context: Context) -> int:
    """Change the fields named by FIELD=VALUE pairs."""
    from fieldkit import actions

    with _opened(context) as store:
        kind, record_id = _resolve(store, options.id)
        actions.edit(store, kind, record_id, _values(options.values))
        return _print_changed(store, record_id, options, context)


def delete(options: argparse.Namespace, context: Context) -> int:
    """Delete one record."""
    from fieldkit import actions
    from fieldkit.cli.output import print_json

    with _opened(context) as store:
        kind, record_id = _resolve(store, options.id)
        actions.delete(store, kind, record_id)
    if options.json:
        print_json({"kind": kind, "id": record_id, "deleted": True}, context.out)
    else:
        context.out.write(_("Deleted; `fieldkit undo` brings it back.") + "\n")
    return 0


def undo(options: argparse.Namespace, context: Context) -> int:
    """Take back the last change."""
    from fieldkit import actions

    with _opened(context) as store:
        return _print_undone(actions.undo(store), options, context, _("Undone: {what}"))


def redo(options: argparse.Namespace, context: Context) -> int:
    """Do again what was undone last."""
    from fieldkit import actions

    with _opened(context) as store:
        return _print_undone(actions.redo(store), options, context, _("Done again: {what}"))


_SECTIONS = {
    "overdue": N_("Overdue"),
    "due": N_("Due today"),
    "visits": N_("Visits today"),
    "needs_me": N_("Needs me"),
}


@contextmanager
def _opened(context: Context) -> Iterator[Store]:
    store = context.open_store()
    try:
        yield store
    finally:
        store.close()


@contextmanager
def _reading(context: Context) -> Iterator[sqlite3.Connection]:
    with _opened(context) as store:
        connection = store.reader()
        try:
            yield connection
        finally:
            connection.close()


def _kind(word: str) -> str:
    return ONE_OF_A_KIND.get(word, word)


def _count(word: str) -> int:
    number = int(word)
    if number < 0:
        raise ValueError
    return number


def _values(pairs: Sequence[str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for pair in pairs:
        field, equals, value = pair.partition("=")
        if not equals:
            raise UsageError(message=_("{pair} is not FIELD=VALUE; write for example name=张伟").format(pair=pair))
        values[field.strip()] = value
    return values


def _resolve(store: Store, record_id: str) -> tuple[str, str]:
    connection = store.reader()
    try:
        row = _record(connection, record_id)
    finally:
        connection.close()
    return str(row["kind"]), str(row["id"])


def _record(connection: sqlite3.Connection, record_id: str) -> Row:
    from fieldkit.store import query

    row = query.record(connection, record_id)
    if row is None:
        raise NoSuchRecord(id=record_id)
    return row


def _print(rows: Sequence[Row], options: argparse.Namespace, context: Context, empty: str) -> int:
    from fieldkit.cli.output import print_json, print_rows

    if options.json:
        print_json([with_offsets(row) for row in rows], context.out)
    else:
        print_rows(rows, context.out, empty)
    return 0


def _print_undone(undone: Undone, options: argparse.Namespace, context: Context, template: str) -> int:
    from fieldkit.cli.output import print_json
    from fieldkit.domain.cleaning import shown

    if options.json:
        touched = [{"kind": kind, "id": record_id} for kind, record_id in undone.touched]
        kept = [{"kind": each.kind, "id": each.id, "field": each.field} for each in undone.kept]
        print_json({"what": undone.label, "records": touched, "kept": kept}, context.out)
        return 0
    context.out.write(template.format(what=shown(undone.label)) + "\n")
    if undone.kept:
        fields = ", ".join(each.field for each in undone.kept)
        context.err.write(_("Left as they are, because they have changed since: {fields}").format(fields=fields) + "\n")
    return 0


def _print_changed(store: Store, record_id: str, options: argparse.Namespace, context: Context) -> int:
    from fieldkit.cli.output import print_json, print_rows
    from fieldkit.domain.cleaning import shown
    from fieldkit.domain.doubts import doubts_about
    from fieldkit.store.rules import rule_pack

    connection = store.reader()
    try:
        row = _record(connection, record_id)
        doubts = doubts_about(str(row["kind"]), row, rule_pack(connection))
    finally:
        connection.close()
    if options.json:
        print_json(with_offsets(row), context.out)
    else:
        print_rows([row], context.out, "")
    for doubt in doubts:
        context.err.write(shown(doubt.text) + "\n")
    return 0
