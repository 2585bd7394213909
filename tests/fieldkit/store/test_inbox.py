"""What was typed is on disk when `keep` returns, and no word of it ever leaves."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime

import pytest

from fieldkit.store import inbox
from fieldkit.store.connection import open_reader

AT = datetime(2026, 11, 23, 15, 2, 3, 123456, tzinfo=UTC)
LINE = {
    "id": "a",
    "text": "拜访\n宁德时代 😀",
    "written_at": "2026-11-23T15:02:03.123+00:00",
    "state": "waiting",
    "company_id": "",
    "day": "",
}


def test_a_kept_line_waits_with_every_character(store_path):
    inbox.keep(store_path, "a", "拜访\n宁德时代 😀", AT)
    reader = open_reader(store_path)
    assert inbox.get(reader, "a") == LINE
    assert inbox.waiting(reader) == [LINE]
    reader.close()


def test_a_line_kept_by_a_process_that_is_killed_at_once_is_there(store_path):
    code = (
        "import os, sys\nfrom datetime import UTC, datetime\nfrom fieldkit.store import inbox\n"
        "for number in range(1000):\n"
        f"    inbox.keep({store_path!r}, str(number), 'x' * 500, datetime.now(UTC))\n"
        "    os.write(1, f'{number}\\n'.encode())\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert process.stdout
    told = [process.stdout.readline() for _ in range(20)]
    process.kill()
    told += process.stdout.readlines()
    process.stdout.close()
    process.wait()
    reader = open_reader(store_path)
    kept = {line["id"] for line in inbox.waiting(reader)}
    reader.close()
    assert kept >= {line.strip().decode() for line in told if line.endswith(b"\n")}


def test_many_processes_keep_lines_at_once(store_path):
    code = (
        "import sys\nfrom datetime import UTC, datetime\nfrom fieldkit.store import inbox\n"
        "for number in range(20):\n"
        f"    inbox.keep({store_path!r}, sys.argv[1] + str(number), 'x', datetime.now(UTC))\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", code, name]) for name in "abcd"]
    assert [process.wait(60) for process in running] == [0] * 4
    reader = open_reader(store_path)
    assert len(inbox.waiting(reader)) == 80
    reader.close()


def test_the_quick_path_loads_next_to_nothing(store_path):
    code = (
        "import sys; before = set(sys.modules)\nimport sqlite3\nfrom datetime import UTC, datetime\nplain = set(sys.modules)\n"
        "from fieldkit.store import inbox, schema, settings, store\n"
        f"schema.is_current({store_path!r}); inbox.keep({store_path!r}, 'a', 'b', datetime.now(UTC))\n"
        "print(*sorted(name for name in set(sys.modules) - plain if not name.startswith('fieldkit')))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert set(loaded) <= {"__future__", "errno", "os"}


def test_the_same_id_twice_is_one_line(store_path):
    for _ in range(2):
        inbox.keep(store_path, "a", "拜访\n宁德时代 😀", AT)
    reader = open_reader(store_path)
    assert inbox.waiting(reader) == [LINE]
    reader.close()


def test_a_draft_is_rewritten_in_place_and_then_waits(writer):
    inbox.draft(writer, "a", "拜", AT)
    inbox.draft(writer, "a", "拜访", AT, company_id="c", day=date(2026, 11, 22))
    assert inbox.waiting(writer) == []
    assert [line["text"] for line in inbox.lines(writer, inbox.DRAFT)] == ["拜访"]
    inbox.put(writer, "a", "拜访宁德", AT, company_id="c", day=date(2026, 11, 22))
    assert inbox.lines(writer, inbox.DRAFT) == []
    line = inbox.waiting(writer)[0]
    assert (line["text"], line["company_id"], line["day"]) == ("拜访宁德", "c", "2026-11-22")


@pytest.mark.parametrize("close", [inbox.mark_filed, inbox.drop])
def test_a_filed_or_dropped_line_keeps_its_words_whatever_comes_late(writer, close):
    inbox.put(writer, "a", "words", AT)
    close(writer, "a")
    inbox.draft(writer, "a", "", AT)
    inbox.put(writer, "a", "", AT)
    assert inbox.waiting(writer) == []
    assert inbox.get(writer, "a")["text"] == "words"


def test_lines_wait_in_the_order_in_which_they_were_written(writer):
    for name, hour in (("b", 11), ("a", 10), ("c", 12)):
        inbox.put(writer, name, name, AT.replace(hour=hour))
    assert [line["id"] for line in inbox.waiting(writer)] == ["a", "b", "c"]


def test_an_unknown_line_is_none(reader):
    assert inbox.get(reader, "none") is None
