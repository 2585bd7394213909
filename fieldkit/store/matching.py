"""What the store holds that a typed line may mean: companies by name, people by company and phone, leads by company.

Plain sqlite3 on any connection to the store, so that filing sees what it has just written. Deleted records never match.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from fieldkit.capture.names import PLACES, bare, goes_by, key, short_names
from fieldkit.domain.kinds import MERGED_INTO, WRITTEN
from fieldkit.domain.phone_numbers import has_number
from fieldkit.domain.phones import dialled
from fieldkit.store.documents import NAMES, names_of, numbers_in
from fieldkit.store.likeness import SHORTEST, core, near
from fieldkit.store.pinyin import initials

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence


_CALLED = NAMES["companies"]
_LOOKED_AT = 300
"""Companies that begin alike; more are no help to anybody."""
_TAIL = 7
"""Digits: the least that the index takes for a number, and all of a landline that was stored with a hyphen."""


class ContactMatch(NamedTuple):
    """A person at a company; `more` are the numbers that stand in the remarks, as they are stored."""

    id: str
    name: str
    phone: str
    company_id: str
    more: tuple[str, ...] = ()

    def has(self, number: str) -> bool:
        """Whether this number, as it is stored, is one of this person's."""
        return has_number(self.phone, number) or (bool(number) and number in self.more)


class LeadMatch(NamedTuple):
    """A project of a company."""

    id: str
    title: str
    amount: int | None
    company_id: str


def companies_called(connection: sqlite3.Connection, name: str) -> list[str]:
    """The ids of the companies that go by `name`: in full, short, or by initials."""
    wanted = key(name)
    found = _companies(connection, [wanted])
    if bare(wanted) == wanted:
        return found
    return [row[0] for row in _called(connection, found) if any(goes_by(called, wanted) for called in row[1])]


def companies_with_code(connection: sqlite3.Connection, code: str, group_code: str) -> list[str]:
    """The ids of a group's companies with this unified social credit code, none where it is empty."""
    statement = "SELECT id FROM companies WHERE uscc = ? AND group_code = ? AND uscc <> '' AND deleted = 0 ORDER BY id"
    return [row[0] for row in _rows(connection, statement, (code, group_code))]


def companies_near(connection: sqlite3.Connection, name: str) -> list[str]:
    """The ids of the companies that may be meant by `name`, or may not, the likeliest first.

    They share a short name with it, or are called alike. Of very many that begin as it does, only some are looked at.
    """
    sharing = _companies(connection, [called for called in (key(name), *short_names(name)) if called not in PLACES])
    around = [record_id for record_id in _around(connection, core(name)) if record_id not in sharing]
    return sharing + [record_id for record_id, called in _called(connection, around) if near(name, called)]


