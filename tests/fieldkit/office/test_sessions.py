"""A one-time link signs one person in; the session ends when they say so, everywhere."""

import httpx

from fieldkit.domain import records
from fieldkit.office.app import LOGIN_FAILURES, office_app
from fieldkit.office.sessions import COOKIE, LINK_LASTS, SESSION_LASTS, new_link
from fieldkit.store import centre_access as access

OWN = {"origin": "http://centre.test"}


def token_of(browser):
    page = browser.get("/").text
    return page.partition('name="token" value="')[2].partition('"')[0]


def test_a_link_signs_in_once(office):
    link = new_link(office.centre, office.person("office"))
    first, second = office.browser(), office.browser()
    page = first.get(f"/login/{link}")
    assert page.status_code == 200
    assert "<h1>Overview</h1>" in page.text
    refused = second.get(f"/login/{link}")
    assert refused.status_code == 403
    assert COOKIE not in second.cookies
    assert first.get(f"/login/{link}").status_code == 200  # somebody already signed in who reloads is not bothered


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(sqlite_office):
    link = new_link(sqlite_office.centre, sqlite_office.person("office"))
    answer = sqlite_office.browser().get(f"/login/{link}", follow_redirects=False)
    attributes = answer.headers["set-cookie"].lower()
    assert "httponly" in attributes
    assert "samesite=strict" in attributes
    assert "secure" not in attributes
    link = new_link(sqlite_office.centre, sqlite_office.person("office"))
    answer = sqlite_office.browser().get(f"https://centre.test/login/{link}", follow_redirects=False)
    assert "; secure" in answer.headers["set-cookie"].lower()


def test_looking_ahead_does_not_use_a_link_up(sqlite_office):
    browser = sqlite_office.browser()
    link = new_link(sqlite_office.centre, sqlite_office.person("office"))
    assert browser.head(f"/login/{link}").status_code == 204
    assert browser.get(f"/login/{link}", headers={"sec-purpose": "prefetch;prerender"}).status_code == 204
    assert browser.get(f"/login/{link}").status_code == 200


def test_from_another_site_the_way_on_is_a_page_of_our_own(sqlite_office):
    link = new_link(sqlite_office.centre, sqlite_office.person("office"))
    browser = sqlite_office.browser()
    page = browser.get(f"/login/{link}", headers={"sec-fetch-site": "cross-site"}, follow_redirects=False)
    assert page.status_code == 200
    assert 'http-equiv="refresh"' in page.text
    assert "<h1>Overview</h1>" in browser.get("/").text


def test_links_and_sessions_end(office, clock):
    late = new_link(office.centre, office.person("office"))
    clock.move(seconds=LINK_LASTS.total_seconds())
    assert office.browser().get(f"/login/{late}").status_code == 403
    browser = office.signed_in()
    clock.move(seconds=SESSION_LASTS.total_seconds() - 1)
    assert browser.get("/").status_code == 200
    clock.move(seconds=1)
    assert browser.get("/").status_code == 401


def test_signing_out_kills_the_session_also_for_a_copied_cookie(office):
    browser, thief = office.signed_in(), office.browser()
    thief.cookies.set(COOKIE, browser.cookies[COOKIE], domain="centre.test")
    assert thief.get("/").status_code == 200
    left = browser.post("/logout", data={"token": token_of(browser)}, headers=OWN)
    assert left.status_code == 200
    assert thief.get("/").status_code == 401
    assert browser.get("/").status_code == 401


def test_a_post_from_another_origin_is_refused(sqlite_office):
    browser = sqlite_office.signed_in()
    token = token_of(browser)
    for origin in ("http://elsewhere.test", "null", "https://centre.test", "http://centre.test.evil", ""):
        headers = {"origin": origin} if origin else {}
        assert browser.post("/logout", data={"token": token}, headers=headers).status_code == 403, origin
    assert browser.get("/").status_code == 200


def test_a_post_without_the_forms_token_is_refused(sqlite_office):
    browser = sqlite_office.signed_in()
    for token in ("", "x", "0" * 64, "ﬀ" * 10):
        assert browser.post("/logout", data={"token": token}, headers=OWN).status_code == 403, token
    assert browser.get("/").status_code == 200


def test_somebody_elses_token_is_refused(sqlite_office):
    one, other = sqlite_office.signed_in(), sqlite_office.signed_in("leader")
    assert one.post("/logout", data={"token": token_of(other)}, headers=OWN).status_code == 403


def test_invented_cookies_open_nothing(sqlite_office):
    browser = sqlite_office.browser()
    for cookie in ("", "x", "a" * 52, "a" * 5000, "../../etc", "%00"):
        assert browser.get("/", headers={"cookie": f"{COOKIE}={cookie}"}).status_code == 401, cookie


def test_whoever_leaves_is_signed_out(office):
    person_id = office.person("recruiter", "digital")
    browser = office.browser()
    browser.get(f"/login/{new_link(office.centre, person_id)}")
    assert browser.get("/").status_code == 200
    with office.centre.reading() as connection:
        person = dict(access.person(connection, person_id))
    office.centre.save("", records.Person(**(person | {"deleted": True})))
    assert browser.get("/").status_code == 401


def test_guessing_links_is_slowed_down(sqlite_centre, browser_for):
    now = [0.0]
    browser = browser_for(office_app(sqlite_centre, now=lambda: now[0]))
    codes = [browser.get(f"/login/guess{number}").status_code for number in range(LOGIN_FAILURES + 2)]
    assert codes == [403] * LOGIN_FAILURES + [httpx.codes.TOO_MANY_REQUESTS] * 2
    now[0] += 60
    assert browser.get("/login/guess").status_code == 403
