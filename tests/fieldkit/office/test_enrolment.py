"""An invite lets exactly one laptop in, once, and answers the same laptop again."""

import asyncio

import httpx
import pytest
from sqlalchemy import inspect, text

from fieldkit.errors import Invalid, UnknownGroup
from fieldkit.office.app import ENROL_FAILURES, office_app
from fieldkit.office.enrolment import MEDIA_TYPE
from fieldkit.office.people import invite
from fieldkit.store import centre_access as access

CREDENTIAL = "made-by-the-laptop-" + "x" * 30


@pytest.fixture
def made(centre):
    return invite(centre, "", "王芳", "recruiter", group="digital")


def ask(secret, credential=CREDENTIAL, **more):
    return {"invite": secret, "credential": credential, "device": "0123456789ab", "machine": "field-07", **more}


def enrol(browser, body, media_type=MEDIA_TYPE):
    return browser.post("/enrol", json=body, headers={"content-type": media_type})


def test_an_invite_lets_a_laptop_in_and_answers_it_again(office, made):
    browser = office.browser()
    first = enrol(browser, ask(made["invite"]))
    assert first.status_code == 200
    assert first.headers["content-type"] == MEDIA_TYPE
    person = {"id": made["person"], "name": "王芳", "role": "recruiter", "group_code": "digital"}
    assert first.json() == {"person": person, "centre": {"name": "亳州市"}}
    assert enrol(browser, ask(made["invite"])).json() == first.json()
    other = enrol(browser, ask(made["invite"], "another-" + "y" * 30))
    assert (other.status_code, other.json()) == (403, {"error": "used"})
    with office.centre.reading() as connection:
        (device,) = access.devices(connection)
    assert (device["person"], device["machine"]) == ("王芳", "field-07")


def test_unknown_and_expired_invites_are_refused(office, made, clock):
    browser = office.browser()
    assert enrol(browser, ask("unknown")).json() == {"error": "unknown"}
    assert enrol(browser, ask("")).json() == {"error": "unknown"}
    clock.move(days=7, seconds=-1)
    late = invite(office.centre, "", "李强", "recruiter", group="digital", days=1)
    clock.move(days=1)
    for secret in (made["invite"], late["invite"]):
        refused = enrol(browser, ask(secret))
        assert (refused.status_code, refused.json()) == (403, {"error": "expired"})


def test_a_laptop_whose_answer_was_lost_gets_it_even_after_the_invite_has_expired(office, made, clock):
    browser = office.browser()
    assert enrol(browser, ask(made["invite"])).status_code == 200
    clock.move(days=30)
    assert enrol(browser, ask(made["invite"])).status_code == 200


def test_sixty_four_at_once_let_exactly_one_in(office, made):
    async def race():
        transport = httpx.ASGITransport(office.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://centre.test") as client:
            bodies = [ask(made["invite"], f"credential-{number:030d}") for number in range(64)]
            headers = {"content-type": MEDIA_TYPE}
            return await asyncio.gather(*(client.post("/enrol", json=body, headers=headers) for body in bodies))

    answers = asyncio.run(race())
    assert sorted(answer.status_code for answer in answers) == [200] + [403] * 63
    assert {answer.json()["error"] for answer in answers if answer.status_code == 403} == {"used"}
    with office.centre.reading() as connection:
        assert len(access.devices(connection)) == 1


def test_a_credential_belongs_to_one_laptop(office, made):
    browser = office.browser()
    enrol(browser, ask(made["invite"]))
    second = invite(office.centre, "", "李强", "recruiter", group="digital")
    assert enrol(browser, ask(second["invite"])).json() == {"error": "malformed"}
    assert enrol(browser, ask(second["invite"], "fresh-" + "z" * 40)).status_code == 200


def test_no_secret_is_in_the_database(office, made):
    enrol(office.browser(), ask(made["invite"]))
    cookie = office.signed_in().cookies["fieldkit_session"]
    with office.centre.reading() as connection:
        names = inspect(connection).get_table_names()
        stored = [str(row) for name in names for row in connection.execute(text(f'SELECT * FROM "{name}"'))]
    for secret in (made["invite"], CREDENTIAL, cookie):
        assert not any(secret in row for row in stored)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"[]", 400),
        (b"{}", 400),
        (b'{"invite": 1, "credential": "x"}', 400),
        (b'{"invite": "\\ud800", "credential": "' + b"c" * 40 + b'"}', 400),
        (b"\xff\xfe", 400),
        (b'{"invite": "unknown", "credential": "short"}', 400),
        (b"[" * 15_000, 400),
        (b"x" * 16_385, 413),
    ],
)
def test_bodies_that_are_no_enrolment(sqlite_office, body, status):
    answer = sqlite_office.browser().post("/enrol", content=body, headers={"content-type": MEDIA_TYPE})
    assert answer.status_code == status


def test_only_the_media_type_of_enrolment_is_read(sqlite_office):
    assert enrol(sqlite_office.browser(), ask("unknown"), "application/json").status_code == 415
    assert sqlite_office.browser().get("/enrol").status_code == 405


def test_guessing_is_slowed_down_and_a_pause_helps(sqlite_centre, browser_for):
    now = [0.0]
    client = browser_for(office_app(sqlite_centre, now=lambda: now[0]))
    codes = [enrol(client, ask("guess")).status_code for _number in range(ENROL_FAILURES + 3)]
    assert codes == [403] * ENROL_FAILURES + [429] * 3
    now[0] += 60
    assert enrol(client, ask("guess")).status_code == 403


def test_the_same_name_in_the_same_group_is_the_same_person(office):
    first = invite(office.centre, "", "王芳", "recruiter", group="digital", post="科员")
    again = invite(office.centre, "", " 王芳 ", "group-leader", group="digital")
    other = invite(office.centre, "", "王芳", "recruiter", group="electronics")
    assert first["person"] == again["person"] != other["person"]
    assert first["invite"] != again["invite"]
    with office.centre.reading() as connection:
        person = access.person(connection, first["person"])
    assert (person["role"], person["post"]) == ("group-leader", "科员")


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ({"name": " "}, Invalid),
        ({"name": "王\x1b[2J芳"}, Invalid),
        ({"name": "王\n芳"}, Invalid),
        ({"name": "王" * 101}, Invalid),
        ({"role": "king"}, Invalid),
        ({"group": ""}, Invalid),
        ({"group": "nowhere"}, UnknownGroup),
        ({"post": "\x07"}, Invalid),
    ],
)
def test_people_who_cannot_be_invited(sqlite_centre, words, error):
    asked = {"name": "王芳", "role": "recruiter", "group": "digital", "post": ""} | words
    with pytest.raises(error):
        invite(sqlite_centre, "", asked.pop("name"), asked.pop("role"), **asked)
