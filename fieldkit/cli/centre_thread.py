"""A centre served from a thread of this process, for the demo: it ends when the process does, however that ends."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from fieldkit.clock import Clock
from fieldkit.locations import Locations
from fieldkit.office.app import office_app
from fieldkit.office.centre import open_centre
from fieldkit.office.people import first_of_office
from fieldkit.office.sessions import new_link

HOST = "127.0.0.1"


@contextmanager
def serving(locations: Locations, clock: Clock) -> Iterator[tuple[str, str]]:
    """The centre's address and a one-time link to its page, while it serves on a free port of loopback."""
    centre = open_centre(locations, clock)
    listener = socket.create_server((HOST, 0))
    url = f"http://{HOST}:{listener.getsockname()[1]}"
    server = uvicorn.Server(uvicorn.Config(office_app(centre), log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="centre", daemon=True)
    thread.start()
    try:
        yield url, f"{url}/login/{new_link(centre, str(first_of_office(centre)['id']))}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
        centre.close()
