"""Commands that change records: add, edit, delete, merge, undo, redo."""

from __future__ import annotations

import argparse
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing

from fieldkit.actions.twins import Twins
from fieldkit.actions.undoing import Undone
from fieldkit.cli import questions
from fieldkit.cli.context import Context
from fieldkit.cli.named import record_named
from fieldkit.cli.options import Commands, add_printing_command, kind
from fieldkit.domain.kinds import INBOX, KINDS, MOVED, WRITTEN
from fieldkit.errors import Invalid, UsageError
from fieldkit.i18n import _
from fieldkit.store.store import Store


def add_parsers(commands: Commands[argparse.ArgumentParser]) -> None:
    """The commands that change records."""
    parser = add_printing_command(
        commands, "add", add, summary=_("add a record"), example="fieldkit add contacts name=张伟 phone=13800138000"
    )
    parser.add_argument("kind", type=kind, choices=list(WRITTEN), metavar=_("KIND"), help=", ".join(WRITTEN))
    parser.add_argument("values", nargs="+", metavar=_("FIELD=VALUE"))
    parser = add_printing_command(
        commands,
        "edit",
        edit,
        summary=_("change fields of a record"),
        example="fieldkit edit 01937c2e-8a1b stage=signed amount=2.5亿",
    )
    parser.add_argument("id", metavar=_("ID"))
    parser.add_argument("values", nargs="+", metavar=_("FIELD=VALUE"))
    parser = add_printing_command(
        commands,
        "delete",
        delete,
        summary=_("delete a record; undo brings it back"),
        example="fieldkit delete 01937c2e-8a1b",
    )
    parser.add_argument("id", metavar=_("ID"))
    parser = add_printing_command(
        commands,
        "merge",
        merge,
        summary=_("merge a record into another that is the same; undo takes it apart again"),
        example="fieldkit merge 01937c2e-8a1b 01937c31-02ff",
        description=_(
            "Merge two companies, contacts or leads. The first stays, with everything of both; what named the other names it."
        ),
    )
    parser.add_argument("id", metavar=_("ID"))
    parser.add_argument("other", metavar=_("OTHER_ID"))
    add_printing_command(commands, "undo", undo, summary=_("take back your last change"), example="fieldkit undo")
    add_printing_command(commands, "redo", redo, summary=_("do again what was undone"), example="fieldkit redo")


def add(options: argparse.Namespace, context: Context) -> int:
    """Make one record from FIELD=VALUE pairs."""
    from fieldkit import actions

    with closing(context.open_store()) as store:
        record_id = actions.add(store, options.kind, _values(store, options.kind, options.values))
        return _print_changed(store, record_id, options, context, new=True)


def edit(options: argparse.Namespace, context: Context) -> int:
    """Change the fields named by FIELD=VALUE pairs; a line of the inbox is filed first, as the visit of the same id."""
    from fieldkit import actions

    with closing(context.open_store()) as store:
        kind, record_id = _resolve(store, options.id)
        if kind == INBOX:
            actions.file_line(store, record_id)
            kind, record_id = _resolve(store, record_id)
        actions.edit(store, kind, record_id, _values(store, kind, options.values))
        return _print_changed(store, record_id, options, context)


def delete(options: argparse.Namespace, context: Context) -> int:
    """Delete one record."""
    from fieldkit import actions
    from fieldkit.cli.output import print_json

    with closing(context.open_store()) as store:
        kind, record_id = _resolve(store, options.id)
        actions.delete(store, kind, record_id)
    if options.json:
        print_json({"kind": kind, "id": record_id, "deleted": True}, context.out)
    else:
        context.out.write(_("Deleted; `fieldkit undo` brings it back.") + "\n")
    return 0


