"""Whom a line names at the visit's company."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fieldkit.actions.sheet import Sheet, line
from fieldkit.capture.names import key
from fieldkit.capture.people import DOUBLE_SURNAMES, POSTS
from fieldkit.domain import needs
from fieldkit.domain.phone_numbers import has_number, phone_number
from fieldkit.domain.phones import is_personal
from fieldkit.store.documents import numbers_in
from fieldkit.store.likeness import sound_alike

if TYPE_CHECKING:
    from fieldkit.capture import Reading
    from fieldkit.store.matching import ContactMatch

_SIGNS = ("@", "＠")
_BEFORE_SURNAMES = "小老阿"


class Named(NamedTuple):
    """Somebody named in the line; `known` is the contact that the name alone means, `told` that it is surely a person's name,
    `elsewhere` the company at which they are where that is not the visit's."""

    name: str
    post: str
    phone: str
    known: str
    told: bool
    elsewhere: str = ""


def contact_of(sheet: Sheet) -> str:
    """The id of the first person named, found or made at the visit's company; the others are found or made as well.

    Empty where the line names nobody, and where it would be a guess.
    """
    if not sheet.company_id:
        return ""
    people = people_of(sheet.reading)
    if people is None:
        return sheet.need(needs.CONTACT)
    if not people:
        return _by_phone(sheet)
    first, *_ = [_contact(sheet, person) for person in people]
    return first


def told_of_contact(sheet: Sheet) -> None:
    """Give the contact that a person has chosen for the line, or made, what the line says of it, as filing does."""
    contact = sheet.work.find("contacts", str(sheet.visit.get("contact_id") or ""))
    if contact is None or contact.deleted:
        return
    people = people_of(sheet.reading)
    if people is None:
        people = [Named("", "", phone_number(sheet.reading.phone or ""), "", told=False)]
    open_ones = [person for person in people if _match(sheet, person) in (None, "", contact.id)]
    called = [person for person in open_ones if key(person.name) == key(str(getattr(contact, "name", "")))]
    if meant := next(iter([*called, *open_ones]), None):
        _fill_in(sheet, contact.id, meant)


def people_of(reading: Reading) -> list[Named] | None:
    """Everybody whom the line names; None where it is not clear who that is."""
    people = [
        Named(
            line(person.name),
            line(person.post),
            phone_number(person.phone),
            person.id,
            not person.id or reading.text[person.start : person.start + 1] in _SIGNS,
            line(person.elsewhere),
        )
        for person in reading.contacts
    ]
    for mark in reading.marks:
        if mark.kind != "contact" or mark.sure:
            continue
        called = {key(candidate) for candidate in set(map(str, mark.candidates))}
        if called != {key(mark.text)}:
            return None
        people.append(Named(line(str(mark.candidates[0])), "", "", "", told=False))
    if len(people) == 1 and not people[0].phone and reading.phone:
        return [people[0]._replace(phone=phone_number(reading.phone))]
    return people


def _by_phone(sheet: Sheet) -> str:
    phone = phone_number(sheet.reading.phone or "")
    found = [person for person in sheet.colleagues() if person.has(phone)]
    return found[0].id if len(found) == 1 else ""


def _contact(sheet: Sheet, person: Named) -> str:
    if person.elsewhere:
        return _at_another(sheet, person)
    match = _match(sheet, person)
    if match is None:
        return sheet.need(needs.CONTACT)
    if match:
        return _fill_in(sheet, match, person)
    columns = {"name": person.name, "company_id": sheet.company_id, "phone": person.phone, "post": person.post}
    return sheet.add("contacts", columns)


def _at_another(sheet: Sheet, person: Named) -> str:
    """Somebody of another company than the visit's, found or made there where it is known."""
    companies = sheet.lookups.companies_called(person.elsewhere)
    there = sheet.lookups.contacts_at(companies[0]) if len(companies) == 1 else []
    owners = sheet.lookups.contacts_with(person.phone) if person.phone else []
    known = [one.id for one in there if key(one.name) == key(person.name)]
    if len(companies) == 1 and len(known) == 1 and not owners:
        sheet.fill_in("contacts", sheet.work.get("contacts", known[0]), {"phone": person.phone, "post": person.post})
        return known[0]
    if len(companies) != 1 or owners or known or any(_may_be(person.name, one.name) for one in there):
        return sheet.need(needs.CONTACT)
    columns = {"name": person.name, "company_id": companies[0], "phone": person.phone, "post": person.post}
    return sheet.add("contacts", columns)


