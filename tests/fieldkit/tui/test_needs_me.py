"""What needs a person: what is asked is said, answered or dismissed; lines of other programs are taken in."""

import asyncio
from contextlib import closing

import pytest
from textual import events

from fieldkit import actions
from fieldkit.store import inbox, query, settings
from fieldkit.tui import app as app_module

ASKING = "下午和他们通了电话，投资3亿"


def rows(store, kind):
    with closing(store.reader()) as reader:
        return query.listing(reader, kind, 50)


def wait_in_the_inbox(store, text):
    with closing(store.writer()) as writer:
        inbox.put(writer, "01a20956-5215-773d-8e63-f2d56f16438f", text, store.clock())


@pytest.fixture
def asking(store):
    actions.keep_note(store, ASKING)
    actions.file_waiting(store)
    assert rows(store, "visits")[0]["needs"] == "company"


def test_today_and_the_visit_say_what_is_asked(asking, drive):
    async def day():
        async with drive() as app:
            assert "哪家企业？" in app.text
            await app.press("enter")
            assert app.mode == "visits"
            assert "哪家企业？" in app.text

    asyncio.run(day())


def test_space_says_that_no_answer_is_needed_and_can_be_undone(asking, store, drive):
    async def day():
        async with drive() as app:
            await app.press("space")
            assert rows(store, "visits")[0]["needs"] == ""
            assert "待我处理" not in app.text
            await app.press("ctrl+z")
            assert rows(store, "visits")[0]["needs"] == "company"

    asyncio.run(day())


def test_an_opened_record_is_what_edit_and_delete_are_for(store, drive):
    company = actions.add(store, "companies", {"name": "古井贡酒"})
    actions.add(store, "visits", {"text": "看了新窖池", "company_id": company})

    async def day():
        async with drive() as app:
            await app.press("3", "enter", "delete")
            assert rows(store, "visits") == []
            assert [row["title"] for row in rows(store, "companies")] == ["古井贡酒"]

    asyncio.run(day())


def test_a_found_record_is_shown_past_a_filter(store, drive):
    for name in ("古井贡酒", "迎驾贡酒"):
        actions.add(store, "companies", {"name": name})

    async def day():
        async with drive() as app:
            await app.press("5", "f9")
            await app.type("古井")
            assert "迎驾贡酒" not in app.text
            await app.press("f3")
            await app.type("迎驾")
            await app.press("enter")
            assert "迎驾贡酒" in app.text
            assert "不在了" not in app.text

    asyncio.run(day())


@pytest.mark.parametrize("key", ["enter", "f4", "delete", "space"])
def test_a_line_that_waits_is_filed_when_it_is_touched(store, drive, monkeypatch, key):
    monkeypatch.setattr(app_module, "LOOK_AROUND", 3600)

    async def day():
        async with drive() as app:
            wait_in_the_inbox(store, ASKING)
            app.app.store_changed()
            await app.press("home", key)
            assert [row["text"] for row in rows(store, "visits")] == [ASKING]

    asyncio.run(day())


def test_what_another_program_writes_is_filed_while_the_app_is_open(store, drive, monkeypatch):
    monkeypatch.setattr(app_module, "LOOK_AROUND", 0.05)

    async def day():
        async with drive() as app:
            wait_in_the_inbox(store, ASKING)
            for _turn in range(40):
                await app.settle()
                if rows(store, "visits"):
                    break
            assert "哪家企业？" in app.text

    asyncio.run(day())


def test_the_last_words_of_a_note_are_kept_at_quitting(store, drive):
    async def day():
        async with drive() as app:
            await app.press("f2")
            app.app.post_message(events.Paste("最后半秒的话"))
            await app.pilot.pause()
            app.app.action_leave()

    asyncio.run(day())
    with closing(store.reader()) as reader:
        assert [line["text"] for line in inbox.lines(reader, inbox.DRAFT)] == ["最后半秒的话"]


def test_quitting_with_an_unsaved_form_takes_one_key_more(drive):
    async def day():
        async with drive() as app:
            await app.press("5", "f7")
            await app.type("迎驾贡酒")
            await app.press("ctrl+q")
            assert app.app.is_running
            assert "迎驾贡酒" in app.text
            await app.press("ctrl+q")
            assert not app.app.is_running

    asyncio.run(day())


def test_a_long_text_is_read_by_paging_and_by_arrows(store, drive):
    actions.add(store, "visits", {"text": "\n".join(f"第{number}行" for number in range(200))})

    async def day():
        async with drive() as app:
            await app.press("3", "enter", "pagedown", "pagedown")
            assert "第40行" in app.text
            shown = app.text
            await app.press("down")
            assert app.text != shown
            await app.press("home")
            assert "第0行" in app.text

    asyncio.run(day())


def test_keys_are_heard_while_a_note_waits_for_a_locked_store(store, drive):
    async def day():
        async with drive() as app:
            await app.press("f2")
            await app.type("拜访古井")
            with closing(store.writer()) as other:
                other.execute("BEGIN IMMEDIATE")
                await app.pilot.press("ctrl+s")
                await app.pilot.press("f1")
                assert "帮助" in app.lines[2]
                app.app.action_switch_theme()
                other.execute("ROLLBACK")
            await app.settle()
            with closing(store.reader()) as reader:
                assert settings.get(reader, "theme", "") == app.app.theme

    asyncio.run(day())
    assert [row["text"] for row in rows(store, "visits")] == ["拜访古井"]


def test_an_overlay_covers_the_edges_of_a_narrow_window(store, drive):
    actions.add(store, "companies", {"name": "古井贡酒"})

    async def day():
        async with drive() as app:
            await app.press("5")
            assert any(line.startswith("⇡") for line in app.lines)
            await app.press("f3")
            panel = app.app.screen.query_one("#panel").region
            assert (panel.x, panel.width) == (0, 80)

    asyncio.run(day())


def test_a_long_message_is_told_whole(drive):
    async def day():
        async with drive() as app:
            await app.press("f5")
            assert "邀请码" in app.text
            assert "…" not in "".join(app.lines[-4:])

    asyncio.run(day())


def test_the_next_note_is_for_the_company_that_the_note_named(store, drive):
    for name in ("迎驾贡酒", "古井贡酒"):
        actions.add(store, "companies", {"name": name})

    async def day():
        async with drive() as app:
            await app.press("5", "f2")
            assert "古井贡酒" in app.text
            await app.type("拜访迎驾贡酒 谈了扩产")
            await app.press("f8")
            assert any("关于 迎驾贡酒" in line for line in app.lines)

    asyncio.run(day())


def test_a_list_goes_by_name_and_back_to_the_newest_first(store, drive):
    names = ("张伟", "查良镛", "区小明", "仇英", "单雄信")
    for name in names:
        actions.add(store, "contacts", {"name": name})

    def order(app):
        return [name for line in app.lines for name in names if name in line[:14]]

    async def day():
        async with drive() as app:
            await app.press("4")
            newest = [row["name"] for row in rows(store, "contacts")]
            assert order(app) == newest
            await app.press("o")
            assert order(app) == ["区小明", "仇英", "单雄信", "查良镛", "张伟"]
            await app.press("o")
            assert order(app) == newest

    asyncio.run(day())
