"""Joining a centre with the office's one-time invite.

The laptop makes its credential itself and writes it down before it asks. So when the answer is lost, asking again with the
same invite is the same request, and the centre gives the same answer.
"""

from __future__ import annotations

import ipaddress
import json
import platform
import secrets
from collections.abc import Mapping
from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from fieldkit.errors import AlreadyEnrolled, BadAddress, InviteRefused, SyncFailed
from fieldkit.replication.laptop import meeting_centre
from fieldkit.replication.status import read_status
from fieldkit.store import matching, settings
from fieldkit.store.connection import Guarded, Transaction
from fieldkit.store.settings import Me
from fieldkit.store.store import Store

if TYPE_CHECKING:
    import httpx

MEDIA_TYPE = "application/vnd.fieldkit.enrol+json"
_TIMEOUT_SECONDS = 30.0
_REPLY_LIMIT = 64 * 1024
_CREDENTIAL_BYTES = 32
_ADOPTED_AT_ONCE = 200
_FORMER = "former_person_ids"
"""Setting: who had this laptop before, separated by blanks."""
_SHUT_OUT = ("sign-in", "revoked")
"""How an exchange ended of a laptop that its centre does not let in: only a new invite helps."""
_REFUSALS = ("unknown", "used", "expired")


class Enrolment(NamedTuple):
    """Who works on this laptop now, at which centre, and whether the way there can be read by others (plain HTTP)."""

    me: Me
    centre: str
    exposed: bool


class Address(NamedTuple):
    """A centre's address without a slash at its end; `exposed` is plain HTTP beyond the own network."""

    url: str
    exposed: bool


def enrol(store: Store, url: str, invite: str, *, transport: httpx.BaseTransport | None = None) -> Enrolment:
    """Join the centre at `url`, and make the work done so far the new person's own. A laptop that its centre no longer knows,
    or has withdrawn, may join again.

    Raises BadAddress, AlreadyEnrolled, InviteRefused, SyncFailed; nothing is lost and the same call may be made again.
    """
    address = centre_address(url)
    with Guarded(store.path):
        credential = _prepare(store, address.url, invite.strip())
    with meeting_centre("enrol"):
        answer = _ask(address.url, _request(store, invite.strip(), credential), transport)
    with Guarded(store.path):
        me, centre = _settle(store, address.url, credential, answer)
    adopt(store)
    return Enrolment(me, centre, address.exposed)


def centre_address(url: str) -> Address:
    """`url` checked: http or https, a host, nothing that does not belong there. Raises BadAddress."""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise BadAddress(url=url) from None
    odd = (
        parts.username is not None
        or parts.query
        or parts.fragment
        or not url.strip().isprintable()
        or " " in url.strip()
    )
    if parts.scheme not in ("http", "https") or not host or odd or port == 0:
        raise BadAddress(url=url)
    return Address(
        f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}", parts.scheme == "http" and not _is_near(host)
    )


def adopt(store: Store) -> int:
    """Give records made before enrolment to the group and person of this laptop; how many there were.

    So are records that whoever had the laptop before never sent: nobody else could hand them in. Runs again before every
    sync, so that a crash after enrolment leaves none behind.
    """
    me = store.me
    if not me.group_code:
        return 0
    adopted = 0
    while found := _ownerless(store):
        with Guarded(store.path), store.session() as session:
            for table, record_id in found:
                record: Any = session.get(_table(table), record_id)
                record.group_code = me.group_code
                record.person_id = me.person_id
            session.commit()
        adopted += len(found)
    return adopted


def _ownerless(store: Store) -> list[tuple[str, str]]:
    with closing(store.reader()) as connection:
        found = matching.ownerless(connection, _ADOPTED_AT_ONCE)
        former = settings.get(connection, _FORMER).split()
        return found or (matching.never_sent_by(connection, former, _ADOPTED_AT_ONCE) if former else [])


def _table(name: str) -> type[Any]:
    from fieldkit.actions.work import table_of

    return table_of(name)


