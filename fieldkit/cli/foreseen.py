"""What filing will make of a reading, as far as it can be told without the weight of filing: it runs while a person waits.

What says more than a known company's name is looked at closely only where the line goes on right after that name.
"""

from __future__ import annotations

from fieldkit.capture.names import key

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3

    from fieldkit.capture import Reading


class Foreseen:
    """Whether the company will be asked for, and the contact that is sure though several people have the name (may be empty)."""

    __slots__ = ("asks_company", "contact")

    def __init__(self, contact: str = "", *, asks_company: bool = False) -> None:
        self.contact = contact
        self.asks_company = asks_company


def foreseen(reader: sqlite3.Connection, reading: Reading) -> Foreseen:
    """What filing will ask or not, against what the reading says by itself."""
    if "company" in reading.questions or (_goes_on(reading) and _is_another(reading)):
        return Foreseen(asks_company=True)
    return Foreseen(_only_one(reader, reading) if "contact" in reading.questions else "")


def _goes_on(reading: Reading) -> bool:
    """Whether more stands right after the company's name."""
    ends = [mark.end for mark in reading.marks if mark.kind == "company" and mark.value == reading.company]
    starts = {mark.start for mark in reading.marks}
    return bool(reading.company_id) and any(
        end not in starts and (reading.text[end : end + 1].isalnum() or reading.text[end : end + 1] in tuple("(（"))
        for end in ends
    )


def _is_another(reading: Reading) -> bool:
    from fieldkit.actions.said_names import goes_on

    whole = goes_on(reading)
    return bool(whole) and not reading.uscc and not key(reading.company or "").startswith(key(whole))


def _only_one(reader: sqlite3.Connection, reading: Reading) -> str:
    """The one person at the line's company of the name that several people have; empty where there is none, or several."""
    marks = [mark for mark in reading.marks if mark.kind == "contact"]
    names = {str(name) for mark in marks for name in (mark.candidates or (mark.value,))}
    if not reading.company_id or len({key(name) for name in names}) != 1:
        return ""
    statement = (
        "SELECT name FROM contacts WHERE company_id = ? AND deleted = 0 AND name IN (SELECT value FROM json_each(?))"
    )
    import json

    found = [dict(row)["name"] for row in reader.execute(statement, (reading.company_id, json.dumps(sorted(names))))]
    return str(found[0]) if len(found) == 1 else ""
