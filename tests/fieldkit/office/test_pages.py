"""What the pages show, to whom, and that nothing in a record can harm who reads it."""

import html
import re
from datetime import date, timedelta

import pytest
from sqlalchemy import insert

import sync
from fieldkit.domain.city import group_codes
from fieldkit.domain.kinds import ROLES
from fieldkit.office.pages import PAGES
from fieldkit.office.sessions import new_link

VIEWERS = ("tcm-health", "new-energy-materials", "office")
SEE_ALL = {"office", "admin", "leader"}
LISTS = [path for path in PAGES if "{" not in path]
DETAILS = [path for path in PAGES if "{" in path]
HARMFUL = [
    chr(code) for code in (*range(0x20), *range(0x7F, 0xA0), 0xAD, 0x200B, 0x200F, 0x202E, 0x2066, 0xFEFF, 0xE0041)
]
HARMLESS_IN_SOURCE = "\n"  # the templates' own line ends


def canary(group):
    return f"canary-of-{group}"


@pytest.fixture(scope="module")
def watched(lasting_office):
    """One company, contact, lead, visit, follow-up, conflict and laptop in each group, named after it; ids by group."""
    office, made = lasting_office[0], {}
    for group in group_codes():
        name = canary(group)
        person = office.person("group-leader", group, name=f"leader {name}")
        company = office.add("companies", group, name=f"company {name}", person_id=person)
        links = {"company_id": company, "person_id": person}
        contact = office.add("contacts", group, name=f"contact {name}", **links)
        lead = office.add("leads", group, title=f"lead {name}", amount=10**8, stage=f"stage-{name}", **links)
        visit = office.add("visits", group, text=f"visit {name}", contact_id=contact, lead_id=lead, **links)
        office.add("followups", group, what=f"follow-up {name}", visit_id=visit, **links)
        office.laptop("group-leader", group, name=f"leader {name}")
        hold(office, "leads", lead, "title", f'"other {name}"', person)
        made[group] = {"companies": company, "leads": lead, "visits": visit}
    return made


def hold(office, table, record, field, value, author):
    """Put an open conflict beside a record."""
    held = sync.centre_metadata().tables["sync_conflict"]
    row = {"id": f"{record}{field}", "tab": table, "record": record, "field": field, "stamp": "1" * 31, "value": value}
    with office.centre.changing() as connection:
        connection.execute(insert(held).values(**row, author=author))


@pytest.mark.parametrize("role", ROLES)
def test_everybody_sees_their_own_groups_and_nothing_of_any_other(lasting_office, watched, role):
    """Every role, every route, every group: a canary shows on exactly the pages of whoever may read it."""
    office = lasting_office[0]
    for group in VIEWERS if role not in SEE_ALL else ("office",):
        browser = office.browser()
        browser.get(f"/login/{new_link(office.centre, office.person(role, group))}")
        visible = set(group_codes()) if role in SEE_ALL else {group}
        for path in LISTS:
            text = browser.get(path).text
            seen = {code for code in group_codes() if canary(code) in text}
            assert seen == visible, (path, group)
        for code in group_codes():
            addresses = [f"{path}?group={code}" for path in LISTS]
            addresses += [path.replace("{id}", watched[code][path.split("/")[1]]) for path in DETAILS]
            for address in addresses:
                answer = browser.get(address)
                assert answer.status_code == (200 if code in visible else 404), (address, group)
                shown = {other for other in group_codes() if canary(other) in answer.text}
                assert shown == ({code} if code in visible else set()), (address, group)


def test_without_a_session_every_page_shows_nothing(lasting_office, watched):
    browser = lasting_office[0].browser()
    for path in PAGES:
        answer = browser.get(path.replace("{id}", watched["digital"].get(path.split("/")[1], "")))
        assert answer.status_code == 401
        assert "canary" not in answer.text


