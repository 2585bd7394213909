"""Ctrl+C ends a command at once, however often it comes: the store survives that at any statement, a traceback helps nobody."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType

from fieldkit.i18n import _

INTERRUPTED = 130


def end_at_once(arguments: Sequence[str]) -> None:
    """From here on Ctrl+C says in a sentence what is safe and ends the process; not where whoever started it ignores it."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        os.write(2, f"{_line_start()}{_sentence(arguments)}\n".encode(errors="replace"))
        os._exit(INTERRUPTED)

    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, stop)


def done() -> None:
    """All is said: what comes while the interpreter says farewell is too late to stop anything."""
    if callable(signal.getsignal(signal.SIGINT)):
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def unwind() -> None:
    """For what has a screen or a server to put in order first: Ctrl+C is Python's own again."""
    if callable(signal.getsignal(signal.SIGINT)):
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _sentence(arguments: Sequence[str]) -> str:
    if arguments[:1] == ["sync"]:
        return _("Stopped; what was saved is safe, and the next `fieldkit sync` goes on from here.")
    return _("Stopped; what was saved before is safe.")


def _line_start() -> str:
    return "\r\x1b[K" if os.isatty(2) and sys.platform != "win32" else ""
