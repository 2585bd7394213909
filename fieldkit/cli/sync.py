"""`fieldkit enrol` and `fieldkit sync`: meet the centre, exchange work with it, and say truly what has not been sent."""

from __future__ import annotations

import argparse
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime

from fieldkit.cli.context import Context
from fieldkit.cli.options import Commands, add_printing_command
from fieldkit.cli.output import SHORT_ID, iso_with_offset
from fieldkit.domain.cleaning import shown
from fieldkit.i18n import _, ngettext
from fieldkit.reasons import reason_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sync import Conflict, Outcome, Progress
    from sync.status import Rejected, Status


def add_parsers(commands: Commands[argparse.ArgumentParser]) -> None:
    """The commands that meet the centre."""
    parser = add_printing_command(
        commands,
        "enrol",
        enrol,
        summary=_("join a centre with the office's invite"),
        example="fieldkit enrol https://centre.example.cn INVITE",
    )
    parser.add_argument("url", metavar="URL", help=_("the centre's address"))
    parser.add_argument("invite", metavar="INVITE", help=_("the office's one-time invite"))
    parser = add_printing_command(
        commands, "sync", run, summary=_("send and receive work"), example="fieldkit sync --status"
    )
    parser.add_argument("--status", action="store_true", help=_("only show what has not been sent"))


def enrol(options: argparse.Namespace, context: Context) -> int:
    """Join the centre at `url` with a one-time invite."""
    from fieldkit.cli.output import print_json
    from fieldkit.domain.choices import group_label
    from fieldkit.replication.enrol import enrol as join

    with closing(context.open_store()) as store:
        me = join(store, options.url, options.invite).me
    if options.json:
        person = {"id": me.person_id, "name": me.name, "role": me.role, "group_code": me.group_code}
        print_json({"person": person}, context.out)
    else:
        text = _("Joined as {name}, {group}; run `fieldkit sync` to exchange work.")
        context.out.write(text.format(name=me.name, group=group_label(me.group_code)) + "\n")
    return 0


def run(options: argparse.Namespace, context: Context) -> int:
    """Exchange work with the centre; 0 only when it has answered for everything."""
    if options.status:
        return _status(options, context)
    from fieldkit.cli.output import print_json
    from fieldkit.errors import NotEnrolled
    from fieldkit.replication.laptop import as_failure, synchronise
    from fieldkit.replication.status import read_status

    with closing(context.open_store()) as store:
        try:
            outcome = synchronise(store, None if options.json else _progress(context))
        except NotEnrolled:
            if options.json:
                with closing(store.reader()) as connection:
                    print_json(_status_document(read_status(connection)) | {"state": "not-enrolled"}, context.out)
            raise
    if options.json:
        print_json(_document(outcome), context.out)
    else:
        context.out.write(_sentence(outcome) + "\n")
    if outcome.error is not None:
        raise as_failure(outcome.error)
    return 0 if outcome.state == "done" else 1


def _status(options: argparse.Namespace, context: Context) -> int:
    from fieldkit.cli.output import print_json
    from fieldkit.replication.laptop import conflicts
    from fieldkit.replication.status import read_status, rejected_records

    with closing(context.open_store()) as store, closing(store.reader()) as connection:
        status = read_status(connection)
        refused = rejected_records(connection)
        disputed = conflicts(store) if status.conflicts else []
        to_look_at = [] if options.json else [*_lines_to_look_at(connection, refused, disputed)]
    if options.json:
        print_json(_status_document(status) | _to_look_at(refused, disputed), context.out)
    else:
        context.out.write("\n".join([*status_lines(status), *to_look_at]) + "\n")
    return 0


def _to_look_at(refused: Sequence[Rejected], disputed: Sequence[Conflict]) -> dict[str, object]:
    return {
        "refused": [{"kind": each.table, "id": each.id, "reason": each.reason} for each in refused],
        "disputed": [
            {"kind": each.table, "id": each.record_id, "field": each.field, "kept": each.kept, "other": each.other}
            for each in disputed
        ],
    }


