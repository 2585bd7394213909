"""How far an exchange is, on one line that is written over, where somebody is looking."""

from __future__ import annotations

from fieldkit.replication.progress import step_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

    from sync import Progress as Step

CLEARED = "\r\x1b[K"


class Progress:
    """Called with each step. Writes to `err` only where that is a terminal, and leaves its line empty."""

    def __init__(self, err: TextIO, *, quiet: bool) -> None:
        self._err = err
        self._shows = not quiet and err.isatty()

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_stopped: object) -> None:
        self._write(CLEARED)

    def __call__(self, step: Step) -> None:
        """Show `step` in place of the last one."""
        self._write(CLEARED + step_words(step))

    def _write(self, text: str) -> None:
        if self._shows:
            self._err.write(text)
            self._err.flush()
