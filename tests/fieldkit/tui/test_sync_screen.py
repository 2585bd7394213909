"""What waits, what was refused and why, and conflicts with both values, settled by one choice."""

import asyncio
from contextlib import closing

import pytest

from fieldkit import actions
from fieldkit.store import query


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


def plant_conflict(store, company, other):
    """As an arriving page leaves it: the record keeps its value, the other one stands beside it."""
    writer = store.writer()
    columns = [row["name"] for row in writer.execute("PRAGMA table_info(sync_conflict)")]
    values = {"id": "c1", "tab": "companies", "record": company, "field": "region", "value": f'"{other}"'}
    values |= {"stamp": "00000000000000-0000-other", "author": "other", "kept_author": ""}
    known = {column: values.get(column, "") for column in columns}
    marks = ", ".join("?" * len(known))
    writer.execute(f"INSERT INTO sync_conflict ({', '.join(known)}) VALUES ({marks})", list(known.values()))
    writer.close()
