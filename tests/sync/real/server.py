"""A centre of toys in a process of its own: `python -m tests.sync.real.server DATABASE [PORT] [READ_TIMEOUT]`.

Prints its port once it listens, and ends when its standard input does, so that no test can leave one behind. A
credential is `person:scope,scope`; whoever says `stranger` is nobody.
"""

from __future__ import annotations

import os
import socket
import sys
import threading

import uvicorn
from sqlalchemy import Engine, create_engine

import sync
from sync.testing import by_field
from tests.sync.toys import TABLES


def identify(credential: str) -> sync.Caller | None:
    person, _, scopes = credential.partition(":")
    if not person or person == "stranger":
        return None
    named = frozenset(scopes.split(",")) if scopes else frozenset({"all"})
    return sync.Caller(person, f"laptop of {person}", named, named)


def engine_at(database: str) -> Engine:
    return create_engine(database) if "://" in database else sync.sqlite_engine(database)


def centre(database: str, **options: float) -> sync.Server:
    made = sync.Server(engine_at(database), TABLES, identify=identify, scopes_of=by_field("scopes"), **options)
    made.create_tables()
    return made


def _end_with_input() -> None:
    sys.stdin.read()
    os._exit(0)


def main(database: str, port: str = "0", read_timeout: str = "30") -> None:
    application = centre(database, read_timeout=float(read_timeout))
    listener = socket.socket(
        socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP
    )  # named, or asyncio leaves Nagle on
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", int(port)))
    listener.listen(512)
    threading.Thread(target=_end_with_input, daemon=True).start()
    print(listener.getsockname()[1], flush=True)
    uvicorn.Server(uvicorn.Config(application, log_level="critical", lifespan="off")).run([listener])


if __name__ == "__main__":
    main(*sys.argv[1:])
