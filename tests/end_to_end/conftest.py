"""Laptops and a centre as separate processes, driven by the real command."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

SECONDS = 60


class Machine:
    """One FIELDKIT_HOME and the commands run in it."""

    def __init__(self, home: Path, **environment: str) -> None:
        self.home = home
        foreign = (
            "FIELDKIT_",
            "LC_",
            "LANG",
            "PYTHONDONTWRITEBYTECODE",
        )  # without bytecode every command takes thrice as long
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
        self.environment |= {"FIELDKIT_HOME": str(home), "LANG": "C.UTF-8"} | environment

    def start(self, *arguments: str, **options: Any) -> subprocess.Popen[str]:
        """A command left running."""
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL} | options
        return subprocess.Popen(
            [sys.executable, "-m", "fieldkit", *arguments], env=self.environment, text=True, **pipes
        )

    def run(
        self, *arguments: str, given: bytes | None = None, code: int | None = 0
    ) -> subprocess.CompletedProcess[str]:
        """A command run to its end; its exit code must be `code` where one is given."""
        finished = subprocess.run(
            [sys.executable, "-m", "fieldkit", *arguments],
            env=self.environment,
            input=given if given is not None else b"",
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
        out, err = finished.stdout.decode(), finished.stderr.decode()
        assert "Traceback" not in err, err
        assert code is None or finished.returncode == code, f"{arguments}: exit {finished.returncode}\n{out}\n{err}"
        return subprocess.CompletedProcess(arguments, finished.returncode, out, err)

    def json(self, *arguments: str, code: int | None = 0) -> Any:
        """The one JSON document that a command prints."""
        return json.loads(self.run(*arguments, "--json", code=code).stdout)


class Centre(Machine):
    """A centre in a process of its own."""

    process: subprocess.Popen[str] | None = None
    url = ""

    def serve(self) -> str:
        """Start it, on the port it had before if it had one."""
        port = self.url.rpartition(":")[2] if self.url else "0"
        self.process = self.start("office", "serve", "--port", port, "--json", stderr=subprocess.DEVNULL)
        assert self.process.stdout is not None
        self.url = json.loads(self.process.stdout.readline())["url"]
        return self.url

    def stop(self, how: int = signal.SIGTERM) -> None:
        """End the process."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.communicate(timeout=SECONDS)
            self.process = None

    def invite(self, name: str, group: str, role: str = "recruiter") -> str:
        """A one-time invite."""
        answer = self.json("office", "invite", "--name", name, "--role", role, "--group", group)
        return str(answer["invite"])


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    """An initialised centre that serves."""
    centre = Centre(tmp_path / "office")
    centre.run("office", "init")
    centre.serve()
    yield centre
    centre.stop(signal.SIGKILL)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A laptop that has never been used."""
    return Machine(tmp_path / "laptop")


@pytest.fixture
def laptops(centre: Centre, tmp_path: Path) -> tuple[Machine, Machine, Machine]:
    """Two laptops of one group and one of another, enrolled."""
    made = []
    for name, group in (("王芳", "new-energy-materials"), ("李强", "new-energy-materials"), ("赵敏", "tcm-health")):
        laptop = Machine(tmp_path / name)
        laptop.run("enrol", centre.url, centre.invite(name, group))
        made.append(laptop)
    return made[0], made[1], made[2]
