"""One laptop's store: connections for the asking, sessions made when the first is needed."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

from fieldkit.store import settings
from fieldkit.store.store import Store


class Sessions:
    """Stands for the captured sessions of replication."""

    def __init__(self) -> None:
        self.closed = False

    def session(self) -> object:
        return "a session"

    def close(self) -> None:
        self.closed = True


def clock() -> datetime:
    return datetime(2026, 11, 23, tzinfo=UTC)


def test_sessions_are_made_once_when_first_asked_for_and_closed_with_the_store(store_path):
    made: list[Sessions] = []

    def make() -> Sessions:
        made.append(Sessions())
        return made[-1]

    store = Store(store_path, clock, make)
    assert made == []
    assert [store.session(), store.session()] == ["a session"] * 2
    store.close()
    store.close()
    assert [sessions.closed for sessions in made] == [True]


def test_who_works_here_is_read_each_time(store_path):
    store = Store(store_path, clock, Sessions)
    assert store.me.name == ""
    writer = store.writer()
    settings.put(writer, {"person_name": "王芳"})
    writer.close()
    assert store.me.name == "王芳"


def test_reading_needs_nothing_heavy(store_path):
    code = (
        "import sys\nfrom fieldkit.store import agenda, query\nfrom fieldkit.store.store import Store\n"
        f"reader = Store({store_path!r}, None, None).reader()\n"
        "query.ids(reader, 'visits'), query.record(reader, 'x' * 8), agenda.needs_me(reader)\nreader.close()\n"
        "print(*sys.modules)"
    )
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert not {"sqlmodel", "sqlalchemy", "alembic", "pydantic", "sync", "textual", "httpx"} & set(loaded)
