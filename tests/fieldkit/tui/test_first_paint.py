"""Before the first frame nothing heavy is loaded; afterwards it is, so that the first save is quick."""

import subprocess
import sys

SCRIPT = """
import asyncio, sys
from datetime import datetime
from fieldkit.locations import Locations
from fieldkit.replication.laptop import open_store
from fieldkit.tui.app import FieldkitApp

HEAVY = ("sqlmodel", "sqlalchemy", "sync.replica", "sync.client", "httpx", "pypinyin", "alembic", "msgspec",
         "textual.widgets._data_table", "textual.widgets._markdown", "textual.widgets._text_area", "fieldkit.capture")
store = open_store(Locations(sys.argv[1]), lambda: datetime.fromisoformat("2026-11-23T15:02:03+08:00"))

class Watched(FieldkitApp):
    def on_ready(self):
        self.early = [name for name in HEAVY if name in sys.modules]
        self.frame = "".join(segment.text for strip in self.screen._compositor.render_strips() for segment in strip)
        super().on_ready()

async def main():
    app = Watched(store)
    async with app.run_test(size=(80, 24)) as pilot:
        for _ in range(200):
            await pilot.pause(0.05)
            if "sqlmodel" in sys.modules and not any(worker.is_running for worker in app.workers):
                break
    print("early", *app.early)
    print("due", "发资料" in app.frame)
    print("later", "sqlmodel" in sys.modules)

asyncio.run(main())
"""


def test_the_first_frame_shows_today_and_has_loaded_nothing_heavy(store, tmp_path):
    from fieldkit import actions

    actions.add(store, "followups", {"what": "发资料", "due_on": "2026-11-23"})
    found = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path)], capture_output=True, text=True, timeout=60, check=True
    )
    assert found.stdout.splitlines() == ["early", "due True", "later True"]
