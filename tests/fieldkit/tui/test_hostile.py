"""Somebody else's note must not paint, retitle, run or crash anything: every widget, every screen."""

import asyncio
import unicodedata

import pytest

from fieldkit import actions

BAD = (
    "[/] [@click=app.quit]x[/] [link=javascript:1]y [bold red]z \x1b]0;owned\x07 \x1b[2J \x9b31m "
    "\u202eesrever\u202c \u2066iso\u2069 a\u200bb\ufeffc \U000e0041tag \x00nul end"
)
MARKUP = "[@click=app.quit]x[/]"


def harmless(text):
    return [
        (character, hex(ord(character)))
        for character in text.replace("\n", "")
        if unicodedata.category(character) in ("Cc", "Cf", "Cs")
    ]


@pytest.fixture
def hostile(store):
    """Records of every kind, written past the actions' own cleaning as a colleague's broken laptop would."""
    company = actions.add(store, "companies", {"name": "甲"})
    contact = actions.add(store, "contacts", {"name": "乙", "company_id": company})
    lead = actions.add(store, "leads", {"title": "丙", "company_id": company})
    visit = actions.add(store, "visits", {"text": "丁", "company_id": company, "contact_id": contact, "lead_id": lead})
    due = {"what": "戊", "due_on": "2026-11-23", "visit_id": visit, "company_id": company}
    actions.add(store, "followups", due)
    writer = store.writer()
    for table, fields in {
        "companies": "name short_name uscc region address task_force note",
        "contacts": "name post phone wechat email note",
        "leads": "title stage_reason amount_text currency mode place_code content note",
        "visits": "text mode task_force place amount_text currency tags needs",
        "followups": "what note",
    }.items():
        assignments = ", ".join(f"{field} = ?" for field in fields.split())
        writer.execute(f"UPDATE {table} SET {assignments}", [BAD] * len(fields.split()))
    writer.execute("UPDATE leads SET amount = 5")
    writer.execute("UPDATE visits SET amount = 5")
    writer.close()


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
def test_every_screen_shows_hostile_text_harmlessly(hostile, drive, size):
    async def day():
        async with drive(size) as app:
            for keys in (("1",), ("2",), ("ctrl+t",), ("3",), ("enter",), ("4",), ("5",), ("enter",), ("6",)):
                await app.press(*keys)
                assert harmless(app.text) == [], keys
                assert app.app.return_code is None
            assert MARKUP in app.text

    asyncio.run(day())


def test_forms_search_and_history_show_hostile_text_harmlessly(hostile, drive):
    async def day():
        async with drive() as app:
            for screen in "1345":
                await app.press(screen, "f4")
                assert harmless(app.text) == []
                assert len(app.app.screen_stack) == 2
                await app.press("escape")
            await app.press("f3")
            await app.type("甲")
            assert harmless(app.text) == []
            await app.press("escape", "h")
            assert harmless(app.text) == []

    asyncio.run(day())


def test_hostile_text_in_the_composer_and_the_status_line(drive):
    async def day():
        async with drive() as app:
            await app.press("f2")
            await app.type(BAD)
            assert harmless(app.text) == []
            assert MARKUP in app.text
            app.app.tell(BAD)
            await app.settle()
            assert harmless(app.text) == []
            await app.press("ctrl+s", "3")
            assert harmless(app.text) == []

    asyncio.run(day())
