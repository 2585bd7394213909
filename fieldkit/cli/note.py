"""`fieldkit note`: keep one line durably, then say what was understood.

The quick path: it loads neither argparse, SQLModel nor Textual. Only a store that is missing or behind takes the slow way.
"""

from __future__ import annotations

import os

from fieldkit import ids
from fieldkit.errors import NoteEmpty, NoteHasControls, NoteTooLong, NoteUnreadable, StoreError
from fieldkit.i18n import _

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    import sqlite3
    from collections.abc import Sequence
    from datetime import datetime

    from fieldkit.capture import Reading
    from fieldkit.cli.context import Context
    from fieldkit.cli.options import Commands

ALLOWED_CONTROLS = "\t\n\r"


class NoteOptions:
    """What was asked for on the command line."""

    __slots__ = ("file", "json", "words")

    def __init__(self, words: Sequence[str], *, file: bool = False, json: bool = False) -> None:
        self.words = words
        self.file = file
        self.json = json


def plain_words(arguments: Sequence[str]) -> NoteOptions | None:
    """`arguments` read without argparse, or None where they need it (help, unknown options, no words)."""
    words: list[str] = []
    flags = {"--file": False, "--json": False}
    for position, argument in enumerate(arguments):
        if argument == "--":
            words += arguments[position + 1 :]
            break
        if argument in flags:
            flags[argument] = True
        elif argument.startswith("-") and argument != "-":
            return None
        else:
            words.append(argument)
    return NoteOptions(words, file=flags["--file"], json=flags["--json"]) if words else None


def run(options: NoteOptions, context: Context) -> int:
    """Keep the note, print what it was read as, and file it at once where `--file` asks for it."""
    from fieldkit.store import inbox

    text = _text(options.words, context)
    path, now, note_id = context.locations.store, context.clock(), ids.new_id(context.clock)
    try:
        reader = _open(path, context)
        try:
            inbox.keep_beside(reader, path, note_id, text, now)
            reading = _read(reader, text, now)
            said = "" if options.file or options.json else _foreseen(reader, reading)
        finally:
            reader.close()
    except StoreError as error:
        _keep_beside_store(text, error, context)
        raise
    if options.file:
        said = _file(note_id, reading, context)
    _print(note_id, text, reading, options, context, said=said)
    return 0


def add_parsers(commands: Commands[argparse.ArgumentParser]) -> None:
    """The command for help and wrong usage; ordinary notes never come this far."""
    from fieldkit.cli.options import add_printing_command

    parser = add_printing_command(
        commands,
        "note",
        lambda options, context: run(NoteOptions(options.words, file=options.file, json=options.json), context),
        summary=_("save a visit note"),
        description=_(
            "Save a visit note and show what was understood. It is filed when the app or `fieldkit sync` starts."
        ),
        example='fieldkit note "拜访宁德时代 @张伟 13800138000 动力电池包项目 2.5亿 下周三回访 #新能源 !上门"',
    )
    parser.add_argument("words", nargs="+", metavar=_("TEXT"), help=_("the note; - reads it from standard input"))
    parser.add_argument("--file", action="store_true", help=_("file it at once"))


def _text(words: Sequence[str], context: Context) -> str:
    from fieldkit.store import inbox

    raw = context.input.buffer.read() if list(words) == ["-"] else os.fsencode(" ".join(words))
    try:
        text = raw.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise NoteUnreadable(position=error.start, kept=_keep_aside(raw, context)) from None
    if not text:
        raise NoteEmpty
    if len(text) > inbox.LIMIT:
        raise NoteTooLong(length=len(text), limit=inbox.LIMIT, kept=_keep_aside(raw, context))
    for position, character in enumerate(text):
        if _is_control(character):
            name = f"U+{ord(character):04X}"
            raise NoteHasControls(character=name, position=position, kept=_keep_aside(raw, context))
    return text


def _is_control(character: str) -> bool:
    return (character < " " or "\x7f" <= character <= "\x9f") and character not in ALLOWED_CONTROLS


def _keep_beside_store(text: str, error: StoreError, context: Context) -> None:
    """Keep the words of a note that the store cannot take, and let `error` say where, unless the disk takes no file either."""
    try:
        error.facts["kept"] = _keep_aside(text.encode(), context)
    except StoreError:
        return


def _keep_aside(raw: bytes, context: Context) -> str:
    """Write what could not become a note to a file of its own, durably, and return its path. Raises DiskFull, StoreUnwritable."""
    from fieldkit.store.connection import Guarded

    path = os.path.join(context.locations.kept, f"note-{ids.new_id(context.clock)}.txt")
    with Guarded(context.locations.store):
        os.makedirs(context.locations.kept, mode=0o700, exist_ok=True)
        with open(path, "xb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
    return path


def _open(path: str, context: Context) -> sqlite3.Connection:
    """A reader of the store, which is made or migrated first if need be; the language follows its setting."""
    from fieldkit.store import schema, settings
    from fieldkit.store.connection import open_reader

    reader = schema.open_current(path)
    if reader is None:
        context.open_store().close()
        reader = open_reader(path)
    context.speak(settings.get(reader, "language"))
    return reader


def _read(reader: sqlite3.Connection, text: str, now: datetime) -> Reading:
    from fieldkit.capture import read
    from fieldkit.store.names import KnownNames

    return read(text, now, KnownNames(reader))


def _foreseen(reader: sqlite3.Connection, reading: Reading) -> str:
    """What was understood of a line that waits, as filing will take it."""
    from fieldkit.cli.foreseen import foreseen
    from fieldkit.cli.understood import summary

    return summary(reading, foreseen(reader, reading))


def _file(note_id: str, reading: Reading, context: Context) -> str:
    """File the line; what was understood is said of the visit, or of the reading where the line still waits."""
    from contextlib import closing

    from fieldkit.actions import file_line
    from fieldkit.cli.understood import summary, summary_of_filed
    from fieldkit.store import rows

    with closing(context.open_store()) as store:
        file_line(store, note_id)
        with closing(store.reader()) as reader:
            visits = rows.rows(reader, "visits", [note_id])
            contacts = rows.rows(reader, "contacts", [visit["contact_id"] for visit in visits if visit["contact_id"]])
    if not visits:
        return summary(reading)
    return summary_of_filed(visits[0], contacts[0] if contacts else None, reading)


def _print(note_id: str, text: str, reading: Reading, options: NoteOptions, context: Context, *, said: str) -> None:
    """`said` is what was understood."""
    if options.json:
        from fieldkit.cli.output import print_json

        print_json({"id": note_id, "text": text, "reading": reading.as_json()}, context.out)
        return
    context.out.write(_("Saved") + " · " + (said or _("kept as it stands")) + "\n")
