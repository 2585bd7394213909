"""Bad input of every kind gets one sentence and a non-zero exit, and loses nothing."""

import http.server
import sqlite3
import threading
from pathlib import Path

import pytest

NOTE = "拜访宁德时代 @张伟 2.5亿"


def one_sentence(finished) -> str:
    """What was said on stderr: one line, no traceback."""
    said = finished.stderr.strip()
    assert said
    assert "\n" not in said
    return said


@pytest.mark.parametrize(
    ("arguments", "given"),
    [
        (("note", ""), None),
        (("note", "   "), None),
        (("note", "-"), b""),
        (("note", "-"), b"\n\n"),
        (("note", "拜访\x1b[31m宁德"), None),
        (("note", "-"), "拜访\x00宁德".encode()),
        (("note", "-"), b"\xff\xfe\xfa broken"),
        (("note", "-"), "长".encode() * 60_000),
    ],
)
def test_notes_that_cannot_be_kept(machine, arguments, given):
    machine.run("note", NOTE)
    one_sentence(machine.run(*arguments, given=given, code=1))
    assert [line["text"] for line in machine.json("list", "inbox")] == [NOTE]


@pytest.mark.parametrize("given", [b"\xff\xfe\xfa broken", "长".encode() * 60_000, "拜访\x00宁德".encode()])
def test_words_that_cannot_become_a_note_are_kept_in_a_file(machine, given):
    machine.run("note", "-", given=given, code=1)
    (kept,) = (machine.home / "kept").iterdir()
    assert kept.read_bytes() == given


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("list", "nonsense"),
        ("note",),
        ("add", "contacts", "张伟"),
        ("show",),
        ("list", "visits", "--limit", "-1"),
        ("list", "visits", "--limit", "9" * 20),
        ("find", "宁德", "--offset", "9" * 5000),
    ],
)
def test_wrong_usage_is_two(machine, arguments):
    one_sentence(machine.run(*arguments, code=2))


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "01900000-0000-7000-8000-00000000dead"),
        ("add", "contacts", "name=张伟", "colour=red"),
        ("add", "leads", "title=项目", "amount=很多"),
        ("add", "leads", "title=项目", "stage=nowhere"),
        ("add", "followups", "what=回访", "due_on=2026-02-30"),
        ("undo",),
        ("sync",),
    ],
)
def test_failures_a_person_can_act_on_are_one(machine, arguments):
    one_sentence(machine.run(*arguments, code=1))


def test_an_unreadable_store_is_left_as_it_is(machine):
    machine.home.mkdir()
    store = machine.home / "fieldkit.db"
    store.write_bytes(b"this is not a database, it is a letter" * 100)
    for command in (("note", NOTE), ("list", "visits"), ("sync", "--status")):
        one_sentence(machine.run(*command, code=1))
    assert store.read_bytes() == b"this is not a database, it is a letter" * 100