def test_a_record_of_my_group_does_not_name_what_it_refers_to_in_another(sqlite_office):
    """A laptop can write any id into a reference; the name behind it still belongs to its own group."""
    hidden = sqlite_office.add("companies", "tcm-health", name="hidden canary")
    visit = sqlite_office.add("visits", "digital", text="visit", company_id=hidden)
    lead = sqlite_office.add("leads", "digital", title="lead", company_id=hidden)
    hold(sqlite_office, "visits", visit, "company_id", f'"{hidden}"', "")
    browser = sqlite_office.signed_in("recruiter", "digital")
    for path in ("/", "/visits", "/leads", f"/visits/{visit}", f"/leads/{lead}"):
        answer = browser.get(path)
        assert answer.status_code == 200
        assert "hidden canary" not in answer.text


def test_a_deleted_record_is_gone_from_every_page(sqlite_office):
    visit = sqlite_office.add("visits", "digital", text="gone canary", deleted=True)
    lead = sqlite_office.add("leads", "digital", title="gone canary", amount=1, deleted=True)
    browser = sqlite_office.signed_in()
    for path in ("/", "/visits", "/leads"):
        assert "gone canary" not in browser.get(path).text
    assert browser.get(f"/visits/{visit}").status_code == browser.get(f"/leads/{lead}").status_code == 404


@pytest.fixture
def hostile(sqlite_office):
    """Records whose every field is as hostile as a store can hold, and the addresses of their pages."""
    harm = (
        "".join(HARMFUL).replace("\0", "")
        + "<script>alert(1)</script>'\"><img src=x onerror=alert(1)>{{7*7}}{% raw %}&amp;"
    )
    person = sqlite_office.person("recruiter", "digital")
    texts = {"person_id": person, "task_force": harm, "note": harm}
    company = sqlite_office.add(
        "companies", "digital", name=harm, short_name=harm, uscc=harm, region=harm, address=harm, **texts
    )
    contact = sqlite_office.add("contacts", "digital", name=harm, company_id=company, post=harm, phone=harm, **texts)
    lead = sqlite_office.add(
        "leads", "digital", title=harm, company_id=company, stage=harm, stage_reason=harm, amount=10**8, currency=harm,
        mode=harm, place_code=harm, content=harm, **texts,
    )  # fmt: skip
    visit = sqlite_office.add(
        "visits", "digital", text=harm, visited_time=harm, company_id=company, contact_id=contact, lead_id=lead, mode=harm,
        place=harm, tags=harm, person_id=person,
    )  # fmt: skip
    sqlite_office.add(
        "followups", "digital", what=harm, due_time=harm, visit_id=visit, lead_id=lead, company_id=company
    )
    hold(sqlite_office, "leads", lead, harm.replace("\0", ""), '"\\u0000<script>alert(1)</script>"', person)
    hold(sqlite_office, "leads", lead, "title", '{"a": ["<script>alert(1)</script>\\u001b"]}', person)
    return [*LISTS, f"/leads?stage={lead}", f"/visits/{visit}", f"/leads/{lead}", f"/companies/{company}"]


def test_hostile_text_stays_text(sqlite_office, hostile):
    browser = sqlite_office.signed_in()
    for path in hostile:
        answer = browser.get(path)
        assert answer.status_code == 200, path
        assert "<script" not in answer.text
        assert "<img" not in answer.text
        assert not re.search(r"<[^>]+\son\w+\s*=", answer.text)
        for character in HARMFUL:
            if character not in HARMLESS_IN_SOURCE:
                assert character not in answer.text, (path, hex(ord(character)))
                assert f"&#{ord(character)};" not in answer.text
    assert "{{7*7}}" in html.unescape(browser.get("/visits").text)


ODD = ["'", '"><script>alert(1)</script>', "%00", "\0", "../..", "x" * 3000, "2026-13-45", "\ud7ff"]


@pytest.mark.parametrize("parameter", ["group", "stage", "after", "language", "nonsense"])
def test_odd_parameters_are_answered(sqlite_office, parameter):
    sqlite_office.add("leads", "digital", title="lead")
    browser = sqlite_office.signed_in()
    for value in ODD:
        for path in LISTS:
            answer = browser.get(path, params=[(parameter, value), (parameter, value)])
            assert answer.status_code in (200, 404), (path, value)
            assert "<script" not in answer.text


