"""The words of a line by which it asks for a company, a contact or a lead, and what a person has answered to them before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldkit.actions.said_names import said
from fieldkit.capture.names import key
from fieldkit.domain import needs
from fieldkit.store import matching

if TYPE_CHECKING:
    import sqlite3

    from fieldkit.capture import Reading

_LEAST = 2
"""Characters: a shorter word stands in many lines."""


def names_said(reading: Reading, code: str, known: str = "") -> str:
    """What the line calls the company, the first person (of another company first) who is not the `known` one, or the project that `code` asks for; empty
    where it names none.
    """
    if code == needs.COMPANY:
        return said(reading)
    if code == needs.CONTACT:
        marks = [mark.text for mark in reading.marks if mark.kind == "contact"]
        people = sorted(reading.contacts, key=lambda person: not person.elsewhere)
        names = [*(person.name for person in people), *marks]
        return next((name for name in names if not known or key(name) != key(known)), "")
    marks = [mark.text for mark in reading.marks if mark.kind == "title"]
    return reading.title or next(iter(marks), "")


def answered_before(connection: sqlite3.Connection, code: str, words: str, company_id: str) -> list[str]:
    """The ids that other lines with these words were linked to, the latest first; people and projects at the same company."""
    return matching.linked_by(connection, code, needs.field_of(code), words, company_id) if len(words) >= _LEAST else []
