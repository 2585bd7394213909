"""A laptop that never gets through: its work is carried to the office in a file, and the answer back, by the real commands."""

import os
import stat

NOTE = "拜访宁德时代 @张伟 13800138000 动力电池包项目 2.5亿 下周三回访 #新能源 !上门"


def test_a_note_reaches_the_office_and_the_group_and_theirs_come_back_however_late_a_file_is(centre, laptops, tmp_path):
    first, second, stranger = laptops
    second.run("note", "拜访比亚迪 谈刀片电池项目 3亿")
    second.run("sync")
    centre.stop()
    first.run("note", NOTE)
    file = tmp_path / "work.fieldkit"

    written = first.json("sync", "--to-file", str(file))
    assert (written["state"], written["records"], written["waiting"], written["file"]) == ("written", 5, 5, str(file))
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
    assert "5 records" in first.run("sync", "--status").stdout

    received = centre.json("office", "receive", str(file))
    answer = tmp_path / "work.answer.fieldkit"
    assert received == {"state": "taken", "person": "王芳", "records": 5, "refused": 0, "answer": str(answer)}

    taken = first.json("sync", "--from-file", str(answer))
    assert (taken["state"], taken["sent"], taken["waiting"], taken["rejected"]) == ("done", 5, 0, 0)
    assert len(first.json("list", "visits")) == 2
    assert first.json("sync", "--status")["confirmed_at"]

    late = tmp_path / "late"
    first.run("note", "拜访乙公司")
    first.run("sync", "--to-file", str(late))
    assert centre.json("office", "receive", str(file))["state"] == "known"
    centre.serve()
    first.run("sync")
    assert centre.json("office", "receive", str(late))["state"] == "known"
    second.run("sync")
    stranger.run("sync")
    assert len(second.json("list", "visits")) == 3
    assert stranger.json("list", "visits") == []
    assert first.json("sync")["conflicts"] == 0
