"""What a request may cost."""

import asyncio

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, Router

from fieldkit.office.app import office_app
from fieldkit.office.limits import SMALL_BODY, BodyLimits, Tries


async def length_of(request: Request) -> PlainTextResponse:
    """An endpoint that reads its whole body."""
    return PlainTextResponse(str(len(await request.body())))


def limited(**options):
    routes = [Route("/", length_of, methods=["POST"]), Route("/sync", length_of, methods=["POST"])]
    return BodyLimits(Router(routes), sync_path="/sync", **options)


def statuses(app, messages, path="/", headers=()):
    """What `app` answers to a body that arrives as `messages`; a float among them is a silence of so many seconds."""
    scope = {"type": "http", "method": "POST", "path": path, "headers": list(headers), "query_string": b""}
    sent, waiting = [], list(messages)

    async def receive():
        if not waiting:
            await asyncio.Event().wait()
        message = waiting.pop(0)
        if isinstance(message, float):
            await asyncio.sleep(message)
            return await receive()
        return message

    async def send(message):
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    return [message["status"] for message in sent if message["type"] == "http.response.start"]


def piece(size, more=True):
    return {"type": "http.request", "body": b"x" * size, "more_body": more}


def test_a_body_may_be_as_large_as_the_bound_and_not_a_byte_larger():
    assert statuses(limited(), [piece(SMALL_BODY, more=False)]) == [200]
    assert statuses(limited(), [piece(SMALL_BODY), piece(1, more=False)]) == [413]


def test_a_declared_length_past_the_bound_is_refused_before_a_byte_is_read():
    headers = [(b"content-length", str(SMALL_BODY + 1).encode())]
    assert statuses(limited(), [], headers=headers) == [413]


def test_an_endless_body_ends_at_the_bound():
    assert statuses(limited(), [piece(1024)] * 1000) == [413]


def test_a_body_that_does_not_arrive_is_given_up():
    assert statuses(limited(idle=0.01), [piece(1)]) == [408]
    assert statuses(limited(idle=0.5), [piece(1), 0.001, piece(1, more=False)]) == [200]


def test_sync_bounds_its_own_bodies():
    assert statuses(limited(), [piece(SMALL_BODY), piece(1, more=False)], path="/sync") == [200]


def test_a_caller_who_hangs_up_gets_no_answer():
    assert statuses(limited(), [piece(1), {"type": "http.disconnect"}]) == []


def test_failures_are_counted_by_address_and_forgotten_in_time():
    now = [0.0]
    tries = Tries(2, 10.0, lambda: now[0])
    for _number in range(2):
        assert tries.left("one")
        tries.failed("one")
    assert not tries.left("one")
    assert tries.left("other")
    now[0] += 10
    assert tries.left("one")
    tries.failed("one")
    assert not tries.left("one")


def test_a_flood_of_addresses_is_not_remembered():
    tries = Tries(2, 10.0, lambda: 0.0, remembered=100)
    for number in range(10_000):
        tries.failed(str(number))
    assert len(tries._spent) == 100


@pytest.mark.parametrize(("host", "status"), [("centre.test", 401), ("evil.test", 400), ("centre.test.evil", 400)])
def test_where_names_are_configured_only_those_are_answered_to(sqlite_centre, browser_for, host, status):
    browser = browser_for(office_app(sqlite_centre, hosts=["centre.test"]))
    assert browser.get("/", headers={"host": host}).status_code == status
