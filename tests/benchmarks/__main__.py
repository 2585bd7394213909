"""`python tests/benchmarks [note] [reading] [find] [frame] [sync] [capture] [centre] [link] [crowd] [sizes]`: run the benchmarks and print ratios measured in this run."""

import os
import platform
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2]))  # the proxy and the toys of the tests

import capture
import centre
import crowd
import finding
import first_frame
import link
import push_and_pull
import quick_note
import reading
import sizes

BENCHMARKS = {
    "note": quick_note.run,
    "reading": reading.run,
    "find": finding.run,
    "frame": first_frame.run,
    "sync": push_and_pull.run,
    "capture": capture.run,
    "centre": centre.run,
    "link": link.run,
    "crowd": crowd.run,
    "sizes": sizes.run,
}
ASKED_FOR = {"find-million": finding.run_million}
"""What runs only when it is named."""


def main(wanted: list[str]) -> None:
    """Run the named benchmarks, or all of them."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # start-up is measured with compiled bytecode, as an install has it
    print(
        f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}"
    )
    for name in wanted or BENCHMARKS:
        (BENCHMARKS | ASKED_FOR)[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
