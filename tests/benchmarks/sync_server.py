"""A centre for fieldkit's tables and nothing around it: everybody may call, and sees the scope of the record's group."""

import sys

import uvicorn
from sqlalchemy import create_engine

import sync
from fieldkit.replication.tables import TABLES, scopes_of

SCOPES = frozenset({"group:digital"})


def application(where: str) -> sync.Server:
    """A centre at the database address `where`, or in the SQLite file of that path."""
    engine = create_engine(where, pool_size=20) if "://" in where else sync.sqlite_engine(where)
    server = sync.Server(
        engine, TABLES, identify=lambda name: sync.Caller(name, name, SCOPES, SCOPES), scopes_of=scopes_of
    )
    server.create_tables()
    return server


if __name__ == "__main__":
    uvicorn.run(application(sys.argv[1]), port=int(sys.argv[2]), log_level="error")