def test_a_newer_store_is_refused(machine):
    machine.run("note", "--file", NOTE)
    with sqlite3.connect(machine.home / "fieldkit.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    for command in (("note", NOTE), ("list", "visits")):
        assert "newer" in one_sentence(machine.run(*command, code=1))


def test_a_locked_store_is_waited_for(machine):
    machine.run("note", NOTE)
    connection = sqlite3.connect(machine.home / "fieldkit.db", isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    process = machine.start("note", "第二条")
    with pytest.raises(Exception, match="timed out"):
        process.communicate(timeout=2)
    connection.execute("ROLLBACK")
    connection.close()
    process.communicate(timeout=30)
    assert process.returncode == 0
    assert len(machine.json("list", "inbox")) == 2


def test_wrong_addresses_and_invites(machine, centre):
    invite = centre.invite("王芳", "digital")
    for url in ("nonsense", "ftp://127.0.0.1", "http://127.0.0.1:1", "http://"):
        one_sentence(machine.run("enrol", url, invite, code=1))
    for wrong in ("wrong", "", "x" * 10_000):
        one_sentence(machine.run("enrol", centre.url, wrong, code=1))
    machine.run("enrol", centre.url, invite)
    other = type(machine)(machine.home.parent / "other")
    one_sentence(other.run("enrol", centre.url, invite, code=1))
    one_sentence(machine.run("enrol", centre.url, invite, code=1))


def test_an_expired_invite(machine, centre):
    later = type(machine)(centre.home, FIELDKIT_NOW="2020-01-01T08:00:00+08:00")
    invite = later.json("office", "invite", "--name", "王芳", "--role", "recruiter", "--group", "digital")["invite"]
    one_sentence(machine.run("enrol", centre.url, invite, code=1))


class Portal(http.server.BaseHTTPRequestHandler):
    """A Wi-Fi sign-in page that answers everything with 200."""

    def do_POST(self) -> None:
        """Answer like a portal."""
        body = b"<html>please sign in</html>"
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Stay silent."""


def test_a_server_that_is_not_a_centre(machine, centre):
    portal = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Portal)
    thread = threading.Thread(target=portal.serve_forever)
    thread.start()
    try:
        url = f"http://127.0.0.1:{portal.server_address[1]}"
        one_sentence(machine.run("enrol", url, "invite", code=1))
    finally:
        portal.shutdown()
        thread.join()
        portal.server_close()


def test_a_full_disk(machine):
    """/dev/full answers every write with ENOSPC; here the quota is a file-size limit of the process."""
    machine.run("note", NOTE)
    limited = type(machine)(machine.home)
    script = Path(machine.home) / "limited.py"
    script.write_text(
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "from fieldkit.cli.main import main\n"
        "sys.exit(main(['note', '第二条']))\n"
    )
    import subprocess
    import sys

    finished = subprocess.run(
        [sys.executable, str(script)], env=limited.environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert finished.returncode == 1
    one_sentence(finished)
    assert [line["text"] for line in machine.json("list", "inbox")] == [NOTE]


@pytest.mark.parametrize("home", ["file", "file/within"])
def test_a_home_that_is_no_directory(machine, tmp_path, home):
    (tmp_path / "file").touch()
    lost = type(machine)(tmp_path / home)
    for command in (("note", NOTE), ("list", "visits"), ("office", "init")):
        assert "cannot be written" in one_sentence(lost.run(*command, code=1))


def test_a_note_that_the_store_cannot_take_is_kept_in_a_file(machine):
    machine.home.mkdir()
    (machine.home / "fieldkit.db").write_bytes(b"this is not a database, it is a letter" * 100)
    said = one_sentence(machine.run("note", NOTE, code=1))
    (kept,) = (machine.home / "kept").iterdir()
    assert kept.read_text("utf-8") == NOTE
    assert said.endswith(f"{kept}.")


def test_a_disk_too_full_even_for_the_words_that_could_not_become_a_note(machine, monkeypatch, capsys):
    import errno
    import io
    import sys

    from fieldkit.cli import main

    def full(_file: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setenv("FIELDKIT_HOME", str(machine.home))
    monkeypatch.setattr("os.fsync", full)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff\xfe broken")))
    assert main.main(["note", "-"]) == 1
    assert "full" in capsys.readouterr().err


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_standard_streams(machine, closed):
    import subprocess
    import sys

    command = f'"{sys.executable}" -m fieldkit note "{NOTE}" {closed} && "{sys.executable}" -m fieldkit note - {closed}'
    finished = subprocess.run(
        command, shell=True, env=machine.environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert finished.returncode == 1  # the second one is empty
    assert "Traceback" not in finished.stderr
    assert len(machine.json("list", "inbox")) == 1


def test_output_to_a_full_disk(machine):
    import subprocess
    import sys

    machine.run("note", NOTE)
    with open("/dev/full", "w") as full:
        finished = subprocess.run(
            [sys.executable, "-m", "fieldkit", "list", "inbox"],
            env=machine.environment,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert finished.returncode == 1
    one_sentence(finished)


@pytest.mark.parametrize(
    "now", ["abc", "1960-01-01T00:00:00+08:00", "9999-12-31T23:59:59+00:00", "0001-01-01T00:00+14:00"]
)
def test_a_clock_that_no_record_can_bear(machine, now):
    odd = type(machine)(machine.home, FIELDKIT_NOW=now)
    one_sentence(odd.run("note", "明天回访", code=2))


def test_lines_to_parse_that_are_not_utf8(machine):
    finished = machine.run("parse", "-", "--json", given="拜访宁德时代\n".encode() + b"\xff\n", code=1)
    assert len(finished.stdout.splitlines()) == 2
    one_sentence(finished)


def test_a_failed_enrolment_says_to_enrol_again(machine):
    assert "`fieldkit enrol`" in one_sentence(machine.run("enrol", "http://127.0.0.1:1", "invite", code=1))
