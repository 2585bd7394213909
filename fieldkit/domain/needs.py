"""What a visit may need of a person before all of it is filed, as codes in its field `needs`; TWIN is what a company may ask."""

from __future__ import annotations

from collections.abc import Iterable

from fieldkit.i18n import N_, _

COMPANY, CONTACT, PHONE, LEAD, AMOUNT, DATE, VISITED, STAGE, READING, TWIN = (
    "company",
    "contact",
    "phone",
    "lead",
    "amount",
    "date",
    "visited",
    "stage",
    "reading",
    "twin",
)

_QUESTIONS = {
    COMPANY: N_("Which company?"),
    CONTACT: N_("Which contact?"),
    PHONE: N_("The contact has another phone number."),
    LEAD: N_("Which lead?"),
    AMOUNT: N_("Which amount?"),
    DATE: N_("On which day is the next step?"),
    VISITED: N_("On which day was the visit?"),
    STAGE: N_("Which stage, and why?"),
    READING: N_("This line could not be read; its words are all here."),
    TWIN: N_("Another company has this credit code; are the two one?"),
}
CODES = frozenset(_QUESTIONS)
NAMED = (COMPANY, CONTACT, LEAD)
"""What is asked about a name in the line."""
_ANSWERED_BY = {
    "phone": (PHONE,),
    "company_id": (COMPANY,),
    "contact_id": (CONTACT, PHONE),
    "lead_id": (LEAD, STAGE),
    "amount": (AMOUNT,),
    "visited_on": (VISITED,),
}


_READ_AS = {"title": LEAD}
"""What a reading asks by its own word → its code."""


def code_of(asked: str) -> str:
    """The code for what a reading asks."""
    return _READ_AS.get(asked, asked)


def question(code: str) -> str:
    """What to ask for a code, in the language in use; a code that is not known here stands for itself."""
    return _(_QUESTIONS[code]) if code in _QUESTIONS else code


def field_of(code: str) -> str:
    """The field that answers a code, of the visit, or with `phone` of its contact; empty where none does."""
    return next((field for field, codes in _ANSWERED_BY.items() if code in codes), "")


def pair(said: str, known: str) -> str:
    """What a line says beside what may be meant by it."""
    return _("{said} ↔ {known}?").format(said=said, known=known) if said else known


def answered_by(fields: Iterable[str]) -> set[str]:
    """The codes that giving these fields of a visit settles."""
    return {code for field in fields for code in _ANSWERED_BY.get(field, ())}
