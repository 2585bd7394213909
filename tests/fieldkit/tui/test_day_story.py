"""A day in the field, by keys alone."""

import asyncio
from contextlib import closing

from fieldkit.store import inbox, query

LINE = "拜访宁德时代 @张伟 13800138000 动力电池包项目 2.5亿 下周三回访 #新能源 !上门"


def rows(store, kind):
    with closing(store.reader()) as reader:
        return query.listing(reader, kind, 50)


def test_a_note_becomes_a_visit_a_lead_a_contact_and_a_company(store, drive):
    async def day():
        async with drive() as app:
            await app.press("f2")
            await app.type(LINE)
            assert "宁德时代" in app.text
            assert "2.5亿元" in app.text
            assert "张伟" in app.text
            await app.press("ctrl+s")
            assert "已保存 · Ctrl+Z 撤销" in app.text
            for key, words in (("3", "宁德时代"), ("4", "138 0013 8000"), ("5", "宁德时代"), ("2", "动力电池包项目")):
                await app.press(key)
                assert words in app.text, key
            await app.press("ctrl+z")
            assert "动力电池包项目" not in "\n".join(app.lines[:-2])
            assert rows(store, "companies") == []
            await app.press("ctrl+y")
            assert "动力电池包项目" in app.text

    asyncio.run(day())
    assert [row["title"] for row in rows(store, "companies")] == ["宁德时代"]
    assert rows(store, "followups")[0]["due_on"] == "2026-12-02"


def test_a_record_is_added_edited_deleted_and_brought_back(store, drive):
    async def day():
        async with drive() as app:
            await app.press("5", "f7")
            await app.type("古井贡酒")
            await app.press("ctrl+s")
            assert "古井贡酒" in app.text
            await app.press("escape", "f4", "down", "down", "down")
            await app.type("亳州")
            await app.press("ctrl+s")
            assert rows(store, "companies")[0]["region"] == "亳州"
            await app.press("escape", "delete")
            assert rows(store, "companies") == []
            await app.press("ctrl+z")
            assert rows(store, "companies")[0]["region"] == "亳州"

    asyncio.run(day())


def test_escape_keeps_what_was_typed_into_a_form(store, drive):
    async def day():
        async with drive() as app:
            await app.press("5", "f7")
            await app.type("迎驾贡酒")
            await app.press("escape")
            assert rows(store, "companies") == []
            await app.press("f7")
            assert "迎驾贡酒" in app.text
            await app.press("ctrl+s")

    asyncio.run(day())
    assert [row["title"] for row in rows(store, "companies")] == ["迎驾贡酒"]


def test_a_reference_is_chosen_by_typing_initials(store, drive):
    from fieldkit import actions

    company = actions.add(store, "companies", {"name": "宁德时代新能源科技股份有限公司"})

    async def day():
        async with drive() as app:
            await app.press("4", "f7")
            await app.type("王芳")
            await app.press("down")
            await app.type("ndsd")
            assert "宁德时代新能源科技" in app.text
            await app.press("enter", "ctrl+s")

    asyncio.run(day())
    assert rows(store, "contacts")[0]["company_id"] == company


def test_a_form_says_what_is_wrong_and_stays(store, drive):
    async def day():
        async with drive() as app:
            await app.press("2", "f7", "ctrl+s")
            assert len(app.app.screen_stack) == 2
            assert rows(store, "leads") == []
            await app.type("光伏项目")
            await app.press("ctrl+s")

    asyncio.run(day())
    assert rows(store, "leads")[0]["title"] == "光伏项目"


def test_a_card_moves_with_shift_and_arrow_and_aside_only_with_a_reason(store, drive):
    from fieldkit import actions

    lead = actions.add(store, "leads", {"title": "光伏项目", "amount": "3亿"})

    async def day():
        async with drive((100, 30)) as app:
            await app.press("2", "shift+right")
            assert rows(store, "leads")[0]["stage"] == "talks"
            await app.press("shift+left")
            assert rows(store, "leads")[0]["stage"] == "lead"
            actions.move_stage(store, lead, "at-capacity")
            app.app.store_changed()
            await app.press("shift+right")
            assert rows(store, "leads")[0]["stage"] == "at-capacity"
            await app.type("市场变化")
            await app.press("enter")
            assert rows(store, "leads")[0]["stage"] == "shelved"

    asyncio.run(day())
    assert rows(store, "leads")[0]["stage_reason"] == "市场变化"


