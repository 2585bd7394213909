"""`fieldkit sync --to-file`, `--from-file` and `fieldkit office receive`: work carried by hand for a laptop that cannot get through."""

from __future__ import annotations

import argparse
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

from fieldkit.cli.context import Context
from fieldkit.cli.options import Commands, add_printing_command, file_name
from fieldkit.cli.output import iso_with_offset, print_json
from fieldkit.domain.cleaning import shown
from fieldkit.i18n import _, ngettext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fieldkit.office.receiving import Received
    from fieldkit.replication.status import InFile
    from sync import Outcome


def add_to_sync(parser: argparse.ArgumentParser, ways: argparse._MutuallyExclusiveGroup) -> None:
    """The files of a laptop, as other `ways` to meet the centre."""
    parser.epilog = f"{parser.epilog} · fieldkit sync --to-file work.fieldkit"
    ways.add_argument(
        "--to-file",
        type=file_name,
        metavar="FILE",
        help=_("write what is not yet sent into a new file for the office; it is sealed, but not encrypted"),
    )
    ways.add_argument("--from-file", type=file_name, metavar="FILE", help=_("take the office's answer to such a file"))


def add_receive(parts: Commands[argparse.ArgumentParser]) -> None:
    """The file at the office."""
    parser = add_printing_command(
        parts,
        "receive",
        receive,
        summary=_("take a laptop's work from a file, and write the answer for it"),
        example="fieldkit office receive work.fieldkit",
        description=_(
            "Take the work in a file that `fieldkit sync --to-file` wrote, as if the laptop were online, and write the answer "
            "into a file for the laptop. Neither file is encrypted: carry them as you would carry the papers themselves. "
            "The same file may be taken again."
        ),
    )
    parser.add_argument("file", metavar="FILE", help=_("the laptop's file"))
    parser.add_argument(
        "--answer", metavar="FILE", default="", help=_("where to write the answer (default: beside it)")
    )


def to_file(path: str, *, as_json: bool, context: Context) -> int:
    """Write everything unsent into a new file."""
    from fieldkit.replication import carrying
    from fieldkit.replication.status import read_status

    with closing(context.open_store()) as store:
        records = carrying.to_file(store, path)
        with closing(store.reader()) as connection:
            status = read_status(connection)
    if as_json:
        counts = {name: getattr(status, name) for name in ("waiting", "rejected", "conflicts")}
        document = {"state": "written", "sent": 0, "received": 0, **counts, "file": path, "records": records}
        print_json(document, context.out)
        return 0
    text = ngettext(
        "{n} record is in {path}; give it to the office, and take the answer with `fieldkit sync --from-file`.",
        "{n} records are in {path}; give it to the office, and take the answer with `fieldkit sync --from-file`.",
        records,
    )
    context.out.write(text.format(n=records, path=shown(path)) + "\n")
    context.out.write(_("The file is sealed, but not encrypted: whoever has it can read it.") + "\n")
    return 0


def from_file(path: str, context: Context) -> tuple[Outcome, Exception | None]:
    """Take the office's answer; beside the outcome, what it says must be done before anything is exchanged."""
    from fieldkit.replication import carrying

    with closing(context.open_store()) as store:
        outcome = carrying.from_file(store, path)
    return outcome, carrying.as_file_failure(outcome.error, path) if outcome.error else None


def awaited(connection: sqlite3.Connection) -> InFile | None:
    """What left in a file and has not been answered."""
    from fieldkit.replication.status import in_file

    return in_file(connection)


def document(found: InFile | None) -> dict[str, object]:
    """The same for scripts: `in_file` with its records and its time, or null."""
    return {"in_file": {"records": found.records, "since": iso_with_offset(_moment(found))} if found else None}


def lines(found: InFile | None) -> list[str]:
    """The same for people: a line, or none."""
    if found is None:
        return []
    text = ngettext(
        "a file of {time} with {n} record awaits its answer",
        "a file of {time} with {n} records awaits its answer",
        found.records,
    )
    return [text.format(n=found.records, time=f"{_moment(found):%m-%d %H:%M}")]


def _moment(found: InFile) -> datetime:
    return datetime.fromtimestamp(found.since / 1000, UTC).astimezone()


def receive(options: argparse.Namespace, context: Context) -> int:
    """Take a laptop's file at the office; 0 only when its work was taken."""
    from fieldkit.office.centre import open_centre
    from fieldkit.office.receiving import receive as take

    centre = open_centre(context.locations, context.clock)
    try:
        received = take(centre, options.file, options.answer)
    finally:
        centre.close()
    if options.json:
        print_json(received._asdict(), context.out)
    else:
        context.out.write(_received(received) + "\n")
    return 0 if received.state in ("taken", "known") else 1


def _received(received: Received) -> str:
    if received.state == "taken":
        text = _(
            "Taken from {person}: {records} records, {refused} of them refused. The answer for the laptop is {answer}."
        )
    elif received.state == "known":
        text = _(
            "This file of {person} was taken before, or a later one or a sync came first; taking it again did no harm. "
            "The answer for the laptop is {answer}."
        )
    elif received.state == "clock":
        text = _(
            "The clock of the laptop of {person} is wrong, so the rest of its work was not taken; all of it is safe on the laptop. "
            "Give it the answer {answer}; then it writes a new file."
        )
    else:
        text = _(
            "A copy of the store of {person} was in use elsewhere, or this centre was restored, so the work was not taken; all of "
            "it is safe on the laptop. Give it the answer {answer}; then it writes a new file."
        )
    return text.format(**{**received._asdict(), "person": shown(received.person), "answer": shown(received.answer)})
