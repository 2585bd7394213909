"""Signing in to the pages: a one-time link, then a cookie that the centre knows by its hash."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from fieldkit.domain.kinds import ROLES
from fieldkit.office.centre import Centre
from fieldkit.office.tokens import form_token, is_token, new_token, same
from fieldkit.replication.tables import group_scope, reads
from fieldkit.store import centre_access as access
from fieldkit.store import centre_sessions as sessions

COOKIE = "fieldkit_session"
LINK_LASTS = timedelta(minutes=15)
SESSION_LASTS = timedelta(hours=12)


class Viewer(NamedTuple):
    """Who looks at a page, and the codes of the groups whose work they may read."""

    person_id: str
    name: str
    role: str
    group_code: str
    groups: frozenset[str]
    form_token: str


def new_link(centre: Centre, person_id: str) -> str:
    """The secret of a link that signs `person_id` in, once, within LINK_LASTS."""
    secret = new_token()
    with centre.changing() as connection:
        sessions.add_login_link(connection, secret, person_id, centre.clock() + LINK_LASTS)
    return secret


def begin(centre: Centre, link: str) -> str | None:
    """The secret of a new session for the person of a link; None where the link is no longer good."""
    secret = new_token()
    now = centre.clock()
    with centre.changing() as connection:
        person_id = sessions.use_login_link(connection, link, now)
        if person_id is None:
            return None
        sessions.add_session(connection, secret, person_id, now, now + SESSION_LASTS)
    return secret


def end(centre: Centre, request: Request) -> None:
    """End the session of this request, also for whoever copied its cookie."""
    with centre.changing() as connection:
        sessions.end_session(connection, request.cookies.get(COOKIE, ""))


def viewer_of(centre: Centre, request: Request) -> Viewer | None:
    """Who is signed in; None for nobody."""
    secret = request.cookies.get(COOKIE, "")
    if not is_token(secret):
        return None
    with centre.reading() as connection:
        person = sessions.session_person(connection, secret, centre.clock())
        if person is None or person["role"] not in ROLES:
            return None
        task_forces = access.task_forces(connection)
    scopes = reads(person["role"], person["group_code"], task_forces)
    groups = frozenset(code for code in task_forces if group_scope(code) in scopes)
    return Viewer(person["id"], person["name"], person["role"], person["group_code"], groups, form_token(secret))


def is_own_form(request: Request, sent_token: str, viewer: Viewer) -> bool:
    """Whether a POST comes from one of our own pages in this session: same Origin, and the session's form token."""
    own = f"{request.url.scheme}://{request.headers.get('host', '')}"
    return request.headers.get("origin", "") == own and same(sent_token, viewer.form_token)


def set_cookie(response: Response, secret: str, *, secure: bool) -> None:
    """Hand the session to the browser, for our own pages alone."""
    response.set_cookie(
        COOKIE, secret, max_age=int(SESSION_LASTS.total_seconds()), httponly=True, samesite="strict", secure=secure
    )