def test_a_follow_up_is_done_with_space_and_undone_with_space(store, drive):
    from fieldkit import actions

    actions.add(store, "followups", {"what": "发资料", "due_on": "2026-11-23"})

    async def day():
        async with drive() as app:
            assert "发资料" in app.text
            await app.press("space")
            assert rows(store, "followups")[0]["done_at"]
            await app.press("space")
            assert not rows(store, "followups")[0]["done_at"]

    asyncio.run(day())


def test_an_unfinished_note_is_on_disk_within_a_second_and_comes_back(store, drive):
    async def first():
        async with drive() as app:
            await app.press("f2")
            await app.type("拜访古井")
            await app.pilot.pause(0.7)
            await app.settle()

    async def second():
        async with drive() as app:
            assert "拜访古井" in app.text
            await app.type("集团")
            await app.press("f8")
            await app.settle()
            assert rows(store, "visits")[0]["text"] == "拜访古井集团"
            assert app.app.work_screen.composer() is not None
            await app.press("ctrl+z")
            assert rows(store, "visits") == []
            await app.press("ctrl+y")

    asyncio.run(first())
    with closing(store.reader()) as reader:
        assert [line["text"] for line in inbox.lines(reader, inbox.DRAFT)] == ["拜访古井"]
    asyncio.run(second())
    with closing(store.reader()) as reader:
        assert inbox.lines(reader, inbox.DRAFT) == []


def test_escape_puts_a_note_aside_and_f2_takes_it_up_on_another_screen(store, drive):
    async def day():
        async with drive() as app:
            await app.press("f2")
            await app.type("拜访迎驾")
            await app.press("escape", "3", "f2")
            assert "拜访迎驾" in app.text

    asyncio.run(day())


def test_quitting_with_unsent_work_takes_one_key_more(store, drive):
    from fieldkit import actions

    actions.add(store, "companies", {"name": "古井贡酒"})

    async def day():
        async with drive() as app:
            await app.press("ctrl+q")
            assert app.app.is_running
            assert app.app.return_code is None
            await app.press("ctrl+q")
            assert app.app.return_code == 0

    asyncio.run(day())


def test_waiting_lines_are_filed_at_the_start(store, drive):
    with closing(store.writer()) as writer:
        inbox.put(writer, "01900000-0000-7000-8000-00000000aaaa", LINE, store.clock())

    async def day():
        async with drive() as app:
            await app.press("2")
            assert "动力电池包项目" in app.text

    asyncio.run(day())


def test_what_comes_home_while_the_app_closes_disturbs_nothing(drive):
    async def day():
        async with drive() as app:
            held = app.app
        held.tell("zu spät")
        held.store_changed()

    asyncio.run(day())


def test_an_open_note_comes_along_to_another_screen_with_the_rows_company_as_a_guess(store, drive):
    from fieldkit import actions

    company = actions.add(store, "companies", {"name": "迎驾贡酒"})
    actions.add(store, "visits", {"text": "谈酒旅融合", "company_id": company, "visited_on": "2026-11-20"})

    async def day():
        async with drive() as app:
            await app.press("3", "f2")
            await app.type("再谈一次，1000万")
            assert "┊企业 迎驾贡酒┊" in app.text
            assert "┊日期 11-20 周五┊" in app.text
            await app.press("ctrl+p")
            await app.type("tx")
            await app.press("escape", "ctrl+p")
            await app.type("lianxiren")
            await app.press("enter")
            assert app.mode == "contacts"
            assert "再谈一次" in app.text
            await app.press("ctrl+s")

    asyncio.run(day())
    assert rows(store, "visits")[-1]["company_id"] == company
    assert {row["company_id"] for row in rows(store, "visits")} == {company}
