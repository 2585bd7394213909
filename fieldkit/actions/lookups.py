"""What the store knows while lines are being filed: what is on disk, and over it what this transaction has still to write.

Writing once for many lines is what makes filing quick, so the questions are answered without writing first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from fieldkit.actions.work import Work
from fieldkit.capture import Known
from fieldkit.capture.names import key
from fieldkit.domain.phone_numbers import phone_number
from fieldkit.store import matching, names
from fieldkit.store.documents import NAMES, name_keys, names_of, numbers_in
from fieldkit.store.likeness import near
from fieldkit.store.matching import ContactMatch, LeadMatch

if TYPE_CHECKING:
    Entry = tuple[str, str, str]


class Lookups(Known):
    """The questions of filing, answered inside the transaction of `work`."""

    __slots__ = ("_contacts", "_leads", "_named", "_names", "_noted", "_work")

    def __init__(self, work: Work) -> None:
        self._work = work
        self._names = names.KnownNames(work.connection)
        self._noted = 0
        self._named: dict[str, dict[str, Entry]] = {}
        self._contacts: dict[str, ContactMatch] = {}
        self._leads: dict[str, LeadMatch] = {}

    def beginnings(self, pairs: Sequence[str]) -> frozenset[str]:
        """As every `Known` answers: those of `pairs` with which a name begins."""
        self._note_unwritten()
        return self._names.beginnings(pairs) | {name[:2] for name in self._named}

    def lookup(self, fragments: Sequence[str]) -> Mapping[str, Sequence[tuple[str, str, str]]]:
        """As every `Known` answers: fragment → (kind, id, name) of each record called so."""
        self._note_unwritten()
        found = {fragment: list(entries) for fragment, entries in self._names.lookup(fragments).items()}
        for fragment in self._named.keys() & set(fragments):
            on_disk = {entry[1]: entry for entry in found.get(fragment, ())}
            found[fragment] = list((on_disk | self._named[fragment]).values())
        return found

    def companies_called(self, name: str) -> list[str]:
        """The ids of the companies that go by `name`."""
        return self._companies(matching.companies_called, name, [key(name)])

    def companies_near(self, name: str) -> list[str]:
        """The ids of the companies that may be meant by `name`, or may not."""
        found = self._companies(matching.companies_near, name, [key(name)])
        unwritten = [record for kind, record in self._work.unwritten if kind == "companies"]
        return list(dict.fromkeys([*found, *(one.id for one in unwritten if near(name, self.names_of(one)))]))

    def companies_with_code(self, code: str) -> list[str]:
        """The ids of the group's companies with this credit code, none where it is empty."""
        if not code:
            return []
        unwritten = dict.fromkeys(record.id for kind, record in self._work.unwritten if kind == "companies")
        on_disk = matching.companies_with_code(self._work.connection, code, self._work.me.group_code)
        found: list[Any] = [self._work.find("companies", company) for company in dict.fromkeys([*on_disk, *unwritten])]
        return [one.id for one in found if one and one.uscc == code and not one.deleted]

    @staticmethod
    def names_of(company: Any) -> list[str]:
        """Every name that a company goes by."""
        return names_of("companies", {field: getattr(company, field) for field in NAMES["companies"]})

    def contacts_at(self, company_id: str) -> list[ContactMatch]:
        """The people of a company."""
        on_disk = matching.contacts_at(self._work.connection, company_id)
        return [contact for contact in self._over(on_disk) if contact.company_id == company_id]

    def contacts_with(self, phone: str) -> list[ContactMatch]:
        """The people with this phone number, however it was stored."""
        on_disk = matching.contacts_with(self._work.connection, phone)
        return [contact for contact in self._over(on_disk) if contact.has(phone)]

    def contacts_surnamed(self, surname: str) -> list[ContactMatch]:
        """Some of the people whose names begin so."""
        on_disk = matching.contacts_surnamed(self._work.connection, key(surname))
        return [contact for contact in self._over(on_disk) if key(contact.name).startswith(key(surname))]

    def leads_of(self, company_id: str) -> list[LeadMatch]:
        """The projects of a company."""
        self._note_unwritten()
        on_disk = {lead.id: lead for lead in matching.leads_of(self._work.connection, company_id)}
        return [lead for lead in (on_disk | self._leads).values() if lead.company_id == company_id]

    def _companies(self, on_disk: Callable[[Any, str], list[str]], name: str, keys: Iterable[str]) -> list[str]:
        self._note_unwritten()
        found = dict.fromkeys(on_disk(self._work.connection, name))
        for called in keys:
            found |= {id_: None for kind, id_, _ in self._named.get(called, {}).values() if kind == "companies"}
        return list(found)

    def _over(self, on_disk: Iterable[ContactMatch]) -> Iterable[ContactMatch]:
        self._note_unwritten()
        stored = {contact.id: contact._replace(phone=phone_number(contact.phone)) for contact in on_disk}
        return (stored | self._contacts).values()

    def _note_unwritten(self) -> None:
        unwritten = self._work.unwritten
        for kind, record in unwritten[self._noted :]:
            self._note(kind, record)
        self._noted = len(unwritten)

    def _note(self, kind: str, record: Any) -> None:
        if kind == "contacts":
            phone = phone_number(record.phone)
            self._contacts[record.id] = ContactMatch(
                record.id, record.name, phone, record.company_id, tuple(numbers_in(record.note))
            )
        if kind == "leads":
            self._leads[record.id] = LeadMatch(record.id, record.title, record.amount, record.company_id)
        for name in names_of(kind, {field: getattr(record, field) for field in NAMES.get(kind, ())}):
            for called in name_keys(kind, name):
                self._named.setdefault(called, {})[record.id] = (kind, record.id, getattr(record, NAMES[kind][0]))
