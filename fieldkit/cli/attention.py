"""What needs a person after an exchange: conflicts and refused records, as lines and as documents; `fieldkit resolve`."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from fieldkit.cli.context import Context
from fieldkit.cli.options import Commands, add_printing_command
from fieldkit.cli.output import SHORT_ID, iso_with_offset
from fieldkit.domain.cleaning import shown
from fieldkit.domain.kinds import KINDS
from fieldkit.errors import NothingToSettle, UsageError
from fieldkit.i18n import _
from fieldkit.ids import shortened

if TYPE_CHECKING:
    import sqlite3

    from fieldkit.replication.disputes import Dispute, Side
    from fieldkit.replication.refusals import Refusal
    from fieldkit.store.store import Store

MINE, THEIRS = "mine", "theirs"
_SHORT_CONFLICT = 8


class Attention(NamedTuple):
    """What waits for a person's decision; `short` are the ids as they are printed, of refused records and of conflicts."""

    refused: Sequence[Refusal]
    disputed: Sequence[Dispute]
    short: Mapping[str, str]


def add_parsers(commands: Commands[argparse.ArgumentParser]) -> None:
    """The command that settles."""
    parser = add_printing_command(
        commands,
        "resolve",
        run,
        summary=_("settle a conflict, or a record that the centre refused"),
        example="fieldkit resolve 1f3a9c2e theirs",
        description=_(
            "Of a conflict, `mine` and `theirs` name the value to keep, and --value writes another. "
            "Of a refused record, `mine` sends it again and `theirs` gives it up for what the centre has. "
            "`fieldkit sync --conflicts` lists the ids; `fieldkit undo` opens a settled conflict again, and takes back what was "
            "given up."
        ),
    )
    parser.add_argument("id", metavar=_("ID"))
    parser.add_argument("side", nargs="?", choices=(MINE, THEIRS), metavar="mine|theirs")
    parser.add_argument("--value", metavar=_("VALUE"), help=_("another value, written as for `fieldkit edit`"))


def run(options: argparse.Namespace, context: Context) -> int:
    """Settle what `id` names."""
    from fieldkit.replication.disputes import dispute_named
    from fieldkit.replication.refusals import refusal_named

    if (options.side is None) == (options.value is None):
        raise UsageError(message=_("say mine, theirs or --value VALUE; see `fieldkit resolve --help`"))
    with closing(context.open_store()) as store:
        with closing(store.reader()) as connection:
            dispute = dispute_named(connection, options.id)
            refusal = None if dispute else refusal_named(connection, options.id)
        if dispute:
            return _settle(store, dispute, options, context)
        if refusal is None:
            raise NothingToSettle(id=options.id)
        return _answer(store, refusal, options, context)


def _settle(store: Store, dispute: Dispute, options: argparse.Namespace, context: Context) -> int:
    from fieldkit.replication.disputes import settle

    settle(store, dispute.id, options.side or "", options.value)
    done = {"kind": dispute.kind, "id": dispute.record_id, "field": dispute.field, "choice": options.side or "value"}
    return _say(
        done, _("Settled; the others get it with the next sync, and `fieldkit undo` takes it back."), options, context
    )


def _answer(store: Store, refusal: Refusal, options: argparse.Namespace, context: Context) -> int:
    from fieldkit.replication import refusals

    if options.value is not None:
        raise UsageError(message=_("a refused record takes mine or theirs; `fieldkit edit` changes what is in it"))
    if options.side == MINE:
        refusals.send_again(store, refusal.kind, refusal.id)
        said = _("It goes again with the next sync.")
    else:
        refusals.give_up(store, refusal.kind, refusal.id)
        said = _(
            "Given up; the centre's version, if it has one, comes with the next sync; `fieldkit undo` takes it back."
        )
    done = {"kind": refusal.kind, "id": refusal.id, "field": None, "choice": options.side}
    return _say(done, said, options, context)


