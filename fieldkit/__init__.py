"""Visit notes, leads and follow-ups of investment recruiters, offline first, and the office's centre."""

__version__ = "0.1.0"
