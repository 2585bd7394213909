"""Quick entry: one typed line of Chinese or English → what was meant.

Pure and on the standard library alone: `read(text, now, known)` touches no disk and no clock. Its import stands on the
way of every `fieldkit note`, so nothing here imports `re`, `typing`, `dataclasses` or `enum`; the grammar is loaded with the
first line that is read; the lunar calendar, the English words and the credit codes when a line asks for them.
"""

from __future__ import annotations

from fieldkit.capture.reading import Known, Mark, Next, Reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["Known", "Mark", "Next", "Reading", "read"]


def read(text: str, now: datetime, known: Known | None = None) -> Reading:
    """What the line means at `now` (local time), with the names the store knows. Never fails, whatever the text."""
    from fieldkit.capture.reader import Reader

    return Reader(text, now, known).reading