def _lines_to_look_at(
    connection: sqlite3.Connection, refused: Sequence[Rejected], disputed: Sequence[Conflict]
) -> Iterator[str]:
    for each in refused:
        text = _("  refused: {kind} {id} ({reason})")
        yield text.format(
            kind=_named(connection, each.table, each.id), id=each.id[:SHORT_ID], reason=reason_words(each.reason)
        )
    for dispute in disputed:
        text = _("  {kind} {id}, {field}: {kept} stands, {other} was written too")
        kind, short = _named(connection, dispute.table, dispute.record_id), dispute.record_id[:SHORT_ID]
        field, kept, other = _in_words(connection, dispute)
        yield text.format(kind=kind, id=short, field=field, kept=kept, other=other)


def _named(connection: sqlite3.Connection, table: str, record_id: str) -> str:
    """The kind and title of a record, as people call it."""
    from fieldkit.domain.kinds import KINDS
    from fieldkit.store import query

    row = query.record(connection, record_id)
    label = _(KINDS[table].label_one) if table in KINDS else table
    return f"{label} {shown(str(row['title']))}" if row else label


def _in_words(connection: sqlite3.Connection, dispute: Conflict) -> tuple[str, str, str]:
    """The field's label and both values as people read them."""
    from fieldkit.cli.labels import field_text
    from fieldkit.domain.kinds import KINDS
    from fieldkit.store import query

    field = KINDS[dispute.table].field(dispute.field) if dispute.table in KINDS else None
    if field is None:
        return dispute.field, shown(dispute.kept), shown(dispute.other)
    row = query.record(connection, dispute.record_id) or {}
    kept, other = (field_text(field, {**row, field.name: value}) for value in (dispute.kept, dispute.other))
    return _(field.label), shown(kept) or _("(empty)"), shown(other) or _("(empty)")


def _document(outcome: Outcome) -> dict[str, object]:
    names = ("state", "sent", "received", "waiting", "rejected", "conflicts")
    return {name: getattr(outcome, name) for name in names}


def _status_document(status: Status) -> dict[str, object]:
    return {
        "state": status.state,
        "sent": 0,
        "received": 0,
        "waiting": status.waiting,
        "rejected": status.rejected,
        "conflicts": status.conflicts,
        "oldest": _time(status.oldest),
        "confirmed_at": _time(status.confirmed_at),
    }


def _time(millis: int | None) -> str | None:
    if millis is None:
        return None
    return iso_with_offset(datetime.fromtimestamp(millis / 1000, UTC))


def status_lines(status: Status) -> list[str]:
    """What has not been sent, what needs attention, and when the centre last confirmed everything."""
    lines = []
    if status.waiting and status.oldest is not None:
        text = ngettext("{n} not yet sent, oldest {time}", "{n} not yet sent, oldest {time}", status.waiting)
        lines.append(text.format(n=status.waiting, time=_short(status.oldest)))
    if status.rejected:
        text = ngettext(
            "{n} needs attention: the centre refused it", "{n} need attention: the centre refused them", status.rejected
        )
        lines.append(text.format(n=status.rejected))
    if status.conflicts:
        text = ngettext("{n} conflict to look at", "{n} conflicts to look at", status.conflicts)
        lines.append(text.format(n=status.conflicts))
    if status.confirmed_at is not None:
        lines.append(_("centre confirmed at {time}").format(time=_short(status.confirmed_at)))
    return lines or [_("nothing to send; this laptop has not met a centre yet")]


def _short(millis: int) -> str:
    return f"{datetime.fromtimestamp(millis / 1000):%m-%d %H:%M}"  # noqa: DTZ006 - shown in the laptop's own time


def _sentence(outcome: Outcome) -> str:
    text = _("Sent {sent}, received {received}; {waiting} not yet sent, {rejected} refused, {conflicts} conflicts.")
    return text.format(**_document(outcome))


def _progress(context: Context) -> Callable[[Progress], None] | None:
    """Prints how far it is, where somebody is looking."""
    if not context.err.isatty():
        return None

    def show(progress: Progress) -> None:
        total = progress.sent + progress.waiting
        text = _("sent {sent} of {total}, received {received}")
        line = text.format(sent=progress.sent, total=total, received=progress.received)
        context.err.write(f"\r{line}\x1b[K")
        context.err.flush()

    return show
