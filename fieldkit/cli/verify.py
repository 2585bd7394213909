"""`fieldkit office verify`: whether the history at the centre is whole, or what its first gap is."""

from __future__ import annotations

import argparse
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fieldkit.cli.context import Context
from fieldkit.cli.options import Commands, add_printing_command
from fieldkit.cli.output import iso_with_offset, print_json, to_the_minute
from fieldkit.domain.cleaning import shown
from fieldkit.domain.kinds import KINDS
from fieldkit.i18n import N_, _, ngettext

if TYPE_CHECKING:
    from sync.gaps import EntryName, Gap, Verification

_WHAT = {
    "altered": N_("entry {entry} is not what was written"),
    "head": N_("the history ends with entry {entry}, and the centre noted another end"),
    "changed": N_("{record} is not as entry {entry} left it ({field})"),
    "gone": N_("{record} is gone, which entry {entry} wrote; its words are in that entry"),
    "unknown": N_("{record} stands as no entry wrote it"),
    "conflict": N_("{record} has a conflict ({field}) that is not as the history tells"),
}


def add_verify(parts: Commands[argparse.ArgumentParser]) -> None:
    """The check of the history."""
    parser = add_printing_command(
        parts,
        "verify",
        verify,
        summary=_("check that nothing was taken out of the history"),
        example="fieldkit office verify --expect HASH",
        description=_(
            "Walk the history of everything that was ever written at the centre and compare it with the records; the first gap is "
            "named. It may run while the centre serves. Write the hash down elsewhere and give it next time: only so is "
            "somebody seen who rewrote everything."
        ),
    )
    parser.add_argument(
        "--expect",
        type=_hash,
        default=None,
        metavar="HASH",
        help=_("a hash printed earlier, which must still be there"),
    )


def verify(options: argparse.Namespace, context: Context) -> int:
    """Check the history; 0 only when it is whole and the expected hash is in it."""
    from fieldkit.office.centre import open_centre
    from fieldkit.store import centre as database
    from fieldkit.store import centre_access

    centre = open_centre(context.locations, context.clock)
    try:
        with database.answering(centre.engine):
            found = centre.server.verify(options.expect or "")
        with centre.reading() as connection:
            people = {str(row["id"]): str(row["name"]) for row in centre_access.people(connection)}
    finally:
        centre.close()
    whole = found.gap is None and (options.expect is None or found.expected is not None)
    if options.json:
        print_json(_document(found, people, whole=whole), context.out)
    if not whole:
        context.err.write((_broken(found.gap, people) if found.gap else _unexpected(options.expect)) + "\n")
    elif not options.json:
        context.out.write(_whole(found) + "\n")
    return 0 if whole else 1


def _whole(found: Verification) -> str:
    if not found.entries:
        return _("The history has no entry yet: nothing was written since it began.")
    said = ngettext(
        "The history is whole: {n} entry, and every record is as it was left. Its hash is {hash}; write it down elsewhere.",
        "The history is whole: {n} entries, and every record is as they left it. Its hash is {hash}; write it down elsewhere.",
        found.entries,
    ).format(n=found.entries, hash=found.head)
    if found.expected:
        said += " " + _("The expected hash is that of entry {number}.").format(number=found.expected)
    if found.older_records:
        text = ngettext("{n} record is older than it.", "{n} records are older than it.", found.older_records)
        said += " " + text.format(n=found.older_records)
    return said


def _broken(gap: Gap, people: dict[str, str]) -> str:
    text = _(
        "The history has a gap: {what}; what comes before is sound, and every laptop keeps what it holds; keep a copy of the "
        "database as evidence, and put a backup in its place that this command finds whole."
    )
    return text.format(what=_missing(gap, people) if gap.kind.value == "missing" else _what(gap, people))


def _unexpected(expect: str) -> str:
    text = _(
        "The history holds together, but no entry has the hash {hash}: it was rewritten, or the centre is a backup from before that "
        "hash; every laptop keeps what it holds; compare with other backups before you go on."
    )
    return text.format(hash=expect)


def _missing(gap: Gap, people: dict[str, str]) -> str:
    single = gap.until == gap.entry.number
    text = _("entry {first} is missing") if single else _("entries {first} to {last} are missing")
    said = text.format(first=gap.entry.number, last=gap.until)
    if not gap.entry.at:
        return said
    before = _entry(gap.entry._replace(number=gap.entry.number - 1), people)
    return _("{missing}; the one before is {entry}").format(missing=said, entry=before)


def _what(gap: Gap, people: dict[str, str]) -> str:
    text = _(_WHAT[gap.kind.value])
    if gap.kind.value == "gone" and not gap.entry.number:
        text = _("{record} is gone, which is older than the history")
    label = _(KINDS[gap.table].label_one) if gap.table in KINDS else shown(gap.table)
    return text.format(
        record=f"{label} {shown(gap.id)}".rstrip(), entry=_entry(gap.entry, people), field=shown(gap.field)
    )


def _entry(entry: EntryName, people: dict[str, str]) -> str:
    when = _moment(entry.at)
    if when is None:
        return str(entry.number)
    name = shown(people.get(entry.person) or entry.person) or _("the centre itself")
    return _("{number} ({time}, {person})").format(number=entry.number, time=to_the_minute(when), person=name)


def _moment(at: object) -> datetime | None:
    """The time of an entry; None where somebody put something else in its place."""
    try:
        return datetime.fromtimestamp(at / 1000, UTC) if type(at) is int and at else None
    except (ValueError, OverflowError, OSError):
        return None


def _document(found: Verification, people: dict[str, str], *, whole: bool) -> dict[str, object]:
    return {
        "whole": whole,
        "entries": found.entries,
        "hash": found.head,
        "expected": found.expected,
        "older_records": found.older_records,
        "gap": _gap_document(found.gap, people) if found.gap else None,
    }


def _gap_document(gap: Gap, people: dict[str, str]) -> dict[str, object]:
    when = _moment(gap.entry.at)
    return {
        "kind": gap.kind.value,
        "entry": gap.entry.number,
        "until": gap.until or gap.entry.number,
        "at": iso_with_offset(when) if when else None,
        "person": people.get(gap.entry.person, str(gap.entry.person)),
        "device": str(gap.entry.device),
        "table": gap.table,
        "id": gap.id,
        "field": gap.field,
    }


def _hash(text: str) -> str:
    if not re.fullmatch("[0-9a-f]{64}", text.strip().lower()):
        raise argparse.ArgumentTypeError(_("{value} is not a hash of 64 digits").format(value=shown(text)))
    return text.strip().lower()
