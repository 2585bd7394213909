"""Taking a laptop's work from a file that somebody carried or mailed, and writing the answer to carry back."""

from __future__ import annotations

import os
from itertools import count
from typing import NamedTuple

from fieldkit.errors import AnswerUnwritten
from fieldkit.office.centre import Centre
from fieldkit.replication.carrying import reading, taking, writing
from fieldkit.store import centre as database
from fieldkit.store import centre_access as access
from sync import files
from sync.bundle import FILE_LIMIT


class Received(NamedTuple):
    """What became of a file: `state`, `records` and `refused` as in `sync.Receipt`, whose it was, and where the answer is."""

    state: str
    person: str
    records: int
    refused: int
    answer: str


def receive(centre: Centre, path: str, answer: str = "") -> Received:
    """Take the file at `path` through the same door as a sync, and write the answer to a new file.

    Taking a file again is harmless, and gives its answer once more. Raises FileUnreadable, FileNotTaken, FileThere and
    FileUnwritable before anything is taken, AnswerUnwritten after it, DatabaseUnreachable.
    """
    answer = answer or free_name(path)
    with reading(path), taking(path):
        data = files.read(path, FILE_LIMIT)
    with writing(answer):
        files.check_free(answer)
    with taking(path, mistaken="answer", unknown="stranger"), database.answering(centre.engine):
        receipt = centre.server.receive(data)
        with centre.reading() as connection:
            person = access.person(connection, receipt.person)
    try:
        files.write_new(answer, receipt.answer)
    except OSError as error:
        raise AnswerUnwritten(path=answer, detail=error) from error
    return Received(receipt.state, person["name"] if person else "", receipt.records, receipt.refused, answer)


def free_name(path: str) -> str:
    """The first name beside `path` that no answer has yet."""
    base, ending = os.path.splitext(path)
    names = (f"{base}.answer{f'-{number}' if number > 1 else ''}{ending}" for number in count(1))
    return next(name for name in names if not os.path.lexists(name))
