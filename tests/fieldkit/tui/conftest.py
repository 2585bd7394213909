"""A store of its own, a fixed clock, and an app that is driven by keys and read as text."""

import asyncio
import shutil
from contextlib import asynccontextmanager
from datetime import datetime

import pytest
from textual import events

from fieldkit import i18n
from fieldkit.locations import Locations
from fieldkit.replication.laptop import open_store
from fieldkit.tui.app import FieldkitApp

NOW = datetime.fromisoformat("2026-11-23T15:02:03+08:00")
LINE = "拜访宁德时代 @张伟 13800138000 动力电池包项目 2.5亿 下周三回访 #新能源 !上门"


@pytest.fixture(autouse=True)
def chinese():
    i18n.use_language("zh_CN")
    yield
    i18n.use_language(i18n.FALLBACK)


@pytest.fixture(scope="session")
def new_store(tmp_path_factory):
    """The file of a store in which nothing stands yet; made once, because migrating takes half a second."""
    home = tmp_path_factory.mktemp("template")
    open_store(Locations(str(home)), lambda: NOW).close()
    return Locations(str(home)).store


@pytest.fixture
def store(tmp_path, new_store):
    shutil.copy(new_store, Locations(str(tmp_path)).store)
    opened = open_store(Locations(str(tmp_path)), lambda: NOW)
    yield opened
    opened.close()


class Driver:
    """The app under a pilot: keys in, lines of text out."""

    def __init__(self, app, pilot):
        self.app = app
        self.pilot = pilot

    async def press(self, *keys):
        await self.pilot.press(*keys)
        await self.settle()

    async def type(self, text):
        """As a terminal delivers what an input method or a paste brings: in one piece."""
        self.app.post_message(events.Paste(text))
        await self.settle()

    async def settle(self):
        """Until timers have fired, workers are done and their messages handled."""
        for _ in range(100):
            await self.pilot.pause(0.12)
            if not any(worker.is_running for worker in self.app.workers):
                await self.pilot.pause()
                return
            await asyncio.sleep(0.02)
        raise AssertionError("the app does not come to rest")

    @property
    def lines(self):
        return ["".join(segment.text for segment in strip) for strip in self.app.screen._compositor.render_strips()]

    @property
    def text(self):
        return "\n".join(self.lines)

    @property
    def mode(self):
        return self.app.current_mode


@pytest.fixture
def drive(store):
    @asynccontextmanager
    async def driving(size=(80, 24)):
        app = FieldkitApp(store)
        async with app.run_test(size=size) as pilot:
            driver = Driver(app, pilot)
            await driver.settle()
            yield driver

    return driving
