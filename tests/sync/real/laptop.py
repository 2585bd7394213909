"""A laptop in a process of its own: `python -m tests.sync.real.laptop STORE URL CREDENTIAL FIRST`.

Saves notes `credential FIRST`, `FIRST + 1`, … and edits one of them now and then, synchronising in between, until it is
killed. Prints the number of each note once its save has returned, so that whoever reads knows what a person saw saved.
"""

from __future__ import annotations

import itertools
import os
import sys
import threading

import sync
from tests.sync.toys import TABLES, Note


def _end_with_input() -> None:
    sys.stdin.read()
    os._exit(0)


def main(store: str, url: str, credential: str, first: str) -> None:
    threading.Thread(target=_end_with_input, daemon=True).start()
    replica = sync.Replica(sync.sqlite_engine(store), TABLES, clock=sync.wall_clock)
    replica.create_tables()
    client = sync.Client(replica, url, credential=credential, sleep=lambda _: None)
    person = credential.partition(":")[0]
    for number in itertools.count(int(first)):
        with replica.session() as session:
            session.add(Note(id=f"{person} {number}", text=str(number)))
            session.commit()
        print(number, flush=True)
        if number % 3 == 0:
            with replica.session() as session:
                note = session.get_one(Note, f"{person} {number}")
                note.more = f"edited {number}"
                session.commit()
        if number % 2:
            client.sync()


if __name__ == "__main__":
    main(*sys.argv[1:])
