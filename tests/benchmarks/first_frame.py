"""The app's first frame, with today's list painted, in a real pty against a Textual hello app: goal at most 1.6 times."""

import os
import pty
import select
import signal
import sys
import tempfile
import time
from pathlib import Path

import measure
import sample

MARK = "首帧标记"
ROUNDS = 12
SECONDS = 60
HELLO = f"""
from textual.app import App, ComposeResult
from textual.widgets import Static


class Hello(App[None]):
    def compose(self) -> ComposeResult:
        yield Static("{MARK}")


Hello().run()
"""


def run() -> None:
    """Measure with 100,000 visits stored and a follow-up that is due today."""
    with tempfile.TemporaryDirectory() as folder:
        home, hello = Path(folder) / "home", Path(folder) / "hello.py"
        hello.write_text(HELLO)
        sample.sample_store(home, 100_000)
        sample.fieldkit(home, "add", "followups", f"what={MARK}", f"due_on={time.strftime('%Y-%m-%d')}")
        environment = sample.environment(home)
        times = measure.interleaved(
            {
                "textual hello": lambda: first_frame([sys.executable, str(hello)], environment),
                "fieldkit": lambda: first_frame([sys.executable, "-m", "fieldkit"], environment),
            },
            ROUNDS,
        )
    measure.table("first frame in a pty, 100,000 records stored", times, "textual hello", 1.6)


def first_frame(command: list[str], environment: dict[str, str]) -> float:
    """Milliseconds from start until MARK was written to the terminal."""
    start = time.perf_counter()
    process, terminal = pty.fork()
    if process == 0:
        os.execvpe(command[0], command, environment | {"TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"})
    try:
        _read_until(terminal, MARK.encode(), start)
        return (time.perf_counter() - start) * 1000
    finally:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        os.close(terminal)


def _read_until(terminal: int, mark: bytes, start: float) -> None:
    seen = b""
    while mark not in seen:
        ready, _, _ = select.select([terminal], [], [], SECONDS - (time.perf_counter() - start))
        if not ready:
            raise TimeoutError(f"no first frame; the terminal got {seen[-500:]!r}")
        seen += os.read(terminal, 65536)
