"""The real server process, by the real command."""

import json
import os
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time

import httpx
import psycopg
import pytest

from fieldkit.cli.main import main
from fieldkit.locations import Locations
from fieldkit.office import serving
from fieldkit.office.centre import open_centre
from fieldkit.store.schema import ensure_current

SECONDS = 60


def command(home, *arguments):
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("FIELDKIT_", "LC_", "LANG"))
    }
    environment |= {"FIELDKIT_HOME": str(home), "LANG": "C.UTF-8"}
    words = [sys.executable, "-m", "fieldkit", "office", *arguments]
    return subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def done(monkeypatch, capsys):
    """done(home, *arguments, code=0) → (out, err) of a command run to its end in this process."""

    def run(home, *arguments, code=0):
        for name in ("FIELDKIT_NOW", "FIELDKIT_LANG", "LC_ALL", "LC_MESSAGES"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("LANG", "C.UTF-8")
        monkeypatch.setenv("FIELDKIT_HOME", str(home))
        capsys.readouterr()
        assert main(["office", *arguments]) == code
        return capsys.readouterr()

    return run


@pytest.fixture
def serve(home):
    """serve(*arguments) → (process, url), ended after the test."""
    running = []

    def start(*arguments):
        process = command(home.home, "serve", "--port", "0", "--json", *arguments)
        running.append(process)
        return process, json.loads(process.stdout.readline())["url"]

    yield start
    for process in running:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_listens_answers_and_ends_quietly(serve, home, number, done):
    process, url = serve()
    link = json.loads(done(home.home, "login", "--json")[0])["url"]
    assert link.startswith(f"{url}/login/")
    with httpx.Client(follow_redirects=True) as browser:
        assert browser.get(link).status_code == 200
        assert browser.get(link).status_code == 200
        assert browser.get(f"{url}/devices").status_code == 200
    process.send_signal(number)
    out, err = process.communicate(timeout=SECONDS)
    assert (process.returncode, out, err) == (0, "", "")


def test_several_processes_may_serve_one_database(serve, home, done):
    (_one, first), (_other, second) = serve(), serve()
    link = json.loads(done(home.home, "login", "--json", "--url", second)[0])["url"]
    with httpx.Client(follow_redirects=True) as browser:
        browser.get(link)
        cookies = dict(browser.cookies)
        assert httpx.get(first, cookies=cookies).status_code == 200


def test_a_port_that_is_taken_is_a_sentence(sqlite_home, done):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        _out, err = done(sqlite_home, "serve", "--port", str(port), code=1)
    assert str(port) in err
    assert err.count("\n") == 1


def test_an_address_of_another_machine_is_a_sentence(sqlite_home, done):
    _out, err = done(sqlite_home, "serve", "--host", "192.0.2.1", "--port", "0", code=1)
    assert "192.0.2.1" in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [("serve", "--port", "0"), ("login",), ("people",), ("devices",), ("invite", "--name", "x", "--role", "office")],
)
def test_without_a_centre_every_command_says_so_and_makes_nothing(tmp_path, arguments, done):
    _out, err = done(tmp_path / "home", *arguments, code=1)
    assert "office init" in err
    assert not (tmp_path / "home").exists()


def test_init_makes_a_centre_once(tmp_path, done):
    home = tmp_path / "home"
    person = json.loads(done(home, "init", "--json", "--name", "王主任")[0])["person"]
    _out, err = done(home, "init", code=1)
    assert "already" in err
    (listed,) = json.loads(done(home, "people", "--json")[0])
    assert (listed["id"], listed["name"], listed["role"], listed["group_code"]) == (
        person,
        "王主任",
        "office",
        "office",
    )
    if os.name == "posix":
        assert stat.S_IMODE((home / "office.json").stat().st_mode) == 0o600


def test_init_takes_a_postgresql_address_and_serves_it_from_then_on(tmp_path, done, postgresql):
    address = fresh_database(postgresql)
    done(tmp_path / "home", "init", "--database", address)
    assert "already" in done(tmp_path / "home", "init", "--database", address, code=1).err
    assert len(json.loads(done(tmp_path / "home", "people", "--json").out)) == 1
    assert not (tmp_path / "home" / "centre.db").exists()


def fresh_database(uri):
    name = f"centre_{os.urandom(6).hex()}"
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return uri.replace("/postgres?", f"/{name}?")