def _is_near(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False


def _prepare(store: Store, url: str, invite: str) -> str:
    """The credential for this invite, on disk before it is told to anybody; the same one when asked again."""
    with closing(store.writer()) as connection, Transaction(connection):
        known = settings.all_settings(connection)
        if known.get("credential") and read_status(connection).state not in _SHUT_OUT:
            raise AlreadyEnrolled(centre=known.get("centre_name") or known.get("centre_url", ""))
        if known.get("asked_credential") and (known.get("asked_url"), known.get("asked_invite")) == (url, invite):
            return known["asked_credential"]
        credential = secrets.token_urlsafe(_CREDENTIAL_BYTES)
        settings.put(connection, {"asked_url": url, "asked_invite": invite, "asked_credential": credential})
        return credential


def _request(store: Store, invite: str, credential: str) -> dict[str, str]:
    with closing(store.reader()) as connection:
        row = connection.execute("SELECT device FROM sync_laptop").fetchone()
    device = row["device"] if row else ""
    return {"invite": invite, "credential": credential, "device": device, "machine": platform.node()}


def _ask(url: str, request: Mapping[str, str], transport: httpx.BaseTransport | None) -> dict[str, Any]:
    import httpx

    from sync.errors import Unreachable

    headers = {"content-type": MEDIA_TYPE, "accept": MEDIA_TYPE, "accept-encoding": "identity"}
    try:
        with (
            httpx.Client(transport=transport, timeout=_TIMEOUT_SECONDS, follow_redirects=False) as client,
            client.stream("POST", f"{url}/enrol", content=json.dumps(request), headers=headers) as response,
        ):
            body = _bounded_body(response)
    except httpx.InvalidURL:
        raise BadAddress(url=url) from None
    except httpx.HTTPError as error:
        raise Unreachable(str(error)) from error
    return _answer(response, body, request["invite"])


def _bounded_body(response: httpx.Response) -> bytes:
    body = bytearray()
    for piece in response.iter_raw():
        body += piece
        if len(body) > _REPLY_LIMIT:
            break
    return bytes(body)


def _answer(response: httpx.Response, body: bytes, invite: str) -> dict[str, Any]:
    from sync.errors import CentreFault, NotACentre

    status = response.status_code
    ours = response.headers.get("content-type", "").partition(";")[0].strip() == MEDIA_TYPE
    answer = _document(body) if ours else None
    if answer is None:
        raise NotACentre(status, str(response.url))
    if status == 200 and _is_complete(answer):
        return answer
    if answer.get("error") in _REFUSALS:
        raise InviteRefused(reason=answer["error"], invite=invite)
    raise SyncFailed(cause=CentreFault(f"{status} {answer.get('error', '')}".strip()))


def _document(body: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(body)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _is_complete(answer: Mapping[str, Any]) -> bool:
    person, centre = answer.get("person"), answer.get("centre")
    fields = ("id", "name", "role", "group_code")
    return (
        isinstance(person, dict)
        and all(isinstance(person.get(field), str) for field in fields)
        and isinstance(centre, dict)
        and isinstance(centre.get("name"), str)
    )


def _settle(store: Store, url: str, credential: str, answer: Mapping[str, Any]) -> tuple[Me, str]:
    person, centre = answer["person"], answer["centre"]["name"]
    with closing(store.writer()) as connection:
        with Transaction(connection):
            had = [*settings.get(connection, _FORMER).split(), settings.get(connection, "person_id")]
            former = " ".join(dict.fromkeys(one for one in had if one not in ("", person["id"])))
            settings.forget(connection, "asked_url", "asked_invite", "asked_credential")
            settings.put(
                connection,
                {
                    "person_id": person["id"],
                    "person_name": person["name"],
                    "role": person["role"],
                    "group_code": person["group_code"],
                    "centre_name": centre,
                    "centre_url": url,
                    "credential": credential,
                    _FORMER: former,
                },
            )
        return settings.me(connection), centre
