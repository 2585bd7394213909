"""Real processes for tests: started with a ready line, watched, killed, and never left behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import sync
from tests.sync.toys import TABLES, Laptop

ROOT = Path(__file__).parents[3]


def start(module: str, *arguments: object, **options: Any) -> subprocess.Popen[str]:
    """`python -m module` with pipes on both ends; it ends when its input does."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **options
    )


class Centre:
    """A centre of toys in a process of its own, on a file or a PostgreSQL; it keeps its port when it starts again."""

    def __init__(self, database: Path | str, read_timeout: float = 30.0) -> None:
        self.database = database
        self.port = 0
        self._read_timeout = read_timeout
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def start(self) -> None:
        self.process = start("tests.sync.real.server", self.database, self.port, self._read_timeout)
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the centre has not started"
        self.port = int(line)

    def kill(self) -> None:
        """As the power does."""
        self.process.kill()
        self.process.communicate()

    def peak_memory(self) -> float:
        """The most megabytes that the process has held so far."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1000


class RealLaptop(Laptop):
    """A laptop with its store in a file and a client over real HTTP; it does not really sleep unless told to."""

    def __init__(self, folder: Path, credential: str, url: str, **options: Any) -> None:
        self.engine = sync.sqlite_engine(folder / f"{credential.partition(':')[0]}.db")
        self.replica = sync.Replica(self.engine, TABLES, clock=sync.wall_clock)
        options = {"sleep": lambda _: None, "patience": 1, **options}
        self.client = sync.Client(self.replica, url, credential=credential, **options)
        self.replica.create_tables()
