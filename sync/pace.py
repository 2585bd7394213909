"""How much to send and to ask for next: sizes follow the line, and counts say when a synchronisation is done.

Batches double after quick replies and halve when one is cut, down to one record. Once the line has cut anything, a batch
stays small enough for several to fit between two cuts.
"""

from __future__ import annotations

from sync import protocol
from sync.errors import TooOld, Unreachable
from sync.replica import Prepared, Taken

FIRST_BATCH = 32 * 1024
_QUICK_SECONDS = 2.0
_FAR_SECONDS = 0.2
"""A round that takes longer is worth leaving before the last one is answered."""
_BUSY_SECONDS = 0.03
"""The same for the largest batches on a line that was never cut: the laptop prepares while the centre works."""
_IDLE_ROUNDS = 2
"""Rounds in a row that sent nothing, though something waits, before giving up."""
_SHORT_LIFE, _LONG_LIFE = 4, 8
"""Rounds between two cuts: with fewer, too much is sent in vain; after so many, a larger batch may fit."""


class Pace:
    """Sizes and counts of one synchronisation; `up` and `down` are bytes of records in a batch and in a page."""

    def __init__(self, patience: int) -> None:
        self.up = self.down = FIRST_BATCH
        self.sent = self.received = self.waiting = 0
        self.failures = self.fresh_starts = 0
        self.pushing = True
        self.far = False
        self.finished = False
        self._idle = 0
        self._patience = patience
        self._cut = False
        self._streak = 0

    def failed(self, error: Unreachable) -> None:
        """A round without an answer: smaller next time, and pull before pushing again."""
        self.failures += 1
        if self.failures > self._patience:
            raise error
        if self._streak < _SHORT_LIFE:
            self.down = max(1, self.down // 2)
            if self.pushing:
                self.up = max(1, self.up // 2)
        self._cut, self._streak = True, 0
        self.far = False
        self.pushing = not self.pushing

    def refused(self, prepared: Prepared) -> None:
        """The centre will not read the batch: try smaller ones."""
        self.up = max(1, min(self.up, sum(map(len, prepared.batch.bodies))) // 2)

    def took(self, taken: Taken, seconds: float, *, paged: bool, too_old: bool) -> None:
        """A round with an answer, which took so many seconds; `paged` when a page was asked for."""
        self.sent += taken.answered
        self.received += taken.received
        self.waiting = taken.waiting
        self._idle = self._idle + 1 if self.pushing and not taken.answered else 0
        self.pushing = True
        largest = protocol.BATCH_LIMIT in (self.up, self.down) and not self._cut
        self.far = seconds > (_BUSY_SECONDS if largest else _FAR_SECONDS)
        if taken.answered or taken.received:
            self.failures = self.fresh_starts = 0
        self._streak += 1
        if seconds < _QUICK_SECONDS and not (self._cut and self._streak < _LONG_LIFE):
            self._grow(taken)
        self.finished = paged and not taken.more and not (taken.waiting and self._idle < _IDLE_ROUNDS)
        if self.finished and too_old:
            raise TooOld

    def _grow(self, taken: Taken) -> None:
        self._streak = 0 if self._cut else self._streak
        if taken.answered:
            self.up = min(self.up * 2, protocol.BATCH_LIMIT)
        if taken.received:
            self.down = min(self.down * 2, protocol.BATCH_LIMIT)