def _match(sheet: Sheet, person: Named) -> str | None:
    """The id of the contact that is meant, `""` for somebody new, None where that would be a guess."""
    colleagues = sheet.colleagues()
    by_id = [colleague for colleague in colleagues if colleague.id == person.known]
    by_phone = [colleague for colleague in colleagues if colleague.has(person.phone)]
    by_name = [colleague for colleague in colleagues if key(colleague.name) == key(person.name)]
    owners = [one for one in by_phone if one.id == person.known or _may_own(person.name, one.name)]
    if is_personal(person.phone) and (
        (by_phone and not owners)
        or any(_only_sounds_so(person.name, one.name) for one in owners if one.id != person.known)
    ):
        return None
    for found in (by_id, owners, by_name):
        if found:
            return found[0].id if len(found) == 1 and not _is_anothers(sheet, person, found[0]) else None
    cut_short = not person.phone and any(key(one.name).startswith(key(person.name)) for one in colleagues)
    if not person.told or cut_short or any(_may_be(person.name, colleague.name) for colleague in colleagues):
        return None
    return _elsewhere(sheet, person)


def _is_anothers(sheet: Sheet, person: Named, found: ContactMatch) -> bool:
    """Whether the number in the line, which the contact found is without, is somebody's at another company."""
    if found.phone or not is_personal(person.phone):
        return False
    return any(owner.company_id not in ("", sheet.company_id) for owner in sheet.lookups.contacts_with(person.phone))


def _may_be(name: str, other: str) -> bool:
    """Whether two different names may be one person's: 王总, 小王 and 王建国, 张玮 and 张伟, Zhang and Zhang Wei."""
    one, two = key(name), key(other)
    if one.isascii() or two.isascii():
        return one.startswith(two) or two.startswith(one)
    if is_short(name) or is_short(other):
        return surname(name) == surname(other)
    return sound_alike(one, two)


def _only_sounds_so(name: str, other: str) -> bool:
    """Whether two full names in Chinese characters differ: 张卫 is written with 张伟's number."""
    one, two = key(name), key(other)
    return one != two and not (one.isascii() or two.isascii() or is_short(name) or is_short(other))


def _may_own(name: str, other: str) -> bool:
    """Whether two names may be those of one number's owner; names in other letters may."""
    return key(name) == key(other) or name.isascii() != other.isascii() or _may_be(name, other)


def is_short(name: str) -> bool:
    """Whether somebody is called by the surname alone: 王, 王总, 尉迟总, 小王."""
    rest = name.removeprefix(surname(name))
    return not rest or rest in POSTS or _is_familiar(name)


def surname(name: str) -> str:
    return name[1:] if _is_familiar(name) else name[:2] if name[:2] in DOUBLE_SURNAMES else name[:1]


def _is_familiar(name: str) -> bool:
    return len(name) == 2 and name[0] in _BEFORE_SURNAMES


def _elsewhere(sheet: Sheet, person: Named) -> str | None:
    """Somebody known without a company is taken in by name and phone; a phone known at another company is left to a person."""
    same_phone = sheet.lookups.contacts_with(person.phone) if person.phone else []
    if len(same_phone) == 1 and not same_phone[0].company_id and key(same_phone[0].name) == key(person.name):
        return same_phone[0].id
    known = sheet.work.find("contacts", person.known) if person.known else None
    homeless = known is not None and not known.deleted and not getattr(known, "company_id", "")
    return None if (same_phone and is_personal(person.phone)) or homeless else ""


def _fill_in(sheet: Sheet, contact_id: str, person: Named) -> str:
    contact = sheet.work.get("contacts", contact_id)
    sheet.fill_in("contacts", contact, {"phone": person.phone, "post": person.post, "company_id": sheet.company_id})
    stored, note = str(getattr(contact, "phone", "")), getattr(contact, "note", "")
    if person.phone and not has_number(stored, person.phone) and person.phone not in numbers_in(note):
        sheet.need(needs.PHONE)
    return contact_id
