"""Real processes that file the same lines: killed at any moment, or two at once, they lose and double nothing."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fieldkit import actions
from fieldkit.store import inbox
from fieldkit.store.connection import Transaction
from fieldkit.store.store import Store

LINES = 120
FILING = """
import sys
from fieldkit.actions import file_waiting
from fieldkit.clock import system_clock
from fieldkit.locations import Locations
from fieldkit.replication.laptop import open_store
store = open_store(Locations(sys.argv[1]), system_clock({}))
print("ready", flush=True)
sys.stdin.readline()
file_waiting(store, lambda done, of: print(done, flush=True))
store.close()
"""


def start(home: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", FILING, str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def let_go(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def type_lines(store: Store) -> None:
    connection = store.writer()
    with Transaction(connection):
        for number in range(LINES):
            text = f"拜访第{number % 20}农场有限公司 @张伟 第{number % 40}项目 {number % 40 + 1}亿 下周三回访"
            inbox.put(connection, f"01a20734-5580-7000-8000-{number:012d}", text, store.clock())
    connection.close()


def everything_is_filed_once(stands: Callable[[str], list[dict[str, Any]]]) -> None:
    assert [row["id"][-3:] for row in stands("visits")] == [f"{number:03d}" for number in range(LINES)]
    assert [row["needs"] for row in stands("visits")] == [""] * LINES
    assert len({row["name"] for row in stands("companies")}) == len(stands("companies")) == 20
    assert len(stands("contacts")) == 20
    assert len({(row["company_id"], row["title"]) for row in stands("leads")}) == len(stands("leads")) == 40
    assert len({row["visit_id"] for row in stands("followups")}) == len(stands("followups")) == LINES


def test_killed_in_the_middle_again_and_again(
    home: Path, store: Store, stands: Callable[[str], list[dict[str, Any]]]
) -> None:
    type_lines(store)
    chance = random.Random(20261126)
    for _ in range(3):
        with start(home) as process:
            let_go(process)
            time.sleep(chance.uniform(0.05, 0.6))
            process.send_signal(signal.SIGKILL)
            process.wait()
    actions.file_waiting(store)
    everything_is_filed_once(stands)


def test_two_at_once(home: Path, store: Store, stands: Callable[[str], list[dict[str, Any]]]) -> None:
    type_lines(store)
    with start(home) as one, start(home) as other:
        for process in (one, other):
            let_go(process)
        for process in (one, other):
            process.communicate()
            assert process.returncode == 0
    everything_is_filed_once(stands)