def test_addresses_that_do_not_exist(sqlite_office):
    browser = sqlite_office.signed_in()
    for path in ("/nothing", "/visits/nothing", "/leads/%00", "/companies/'", "/static/../app.py", "/static/nothing"):
        assert browser.get(path).status_code == 404, path
    assert browser.post("/visits").status_code == 405


def test_a_page_holds_fifty_and_the_pages_together_hold_all_once(office, clock):
    days = [date(2026, 11, 1 + number % 20) for number in range(120)]
    visits = []
    for number, day in enumerate(days):
        clock.move(milliseconds=1)  # ids are in the order of their time
        visits.append(office.made("visits", "digital", text=f"visit number {number}.", visited_on=day))
    office.centre.save("", *visits)
    seen = walk(office.signed_in(), "/visits", r"visit number (\d+)\.")
    assert [len(page) for page in seen] == [50, 50, 20]
    order = [number for page in seen for number in page]
    assert order == sorted(range(120), key=lambda number: (days[number], number), reverse=True)


def test_leads_come_in_the_order_of_their_stages_over_all_pages(office, clock):
    stages = ["talks", "lead", "signed", "shelved", "made-up"]
    leads = []
    for number in range(105):
        clock.move(milliseconds=1)
        leads.append(office.made("leads", "digital", title=f"lead number {number}.", stage=stages[number % 5]))
    office.centre.save("", *leads)
    browser = office.signed_in()
    seen = walk(browser, "/leads", r"lead number (\d+)\.")
    assert [len(page) for page in seen] == [50, 50, 5]
    order = [number for page in seen for number in page]
    in_order = ["lead", "talks", "signed", "shelved", "made-up"]
    assert order == sorted(range(105), key=lambda number: (in_order.index(stages[number % 5]), -number))
    assert len(re.findall(r"lead number", browser.get("/leads?stage=signed").text)) == 21
    assert "lead number" not in browser.get("/leads?stage=nothing").text


def walk(browser, path, pattern):
    pages, address = [], path
    while address:
        text = browser.get(address).text
        pages.append([int(number) for number in re.findall(pattern, text)])
        following = re.search(r'class="following"><a href="([^"]+)"', text)
        address = html.unescape(following[1]) if following else ""
    return pages


def test_the_headline_counts(office, clock):
    monday = date(2026, 11, 23)
    for offset in (-1, 0, 3, 6, 7):
        office.add("visits", "digital", text="visit", visited_on=monday + timedelta(days=offset))
    for hours in (-16, -14, 0):  # the week began fifteen hours ago
        office.add(
            "leads",
            "digital",
            title="lead",
            created_at=clock() + timedelta(hours=hours),
            amount=15 * 10**7,
            stage="talks",
        )
    office.add("leads", "tcm-health", title="huge", amount=2**63 - 1, stage="signed")
    office.add("leads", "tcm-health", title="huge", amount=2**63 - 1, stage="signed")
    office.add("leads", "tcm-health", title="dollars", amount=3_000_000, currency="USD", stage="signed")
    office.add("leads", "tcm-health", title="shelved", amount=10**15, stage="shelved")
    browser = office.signed_in()
    assert figures(browser.get("/?group=digital").text) == ["3", "2", "3", "CNY 450 million"]
    whole = figures(browser.get("/").text)
    assert whole[:3] == ["3", "6", "6"]
    assert whole[3] == f"CNY {2 * (2**63 - 1) + 45 * 10**7:,} + USD 3 million"


def figures(text):
    return [
        html.unescape(value)
        for value in re.findall(r"<dd>([^<]*)</dd>", text.partition('class="figures"')[2].partition("</dl>")[0])
    ]


