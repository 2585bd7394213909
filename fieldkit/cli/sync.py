"""`fieldkit enrol` and `fieldkit sync`: meet the centre, exchange work with it, and say truly what has not been sent."""

from __future__ import annotations

import argparse
from contextlib import closing
from datetime import UTC, datetime

from fieldkit.cli import carry
from fieldkit.cli.context import Context
from fieldkit.cli.options import Commands, add_printing_command
from fieldkit.cli.output import iso_with_offset
from fieldkit.cli.progress import Progress
from fieldkit.domain.cleaning import shown
from fieldkit.i18n import _, ngettext
from fieldkit.reasons import clock_words, quarantine_words, state_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sync import Outcome
    from sync.status import Status


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
    ways = parser.add_mutually_exclusive_group()
    ways.add_argument("--status", action="store_true", help=_("only show what has not been sent"))
    ways.add_argument("--conflicts", action="store_true", help=_("only show what `fieldkit resolve` settles"))
    carry.add_to_sync(parser, ways)


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
        who = ", ".join(shown(part) for part in (me.name, group_label(me.group_code)) if part)
        context.out.write(_("Joined as {who}; run `fieldkit sync` to exchange work.").format(who=who) + "\n")
    return 0


def run(options: argparse.Namespace, context: Context) -> int:
    """Exchange work with the centre; 0 only when it has answered for everything."""
    if options.status or options.conflicts:
        return _standing(options, context)
    if options.to_file:
        return carry.to_file(options.to_file, as_json=options.json, context=context)
    if options.from_file:
        return _report(*carry.from_file(options.from_file, context), options, context)
    from fieldkit.cli.output import print_json
    from fieldkit.errors import NotEnrolled
    from fieldkit.replication.laptop import as_failure, synchronise
    from fieldkit.replication.status import is_syncing, read_status

    with closing(context.open_store()) as store:
        with closing(store.reader()) as connection:
            if is_syncing(connection):
                context.err.write(_("Another fieldkit is exchanging this laptop's work; waiting for it …") + "\n")
                context.err.flush()
        try:
            with Progress(context.err, quiet=options.json) as progress:
                outcome = synchronise(store, progress)
        except NotEnrolled:
            if options.json:
                with closing(store.reader()) as connection:
                    print_json(_status_document(read_status(connection)) | {"state": "not-enrolled"}, context.out)
            raise
        with closing(store.reader()) as connection:
            clock = clock_words(read_status(connection).skew)
    if clock and outcome.state == "done":
        context.err.write(clock + "\n")
    return _report(outcome, as_failure(outcome.error) if outcome.error else None, options, context)


def _report(outcome: Outcome, failure: Exception | None, options: argparse.Namespace, context: Context) -> int:
    from fieldkit.cli.output import print_json

    if options.json:
        print_json(_document(outcome), context.out)
    else:
        context.out.write(_sentence(outcome) + "\n")
    if failure is not None:
        raise failure
    return 0 if outcome.state == "done" else 1


def _standing(options: argparse.Namespace, context: Context) -> int:
    from fieldkit.cli import attention
    from fieldkit.cli.output import print_json
    from fieldkit.replication.status import read_status

    with closing(context.open_store()) as store, closing(store.reader()) as connection:
        status = read_status(connection)
        found = attention.read(connection)
        awaited = carry.awaited(connection)
    if options.json and options.conflicts:
        print_json(attention.everything(found), context.out)
    elif options.json:
        print_json(_status_document(status) | carry.document(awaited) | attention.documents(found), context.out)
    elif options.conflicts:
        context.out.write("\n".join(attention.lines(found) or [_("nothing needs you")]) + "\n")
    else:
        context.out.write("\n".join([*status_lines(status), *carry.lines(awaited), *attention.lines(found)]) + "\n")
    return 0


def _document(outcome: Outcome) -> dict[str, object]:
    names = ("state", "sent", "received", "waiting", "rejected", "conflicts")
    return {name: getattr(outcome, name) for name in names}


def _status_document(status: Status) -> dict[str, object]:
    return {
        "state": status.state,
        "sent": 0,
        "received": 0,
        "waiting": status.waiting,
        "sending": status.sending,
        "rejected": status.rejected,
        "conflicts": status.conflicts,
        "quarantined": status.quarantined,
        "clock_behind_seconds": status.skew // 1000,
        "oldest": _time(status.oldest),
        "confirmed_at": _time(status.confirmed_at),
    }


def _time(millis: int | None) -> str | None:
    if millis is None:
        return None
    return iso_with_offset(datetime.fromtimestamp(millis / 1000, UTC))


def status_lines(status: Status) -> list[str]:
    """What has not been sent, what needs attention, when the centre last confirmed everything, and what stopped it since."""
    lines = []
    if status.sending:
        lines.append(_("sending {n} of {total}").format(n=status.sending, total=max(status.waiting, status.sending)))
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
    if status.quarantined:
        lines.append(quarantine_words(status.quarantined))
    if status.confirmed_at is not None:
        lines.append(_("centre confirmed at {time}").format(time=_short(status.confirmed_at)))
    clock = "" if status.state == "clock" else clock_words(status.skew)
    lines += [words for words in (clock, state_words(status.state, _("run `fieldkit sync` again"))) if words]
    return lines or [_("nothing to send; this laptop has not met a centre yet")]


def _short(millis: int) -> str:
    return f"{datetime.fromtimestamp(millis / 1000):%m-%d %H:%M}"  # noqa: DTZ006 - shown in the laptop's own time


def _sentence(outcome: Outcome) -> str:
    text = _("Sent {sent}, received {received}; {waiting} not yet sent, {rejected} refused, {conflicts} conflicts.")
    return text.format(**_document(outcome))