def test_a_centre_and_a_laptop_share_a_home(tmp_path, done):
    home = tmp_path / "home"
    ensure_current(str(home / "fieldkit.db"))
    done(home, "init")
    assert done(home, "people").out
    assert {"centre.db", "fieldkit.db", "office.json"} <= set(os.listdir(home))


def test_init_that_was_killed_half_way_can_be_run_again(tmp_path, clock, monkeypatch):
    from fieldkit.office import centre

    locations = Locations(str(tmp_path / "home"))
    for step in ("_write_office", "_sow"):
        with monkeypatch.context() as patch:
            patch.setattr(centre, step, crash)
            with pytest.raises(ZeroDivisionError):
                centre.initialise(locations, clock)
    person = centre.initialise(locations, clock)
    opened = open_centre(locations, clock)
    with opened.reading() as connection:
        assert [row["id"] for row in centre.access.people(connection)] == [person]
    opened.close()


def crash(*_arguments):
    raise ZeroDivisionError


@pytest.mark.parametrize(
    "database", ["mysql://x@127.0.0.1/y", "nonsense", "postgresql://x:secret@127.0.0.1:1/y", "sqlite://"]
)
def test_a_database_that_cannot_be_used_is_a_sentence_without_its_password(tmp_path, database, done):
    _out, err = done(tmp_path / "home", "init", "--database", database, code=1)
    assert err.count("\n") == 1
    assert "secret" not in err


def test_a_file_that_is_no_centre_is_a_sentence(tmp_path, done):
    (tmp_path / "centre.db").write_bytes(b"no database at all" * 1000)
    (tmp_path / "office.json").write_text('{"database": ""}')
    _out, err = done(tmp_path, "people", code=1)
    assert err.count("\n") == 1


def test_a_newer_centre_is_refused_and_untouched(sqlite_centre, tmp_path, done):
    path = tmp_path / "home" / "centre.db"
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    _out, err = done(tmp_path / "home", "serve", "--port", "0", code=1)
    assert "newer" in err


def test_withdrawing_names_only_laptops_that_are_there(sqlite_office, tmp_path, done):
    device, _credential = sqlite_office.laptop("recruiter", "digital")
    home = tmp_path / "home"
    (listed,) = json.loads(done(home, "devices", "--json")[0])
    assert (listed["id"], listed["withdrawn"], listed["last_sync"], listed["unsent"]) == (device, False, None, 0)
    done(home, "devices", "--withdraw", device)
    assert json.loads(done(home, "devices", "--json")[0])[0]["withdrawn"] is True
    assert "devices" in done(home, "devices", "--withdraw", "nothing", code=1)[1]


def test_help_has_an_example_everywhere(capsys, monkeypatch):
    monkeypatch.setenv("LANG", "C.UTF-8")
    for words in ((), ("init",), ("serve",), ("invite",), ("login",), ("people",), ("devices",)):
        with pytest.raises(SystemExit) as ended:
            main(["office", *words, "--help"])
        assert ended.value.code == 0
        assert "fieldkit office" in capsys.readouterr().out.rpartition("Example")[2]


@pytest.mark.parametrize("first", [b"", b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"])
@pytest.mark.parametrize("said", [b"", b"GET / HT"])
def test_a_connection_that_says_nothing_more_is_closed(first, said):
    """In a process of its own with a short deadline: uvicorn itself would wait for ever."""
    script = (
        "import json, sys\nfrom fieldkit.office import serving\nfrom starlette.responses import PlainTextResponse\n"
        "serving.HEADER_SECONDS, serving.KEEP_ALIVE_SECONDS = 0.3, 1\nbound = serving.listen('127.0.0.1', 0)\n"
        "serving.serve(PlainTextResponse('x'), bound, lambda: print(bound.getsockname()[1], flush=True))"
    )
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    try:
        with socket.create_connection(("127.0.0.1", int(process.stdout.readline())), timeout=10) as connection:
            if first:
                connection.sendall(first)
                assert b"200" in connection.recv(4096)
            connection.sendall(said)
            began = time.monotonic()
            while connection.recv(4096):
                pass
            assert time.monotonic() - began < 5
    finally:
        process.terminate()
        process.communicate(timeout=SECONDS)
    assert process.returncode == 0


def test_the_address_names_a_host_that_can_be_opened():
    for host, shown in (("127.0.0.1", "http://127.0.0.1:"), ("0.0.0.0", "http://127.0.0.1:"), ("localhost", "http://")):
        with serving.listen(host, 0) as bound:
            assert serving.address_of(bound).startswith(shown)
