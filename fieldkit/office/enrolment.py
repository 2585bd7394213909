"""Taking a laptop in: one invite, one credential that the laptop made itself, one answer however often it asks."""

from __future__ import annotations

import msgspec
from sqlalchemy.exc import IntegrityError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from fieldkit.domain import city
from fieldkit.domain.cleaning import shown
from fieldkit.ids import new_id
from fieldkit.office.centre import Centre
from fieldkit.office.limits import Tries, address_of
from fieldkit.office.tokens import is_token
from fieldkit.store import centre_access as access

MEDIA_TYPE = "application/vnd.fieldkit.enrol+json"
STATUS = {"malformed": 400, "media-type": 415, "too-many": 429}
MACHINE_LIMIT = 200


class Ask(msgspec.Struct):
    """What a laptop sends; it has stored `credential` durably before."""

    invite: str
    credential: str
    device: str = ""
    machine: str = ""


class Enrolment:
    """The endpoint, as Starlette calls it."""

    def __init__(self, centre: Centre, tries: Tries) -> None:
        self._centre = centre
        self._tries = tries

    async def redeem(self, request: Request) -> Response:
        """200 with who the laptop now belongs to, or an `error`: unknown, used, expired (403) and those of STATUS."""
        address = address_of(request.scope)
        if not self._tries.left(address):
            return _answer({"error": "too-many"}, STATUS["too-many"])
        if request.headers.get("content-type", "").partition(";")[0].strip() != MEDIA_TYPE:
            return _answer({"error": "media-type"}, STATUS["media-type"])
        try:
            ask = msgspec.json.decode(await request.body(), type=Ask)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return _answer({"error": "malformed"}, STATUS["malformed"])
        try:
            return _answer(await run_in_threadpool(self._let_in, ask), 200)
        except access.Refused as refusal:
            self._tries.failed(address)
            return _answer({"error": refusal.reason}, STATUS.get(refusal.reason, 403))

    def _let_in(self, ask: Ask) -> dict[str, object]:
        if not is_token(ask.credential):
            raise access.Refused("malformed")
        device = access.NewDevice(new_id(self._centre.clock), ask.credential, shown(ask.machine)[:MACHINE_LIMIT])
        try:
            with self._centre.changing() as connection:
                person_id = access.redeem(connection, ask.invite, device, self._centre.clock())
                person = access.person(connection, person_id)
        except IntegrityError:  # the credential belongs to another laptop already
            raise access.Refused("malformed") from None
        if person is None or person["deleted"]:
            raise access.Refused("unknown")
        return {
            "person": {field: person[field] for field in ("id", "name", "role", "group_code")},
            "centre": {"name": city.city()["city"]["name"]},
        }


def _answer(document: object, status: int) -> Response:
    return Response(msgspec.json.encode(document), status, media_type=MEDIA_TYPE)
