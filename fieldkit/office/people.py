"""The office's people: making or finding one, and inviting a laptop of theirs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from fieldkit.domain import city, records
from fieldkit.domain.cleaning import shown
from fieldkit.domain.kinds import ROLES
from fieldkit.errors import Ambiguous, Invalid, UnknownGroup, UnknownPerson
from fieldkit.ids import new_id
from fieldkit.office.centre import Centre
from fieldkit.office.tokens import new_token
from fieldkit.store import centre_access as access

NAME_LIMIT = 100
_GROUP_ROLES = ("recruiter", "group-leader")
_OFFICE_ROLES = ("office", "admin")


def invite(
    centre: Centre, author: str, name: str, role: str, *, group: str = "", post: str = "", days: int = 7
) -> dict[str, str]:
    """A new invite for one laptop of the person of this name, role and group, who is made where there is none.

    Returns {"invite", "person"}: the secret, which is shown this once, and the person's id.
    Raises Invalid, UnknownGroup.
    """
    person_id = _person(centre, author, _checked(centre, name, role, group, post))
    secret = new_token()
    now = centre.clock()
    with centre.changing() as connection:
        access.add_invite(connection, secret, person_id, now, now + timedelta(days=days))
    return {"invite": secret, "person": person_id}


def _checked(centre: Centre, name: str, role: str, group: str, post: str) -> dict[str, str]:
    for field, text in (("name", name), ("post", post)):
        if shown(text).strip() != text.strip() or len(text) > NAME_LIMIT:
            raise Invalid(field=field, reason="not-a-name", value=shown(text)[:NAME_LIMIT])
    if not name.strip():
        raise Invalid(field="name", reason="required", value="")
    if role not in ROLES:
        raise Invalid(field="role", reason="not-a-choice", value=role, known=", ".join(ROLES))
    with centre.reading() as connection:
        known = [row["code"] for row in access.groups(connection)]
    if not group and role in _GROUP_ROLES:
        raise Invalid(field="group", reason="required", value="")
    if group and group not in known:
        raise UnknownGroup(code=group, known=", ".join(known))
    code = group or (city.OFFICE_GROUP if role in _OFFICE_ROLES else "")
    return {"name": name.strip(), "role": role, "group_code": code, "post": post.strip()}


def _person(centre: Centre, author: str, wanted: dict[str, str]) -> str:
    """The person of this name and group; role and post are brought up to date."""
    with centre.reading() as connection:
        same = [
            row for row in access.people_named(connection, wanted["name"]) if row["group_code"] == wanted["group_code"]
        ]
    found: dict[str, Any] = dict(same[0]) if same else {"id": new_id(centre.clock)}
    after = {**found, **wanted, "post": wanted["post"] or found.get("post", "")}
    if after != found:
        centre.save(author or after["id"], records.Person(**after))
    return str(after["id"])


def one_named(centre: Centre, name: str) -> dict[str, Any]:
    """The person of this name. Raises UnknownPerson, Ambiguous."""
    with centre.reading() as connection:
        found = access.people_named(connection, shown(name))
    if not found:
        raise UnknownPerson(name=shown(name))
    if len(found) > 1:
        raise Ambiguous(id=name, count=len(found))
    return dict(found[0])


def first_of_office(centre: Centre) -> dict[str, Any]:
    """The first person of the office. Raises UnknownPerson where nobody is left there."""
    with centre.reading() as connection:
        found = access.people_with_roles(connection, _OFFICE_ROLES)
    if not found:
        raise UnknownPerson(name="")
    return dict(found[0])
