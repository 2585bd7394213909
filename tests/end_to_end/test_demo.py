"""`fieldkit demo` in a real terminal: the app on sample data, its centre answering, and a clean end."""

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

import pyte
import pytest

COLUMNS, LINES = 80, 24
SECONDS = 90


class Terminal:
    """A program in a pty and the screen that it paints."""

    def __init__(self, command, environment) -> None:
        self.screen = pyte.Screen(COLUMNS, LINES)
        self._stream = pyte.ByteStream(self.screen)
        self.process, self._file = pty.fork()
        if self.process == 0:
            os.execvpe(command[0], command, environment | {"TERM": "xterm-256color"})
        fcntl.ioctl(self._file, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))

    def text(self) -> str:
        """What is on the screen, without the blanks that follow wide characters."""
        rows, columns = range(LINES), range(COLUMNS)
        return "\n".join("".join(self.screen.buffer[y][x].data for x in columns) for y in rows)

    def wait_for(self, words: str) -> str:
        """Read until `words` stand on the screen."""
        end = time.monotonic() + SECONDS
        while words not in self.text():
            if time.monotonic() > end:
                pytest.fail(f"{words!r} did not appear:\n{self.text()}")
            self._read(0.2)
        return self.text()

    def type(self, keys: str) -> None:
        """Send keys."""
        os.write(self._file, keys.encode())

    def leave(self) -> int:
        """Press Ctrl+Q, again where the first only warned of an exchange that has not quite ended; the exit code."""
        limit, pressed = time.monotonic() + SECONDS, 0.0
        while time.monotonic() < limit:
            if time.monotonic() > pressed + 3:
                self.type("\x11")
                pressed = time.monotonic()
            finished, status = os.waitpid(self.process, os.WNOHANG)
            if finished:
                os.close(self._file)
                return os.waitstatus_to_exitcode(status)
            self._read(0.1)
        os.kill(self.process, signal.SIGKILL)
        pytest.fail(f"it did not end:\n{self.text()}")

    def _read(self, seconds: float) -> None:
        if select.select([self._file], [], [], seconds)[0]:
            try:
                self._stream.feed(os.read(self._file, 65536))
            except OSError:  # the program has closed the terminal
                time.sleep(seconds)


@pytest.fixture
def demo(machine):
    """The demo in a terminal, in Chinese."""
    return Terminal([sys.executable, "-m", "fieldkit", "demo"], machine.environment | {"FIELDKIT_LANG": "zh_CN"})


def test_the_demo_opens_writes_syncs_and_ends(demo, machine):
    demo.wait_for("今日")
    demo.wait_for("已逾期")
    demo.type("3")
    demo.wait_for("帆石碳材")  # a colleague's visit, which came through the centre
    demo.type("\x1bOR")  # F3
    demo.wait_for("查找")
    demo.type("错峰接入")  # the guide, which came through the centre too
    demo.wait_for("堵点断点痛点难点")
    demo.type("\r")
    demo.wait_for("涂布、卷绕技工不足")
    demo.type("\x1b")
    demo.wait_for("错峰接入")
    demo.type("\x1b")
    demo.wait_for("帆石碳材")
    demo.type("\x0e")  # Ctrl+N
    demo.wait_for("Ctrl+S")
    demo.type("拜访泓源储能科技有限公司 @高翔 2.5亿 下周三回访")
    demo.wait_for("泓源储能")
    demo.type("\x13")  # Ctrl+S
    demo.wait_for("已保存")
    demo.wait_for("未发送")
    demo.type("\x1b[15~")  # F5
    demo.wait_for("中心已确认")
    assert demo.leave() == 0
    laptop = type(machine)(machine.home / "demo" / "laptop")
    assert laptop.json("sync", "--status")["waiting"] == 0
    assert "泓源储能" in laptop.json("list", "visits")[0]["text"]
    assert not (machine.home / "fieldkit.db").exists()


def test_without_a_terminal_the_demo_says_so(machine):
    assert "terminal" in machine.run("demo", code=2).stderr
