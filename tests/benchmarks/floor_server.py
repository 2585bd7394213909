"""The plainest centre that could be written: it inflates a batch and inserts it. It keeps no promise at all."""

import gzip
import json
import sqlite3
import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

COLUMNS = (
    "id deleted group_code person_id created_at text visited_on visited_time company_id contact_id lead_id mode task_force "
    "place amount amount_text currency tags needs"
).split()


def application(path: str) -> Starlette:
    """POST /push takes a gzipped JSON array of rows, GET /pull?after=N hands out the next 500."""
    connection = sqlite3.connect(path, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"CREATE TABLE visits ({', '.join(COLUMNS)}, PRIMARY KEY (id))")
    insert = f"INSERT INTO visits VALUES ({', '.join('?' * len(COLUMNS))})"

    async def push(request: Request) -> Response:
        rows = json.loads(gzip.decompress(await request.body()))
        with connection:
            connection.executemany(insert, rows)
        return Response(str(len(rows)))

    async def pull(request: Request) -> Response:
        after = request.query_params["after"]
        rows = connection.execute("SELECT * FROM visits WHERE id > ? ORDER BY id LIMIT 500", (after,)).fetchall()
        return Response(gzip.compress(json.dumps(rows).encode(), 6))

    return Starlette(routes=[Route("/push", push, methods=["POST"]), Route("/pull", pull)])


if __name__ == "__main__":
    uvicorn.run(application(sys.argv[1]), port=int(sys.argv[2]), log_level="error")
