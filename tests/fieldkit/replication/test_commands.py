"""`fieldkit resolve`, `sync --conflicts` and `sync --status` over stores in which something waits for a decision."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from fieldkit import actions, i18n
from fieldkit.cli.main import main
from fieldkit.cli.sync import status_lines
from fieldkit.replication import enrol as enrolling
from fieldkit.replication import laptop as exchanging
from fieldkit.replication.laptop import synchronise
from fieldkit.store.store import Store
from sync.status import Status

Meet = Callable[[], None]
STATES = ["never", "done", "unreachable", "portal", "sign-in", "revoked", "clock", "too-old", "fork", "fault", "busy"]


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    i18n.use_language(i18n.FALLBACK)


@pytest.fixture
def run(pair: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """run(*words, code=0) → what 王芳's laptop prints; with `--json` the document."""
    monkeypatch.setenv("FIELDKIT_HOME", str(Path(pair[0].path).parent))
    monkeypatch.setenv("LANG", "C.UTF-8")

    def command(*words: str, code: int = 0) -> Any:
        assert main(words) == code
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return json.loads(said.out) if "--json" in words else said.out + said.err

    return command


@pytest.fixture
def disputed(pair: tuple[Store, Store], meet: Meet) -> tuple[str, str]:
    """Ids of a lead whose amount both changed, and of one that 王芳 deleted while 李强 edited it."""
    wang, li = pair
    lead, gone = (actions.add(wang, "leads", {"title": title}) for title in ("电池包", "储能"))
    meet()
    actions.edit(wang, "leads", lead, {"amount": "2亿"})
    actions.delete(wang, "leads", gone)
    actions.edit(li, "leads", lead, {"amount": "300万美元"})
    actions.edit(li, "leads", gone, {"amount": "5亿"})
    meet()
    return lead, gone


def test_conflicts_are_listed_in_words_and_settled(run: Any, disputed: Any, meet: Meet) -> None:
    lead, gone = disputed
    told = run("sync", "--conflicts")
    assert "Amount: USD 3 million by 李强 stands, CNY 200 million by 王芳 was written too" in told
    assert "王芳 deleted it, 李强 changed Amount" in told
    by_field = {one["field"]: one for one in run("sync", "--conflicts", "--json")}
    amount, deleted = by_field["amount"], by_field["deleted"]
    assert (amount["id"], amount["kept"], amount["other"], amount["mine"]) == (lead, 3_000_000, 200_000_000, "other")
    assert (amount["sides"]["kept"]["name"], amount["sides"]["other"]["text"]) == ("李强", "CNY 200 million")
    assert (deleted["id"], deleted["deleted"]) == (gone, False)
    answer = {"kind": "leads", "id": lead, "field": "amount", "choice": "mine"}
    assert run("resolve", amount["conflict"][:8], "mine", "--json") == answer
    assert "undo" in run("resolve", gone, "mine")
    assert run("sync", "--conflicts") == "nothing needs you\n"
    assert "Settled lead 储能" in run("undo")
    assert "Settled lead 储能" in run("redo")
    meet()
    assert [(one["title"], one["amount"]) for one in run("list", "leads", "--json")] == [("电池包", 200_000_000)]
    assert run("sync", "--conflicts", "--json") == []


def test_another_value_is_written_as_in_edit(run: Any, disputed: Any) -> None:
    lead, _gone = disputed
    assert "not an amount" in run("resolve", lead, "--value", "plenty", code=1)
    run("resolve", lead, "--value", "7亿")
    assert run("show", lead, "--json")["amount"] == 700_000_000


def test_wrong_words_are_wrong_usage_and_what_is_not_there_a_failure(run: Any, disputed: Any) -> None:
    lead, _gone = disputed
    for words in (("resolve", lead), ("resolve", lead, "mine", "--value", "1"), ("resolve", lead, "ours")):
        assert run(*words, code=2)
    run("sync", "--status", "--conflicts", code=2)
    for way in ("--to-file", "--from-file"):
        assert "the name of a file is missing" in run("sync", way, "", code=2)
    for stale in ("ffffffffff", "fff"):
        assert "`fieldkit sync --conflicts` lists" in run("resolve", stale, "mine", code=1)


