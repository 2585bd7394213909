"""`fieldkit note` as a whole process against python + sqlite3 inserting a row: goal at most 1.8 times."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import measure
import sample

NOTE = "拜访宁德时代 @张伟 13800138000 动力电池包项目 2.5亿 下周三回访 #新能源 !上门"
ROUNDS = 30
FLOOR = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("PRAGMA journal_mode = WAL")
connection.execute("PRAGMA synchronous = FULL")
connection.execute("CREATE TABLE IF NOT EXISTS note (id INTEGER PRIMARY KEY, text TEXT)")
connection.execute("INSERT INTO note (text) VALUES (?)", (sys.argv[2],))
connection.commit()
connection.close()
print("saved")
"""
ARGPARSE = (
    "import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument('rest', nargs='*')\nparser.parse_args()"
)


def run() -> None:
    """Measure with 1,000 and with 100,000 notes stored."""
    command = shutil.which("fieldkit", path=str(Path(sys.executable).parent)) or "fieldkit"
    for stored in (1_000, 100_000):
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder) / "home"
            sample.sample_store(home, stored)
            _measure(Path(folder), home, command, stored)


def _measure(folder: Path, home: Path, command: str, stored: int) -> None:
    floor, with_argparse = folder / "floor.py", folder / "argparse_floor.py"
    floor.write_text(FLOOR)
    with_argparse.write_text(ARGPARSE + FLOOR)
    environment = sample.environment(home)

    def process(*arguments: str) -> None:
        subprocess.run(arguments, env=environment, check=True, stdout=subprocess.DEVNULL)

    times = measure.interleaved(
        {
            "python + sqlite3": lambda: process(sys.executable, str(floor), str(folder / "floor.db"), NOTE),
            "python + sqlite3 + argparse": lambda: process(
                sys.executable, str(with_argparse), str(folder / "floor.db"), NOTE
            ),
            "fieldkit": lambda: process(command, "note", NOTE),
        },
        ROUNDS,
    )
    measure.table(f"note as a whole process, {stored:,} notes stored", times, "python + sqlite3", 1.8)
