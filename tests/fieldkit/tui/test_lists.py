"""Lists of any length: what is fetched is counted, not timed."""

import asyncio

import pytest
from rich.cells import cell_len
from textual.app import App

from fieldkit import actions
from fieldkit.tui.themes import DARK
from fieldkit.tui.widgets.pages import PAGE, Pages
from fieldkit.tui.widgets.painted import fit, wrap
from fieldkit.tui.widgets.record_list import Column, RecordList

IDS = [f"{number:036d}" for number in range(100_000)]


class Counted:
    def __init__(self):
        self.fetched = []

    def __call__(self, ids):
        self.fetched.append(list(ids))
        return [{"id": one, "title": f"记录{int(one)}"} for one in ids]


class ListApp(App[None]):
    def __init__(self, pages):
        super().__init__()
        self.register_theme(DARK)
        self.theme = DARK.name
        self.pages = pages

    def compose(self):
        yield RecordList([Column("Name", lambda row: row["title"])])

    def on_mount(self):
        self.query_one(RecordList).load(self.pages, "empty")
        self.query_one(RecordList).focus()


def shown(app):
    return "\n".join("".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips())


def test_a_hundred_thousand_records_open_with_one_page_and_end_with_two():
    counted = Counted()

    async def look():
        app = ListApp(Pages(IDS, counted))
        async with app.run_test(size=(60, 24)) as pilot:
            await pilot.pause()
            assert "记录22" in shown(app)
            assert [len(ids) for ids in counted.fetched] == [128]
            await pilot.press("pagedown", "pagedown", "down", "up")
            assert len(counted.fetched) == 1
            await pilot.press("end")
            await pilot.pause()
            assert "记录99999" in shown(app)
            assert len(counted.fetched) <= 3
            await pilot.press("home")
            await pilot.pause()
            assert "记录0" in shown(app)
            assert len(counted.fetched) <= 3

    asyncio.run(look())


def test_pages_keep_eight_and_fetch_an_evicted_one_again():
    counted = Counted()
    pages = Pages(IDS, counted)
    for number in range(9):
        pages.row(number * PAGE)
    pages.row(8 * PAGE + 5)
    assert len(counted.fetched) == 9
    pages.row(0)
    assert len(counted.fetched) == 10


def test_the_cursor_stays_on_its_record_when_the_list_is_read_again():
    async def look():
        app = ListApp(Pages(IDS[:50], Counted()))
        async with app.run_test(size=(60, 24)) as pilot:
            await pilot.press("down", "down", "down")
            records = app.query_one(RecordList)
            records.load(Pages(["x" * 36, *IDS[:50]], Counted()), "")
            assert records.record_id == IDS[3]
            records.load(Pages([], Counted()), "hier")
            await pilot.pause()
            assert records.record_id is None
            assert "hier" in shown(app)

    asyncio.run(look())


@pytest.mark.parametrize("text", ["宁德时代", "abc", "宁a德b", "", "一二三四五六七八九十"])
@pytest.mark.parametrize("width", [1, 2, 5, 8, 30])
def test_fit_gives_exactly_the_cells_asked_for(text, width):
    assert cell_len(fit(text, width)) == width
    assert cell_len(fit(text, width, "right")) == width


def test_wrap_never_exceeds_the_width_and_loses_nothing():
    text = "对方提出三点要素诉求：用电双回路, 人才公寓 100 套 and some English words in between"
    for width in (2, 7, 10, 33):
        lines = wrap(text, width)
        assert all(cell_len(line) <= width for line in lines)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize("size", [(60, 24), (80, 24), (100, 30), (140, 40)])
def test_every_screen_fits_its_window(store, drive, size):
    company = actions.add(
        store, "companies", {"name": "亳州市某某新能源科技集团股份有限公司", "region": "安徽省合肥市"}
    )
    actions.add(store, "leads", {"title": "年产十万吨高性能电池材料项目", "company_id": company, "amount": "12.5亿"})
    actions.add(store, "visits", {"text": "谈" * 200, "company_id": company})
    actions.add(store, "followups", {"what": "回访" * 30, "company_id": company, "due_on": "2026-11-20"})

    async def look():
        async with drive(size) as app:
            for key in "123456":
                await app.press(key)
                assert {cell_len(line) for line in app.lines} == {size[0]}, key
                assert len(app.lines) == size[1]
                assert "F2" in app.lines[-1]

    asyncio.run(look())


def test_wide_shows_the_detail_beside_and_narrow_alone(store, drive):
    company = actions.add(store, "companies", {"name": "古井贡酒", "note": "总部在谯城区"})
    actions.add(store, "contacts", {"name": "王芳", "company_id": company})

    async def look():
        async with drive((120, 30)) as app:
            await app.press("5")
            assert "总部在谯城区" in app.text
            assert "王芳" in app.text
        async with drive((80, 24)) as app:
            await app.press("5")
            assert "总部在谯城区" not in app.text
            await app.press("enter")
            assert "总部在谯城区" in app.text
            await app.press("down", "enter")
            assert app.mode == "contacts"

    asyncio.run(look())


@pytest.mark.parametrize("key", list("23451"))
def test_an_empty_screen_says_what_belongs_there_and_which_key_makes_it(drive, key):
    async def look():
        async with drive() as app:
            await app.press(key)
            assert "这里" in app.text
            assert "F2" in "\n".join(app.lines[:-1])

    asyncio.run(look())