def test_a_refused_record_is_told_sent_again_given_up_and_brought_back(
    run: Any, pair: Any, meet: Meet, strict: Any
) -> None:
    wang, _li = pair
    company = actions.add(wang, "companies", {"name": "古井贡酒", "note": "bad"})
    meet()
    said = run("sync", "--status")
    assert all(words in said for words in ("1 needs attention", "Company 古井贡酒", "somebody else's name"))
    document = run("sync", "--status", "--json")
    assert [(one["id"], one["reason"]) for one in document["refused"]] == [(company, "author")]
    (listed,) = run("sync", "--conflicts", "--json")
    assert (listed["conflict"], listed["id"], listed["reason"]) == (None, company, "author")
    assert "--value" not in run("sync", "--conflicts")
    run("resolve", company, "--value", "x", code=2)
    assert run("resolve", company, "mine", "--json")["choice"] == "mine"
    assert run("sync", "--status", "--json")["waiting"] == 1
    meet()
    assert "undo" in run("resolve", company, "theirs")
    assert run("list", "companies", "--json") == []
    meet()
    assert run("sync", "--status", "--json")["rejected"] == 0
    run("undo")
    assert [one["name"] for one in run("list", "companies", "--json")] == ["古井贡酒"]


def test_an_id_that_two_conflicts_share_is_not_guessed(run: Any, pair: Any, meet: Meet) -> None:
    wang, li = pair
    company = actions.add(wang, "companies", {"name": "古井贡酒"})
    meet()
    actions.edit(wang, "companies", company, {"region": "合肥", "address": "一路"})
    actions.edit(li, "companies", company, {"region": "上海", "address": "二路"})
    meet()
    assert "fits 2 records" in run("resolve", company, "mine", code=1)


def test_every_printed_id_names_its_record_also_of_those_made_in_the_same_millisecond(
    run: Any, pair: Any, meet: Meet, strict: Any, clock: Any
) -> None:
    wang, _li = pair
    moment = clock()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(clock), "__call__", lambda _self: moment)
        for name in ("古井贡酒", "宁德时代", "江淮汽车"):
            actions.add(wang, "companies", {"name": name, "note": "bad"})
    listed = run("list", "companies").splitlines()
    assert len(listed) == 3
    for line in listed:
        assert run("show", line.split()[0], "--json")["title"] in line
    meet()
    refused = [line for line in run("sync", "--conflicts").splitlines() if "refused:" in line]
    assert len(refused) == 3
    for line in refused:
        run("resolve", line.split()[1], "theirs")
    assert run("sync", "--conflicts") == "nothing needs you\n"


def test_every_record_bears_its_badge(run: Any, pair: Any, meet: Meet, strict: Any) -> None:
    wang, li = pair
    confirmed, disputed, refused = (actions.add(wang, "companies", {"name": name}) for name in ("甲", "乙", "丙"))
    meet()
    actions.edit(wang, "companies", disputed, {"region": "合肥"})
    actions.edit(wang, "companies", refused, {"note": "bad"})
    actions.edit(li, "companies", disputed, {"region": "上海"})
    meet()
    actions.edit(wang, "companies", disputed, {"note": "waits beside it"})
    waiting = actions.add(wang, "companies", {"name": "丁"})
    expected = {confirmed: None, disputed: "conflict", refused: "rejected", waiting: "waiting"}
    assert {one["id"]: one["badge"] for one in run("list", "companies", "--json")} == expected
    marks = {"甲": " ", "乙": "⇄", "丙": "✗", "丁": "⇡"}
    for line in run("list", "companies").splitlines():
        _short, rest = line.split(" ", 1)
        assert rest[0] == marks[rest[2]]
    assert "two people wrote different values" in run("show", disputed)
    assert run("show", confirmed).splitlines()[2].startswith("  ")
    run("note", "拜访宁德时代")
    assert [one["badge"] for one in run("list", "inbox", "--json")] == ["waiting"]


def test_what_is_forgotten_here_is_told_from_its_held_words(run: Any, pair: Any, strict: Any, centre: Any) -> None:
    wang, _li = pair
    company = actions.add(wang, "companies", {"name": "古井贡酒", "note": "good"})
    synchronise(wang, transport=centre)
    actions.edit(wang, "companies", company, {"note": "bad words"})
    synchronise(wang, transport=centre)
    credential, caller = next((key, one) for key, one in centre.callers.items() if one.person == "person-王芳")
    centre.callers[credential] = caller._replace(reads=frozenset({"all"}), writes=frozenset())
    synchronise(wang, transport=centre)
    said = run("sync", "--status")
    assert "Remarks: bad words" in said
    assert "deleted here" in said
    run("resolve", company, "theirs")
    assert run("sync", "--conflicts") == "nothing needs you\n"


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("state", STATES)
def test_every_state_has_its_words_on_the_command_line(state: str, language: str) -> None:
    i18n.use_language(language)
    confirmed = None if state == "never" else 1_795_000_000_000
    lines = status_lines(Status(0, None, 0, 0, 0, confirmed, state, ""))
    assert len(lines) == (1 if state in ("never", "done") else 2)
    if state not in ("never", "done"):
        again = state in ("unreachable", "portal", "clock", "fork", "fault")
        assert ("fieldkit sync" in lines[1]) == again


