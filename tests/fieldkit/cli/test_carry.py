"""Work carried by hand, by the commands in this process: what is said, what is printed, and that nothing else changes."""

import json
import os
import secrets
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from fieldkit import i18n
from fieldkit.cli.main import main
from fieldkit.ids import new_id
from fieldkit.locations import Locations
from fieldkit.office.centre import initialise, open_centre
from fieldkit.office.people import first_of_office, invite
from fieldkit.replication.laptop import open_store
from fieldkit.store import centre_access as access
from fieldkit.store import settings

NOTE = "拜访宁德时代 @张伟 13800138000 动力电池包项目 2.5亿 下周三回访 #新能源 !上门"
NOW = datetime.fromisoformat("2026-11-26T10:00:00+08:00")


class Home:
    """One FIELDKIT_HOME and the commands run in it."""

    def __init__(self, path: Path, monkeypatch, capsys) -> None:
        self.locations = Locations(str(path))
        self.now = NOW
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def run(self, *arguments: str, code: int = 0) -> str:
        """What a command prints, on either stream."""
        self._monkeypatch.setenv("FIELDKIT_HOME", self.locations.home)
        self._monkeypatch.setenv("FIELDKIT_NOW", self.now.isoformat())
        self._capsys.readouterr()
        assert main(arguments) == code
        out, err = self._capsys.readouterr()
        assert "Traceback" not in err
        return out if code == 0 else err

    def json(self, *arguments: str):
        return json.loads(self.run(*arguments, "--json"))

    def problem(self, *arguments: str) -> str:
        """The one sentence of a command that fails."""
        said = self.run(*arguments, code=1).strip()
        assert said
        assert "\n" not in said
        return said

    def clock(self) -> datetime:
        return self.now


class Office(Home):
    """A centre that serves nobody."""

    def let_in(self, home: Home, name: str) -> Home:
        """Enrol the laptop of somebody of one group, without a network."""
        credential = secrets.token_urlsafe(32)
        with closing(open_centre(self.locations, self.clock)) as centre:
            author = first_of_office(centre)["id"]
            invited = invite(centre, author, name, "recruiter", group="new-energy-materials")
            device = access.NewDevice(new_id(self.clock), credential, name)
            with centre.changing() as connection:
                person = access.redeem(connection, invited["invite"], device, self.now)
        me = {"person_id": person, "person_name": name, "role": "recruiter", "group_code": "new-energy-materials"}
        with closing(open_store(home.locations, self.clock)) as store, closing(store.writer()) as connection:
            settings.put(
                connection, {**me, "centre_url": "http://127.0.0.1:1", "credential": credential, "language": "en"}
            )
        return home


@pytest.fixture
def home(tmp_path, monkeypatch, capsys):
    """home(name): a machine of its own."""
    monkeypatch.setenv("FIELDKIT_LANG", "en")
    yield lambda name: Home(tmp_path / name, monkeypatch, capsys)
    i18n.use_language("en")


@pytest.fixture
def office(tmp_path, monkeypatch, capsys, home):
    found = Office(tmp_path / "office", monkeypatch, capsys)
    initialise(found.locations, found.clock)
    return found


@pytest.fixture
def laptop(office, home):
    return office.let_in(home("laptop"), "王芳")


@pytest.fixture
def file(laptop, tmp_path) -> str:
    """A file with one note and what it was read as."""
    laptop.run("note", NOTE)
    laptop.run("sync", "--to-file", str(tmp_path / "work.fieldkit"))
    return str(tmp_path / "work.fieldkit")


def beside(file: str, name: str) -> str:
    return os.path.join(os.path.dirname(file), name)


