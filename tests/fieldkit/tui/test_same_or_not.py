"""Near names are offered and never taken by themselves; two records that are one are merged by hand."""

import asyncio
from contextlib import closing

import pytest

from fieldkit import actions
from fieldkit.store import query

KNOWN = "宁德时代新能源科技股份有限公司"


def rows(store, kind):
    with closing(store.reader()) as reader:
        return query.listing(reader, kind, 50, order="name" if kind in query.BY_NAME else "recent")


@pytest.fixture
def asking(store):
    company = actions.add(store, "companies", {"name": KNOWN})
    visit = actions.keep_note(store, "拜访宁德时带 @张伟 谈扩产")
    actions.file_waiting(store)
    assert rows(store, "visits")[0]["needs"] == "company"
    return company, visit


def test_the_visit_says_what_may_be_meant(asking, drive):
    async def day():
        async with drive(size=(140, 34)) as app:
            await app.press("3")
            assert f"宁德时带 ↔ {KNOWN}？" in app.text

    asyncio.run(day())


async def to_the_company_field(app):
    await app.press("3", "f4", "tab", "tab", "tab")
    assert "宁德时带 ↔" in app.text


def test_one_of_the_offered_is_taken_by_the_arrows(asking, store, drive):
    company, _visit = asking

    async def day():
        async with drive(size=(100, 34)) as app:
            await to_the_company_field(app)
            await app.press("down", "enter", "ctrl+s")

    asyncio.run(day())
    (visit,) = rows(store, "visits")
    assert (visit["company_id"], visit["needs"]) == (company, "")
    assert [row["company_id"] for row in rows(store, "contacts")] == [company]


def test_a_new_one_is_made_where_none_of_the_offered_is_meant_and_undone_with_the_answer(asking, store, drive):
    async def day():
        async with drive(size=(100, 34)) as app:
            await to_the_company_field(app)
            await app.press("down", "down", "enter", "ctrl+s")
            assert {row["name"] for row in rows(store, "companies")} == {KNOWN, "宁德时带"}
            assert rows(store, "visits")[0]["company"] == "宁德时带"
            await app.press("ctrl+z")

    asyncio.run(day())
    assert [row["name"] for row in rows(store, "companies")] == [KNOWN]
    assert rows(store, "visits")[0]["needs"] == "company"


def test_enter_alone_takes_nothing(asking, store, drive):
    async def day():
        async with drive(size=(100, 34)) as app:
            await to_the_company_field(app)
            await app.press("enter", "enter", "ctrl+s")

    asyncio.run(day())
    assert rows(store, "visits")[0]["company_id"] == ""


def test_the_selected_record_stays_and_a_look_alike_goes_into_it(store, drive):
    actions.add(store, "companies", {"name": KNOWN, "region": "福建"})
    other = actions.add(store, "companies", {"name": "宁德时代", "address": "漳湾镇"})
    actions.add(store, "contacts", {"name": "张伟", "company_id": other})

    async def day():
        async with drive() as app:
            await app.press("5", "o", "end")
            assert app.app.work_screen.selected_row()["name"] == KNOWN
            await app.press("m")
            assert f"合并到 {KNOWN}"[:12] in app.text
            assert "宁德时代" in app.lines[6]
            await app.press("enter")
            assert [(row["name"], row["address"]) for row in rows(store, "companies")] == [(KNOWN, "漳湾镇")]
            await app.press("ctrl+z")
            assert len(rows(store, "companies")) == 2

    asyncio.run(day())


def test_any_other_record_is_found_by_typing_and_esc_merges_nothing(store, drive):
    for name in ("甲公司", "古井贡酒"):
        actions.add(store, "companies", {"name": name})

    async def day():
        async with drive() as app:
            await app.press("5", "o", "end", "m", "escape")
            assert len(rows(store, "companies")) == 2
            await app.press("m")
            await app.type("xxzz")
            await app.press("enter")
            assert len(rows(store, "companies")) == 2
            await app.press("escape", "m")
            await app.type("gj")
            await app.press("enter")
            assert [row["name"] for row in rows(store, "companies")] == ["甲公司"]

    asyncio.run(day())


def test_what_cannot_be_merged_is_said(store, drive):
    actions.add(store, "visits", {"text": "谈"})

    async def day():
        async with drive() as app:
            await app.press("3", "m")
            assert "可以合并" in app.text

    asyncio.run(day())


def test_a_wrong_code_is_saved_and_said_and_a_shared_one_is_asked_about(store, drive):
    actions.add(store, "companies", {"name": "甲公司", "uscc": "914403001922038216"})

    async def day():
        async with drive(size=(120, 34)) as app:
            await app.press("5", "f7")
            await app.type("乙集团")
            await app.press("down", "down")
            await app.type("914403001922038217")
            await app.press("ctrl+s")
            assert "与校验位不符" in "".join(app.lines[-4:])
            await app.press("f4", "down", "down")
            app.app.screen.focused.value = ""
            await app.type("914403001922038216")
            await app.press("ctrl+s")
            assert "甲公司 的信用代码相同" in "".join(app.lines[-4:])
            await app.press("1")
            assert app.text.count("是否同一家企业") == 2
            assert len(rows(store, "companies")) == 2

    asyncio.run(day())


def test_a_new_company_that_looks_like_a_known_one_is_saved_and_said(store, drive):
    actions.add(store, "companies", {"name": KNOWN})

    async def day():
        async with drive() as app:
            await app.press("5", "f7")
            await app.type("宁德时带")
            await app.press("ctrl+s")
            assert "与" in "".join(app.lines[-4:])
            assert KNOWN in "".join(app.lines[-4:])
            assert len(rows(store, "companies")) == 2

    asyncio.run(day())


def test_people_whom_a_merged_company_has_twice_are_offered_at_once(store, drive):
    companies = [actions.add(store, "companies", {"name": name}) for name in (KNOWN, "宁德时代")]
    for company in companies:
        actions.add(store, "contacts", {"name": "张伟", "phone": "13800138000", "company_id": company})

    async def day():
        async with drive() as app:
            await app.press("5", "o", "end", "m", "enter")
            assert len(rows(store, "companies")) == 1
            assert "合并到 张伟" in app.text
            assert len(rows(store, "contacts")) == 2
            await app.press("enter")
            assert len(rows(store, "contacts")) == 1
            await app.press("ctrl+z", "ctrl+z")
            assert len(rows(store, "companies")) == 2

    asyncio.run(day())


def test_a_number_and_an_amount_are_chosen_in_the_form(store, drive):
    company = actions.add(store, "companies", {"name": "海螺水泥"})
    actions.add(store, "contacts", {"name": "张伟", "phone": "13800138000", "company_id": company})
    actions.add(store, "leads", {"title": "骨料厂项目", "amount": "2亿", "company_id": company})
    actions.keep_note(store, "拜访海螺水泥 @张伟 13900139000 骨料厂项目 3亿")
    actions.file_waiting(store)
    assert rows(store, "visits")[0]["needs"] == "phone amount"

    async def day():
        async with drive(size=(140, 44)) as app:
            await app.press("3")
            assert "两个都留：138 0013 8000、139 0013 9000" in app.text
            await app.press("f4", *["tab"] * 5)
            await app.press("down", "enter")
            await app.press(*["tab"] * 5)
            await app.press("down", "enter", "ctrl+s")

    asyncio.run(day())
    assert rows(store, "contacts")[0]["phone"] == "+8613800138000、+8613900139000"
    assert rows(store, "leads")[0]["amount"] == 300_000_000
    assert rows(store, "visits")[0]["needs"] == ""
