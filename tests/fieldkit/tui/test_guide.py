"""A guide in the app: found by F3, read over what was found, and never changed."""

import asyncio
from datetime import UTC, datetime

import pytest
from sqlmodel import select

from fieldkit.domain import records
from fieldkit.ids import new_id

PUBLISHED = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
LONG = "\n".join(f"第{number}条 对动力电池项目给予支持。" for number in range(1, 41)) + "\n\n- 绿电比例可达四成"


@pytest.fixture
def guide(store):
    with store.session() as session:
        for place, (title, text) in enumerate((("产业政策", LONG), ("要素保障", "储备工业用地 860 亩\n标准厂房")), 1):
            given = {"task_force": "digital", "version": 3, "position": place, "published_at": PUBLISHED}
            session.add(records.GuideSection(id=new_id(store.clock), title=title, text=text, **given))
        session.commit()


def screen(app):
    return type(app.app.screen).__name__


def test_search_finds_a_passage_and_opens_it_to_read_and_escape_leads_back(guide, drive):
    async def day():
        async with drive() as app:
            await app.press("f3")
            assert "招商指南" in app.text
            await app.type("工业用地")
            assert "储备工业用地" in app.text
            await app.press("enter")
            assert screen(app) == "ReadingScreen"
            assert "招商指南：数字经济" in app.text
            assert "标准厂房" in app.text
            await app.press("escape")
            assert screen(app) == "FindScreen"
            assert "要素保障" in app.text
            await app.press("escape")
            assert len(app.app.screen_stack) == 1

    asyncio.run(day())


def test_a_long_section_is_read_to_its_end_and_the_others_from_there(guide, drive):
    async def day():
        async with drive() as app:
            await app.press("f3")
            await app.type("lvdian 类型:指南")
            assert "产业政策" not in app.text
            await app.press("ctrl+u")
            await app.type("绿电 类型:指南")
            await app.press("enter")
            assert "第1条" in app.text
            assert "绿电比例" not in app.text
            await app.press("end")
            assert "绿电比例可达四成" in app.text
            assert "目录  2" in app.text
            await app.press("enter")
            assert "储备工业用地" in app.text
            await app.press("home", "enter", "home")
            assert "储备工业用地" in app.text

    asyncio.run(day())


def test_no_key_changes_a_guide(guide, drive, store):
    def rows():
        reader = store.reader()
        found = reader.execute("SELECT * FROM guides ORDER BY id").fetchall()
        reader.close()
        return found

    before = rows()

    async def day():
        async with drive() as app:
            await app.press("f3")
            await app.type("工业用地")
            await app.press("enter")
            for key in ("f4", "e", "delete", "d", "m", "space", "f7", "n", "ctrl+s"):
                await app.press(key)
                assert screen(app) == "ReadingScreen"

    asyncio.run(day())
    assert rows() == before


def test_a_section_that_is_withdrawn_while_it_is_read_says_so(guide, drive, store):
    async def day():
        async with drive() as app:
            await app.press("f3")
            await app.type("工业用地")
            await app.press("enter")
            with store.session() as session:
                for section in session.exec(select(records.GuideSection)):
                    section.deleted = True
                session.commit()
            app.app.deeds.file_waiting()
            await app.settle()
            assert "这条记录已经不在了" in app.text

    asyncio.run(day())
