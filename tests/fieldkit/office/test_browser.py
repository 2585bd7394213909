"""The pages in a real browser: signing in by the printed link, reading, filtering, signing out; without JavaScript."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

pytestmark = pytest.mark.browser
CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)
SECONDS = 60


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = next((path for path in CHROMIUM if Path(path).exists()), shutil.which("chromium"))
    if path is None:
        missing = pytest.fail if os.environ.get("CI") else pytest.skip
        missing("Chromium is missing: the browser tests need it. On Debian: apt-get install chromium (.ci/run does).")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(OPTIONS))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def office_home(lasting_office) -> Path:
    """A home whose centre holds work of two groups."""
    office, clock, home = lasting_office
    clock.moment = datetime.now(timezone(timedelta(hours=8)))
    person = office.person("recruiter", "digital", name="王芳")
    made = []
    for number in range(60):
        clock.move(milliseconds=1)
        company = office.made("companies", "digital", name=f"科大讯飞第{number}公司", person_id=person)
        links = {"person_id": person, "company_id": company.id}
        lead = office.made("leads", "digital", title=f"语音基地{number}", amount=250_000_000, **links)
        text = f"上门拜访，对方介绍了扩产计划，关注用地指标和蒸汽价格。{number}"
        made += [company, lead, office.made("visits", "digital", text=text, lead_id=lead.id, **links)]
    office.centre.save(person, *made)
    office.add("visits", "tcm-health", text="拜访华佗国药")
    office.laptop("recruiter", "digital", name="王芳")
    return home


@pytest.fixture(scope="module")
def served(office_home) -> Iterator[tuple[str, dict[str, str]]]:
    """The address of a server process, and the environment of its commands."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FIELDKIT_")}
    environment["FIELDKIT_HOME"] = str(office_home)
    words = [sys.executable, "-m", "fieldkit", "office", "serve", "--port", "0", "--json"]
    with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())["url"], environment
        process.terminate()
        assert process.wait(SECONDS) == 0


@pytest.fixture
def page(chromium, served) -> Iterator[Page]:
    """A page of a Chinese browser without JavaScript, signed in by a link; whatever the console says fails the test."""
    _url, environment = served
    words = [sys.executable, "-m", "fieldkit", "office", "login", "--json"]
    printed = subprocess.run(words, env=environment, capture_output=True, check=True, text=True, timeout=SECONDS)
    context = chromium.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900}, java_script_enabled=False)
    opened, said = context.new_page(), []
    opened.on("console", lambda message: said.append(message.text))
    opened.goto(json.loads(printed.stdout)["url"])
    yield opened
    context.close()
    assert [text for text in said if "401" not in text] == []  # the last page is the one that asks to sign in


def test_the_office_signs_in_reads_and_signs_out(page, served):
    url, _environment = served
    assert page.url == f"{url}/"
    expect(page.locator("h1")).to_have_text("总览")
    page.get_by_role("link", name="拜访", exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(50)
    page.get_by_role("link", name="下一页").click()
    expect(page.locator("tbody tr")).to_have_count(11)
    page.get_by_role("combobox").select_option("tcm-health")
    page.get_by_role("button", name="显示").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody")).to_contain_text("华佗国药")
    page.get_by_role("link", name="线索", exact=True).click()
    page.get_by_role("combobox").select_option("")
    page.get_by_role("button", name="显示").click()
    expect(page.locator(".stages")).to_contain_text("150亿元")
    page.get_by_role("link", name="语音基地59").click()
    expect(page.locator(".fields")).to_contain_text("2.5亿元")
    page.get_by_role("link", name="科大讯飞第59公司").first.click()
    expect(page.locator("h1")).to_have_text("科大讯飞第59公司")
    page.get_by_role("link", name="电脑", exact=True).click()
    expect(page.locator("tbody")).to_contain_text("王芳")
    page.get_by_role("link", name="English").click()
    expect(page.locator("h1")).to_have_text("Laptops")
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("main")).to_contain_text("You are signed out.")
    page.goto(f"{url}/visits")
    expect(page.locator("h1")).to_have_text("Sign in")


def test_no_page_is_wider_than_its_window(page, served):
    for width in (1280, 768, 390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        for path in ("/", "/visits", "/leads", "/devices"):
            page.goto(served[0] + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)


def test_a_link_followed_from_another_site_still_signs_in(chromium, served):
    """A strict cookie does not follow a redirect that another site began; the page in between takes care of it."""
    url, environment = served
    words = [sys.executable, "-m", "fieldkit", "office", "login", "--json"]
    link = json.loads(subprocess.run(words, env=environment, capture_output=True, check=True, text=True).stdout)["url"]
    context = chromium.new_context(locale="zh-CN", java_script_enabled=False)
    opened = context.new_page()
    foreign = url.replace("127.0.0.1", "localhost")
    context.route(
        f"{foreign}/mail", lambda route: route.fulfill(content_type="text/html", body=f'<a href="{link}">link</a>')
    )
    opened.goto(f"{foreign}/mail")
    opened.get_by_role("link", name="link").click()
    expect(opened.locator("h1")).to_have_text("总览")
    context.close()
