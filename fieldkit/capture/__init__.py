"""Quick entry: one typed line of Chinese or English → what was meant.

Pure and on the standard library alone: `read(text, now, known)` touches no disk and no clock. Its import stands on the
way of every `fieldkit note`, so nothing here imports `re`, `typing`, `dataclasses` or `enum`, and the lunar
calendar and the English words are loaded when a line asks for them.
"""

from fieldkit.capture.reading import Known, Mark, Next, Reading
from fieldkit.capture.reader import read

__all__ = ["Known", "Mark", "Next", "Reading", "read"]
