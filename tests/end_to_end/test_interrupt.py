"""Ctrl+C at any moment of an exchange: one sentence, exit 130, nothing lost, and the next exchange finishes."""

import os
import pty
import random
import signal
import sqlite3
import time
from pathlib import Path

import pytest

LINES = 25
MOMENTS = 8
WRITTEN = "2026-11-20T02:00:00.000+00:00"


@pytest.fixture(autouse=True)
def heard():
    """SIGINT reaches what is started here, also where whoever started the tests ignores it (a job in the background)."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def interrupted(machine, after, presses, *arguments):
    """`fieldkit sync` on a terminal of its own, with SIGINT `after` seconds from its first sign of life; (exit code, output)."""
    mine, theirs = pty.openpty()
    process = machine.start("sync", *arguments, stdout=theirs, stderr=theirs, stdin=theirs)
    os.close(theirs)
    until_it_runs(process)
    time.sleep(after)
    for _press in range(presses):
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
    said = b""
    try:
        while piece := os.read(mine, 65536):
            said += piece
    except OSError:  # the terminal's other side is closed
        pass
    os.close(mine)
    return process.wait(timeout=30), said.decode(errors="replace")


def until_it_runs(process):
    """Until the interpreter has started and fieldkit reads its store: before that, Ctrl+C is Python's own."""
    maps = Path(f"/proc/{process.pid}/maps")
    for _look in range(500):
        if process.poll() is not None or not maps.exists() or "_sqlite3" in maps.read_text():
            return
        time.sleep(0.01)


def burden(machine, round_number):
    """Lines to be filed and sent, put straight into the inbox."""
    connection = sqlite3.connect(machine.home / "fieldkit.db")
    rows = [
        (
            f"019ad000-{round_number:04d}-7000-8000-{n:012d}",
            f"拜访企业{round_number}第{n}有限公司 下周三回访",
            WRITTEN,
            "waiting",
        )
        for n in range(LINES)
    ]
    connection.executemany(
        "INSERT INTO inbox (id, text, written_at, state, company_id, day) VALUES (?, ?, ?, ?, '', '')", rows
    )
    connection.commit()
    connection.close()


def test_ctrl_c_at_any_moment_loses_nothing_and_says_so(laptops):
    first, second, _stranger = laptops
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    chance = random.Random(seed)
    stopped = 0
    for moment in range(MOMENTS):
        burden(first, moment)
        code, said = interrupted(first, chance.random() * 1.2, presses=1 + moment % 3)
        assert "Traceback" not in said, said
        assert "Exception" not in said, said
        assert code in (0, 130), said
        if code == 130:
            stopped += 1
            assert said.count("Stopped; what was saved is safe") == 1, said
        connection = sqlite3.connect(first.home / "fieldkit.db")
        assert connection.execute("PRAGMA quick_check").fetchone() == ("ok",)
        connection.close()
    assert stopped
    assert first.json("sync", "--status")["sending"] == 0
    outcome = first.json("sync")
    assert (outcome["state"], outcome["waiting"], outcome["rejected"], outcome["conflicts"]) == ("done", 0, 0, 0)
    second.run("sync")
    for kind in ("companies", "visits", "followups"):
        assert len(second.json("list", kind, "--limit", "9999")) == MOMENTS * LINES


def test_progress_is_one_line_that_is_written_over_and_leaves_nothing(laptops):
    first, _second, _stranger = laptops
    burden(first, 0)
    code, said = interrupted(first, 0, 0)
    assert code == 0
    assert "\rsending " in said.replace("\x1b[K", "")
    assert said.rstrip().splitlines()[-1].rpartition("\x1b[K")[2].startswith("Sent ")
    code, said = interrupted(first, 0, 0, "--json")
    assert "\x1b" not in said
    assert said.count("\n") == 1
