"""The terminal's cursor stands where the next character goes, so that an input method opens there."""

import asyncio

from rich.cells import cell_len
from textual.app import App
from textual.geometry import Region

from fieldkit.tui.widgets.text_area import LongField


def test_the_cursor_is_right_after_the_text_in_every_field(drive):
    async def look():
        async with drive() as app:
            await app.press("f3")
            for text in ("", "宁德", "宁德ab"):
                await app.press("ctrl+u")
                await app.type(text)
                field = app.app.focused
                x, y = app.app.cursor_position
                assert (x, y) == (field.content_region.x + cell_len(text), field.content_region.y)
            await app.press("left")
            assert app.app.cursor_position.x == field.content_region.x + cell_len("宁德a")
            await app.press("escape", "f2")
            await app.type("拜访\n古井")
            note = app.app.focused
            assert app.app.cursor_position == (note.content_region.x + 4, note.content_region.y + 1)
            assert note.region.bottom <= 24 - 3

    asyncio.run(look())


def test_where_nothing_is_typed_the_cursor_rests_at_the_origin(drive):
    async def look():
        async with drive() as app:
            assert app.app.cursor_position == (0, 0)

    asyncio.run(look())


def test_a_field_painted_before_its_styles_are_there_is_blank():
    async def story() -> list[str]:
        app = App[None]()
        async with app.run_test():
            field = LongField("拜访宁德时代")
            await app.mount(field)
            field._component_styles.clear()
            return [strip.text for strip in field.render_lines(Region(0, 0, 10, 2))]

    assert asyncio.run(story()) == [" " * 10] * 2