def test_both_values_of_a_conflict_are_in_sight(office):
    writer, other = (
        office.person("recruiter", "digital", name="王芳"),
        office.person("recruiter", "digital", name="李强"),
    )
    company = office.add("companies", "digital", name="沐川电池", person_id=writer)
    lead = office.add("leads", "digital", title="电池包一期", amount=250_000_000, person_id=writer)
    hold(office, "leads", lead, "title", '"电池包扩产"', other)
    hold(office, "leads", lead, "amount", "300000000", other)
    hold(office, "leads", lead, "company_id", f'"{company}"', other)
    hold(office, "leads", lead, "deleted", "true", other)
    browser = office.signed_in()
    assert (
        "电池包一期"
        in browser.get("/").text.partition("Two people wrote different values")[2].partition("</section>")[0]
    )
    page = browser.get(f"/leads/{lead}").text.partition('class="conflicts"')[2].partition("</section>")[0]
    for text in ("电池包一期", "电池包扩产", "CNY 250 million", "CNY 300 million", "沐川电池", "李强", "Deleted"):
        assert text in page, text


def test_related_records_are_linked(office):
    company = office.add("companies", "digital", name="沐川电池")
    contact = office.add("contacts", "digital", name="陈立新", company_id=company, phone="+8613800138000")
    lead = office.add("leads", "digital", title="电池包", company_id=company)
    links = {"company_id": company, "lead_id": lead}
    visit = office.add("visits", "digital", text="第一行\n第二行", contact_id=contact, **links)
    office.add("followups", "digital", what="送环评要求", visit_id=visit, **links)
    browser = office.signed_in()
    for path in (f"/visits/{visit}", f"/leads/{lead}", f"/companies/{company}"):
        text = browser.get(path).text
        assert "送环评要求" in text, path
        assert "沐川电池" in text, path
    assert f'href="/visits/{visit}"' in browser.get(f"/leads/{lead}").text
    assert f'href="/companies/{company}"' in browser.get(f"/visits/{visit}").text
    assert "第一行<br>第二行" in browser.get(f"/visits/{visit}").text
    assert "138 0013 8000" in browser.get(f"/visits/{visit}").text


def test_the_pages_speak_the_language_that_is_asked_for(sqlite_office):
    browser = sqlite_office.signed_in()
    chinese, english = ("拜访", 'lang="zh-CN"'), ("Visits", 'lang="en"')
    for header, words in (
        ("zh-CN,zh;q=0.9,en;q=0.8", chinese), ("en-US", english), ("fr, en;q=0.5", english), ("fr", chinese),
        ("", chinese), ("en;q=0.2, zh;q=x, zh-TW;q=0.9", chinese), ("," * 5000, chinese),
    ):  # fmt: skip
        text = browser.get("/visits", headers={"accept-language": header}).text
        assert all(word in text for word in words), header
    nobody = sqlite_office.browser()
    nobody.get("/?language=zh_CN")
    assert 'lang="zh-CN"' in nobody.get("/visits").text
    browser.get("/visits?language=zh_CN")
    assert 'lang="zh-CN"' in browser.get("/", headers={"accept-language": "en"}).text


def test_every_reply_carries_the_security_headers(sqlite_office):
    browser = sqlite_office.signed_in()
    answers = [browser.get(path) for path in ("/", "/nothing", "/static/office.css", "/static/icon.svg", "/login/x")]
    answers += [
        browser.post("/enrol"),
        browser.post("/sync"),
        browser.post("/logout"),
        sqlite_office.browser().get("/"),
    ]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"


def test_the_pages_hold_neither_script_nor_inline_style(sqlite_office, hostile):
    browser = sqlite_office.signed_in()
    for path in hostile:
        text = browser.get(path).text
        assert "<style" not in text
        assert not re.search(r"<[^>]+\sstyle=", text)


def test_a_failure_tells_nothing_of_its_insides(sqlite_office, monkeypatch):
    browser = sqlite_office.signed_in()
    monkeypatch.setattr("fieldkit.store.centre_reading.latest_visits", None)
    answer = browser.get("/visits")
    assert answer.status_code == 500
    assert "NoneType" not in answer.text
    assert "no record was changed" in answer.text
    assert "content-security-policy" in answer.headers
