"""A laptop that never gets through: its work is carried to the office in a file, and the answer back, by the real commands."""

import os
import stat

import pytest

from tests.end_to_end.conftest import Machine

NOTE = "拜访宁德时代 @张伟 13800138000 动力电池包项目 2.5亿 下周三回访 #新能源 !上门"


@pytest.fixture
def offline(centre, laptops) -> Machine:
    """A laptop that was enrolled at the office and has had no network since: nothing listens where it looks."""
    first, _second, _stranger = laptops
    centre.stop()
    return first


def problem(machine, *arguments) -> str:
    """The one sentence of a command that fails."""
    said = machine.run(*arguments, code=1).stderr.strip()
    assert said
    assert "\n" not in said
    return said


def test_a_note_reaches_the_office_and_the_group_and_theirs_come_back(centre, laptops, tmp_path):
    first, second, stranger = laptops
    second.run("note", "拜访比亚迪 谈刀片电池项目 3亿")
    second.run("sync")
    centre.stop()
    first.run("note", NOTE)
    file = tmp_path / "work.fieldkit"

    written = first.json("sync", "--to-file", str(file))
    assert (written["state"], written["records"], written["waiting"], written["file"]) == ("written", 5, 5, str(file))
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
    assert "5" in first.run("sync", "--status").stdout.splitlines()[1]

    received = centre.json("office", "receive", str(file))
    answer = tmp_path / "work.answer.fieldkit"
    assert received == {"state": "taken", "person": "王芳", "records": 5, "refused": 0, "answer": str(answer)}

    taken = first.json("sync", "--from-file", str(answer))
    assert (taken["state"], taken["sent"], taken["waiting"], taken["rejected"]) == ("done", 5, 0, 0)
    assert len(first.json("list", "visits")) == 2
    assert first.json("sync", "--status")["confirmed_at"]

    centre.serve()
    second.run("sync")
    stranger.run("sync")
    assert len(second.json("list", "visits")) == 2
    assert stranger.json("list", "visits") == []
    assert first.json("sync")["state"] == "done"


def test_files_come_twice_late_and_mixed_with_syncs_and_nothing_is_lost_or_doubled(centre, laptops, tmp_path):
    first, second, _stranger = laptops
    early, late = tmp_path / "early", tmp_path / "late"
    first.run("note", "拜访甲公司")
    first.run("sync", "--to-file", str(early))
    first.run("note", "拜访乙公司")
    first.run("sync", "--to-file", str(late))
    for name, file in enumerate((late, early, late)):
        centre.run("office", "receive", str(file), "--answer", str(tmp_path / f"answer {name}"))
    first.run("note", "拜访丙公司")
    assert first.json("sync", "--from-file", str(tmp_path / "answer 2"))["waiting"] > 0
    assert "no" in problem(first, "sync", "--from-file", str(tmp_path / "answer 0"))
    assert first.json("sync")["waiting"] == 0
    second.run("sync")
    for laptop in (first, second):
        assert sorted(visit["text"] for visit in laptop.json("list", "visits")) == [
            "拜访丙公司",
            "拜访乙公司",
            "拜访甲公司",
        ]
    assert first.json("sync")["conflicts"] == 0


def test_what_cannot_be_taken_is_said_in_one_sentence_and_nothing_changes(centre, offline, laptops, tmp_path):
    file, answer = tmp_path / "work.fieldkit", tmp_path / "work.answer.fieldkit"
    offline.run("note", NOTE)
    offline.run("sync", "--to-file", str(file))
    assert "already" in problem(offline, "sync", "--to-file", str(file))
    assert "cannot be written" in problem(offline, "sync", "--to-file", str(tmp_path / "nowhere" / "file"))
    cut = tmp_path / "cut"
    cut.write_bytes(file.read_bytes()[:-100])
    foreign = tmp_path / "picture.png"
    foreign.write_bytes(b"\x89PNG\r\n\x1a\n" * 100)
    for bad in (cut, foreign):
        assert "damaged" in problem(centre, "office", "receive", str(bad))
    assert "damaged" in problem(offline, "sync", "--from-file", str(foreign))
    assert "cannot be read" in problem(centre, "office", "receive", str(tmp_path / "nothing"))
    assert "office receive" in problem(offline, "sync", "--from-file", str(file))
    taken = tmp_path / "taken"
    taken.write_bytes(b"dear")
    assert "already" in problem(centre, "office", "receive", str(file), "--answer", str(taken))
    assert taken.read_bytes() == b"dear"
    assert sorted(path.name for path in tmp_path.glob("*.answer*")) == []

    centre.run("office", "receive", str(file))
    assert "--from-file" in problem(centre, "office", "receive", str(answer))
    assert "another laptop" in problem(laptops[1], "sync", "--from-file", str(answer))
    offline.run("sync", "--from-file", str(answer))
    assert "nothing new" in problem(offline, "sync", "--from-file", str(answer))


def test_a_withdrawn_laptop_and_another_centre_s_are_refused(centre, offline, tmp_path):
    file = tmp_path / "work.fieldkit"
    offline.run("note", NOTE)
    offline.run("sync", "--to-file", str(file))
    other = Machine(tmp_path / "other office")
    other.run("office", "init")
    assert "does not know" in problem(other, "office", "receive", str(file))
    device = next(one["id"] for one in centre.json("office", "devices") if one["person"] == "王芳")
    centre.run("office", "devices", "--withdraw", device)
    assert "withdrawn" in problem(centre, "office", "receive", str(file))


def test_a_laptop_without_a_centre_is_told_so(machine, tmp_path):
    machine.run("note", NOTE)
    assert "enrol" in problem(machine, "sync", "--to-file", str(tmp_path / "file"))
    assert not (tmp_path / "file").exists()
