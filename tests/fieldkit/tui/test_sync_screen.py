"""What waits, what was refused and why, and conflicts with both values, settled by one choice."""

import asyncio
import json
from contextlib import closing
from threading import Event

import pytest

from fieldkit import actions, i18n
from fieldkit.reasons import state_words
from fieldkit.replication import status
from fieldkit.store import query
from sync import Outcome, Progress
from sync.errors import Unreachable


def region(store):
    with closing(store.reader()) as reader:
        return query.listing(reader, "companies", 1)[0]["region"]


def test_what_waits_is_listed_with_its_badge(store, drive):
    actions.add(store, "companies", {"name": "古井贡酒"})

    async def look():
        async with drive() as app:
            await app.press("6", "home")
            assert "古井贡酒" in app.text
            assert "⇡" in app.text
            await app.press("enter")
            assert app.mode == "companies"

    asyncio.run(look())


def test_a_laptop_without_a_centre_says_so_and_loses_nothing(store, drive):
    actions.add(store, "companies", {"name": "古井贡酒"})

    async def look():
        async with drive((200, 24)) as app:
            await app.press("f5")
            assert "fieldkit enrol" in app.text

    asyncio.run(look())
    assert region(store) == ""


@pytest.mark.parametrize(("moves", "expected"), [(0, "亳州"), (1, "合肥"), (2, "亳州 / 合肥")])
def test_a_conflict_is_settled_by_mine_theirs_or_both(store, drive, moves, expected):
    company = actions.add(store, "companies", {"name": "古井贡酒", "region": "亳州"})
    plant_conflict(store, company, "合肥")

    async def look():
        async with drive() as app:
            await app.press("6", "home")
            assert "亳州" in app.text
            assert "合肥" in app.text
            await app.press("enter")
            await app.press(*["down"] * moves, "enter")
            assert len(app.app.screen_stack) == 1

    asyncio.run(look())
    assert region(store) == expected


def test_another_value_can_be_written(store, drive):
    company = actions.add(store, "companies", {"name": "古井贡酒", "region": "亳州"})
    plant_conflict(store, company, "合肥")

    async def look():
        async with drive() as app:
            await app.press("6", "home")
            await app.press("enter")
            await app.press("down", "down", "down", "enter", "ctrl+u")
            await app.type("谯城")
            await app.press("enter")

    asyncio.run(look())
    assert region(store) == "谯城"


def test_a_record_deleted_beside_an_edit_is_seen_and_brought_back(store, drive):
    company = actions.add(store, "companies", {"name": "古井贡酒"})
    actions.delete(store, "companies", company)
    plant_conflict(store, company, False, field="deleted")

    async def look():
        async with drive() as app:
            await app.press("6", "home")
            assert "古井贡酒" in app.text
            assert "删除了它" in app.text
            await app.press("enter")
            assert "删除它" in app.text
            await app.press("down", "enter")
            assert len(app.app.screen_stack) == 1
            assert app.app.work_screen.selected() == ("companies", company)

    asyncio.run(look())
    with closing(store.reader()) as reader:
        assert [row["id"] for row in query.listing(reader, "companies", 9)] == [company]


@pytest.mark.parametrize(("moves", "expected"), [(0, "form"), (1, "waiting"), (2, "gone")])
def test_a_refused_record_is_edited_sent_again_or_given_up(store, drive, moves, expected):
    company = actions.add(store, "companies", {"name": "古井贡酒"})
    with closing(store.writer()) as writer:
        writer.execute("UPDATE sync_outbox SET state = 'rejected', reason = 'author'")

    async def look():
        async with drive() as app:
            await app.press("6", "home")
            assert "别人的名字" in app.text
            await app.press("enter", *["down"] * moves, "enter")
            if expected == "form":
                assert type(app.app.screen).__name__ == "FormScreen"
            elif expected == "waiting":
                assert badge(store, company) == "waiting"
            else:
                assert badge(store, company) is None
                assert "古井贡酒" not in app.text
                await app.press("ctrl+z")
                assert "古井贡酒" in app.text

    asyncio.run(look())


def badge(store, company):
    with closing(store.reader()) as reader:
        return status.badges(reader, "companies", [company]).get(company)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_state_has_its_words_with_the_key_that_helps(store, drive, language):
    i18n.use_language(language)
    with closing(store.writer()) as writer:
        writer.execute("INSERT INTO sync_laptop (one, device) VALUES (1, 'aaaaaaaaaaaa')")

    async def look():
        async with drive((200, 24)) as app:
            await app.press("6")
            for state in ("unreachable", "portal", "sign-in", "revoked", "clock", "too-old", "fork", "fault", "busy"):
                with closing(store.writer()) as writer:
                    writer.execute("UPDATE sync_laptop SET state = ?", (state,))
                app.app.store_changed()
                await app.settle()
                words = state_words(state, "按 F5" if language == "zh_CN" else "press F5")
                assert words in app.text, state

    asyncio.run(look())


class Slow:
    """A centre at the other end of a slow line: it is asked, tells its steps, and answers when it is let go."""

    def __init__(self, outcome):
        self.asked, self.go = Event(), Event()
        self.outcome = outcome

    def __call__(self, _store, progress):
        progress(Progress(0, 12, 0, 3))
        self.asked.set()
        while not self.go.wait(0.05):
            progress(Progress(0, 12, 0, 3))
        progress(Progress(3, 9, 2))
        return self.outcome


@pytest.fixture
def slow(monkeypatch):
    made = Slow(Outcome("unreachable", 3, 2, 9, 0, 0, Unreachable()))
    monkeypatch.setattr("fieldkit.replication.laptop.synchronise", made)
    return made


def test_an_exchange_tells_its_steps_blocks_nothing_and_says_what_stopped_it(store, drive, slow):
    async def look():
        async with drive() as app:
            await app.pilot.press("6", "f5")
            assert await asyncio.to_thread(slow.asked.wait, 20)
            await app.pilot.pause(0.2)
            assert "正在发送第 3 条，共 12 条" in app.text
            await app.pilot.press("f5", "5")
            await app.pilot.pause(0.2)
            assert app.mode == "companies"
            slow.go.set()
            await app.settle()
            assert "中心没有回应" in app.text

    asyncio.run(look())


def test_leaving_during_an_exchange_warns_and_then_waits_for_nobody(store, drive, slow):
    async def look():
        async with drive() as app:
            await app.pilot.press("f5")
            assert await asyncio.to_thread(slow.asked.wait, 20)
            await app.pilot.press("ctrl+q")
            await app.pilot.pause(0.2)
            assert "再按 Ctrl+Q 退出" in app.text
            assert not app.app._exit
            await app.pilot.press("ctrl+q")
            assert app.app._exit
            return app.app

    left = asyncio.run(look())
    slow.go.set()
    left.deeds.rest()
    assert not left.exchanging


def plant_conflict(store, company, other, field="region"):
    """As an arriving page leaves it: the record keeps its value, the other one stands beside it."""
    writer = store.writer()
    columns = [row["name"] for row in writer.execute("PRAGMA table_info(sync_conflict)")]
    values = {"id": "c1", "tab": "companies", "record": company, "field": field, "value": json.dumps(other)}
    values |= {"stamp": "00000000000000-0000-other", "author": "other", "kept_author": ""}
    known = {column: values.get(column, "") for column in columns}
    marks = ", ".join("?" * len(known))
    writer.execute(f"INSERT INTO sync_conflict ({', '.join(known)}) VALUES ({marks})", list(known.values()))
    writer.close()
