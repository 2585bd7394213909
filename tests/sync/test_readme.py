"""What the README and the table of hazards say is so."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PORT = "8000"


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """The README's files, each under the name in its first line, with a port that is free."""
    blocks = re.findall(r"```python\n(# (\w+\.py).*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = str(listener.getsockname()[1])
    for code, name in blocks:
        (tmp_path / name).write_text(code.replace(PORT, port), "utf-8")
    (tmp_path / "port").write_text(port)
    assert [name for _, name in blocks] == ["tables.py", "centre.py", "laptop.py"]
    return tmp_path


@pytest.fixture
def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


@pytest.fixture
def centre(example: Path, environment: dict[str, str]) -> Iterator[None]:
    port = (example / "port").read_text()
    command = [sys.executable, "-m", "uvicorn", "centre:server", "--port", port, "--log-level", "error"]
    process = subprocess.Popen(command, cwd=example, env=environment)
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", int(port))) == 0:
                    break
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait()


def test_the_example_of_the_readme_works(example: Path, environment: dict[str, str], centre: None) -> None:
    def run(store: str) -> str:
        command = [sys.executable, "laptop.py", store]
        return subprocess.run(command, cwd=example, env=environment, capture_output=True, text=True, check=True).stdout

    assert run("one.db").startswith("Outcome(state='done', sent=1, received=0, waiting=0")
    assert run("two.db").startswith("Outcome(state='done', sent=1, received=1, waiting=0")


def test_every_hazard_names_tests_that_exist() -> None:
    lines = (ROOT / ".github" / "sync-hazards.md").read_text("utf-8").splitlines()
    rows = [line.strip("|").split("|") for line in lines if line.startswith("|")][2:]
    sources = [path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py")]
    there = {name for source in sources for name in re.findall(r"^\s*(?:async )?def (test_\w+)", source, re.MULTILINE)}
    assert len(rows) > 20
    for hazard, _cure, named in rows:
        tests = re.findall(r"`(test_\w+)`", named)
        assert tests, hazard
        assert not set(tests) - there, hazard
    assert set(re.findall(r"`(test_\w+)`", "\n".join(lines))) <= there