def _called(connection: sqlite3.Connection, ids: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Companies with every name that they go by."""
    rows = _rows(
        connection,
        f"SELECT id, {', '.join(_CALLED)} FROM companies WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",  # noqa: S608
        (json.dumps(ids),),
    )
    return [(row[0], names_of("companies", dict(zip(_CALLED, row[1:], strict=True)))) for row in rows]


def _around(connection: sqlite3.Connection, wanted: str) -> list[str]:
    """The companies that begin as the key `wanted` does, end with it, are a piece of it, or have its initials."""
    pieces = {wanted[:end] for end in range(SHORTEST, len(wanted))} | {
        wanted[start:] for start in range(1, len(wanted))
    }
    exact = json.dumps([*pieces, *initials(wanted)])
    begins = wanted[:SHORTEST]
    found: list[str] = []
    for condition, values in (
        ("key IN (SELECT value FROM json_each(?))", (exact,)),
        ("key >= ? AND key < ?", (begins, begins + "\U0010ffff")),
        *([("substr(key, ?) = ?", (-len(wanted), wanted))] if len(wanted) >= SHORTEST and not wanted.isascii() else []),
    ):
        statement = (
            "SELECT DISTINCT id FROM names_companies n CROSS JOIN companies r ON r.rowid = n.number"  # noqa: S608 - our own conditions
            f" WHERE {condition} AND deleted = 0 LIMIT {_LOOKED_AT}"
        )
        found += [row[0] for row in _rows(connection, statement, values)]
    return list(dict.fromkeys(found))


def contacts_at(connection: sqlite3.Connection, company_id: str) -> list[ContactMatch]:
    """The people of a company."""
    rows = _rows(
        connection,
        "SELECT id, name, phone, company_id, note FROM contacts WHERE company_id = ? AND deleted = 0",
        (company_id,),
    )
    return [_contact(*row) for row in rows]


def contacts_with(connection: sqlite3.Connection, phone: str) -> list[ContactMatch]:
    """The people one of whose numbers, in whichever form it is stored, ends as `phone` does; whether it is the same is to be
    seen, see `ContactMatch.has`.
    """
    tail = dialled(phone)[0][: -_TAIL - 1 : -1]
    rows = _rows(
        connection,
        "SELECT id, name, phone, company_id, note FROM contacts WHERE deleted = 0 AND rowid IN"
        " (SELECT number FROM search_phones WHERE backwards >= ? AND backwards < ?)",
        (tail, tail + ":"),
    )
    return [_contact(*row) for row in rows]


def _contact(record_id: str, name: str, phone: str, company_id: str, note: str) -> ContactMatch:
    return ContactMatch(record_id, name, phone, company_id, tuple(numbers_in(note)))


def contacts_surnamed(connection: sqlite3.Connection, surname: str) -> list[ContactMatch]:
    """Some of the people whose names begin so."""
    rows = _rows(
        connection,
        "SELECT DISTINCT r.id, r.name, r.phone, r.company_id FROM names_contacts n"
        " CROSS JOIN contacts r ON r.rowid = n.number WHERE key >= ? AND key < ? AND deleted = 0"
        " LIMIT ?",
        (surname, surname + "\U0010ffff", _LOOKED_AT),
    )
    return [ContactMatch(*row) for row in rows]


def leads_of(connection: sqlite3.Connection, company_id: str) -> list[LeadMatch]:
    """The projects of a company."""
    rows = _rows(
        connection,
        "SELECT id, title, amount, company_id FROM leads WHERE company_id = ? AND deleted = 0",
        (company_id,),
    )
    return [LeadMatch(*row) for row in rows]


def followups_of(connection: sqlite3.Connection, visit_id: str) -> list[str]:
    """The ids of what was to come after a visit."""
    return [
        row[0] for row in _rows(connection, "SELECT id FROM followups WHERE visit_id = ? AND deleted = 0", (visit_id,))
    ]


def asking(connection: sqlite3.Connection, code: str, words: str = "") -> list[str]:
    """The ids of the visits that ask for `code`, with these words in their text."""
    statement = "SELECT id, needs FROM visits WHERE NOT deleted AND needs <> '' AND instr(text, ?) > 0"
    return [record_id for record_id, needs in _rows(connection, statement, (words,)) if code in needs.split()]


def linked_by(connection: sqlite3.Connection, code: str, field: str, words: str, company_id: str) -> list[str]:
    """What the visits with these words that do not ask for `code` have as `field`, the latest first; at one company, if given."""
    at, values = (" AND company_id = ?", (company_id,)) if company_id else ("", ())
    statement = (
        f"SELECT {field}, needs FROM visits WHERE deleted = 0{at} AND {field} <> '' AND instr(text, ?) > 0"  # noqa: S608 - our own fields
        f" ORDER BY visited_on DESC, id DESC LIMIT {_LOOKED_AT}"
    )
    found = _rows(connection, statement, (*values, words))
    return list(dict.fromkeys(record_id for record_id, needs in found if code not in needs.split()))


def referring(connection: sqlite3.Connection, kind: str, field: str, record_id: str) -> list[str]:
    """The ids of the records of `kind` that show and whose `field` is this id."""
    statement = f"SELECT id FROM {kind} WHERE {field} = ? AND deleted = 0"  # noqa: S608 - names from our own tables
    return [row[0] for row in _rows(connection, statement, (record_id,))]


def merged(connection: sqlite3.Connection, kind: str, group_code: str) -> dict[str, str]:
    """id → the id into which it was merged, of every record of `kind` of the group that was merged away."""
    statement = f"SELECT id, {MERGED_INTO} FROM {kind} WHERE {MERGED_INTO} <> '' AND deleted = 1 AND +group_code = ?"  # noqa: S608
    return dict(_rows(connection, statement, (group_code,)))


def line_state(connection: sqlite3.Connection, line_id: str) -> str:
    """The state of an inbox line now; empty where there is no such line."""
    rows = _rows(connection, "SELECT state FROM inbox WHERE id = ?", (line_id,))
    return str(rows[0][0]) if rows else ""


def ownerless(connection: sqlite3.Connection, limit: int) -> list[tuple[str, str]]:
    """(table, id) of at most `limit` records, deleted ones too, that were made before this laptop belonged to a group."""
    found: list[tuple[str, str]] = []
    for kind in WRITTEN:
        statement = f"SELECT id FROM {kind} WHERE group_code = '' LIMIT ?"  # noqa: S608 - names from our own tables
        found += [(kind, row[0]) for row in _rows(connection, statement, (limit - len(found),))]
    return found


def never_sent_by(connection: sqlite3.Connection, people: Sequence[str], limit: int) -> list[tuple[str, str]]:
    """(table, id) of at most `limit` new records of these people that no centre has taken."""
    found: list[tuple[str, str]] = []
    for kind in WRITTEN:
        statement = (
            f"SELECT r.id FROM {kind} r JOIN sync_outbox o ON o.tab = '{kind}' AND o.id = r.id"  # noqa: S608
            f" JOIN sync_stamp s ON s.tab = '{kind}' AND s.id = r.id"
            " WHERE r.person_id IN (SELECT value FROM json_each(?)) AND s.sent IS NULL AND NOT EXISTS"
            f" (SELECT 1 FROM sync_member m WHERE m.tab = '{kind}' AND m.id = r.id) LIMIT ?"
        )
        found += [
            (kind, row[0]) for row in _rows(connection, statement, (json.dumps(list(people)), limit - len(found)))
        ]
    return found


def _companies(connection: sqlite3.Connection, keys: Sequence[str]) -> list[str]:
    rows = _rows(
        connection,
        "SELECT DISTINCT id FROM names_companies n CROSS JOIN companies r ON r.rowid = n.number"
        " WHERE key IN (SELECT value FROM json_each(?)) AND deleted = 0 ORDER BY id",
        (json.dumps([bare(known) for known in keys if known]),),
    )
    return [row[0] for row in rows]


def _rows(connection: sqlite3.Connection, statement: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
    cursor = connection.cursor()
    cursor.row_factory = None
    return cursor.execute(statement, values).fetchall()
