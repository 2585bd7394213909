"""The peer of a centre: an endpoint that inflates a batch of rows and upserts it with executemany, and does nothing else."""

import gzip
import json
import sqlite3
import sys
from typing import Any

import uvicorn
from sqlalchemy import create_engine
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

import sync
from fieldkit.domain.records import Visit

TABLE = Visit.__table__
COLUMNS = [column.name for column in TABLE.columns]


def application(where: str) -> Starlette:
    """POST takes a gzipped JSON array of rows in the order of the table's columns."""
    postgresql = "://" in where
    engine = create_engine(where) if postgresql else sync.sqlite_engine(where)
    with engine.begin() as connection:
        TABLE.create(connection, checkfirst=True)
    driver: Any = engine.raw_connection().driver_connection
    if postgresql:
        driver.rollback()
    marks = ", ".join(["%s" if postgresql else "?"] * len(COLUMNS))
    names = ", ".join(COLUMNS)
    changes = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS[1:])
    upsert = f"INSERT INTO visits ({names}) VALUES ({marks}) ON CONFLICT (id) DO UPDATE SET {changes}"

    async def push(request: Request) -> Response:
        rows = json.loads(gzip.decompress(await request.body()))
        if isinstance(driver, sqlite3.Connection):
            driver.execute("BEGIN IMMEDIATE")
            driver.executemany(upsert, rows)
        else:
            driver.cursor().executemany(upsert, rows)
        driver.commit()
        return Response(str(len(rows)))

    return Starlette(routes=[Route("/", push, methods=["POST"])])


if __name__ == "__main__":
    uvicorn.run(application(sys.argv[1]), port=int(sys.argv[2]), log_level="error")