def test_work_goes_there_in_a_file_and_the_colleagues_comes_back_in_the_answer(office, laptop, home, tmp_path):
    colleague = office.let_in(home("colleague"), "李强")
    for who, text in ((laptop, NOTE), (colleague, "拜访比亚迪 谈刀片电池项目 3亿")):
        who.run("note", text)
    for number, who in enumerate((colleague, laptop)):
        file = str(tmp_path / f"{number}.fieldkit")
        written = who.json("sync", "--to-file", file)
        assert (written["state"], written["file"]) == ("written", file)
        in_file = who.json("sync", "--status")["in_file"]
        assert in_file["records"] == written["records"]
        assert datetime.fromisoformat(in_file["since"]) == NOW
        assert f"{written['records']} records awaits" in who.run("sync", "--status")
        received = office.json("office", "receive", file)
        answer = str(tmp_path / f"{number}.answer.fieldkit")
        assert received == {
            "state": "taken",
            "person": "王芳" if who is laptop else "李强",
            "records": written["records"],
            "refused": 0,
            "answer": answer,
        }
        taken = who.json("sync", "--from-file", answer)
        assert (taken["state"], taken["sent"], taken["waiting"]) == ("done", written["records"], 0)
        assert who.json("sync", "--status")["in_file"] is None
    assert len(laptop.json("list", "visits")) == 2


def test_people_are_told_what_to_do_with_the_files(office, laptop, tmp_path):
    laptop.run("note", NOTE)
    written = laptop.run("sync", "--to-file", str(tmp_path / "work.fieldkit"))
    assert "5 records" in written
    assert "not encrypted" in written
    assert "Taken from 王芳: 5 records" in office.run("office", "receive", str(tmp_path / "work.fieldkit"))
    assert "taken before" in office.run("office", "receive", str(tmp_path / "work.fieldkit"))
    answers = sorted(path.name for path in tmp_path.glob("*.answer*"))
    assert answers == ["work.answer-2.fieldkit", "work.answer.fieldkit"]
    assert "Sent 5" in laptop.run("sync", "--from-file", str(tmp_path / answers[0]))
    assert "nothing new" in laptop.problem("sync", "--from-file", str(tmp_path / answers[1]))


def test_what_is_not_a_file_of_ours_is_said_in_one_sentence(office, laptop, file):
    cut, picture = beside(file, "cut"), beside(file, "picture.png")
    Path(cut).write_bytes(Path(file).read_bytes()[:-100])
    Path(picture).write_bytes(b"\x89PNG\r\n\x1a\n" * 100)
    for bad in (cut, picture):
        assert "damaged" in office.problem("office", "receive", bad)
    assert "damaged" in laptop.problem("sync", "--from-file", picture)
    assert "cannot be read" in office.problem("office", "receive", beside(file, "nothing"))
    assert "cannot be read" in laptop.problem("sync", "--from-file", os.path.dirname(file))
    newer = beside(file, "newer")
    Path(newer).write_bytes(Path(file).read_bytes().replace(b"sync-bundle 1", b"sync-bundle 2"))
    assert "newer fieldkit" in office.problem("office", "receive", newer)
    with open(beside(file, "large"), "wb") as large:
        large.truncate(65 * 1024 * 1024)
    assert "larger" in office.problem("office", "receive", beside(file, "large"))


def test_a_file_in_the_wrong_hands_is_said_so(office, laptop, home, file):
    assert "office receive" in laptop.problem("sync", "--from-file", file)
    office.run("office", "receive", file)
    answer = beside(file, "work.answer.fieldkit")
    assert "--from-file" in office.problem("office", "receive", answer)
    colleague = office.let_in(home("colleague"), "李强")
    assert "another laptop" in colleague.problem("sync", "--from-file", answer)
    other = home("other office")
    initialise(other.locations, other.clock)
    assert "does not know" in other.problem("office", "receive", file)
    device = next(one["id"] for one in office.json("office", "devices") if one["person"] == "王芳")
    office.run("office", "devices", "--withdraw", device)
    assert "withdrawn" in office.problem("office", "receive", file)
    stranger = home("stranger")
    assert "enrol" in stranger.problem("sync", "--to-file", beside(file, "new"))
    assert not os.path.exists(beside(file, "new"))


