"""Replication for SQLModel tables: many laptops (SQLite), one centre (SQLite or PostgreSQL).

Nothing that a person saw saved is lost, though the laptop loses power, the reply is lost, the clock lies, the laptop's
disk is cloned, or the centre is restored from last week's backup; every laptop that has synced shows the same thing;
and nobody receives a record that they may not see.

    class Note(SQLModel, table=True):                     # any table with an id and a deleted
        id: str = Field(primary_key=True)
        text: str = ""
        deleted: bool = False

    replica = sync.Replica(sync.sqlite_engine("notes.db"), [Note], clock=sync.wall_clock)
    replica.create_tables()
    with replica.session() as session:                    # captured with the save, or not saved
        session.add(Note(id=..., text="hello"))
        session.commit()
    sync.Client(replica, "https://centre.example/sync", credential="…").sync()

At the centre `sync.Server(engine, [Note], identify=…, scopes_of=…)` is an ASGI application. For a laptop that cannot get
through, `Client.to_file`, `Server.receive` and `Client.from_file` carry the same rounds by hand. `sync.errors` is the tree
of what can go wrong, `sync.testing` a clock, a network and a directory to play with. The other names are values that
these take and give.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sync import errors as errors
    from sync import testing as testing
    from sync.centre import Change as Change
    from sync.client import Client as Client
    from sync.client import Outcome as Outcome
    from sync.client import Progress as Progress
    from sync.clock import wall_clock as wall_clock
    from sync.devices import Caller as Caller
    from sync.devices import DeviceState as DeviceState
    from sync.receiving import Holder as Holder
    from sync.receiving import Receipt as Receipt
    from sync.replica import Conflict as Conflict
    from sync.replica import Replica as Replica
    from sync.server import Server as Server
    from sync.sqlite import sqlite_engine as sqlite_engine
    from sync.tables import centre_metadata as centre_metadata
    from sync.tables import laptop_metadata as laptop_metadata

_HOMES = {
    "Caller": "sync.devices",
    "Change": "sync.centre",
    "Client": "sync.client",
    "Conflict": "sync.replica",
    "DeviceState": "sync.devices",
    "Holder": "sync.receiving",
    "Outcome": "sync.client",
    "Progress": "sync.client",
    "Receipt": "sync.receiving",
    "Replica": "sync.replica",
    "Server": "sync.server",
    "centre_metadata": "sync.tables",
    "errors": "sync.errors",
    "laptop_metadata": "sync.tables",
    "sqlite_engine": "sync.sqlite",
    "testing": "sync.testing",
    "wall_clock": "sync.clock",
}

__all__ = list(_HOMES)


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'sync' has no attribute {name!r}")
    module = import_module(_HOMES[name])
    return getattr(module, name, module)
