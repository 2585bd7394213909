"""From 1,000 to 100,000 visits: the cost of each stays flat, and a laptop's memory small.

Each synchronisation runs in a process of its own, of which the most memory it held is told.
"""

import json
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import city
import sample

SIZES = (1_000, 10_000, 100_000)
NAMES = ("王芳", "李强")

CHILD = """
import json, sys, time
sys.path.insert(0, sys.argv[1])
import city
start = time.perf_counter()
city.synchronise(__import__("pathlib").Path(sys.argv[2]))
seconds = time.perf_counter() - start
most = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))  # what getrusage says is the parent's, too
print(json.dumps([seconds, int(most.split()[1]) / 1000]))
"""


class Cost(NamedTuple):
    """What one synchronisation took."""

    seconds: float
    megabytes: float


def run() -> None:
    """Print the cost of each record by size."""
    print("\ncost of a record by size, and a laptop's memory")
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            _measure(Path(folder), size)


def _measure(folder: Path, size: int) -> None:
    with city.office(folder / "office") as port:
        url = f"http://127.0.0.1:{port}"
        homes = [city.enrolled(folder / name, folder / "office", url, name) for name in NAMES]
        nothing = _synchronise(homes[0])
        city.write_visits(homes[0], size)
        costs = [_synchronise(home) for home in homes]
        assert _count(homes[1]) == size
        push, pull = ((cost.seconds - nothing.seconds) / size * 1e6 for cost in costs)
        memory = max(cost.megabytes for cost in costs)
        print(
            f"  {size:7,} visits   push {push:5.0f} us each   pull {pull:5.0f} us each   laptop at most {memory:.0f} MB"
        )


def _synchronise(home: Path) -> Cost:
    command = [sys.executable, "-c", CHILD, str(Path(__file__).parent), str(home)]
    done = subprocess.run(command, env=sample.environment(home), check=True, capture_output=True, text=True)
    return Cost(*json.loads(done.stdout))


def _count(home: Path) -> int:
    from fieldkit.locations import Locations

    with closing(sqlite3.connect(Locations(str(home)).store)) as store:
        return int(store.execute("SELECT count(*) FROM visits").fetchone()[0])