def test_the_words_of_what_waits() -> None:
    now = 1_795_000_000_000
    lines = status_lines(Status(12, now, 3, 2, 1, now, "done", ""))
    assert lines[0] == "sending 3 of 12"
    assert lines[1].startswith("12 not yet sent, oldest ")
    assert lines[2:4] == ["2 need attention: the centre refused them", "1 conflict to look at"]
    assert lines[4].startswith("centre confirmed at ")


def test_what_this_program_cannot_read_is_said_with_the_way_out(run: Any, pair: Any) -> None:
    wang, _li = pair
    with closing(wang.writer()) as connection:
        connection.execute("INSERT INTO sync_quarantine VALUES ('visits', '1', 'unstorable', 1, '[]', '[]')")
    assert "1 record of the office cannot be shown by this fieldkit; it is kept." in run("sync", "--status")
    assert run("sync", "--status", "--json")["quarantined"] == 1


@pytest.mark.parametrize(
    ("days", "said"), [(-3, "3 days behind the centre's"), (40, "40 days ahead of the centre's"), (0, "")]
)
def test_a_clock_that_is_wrong_is_told_after_an_exchange_that_mended_it(
    run: Any, pair: Any, centre: Any, clock: Any, monkeypatch: pytest.MonkeyPatch, days: int, said: str
) -> None:
    monkeypatch.setenv("FIELDKIT_NOW", (clock.now + timedelta(days=days)).isoformat())
    monkeypatch.setattr(exchanging, "synchronise", partial(synchronise, transport=centre))
    run("add", "companies", "name=古井贡酒")
    for told in (run("sync"), run("sync", "--status")):
        assert said in told
        assert ("clock" in told) == bool(said)
    assert round(run("sync", "--status", "--json")["clock_behind_seconds"] / 86400) == -days


def test_what_was_refused_was_not_sent(run: Any, strict: Any, monkeypatch: pytest.MonkeyPatch, pair: Any) -> None:
    monkeypatch.setattr(exchanging, "synchronise", partial(synchronise, transport=strict))
    for name, note in (("甲", "bad"), ("乙", "good"), ("丙", "bad")):
        actions.add(pair[0], "companies", {"name": name, "note": note})
    assert run("sync").startswith("Sent 1, received 0; 0 not yet sent, 2 refused")
    actions.add(pair[0], "companies", {"name": "丁", "note": "bad"})
    outcome = synchronise(pair[0], transport=strict)
    assert (outcome.sent, outcome.rejected) == (0, 3)


def test_an_exchange_that_waits_for_another_says_so_at_once(
    run: Any, centre: Any, pair: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(f"{pair[0].path}.syncing", isolation_level=None)) as lock:
        lock.execute("BEGIN EXCLUSIVE")

        def once_it_is_free(store: Store, _progress: object) -> Any:
            lock.rollback()
            return synchronise(store, transport=centre)

        monkeypatch.setattr(exchanging, "synchronise", once_it_is_free)
        assert "Another fieldkit is exchanging this laptop's work" in run("sync")
        assert "Another fieldkit" not in run("sync")


def test_whoever_has_no_group_is_told_without_one(
    run: Any, laptop: Any, centre: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIELDKIT_HOME", str(Path(laptop("陈立").path).parent))
    monkeypatch.setattr(enrolling, "enrol", partial(enrolling.enrol, transport=centre))
    said = run("enrol", "https://centre.example", centre.invite("陈立", "", "leader"))
    assert said == "Joined as 陈立; run `fieldkit sync` to exchange work.\n"


def test_the_status_of_a_laptop_that_is_offline_names_the_way_out(run: Any, pair: Any) -> None:
    wang, _li = pair
    with closing(wang.writer()) as connection:
        connection.execute("INSERT OR IGNORE INTO sync_laptop (one, device) VALUES (1, 'aaaaaaaaaaaa')")
        connection.execute("UPDATE sync_laptop SET state = 'portal'")
    assert "sign in to the Wi-Fi" in run("sync", "--status")