def _say(done: dict[str, object], said: str, options: argparse.Namespace, context: Context) -> int:
    from fieldkit.cli.output import print_json

    if options.json:
        print_json(done, context.out)
    else:
        context.out.write(said + "\n")
    return 0


def read(connection: sqlite3.Connection) -> Attention:
    """What needs a person now."""
    from fieldkit.replication.disputes import disputes
    from fieldkit.replication.refusals import refusals

    refused, disputed = refusals(connection), disputes(connection)
    everywhere = [*(one.id for one in refused), *(one.record_id for one in disputed)]
    short = shortened((one.id for one in disputed), _SHORT_CONFLICT, everywhere)
    return Attention(refused, disputed, {**short, **_short_refused(connection, refused, everywhere)})


def _short_refused(
    connection: sqlite3.Connection, refused: Sequence[Refusal], others: Sequence[str]
) -> Mapping[str, str]:
    from fieldkit.store import query

    among_records = query.short_ids(connection, (one.id for one in refused), SHORT_ID)
    return {
        record: max(beginning, among_records[record], key=len)
        for record, beginning in shortened(among_records, SHORT_ID, others).items()
    }


def documents(found: Attention) -> dict[str, object]:
    """For scripts: `refused` and `disputed`."""
    refused = [{"kind": one.kind, "id": one.id, "reason": one.reason, "text": one.why} for one in found.refused]
    return {"refused": refused, "disputed": _conflict_documents(found)}


def everything(found: Attention) -> list[dict[str, object]]:
    """For scripts: all that `resolve` settles, conflicts first; a refused record has no `conflict`, `id` names it."""
    refused: list[dict[str, object]] = [
        {
            "conflict": None,
            "kind": one.kind,
            "id": one.id,
            "title": one.title,
            "deleted": one.gone,
            "reason": one.reason,
            "text": one.why,
            "held": list(one.held),
        }
        for one in found.refused
    ]
    return [*_conflict_documents(found), *refused]


def _conflict_documents(found: Attention) -> list[dict[str, object]]:
    """For scripts: each conflict with both values; `id` is the record's, `conflict` what `resolve` takes."""
    return [
        {
            "conflict": one.id,
            "kind": one.kind,
            "id": one.record_id,
            "title": one.title,
            "deleted": one.gone,
            "field": one.field,
            "kept": one.kept.value,
            "other": one.other.value,
            "mine": "kept" if one.mine_stands else "other",
            "sides": {"kept": _side(one.kept), "other": _side(one.other)},
            "text": one.sentence(),
        }
        for one in found.disputed
    ]


def _side(side: Side) -> dict[str, object]:
    at = iso_with_offset(datetime.fromtimestamp(side.at / 1000, UTC))
    return {"text": side.words, "by": side.by, "name": side.name, "at": at}


def lines(found: Attention) -> list[str]:
    """For people: what it is, its id for `resolve`, and why."""
    said = []
    for refusal in found.refused:
        named = _named(refusal.kind, refusal.title, gone=refusal.gone)
        said.append(_("  refused: {id}  {record}").format(id=found.short[refusal.id], record=named))
        said.append(f"    {refusal.why}")
        said.extend(f"    {shown(line)}" for line in refusal.held)
    for one in found.disputed:
        named = _named(one.kind, one.title, gone=one.gone)
        said.append(_("  conflict: {id}  {record}").format(id=found.short[one.id], record=named))
        said.append(f"    {one.sentence()}")
    if found.refused:
        said.append(_("`fieldkit resolve ID mine` sends a refused record again, `theirs` gives it up."))
    if found.disputed:
        said.append(_("`fieldkit resolve ID mine`, `theirs` or `--value VALUE` settles a conflict."))
    return said


def _named(kind: str, title: str, *, gone: bool) -> str:
    label = _(KINDS[kind].label_one) if kind in KINDS else kind
    named = f"{label} {shown(title)}".rstrip()
    return _("{record} (deleted here)").format(record=named) if gone else named