def test_no_file_is_written_over_and_one_that_cannot_be_written_costs_nothing(office, laptop, file, monkeypatch):
    dear = beside(file, "dear")
    Path(dear).write_bytes(b"dear")
    assert "already" in laptop.problem("sync", "--to-file", dear)
    assert "already" in office.problem("office", "receive", file, "--answer", dear)
    assert Path(dear).read_bytes() == b"dear"
    said = laptop.problem("sync", "--to-file", beside(file, "nowhere/file"))
    assert f"{beside(file, 'nowhere/file')} cannot be written (there is no such file or folder)" in said
    sync_to_disk = os.fsync

    def full(handle: int) -> None:
        if os.readlink(f"/proc/self/fd/{handle}").endswith(".part"):
            raise OSError(28, "No space left on device")
        sync_to_disk(handle)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        assert "disk is full" in laptop.problem("sync", "--to-file", beside(file, "new"))
        told = office.problem("office", "receive", file)
        assert "The work in the file was taken" in told
        assert "No space left" in told
    assert sorted(os.listdir(os.path.dirname(file))) == ["dear", "laptop", "office", "work.fieldkit"]
    office.run("office", "receive", file)
    laptop.run("sync", "--from-file", beside(file, "work.answer.fieldkit"))
    assert laptop.json("sync", "--status")["waiting"] == 0


def test_after_a_restore_of_the_centre_the_laptop_is_asked_for_a_new_file(office, laptop, file):
    with closing(open_centre(office.locations, office.clock)) as centre:
        centre.server.new_epoch()
    office.run("office", "receive", file)
    laptop.run("sync", "--from-file", beside(file, "work.answer.fieldkit"))
    with closing(open_centre(office.locations, office.clock)) as centre:
        centre.server.new_epoch()
    laptop.run("sync", "--to-file", beside(file, "second"))
    office.run("office", "receive", beside(file, "second"), code=1)
    assert "--to-file" in laptop.run("sync", "--from-file", beside(file, "second.answer"), code=1)
    laptop.run("sync", "--to-file", beside(file, "third"))
    assert office.json("office", "receive", beside(file, "third"))["state"] == "taken"
    assert laptop.json("sync", "--from-file", beside(file, "third.answer"))["waiting"] == 0


def test_a_clock_that_runs_ahead_is_told_at_both_ends(office, laptop, tmp_path):
    laptop.now = NOW + timedelta(days=100)
    laptop.run("note", NOTE)
    laptop.run("sync", "--to-file", str(tmp_path / "work"))
    office.run("office", "receive", str(tmp_path / "work"), code=1)
    assert "clock" in laptop.run("sync", "--from-file", str(tmp_path / "work.answer"), code=1)
    laptop.run("sync", "--to-file", str(tmp_path / "again"))
    assert office.json("office", "receive", str(tmp_path / "again"))["state"] == "taken"


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_outcome_has_its_words_in_both_languages(language):
    from fieldkit.cli.carry import _received
    from fieldkit.office.receiving import Received

    i18n.use_language(language)
    said = {_received(Received(state, "王芳", 5, 0, "a")) for state in ("taken", "known", "clock", "fork", "restored")}
    assert len(said) == 4
    assert all("王芳" in one and "{" not in one for one in said)


def test_a_centre_that_is_damaged_is_told_in_one_sentence(office, file):
    database = Path(office.locations.centre)
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("DROP TABLE sync_history")
    for command in (("office", "receive", file), ("office", "verify")):
        assert "is not as a centre leaves it (no such table: sync_history)" in office.problem(*command)
    for junk in ("junk", "[]", "{}", "\N{REPLACEMENT CHARACTER}"):
        Path(office.locations.office).write_text(junk, encoding="utf-16")
        assert "does not say where" in office.problem("office", "verify")
        Path(office.locations.office).write_text(junk, encoding="utf-8")
        assert "does not say where" in office.problem("office", "receive", file)
