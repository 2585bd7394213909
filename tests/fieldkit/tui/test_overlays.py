"""Palette, help, search and filter: found by text, pinyin and initials, and closed by Esc without a trace."""

import asyncio
from contextlib import closing

import pytest

from fieldkit import actions, i18n
from fieldkit.tui.matching import matches


@pytest.mark.parametrize("typed", ["帮助", "bangzhu", "bz", "帮", ""])
def test_a_chinese_label_is_found_by_text_pinyin_and_initials(typed):
    assert matches(typed, "帮助：全部按键")


@pytest.mark.parametrize("typed", ["撤销", "chexiao", "zb"])
def test_another_label_is_not_found(typed):
    assert not matches(typed, "帮助：全部按键")


def test_the_palette_runs_what_it_finds_by_initials(drive):
    async def day():
        async with drive() as app:
            await app.press("ctrl+p")
            await app.type("lxr")
            assert "联系人" in app.text
            await app.press("enter")
            assert app.mode == "contacts"
            assert len(app.app.screen_stack) == 1

    asyncio.run(day())


def test_help_lists_every_action_with_its_keys_and_can_be_searched(drive):
    async def day():
        async with drive((100, 80)) as app:
            await app.press("f1")
            assert "Ctrl+S" in app.text
            assert "F3" in app.text
            await app.type("f8")
            assert "F8" in app.text
            assert "Ctrl+P" not in app.text
            await app.press("escape")
            assert len(app.app.screen_stack) == 1

    asyncio.run(day())


def test_question_mark_and_slash_of_a_chinese_input_method_work(drive):
    async def day():
        async with drive() as app:
            for key in ("？", "?"):
                await app.press(key)
                assert type(app.app.screen).__name__ == "HelpScreen"
                await app.press("escape")
            for key in ("、", "／", "/"):
                await app.press(key)
                assert type(app.app.screen).__name__ == "FindScreen"
                await app.press("escape")

    asyncio.run(day())


def test_search_finds_a_fragment_and_initials_and_opens_the_record(store, drive):
    company = actions.add(store, "companies", {"name": "宁德时代新能源科技股份有限公司"})
    actions.add(store, "visits", {"text": "谈动力电池包扩产", "company_id": company})

    async def day():
        async with drive() as app:
            await app.press("f3")
            await app.type("电池包")
            assert "谈动力电池包扩产" in app.text
            await app.press("ctrl+u")
            await app.type("ndsd")
            assert "宁德时代新能源" in app.text
            await app.press("enter")
            assert app.mode == "companies"
            assert "谈动力电池包扩产" in app.text

    asyncio.run(day())


def test_search_shows_every_kind_how_many_there_are_and_more_on_enter(store, drive):
    for number in range(30):
        actions.add(store, "companies", {"name": f"新能源{number}厂"})
    for number in range(60):
        actions.add(store, "visits", {"text": f"谈新能源{number}号"})

    async def day():
        async with drive((100, 200)) as app:
            await app.press("f3")
            await app.type("新能源")
            assert "企业  30" in app.text
            assert "拜访  50+" in app.text
            assert app.text.count("谈新能源") == 25
            assert app.text.count("显示更多") == 2
            await app.press(*["down"] * 51, "enter")
            assert app.text.count("谈新能源") == 60
            assert "拜访  60" in app.text
            assert app.text.count("显示更多") == 1
            await app.press("enter")
            assert app.mode == "visits"

    asyncio.run(day())


def test_a_filter_of_an_unknown_value_is_told_with_what_is_known(store, drive):
    actions.add(store, "companies", {"name": "古井贡酒"})

    async def day():
        async with drive() as app:
            await app.press("f3")
            await app.type("类型:合同 古井")
            assert "没有“合同”" in app.text
            assert "联系人, 线索" in app.text
            await app.press("ctrl+u")
            await app.type("类型:企业 古井")
            assert "古井贡酒" in app.text

    asyncio.run(day())


def test_a_damaged_index_is_said_and_the_app_goes_on(store, drive):
    actions.add(store, "companies", {"name": "古井贡酒"})
    with closing(store.writer()) as connection:
        connection.execute("DROP TABLE search_visits")

    async def day():
        async with drive() as app:
            await app.press("f3")
            await app.type("古井")
            assert "doctor --reindex" in app.text
            await app.press("escape", "5")
            assert "古井贡酒" in app.text

    asyncio.run(day())


def test_a_filter_narrows_the_list_and_escape_takes_it_away(store, drive):
    for name in ("古井贡酒", "迎驾贡酒", "口子窖"):
        actions.add(store, "companies", {"name": name})

    async def day():
        async with drive() as app:
            await app.press("5", "f9")
            await app.type("贡酒")
            assert "古井贡酒" in app.text
            assert "口子窖" not in app.text
            await app.press("escape")
            assert "口子窖" in app.text

    asyncio.run(day())


def test_history_shows_what_was_done_and_undoes_from_there(store, drive):
    actions.add(store, "companies", {"name": "古井贡酒"})

    async def day():
        async with drive() as app:
            await app.press("h")
            assert "古井贡酒" in app.text
            await app.press("ctrl+z", "escape", "5")
            assert "古井贡酒" not in "\n".join(app.lines[:-2])

    asyncio.run(day())


def test_the_language_switches_and_is_kept(store, drive):
    async def day():
        async with drive() as app:
            await app.press("3")
            await app.app.run_action("switch_language")
            await app.settle()
            assert "Visits" in app.lines[0]
            assert "拜访" not in app.lines[0]
            await app.press("5")
            assert "Here stand the companies" in app.text

    asyncio.run(day())
    assert i18n.language() == "en"
    reader = store.reader()
    assert reader.execute("SELECT value FROM settings WHERE key = 'language'").fetchone()["value"] == "en"
    reader.close()


def test_what_was_found_elsewhere_than_in_the_title_stands_on_a_line_below(store, drive):
    actions.add(store, "contacts", {"name": "张伟", "phone": "13800138000"})

    async def day():
        async with drive() as app:
            await app.press("f3")
            await app.type("1380013")
            assert "138 0013 8000" in app.text
            assert app.text.count("+8613800138000") == 1
            await app.press("ctrl+u")
            await app.type("zangwei")
            assert app.text.count("张伟") == 1

    asyncio.run(day())