def merge(options: argparse.Namespace, context: Context) -> int:
    """Merge the other record into the first."""
    from fieldkit import actions

    with closing(context.open_store()) as store:
        kind, kept_id = _resolve(store, options.id)
        other_kind, other_id = _resolve(store, options.other)
        if kind != other_kind:
            raise Invalid(field="id", reason="merge-kinds", value=options.other)
        merged = actions.merge(store, kind, kept_id, other_id)
        twins = [{"kind": one.kind, "kept": one.kept, "other": one.other} for one in merged.twins]
        more = {"merged": merged.other, "moved": merged.moved, "twins": twins}
        done = _print_changed(store, kept_id, options, context, more)
        _offer(store, merged.twins, context)
    return done


def _offer(store: Store, twins: Sequence[Twins], context: Context) -> None:
    """Which contacts and leads the company has twice now, each with the command that merges the two."""
    from fieldkit.cli.output import SHORT_ID
    from fieldkit.domain.cleaning import shown
    from fieldkit.store import query

    with closing(store.reader()) as connection:
        short = query.short_ids(connection, [one for pair in twins for one in (pair.kept, pair.other)], SHORT_ID)
    for pair in twins:
        text = _("{title} is there twice; if the two are one: `{merge}`.")
        merge = f"fieldkit merge {short[pair.kept]} {short[pair.other]}"
        context.err.write(text.format(title=shown(pair.title), merge=merge) + "\n")


def undo(options: argparse.Namespace, context: Context) -> int:
    """Take back the last change."""
    from fieldkit import actions

    with closing(context.open_store()) as store:
        return _print_undone(actions.undo(store), options, context, _("Undone: {what}"))


def redo(options: argparse.Namespace, context: Context) -> int:
    """Do again what was undone last."""
    from fieldkit import actions

    with closing(context.open_store()) as store:
        return _print_undone(actions.redo(store), options, context, _("Done again: {what}"))


def _values(store: Store, kind: str, pairs: Sequence[str]) -> dict[str, str]:
    values = _pairs(pairs)
    with closing(store.reader()) as connection:
        for field in KINDS[kind].fields:
            if field.of in KINDS and values.get(field.name):
                values[field.name] = _whole_id(connection, field.of, values[field.name])
    return values


def _whole_id(connection: sqlite3.Connection, kind: str, beginning: str) -> str:
    """The id of the record of `kind` that `beginning` names, as lists print it; `beginning` itself where there is none."""
    from fieldkit.store import query

    before = MOVED if beginning.startswith(MOVED) else ""
    row = query.record(connection, beginning.removeprefix(before))
    return before + str(row["id"]) if row is not None and row["kind"] == kind else beginning


def _pairs(pairs: Sequence[str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for pair in pairs:
        field, equals, value = pair.partition("=")
        if not equals:
            raise UsageError(message=_("{pair} is not FIELD=VALUE; write for example name=张伟").format(pair=pair))
        values[field.strip()] = value
    return values


def _resolve(store: Store, record_id: str) -> tuple[str, str]:
    with closing(store.reader()) as connection:
        row = record_named(connection, record_id)
    return str(row["kind"]), str(row["id"])


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
        fields = _(", ").join(undone.left())
        context.err.write(_("Left as they are, because they have changed since: {fields}").format(fields=fields) + "\n")
    return 0


def _print_changed(
    store: Store,
    record_id: str,
    options: argparse.Namespace,
    context: Context,
    more: Mapping[str, object] | None = None,
    *,
    new: bool = False,
) -> int:
    """Print the record; what is doubtful about it, and which one a new record may be already, are told on stderr."""
    from fieldkit.cli.output import Seen, print_json, print_rows

    with closing(store.reader()) as connection:
        row = record_named(connection, record_id)
        remarks = questions.about(connection, row, new=new)
        seen = Seen(connection, [row, *remarks.others()])
    if options.json:
        print_json(seen.document(row) | dict(more or {}) | remarks.document(), context.out)
    else:
        print_rows([row], seen, context.out, "")
    for line in remarks.lines(seen.short):
        context.err.write(line + "\n")
    return 0
