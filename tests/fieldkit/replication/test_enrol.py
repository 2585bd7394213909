"""An invite joins a laptop to its centre once, whatever the network does, and its earlier work comes along."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from fieldkit import actions
from fieldkit.errors import AlreadyEnrolled, BadAddress, InviteRefused, SyncFailed
from fieldkit.replication.enrol import MEDIA_TYPE, adopt, centre_address, enrol
from fieldkit.replication.laptop import synchronise
from fieldkit.replication.status import badges
from fieldkit.store import query, settings
from fieldkit.store.store import Store
from sync.errors import CentreFault, NotACentre, Unreachable

URL = "https://centre.example"
Laptop = Callable[[str], Store]
KINDS = ("companies", "contacts", "leads", "visits", "followups")
LINE = "拜访宁德时代 @张伟 13800138000 动力电池包项目 2.5亿 下周三回访 #新能源 !上门"


def stored(store: Store) -> dict[str, str]:
    connection = store.reader()
    try:
        return settings.all_settings(connection)
    finally:
        connection.close()


def owners(store: Store) -> set[tuple[str, str]]:
    connection = store.reader()
    try:
        return {
            (row["group_code"], row["person_id"])
            for kind in KINDS
            for row in connection.execute(f"SELECT group_code, person_id FROM {kind}")
        }
    finally:
        connection.close()


def test_an_invite_tells_who_works_here(laptop: Laptop, centre: Any) -> None:
    store = laptop("wang")
    answer = enrol(store, f"{URL}/", centre.invite("王芳", "digital"), transport=centre)
    assert (answer.me.person_id, answer.me.name, answer.me.role, answer.me.group_code) == (
        "person-王芳",
        "王芳",
        "recruiter",
        "digital",
    )
    assert (answer.centre, answer.exposed) == ("亳州市", False)
    assert store.me.group_code == "digital"
    known = stored(store)
    assert (known["centre_url"], known["centre_name"]) == (URL, "亳州市")
    assert known["credential"] == centre.asked[0]["credential"]
    assert len(known["credential"]) >= 43
    assert not [key for key in known if key.startswith("asked")]


def test_the_credential_is_on_disk_before_it_is_told(laptop: Laptop, centre: Any) -> None:
    store = laptop("wang")
    centre.faults = ["request"]
    with pytest.raises(SyncFailed) as failed:
        enrol(store, URL, centre.invite("王芳", "digital"), transport=centre)
    assert isinstance(failed.value.facts["cause"], Unreachable)
    assert centre.asked == []
    assert stored(store)["asked_credential"]
    assert "credential" not in stored(store)


def test_a_lost_reply_is_asked_for_again_with_the_same_credential(laptop: Laptop, centre: Any) -> None:
    store, invite = laptop("wang"), centre.invite("王芳", "digital")
    centre.faults = ["reply", "reply"]
    for _ in range(2):
        with pytest.raises(SyncFailed):
            enrol(store, URL, invite, transport=centre)
    assert enrol(store, URL, invite, transport=centre).me.name == "王芳"
    assert len({ask["credential"] for ask in centre.asked}) == 1
    assert len(centre.asked) == 3


def test_another_invite_gets_another_credential(laptop: Laptop, centre: Any) -> None:
    store = laptop("wang")
    with pytest.raises(InviteRefused):
        enrol(store, URL, "mistyped", transport=centre)
    enrol(store, URL, centre.invite("王芳", "digital"), transport=centre)
    assert len({ask["credential"] for ask in centre.asked}) == 2


def test_unknown_and_used_invites_are_told(laptop: Laptop, centre: Any) -> None:
    invite = centre.invite("王芳", "digital")
    with pytest.raises(InviteRefused) as refused:
        enrol(laptop("one"), URL, "unknown", transport=centre)
    assert refused.value.facts["reason"] == "unknown"
    enrol(laptop("two"), URL, invite, transport=centre)
    with pytest.raises(InviteRefused) as refused:
        enrol(laptop("three"), URL, invite, transport=centre)
    assert refused.value.facts["reason"] == "used"


def test_a_laptop_belongs_to_one_centre(laptop: Laptop, centre: Any) -> None:
    store = laptop("wang")
    enrol(store, URL, centre.invite("王芳", "digital"), transport=centre)
    with pytest.raises(AlreadyEnrolled) as refused:
        enrol(store, "https://other.example", centre.invite("李强", "digital"), transport=centre)
    assert refused.value.facts["centre"] == "亳州市"
    assert store.me.name == "王芳"


def test_a_laptop_that_its_centre_no_longer_knows_may_join_again(laptop: Laptop, centre: Any) -> None:
    store = laptop("wang")
    enrol(store, URL, centre.invite("王芳", "digital"), transport=centre)
    centre.callers.clear()
    assert synchronise(store, transport=centre).state == "sign-in"
    enrol(store, URL, centre.invite("王芳 again", "digital"), transport=centre)
    assert synchronise(store, transport=centre).state == "done"


def test_a_withdrawn_laptop_may_join_again_and_its_unsent_work_is_then_sent(laptop: Laptop, centre: Any) -> None:
    wang, li = laptop("wang"), laptop("li")
    enrol(wang, URL, centre.invite("王芳", "digital"), transport=centre)
    enrol(li, URL, centre.invite("李强", "digital"), transport=centre)
    synchronise(wang, transport=centre)
    centre.withdrawn.add(stored(wang)["credential"])
    actions.add(wang, "companies", {"name": "古井贡酒"})
    assert synchronise(wang, transport=centre).state == "revoked"
    centre.invites["invite-again"] = centre.invites["invite-王芳"]
    enrol(wang, URL, "invite-again", transport=centre)
    assert (synchronise(wang, transport=centre)[:2], synchronise(li, transport=centre).received) == (("done", 1), 1)


@pytest.mark.parametrize(
    ("status", "media_type", "body"),
    [
        (200, "text/html", b"<h1>Welcome to the hotel</h1>"),
        (302, "text/html", b""),
        (404, "application/json", b'{"detail": "Not Found"}'),
        (511, "text/html", b"sign in"),
        (200, MEDIA_TYPE, b"<h1>"),
        (200, MEDIA_TYPE, b"[]"),
        (200, MEDIA_TYPE, b"\xff"),
        (200, MEDIA_TYPE, b" " * 200_000),
    ],
)
def test_what_is_not_a_centre_is_told_and_nothing_is_believed(
    laptop: Laptop, centre: Any, status: int, media_type: str, body: bytes
) -> None:
    store, invite = laptop("wang"), centre.invite("王芳", "digital")
    stream = httpx.ByteStream(body)
    centre.faults = [
        lambda _answer: httpx.Response(status, headers={"content-type": media_type, "location": URL}, stream=stream)
    ]
    with pytest.raises(SyncFailed) as failed:
        enrol(store, URL, invite, transport=centre)
    assert isinstance(failed.value.facts["cause"], NotACentre)
    assert store.me.person_id == ""
    assert enrol(store, URL, invite, transport=centre).me.name == "王芳"


@pytest.mark.parametrize(
    ("status", "body"), [(429, b'{"error": "too-many"}'), (500, b"{}"), (200, b'{"person": {"id": 7}, "centre": {}}')]
)
def test_a_centre_in_trouble_is_told(laptop: Laptop, centre: Any, status: int, body: bytes) -> None:
    centre.faults = [
        lambda _answer: httpx.Response(status, headers={"content-type": MEDIA_TYPE}, stream=httpx.ByteStream(body))
    ]
    with pytest.raises(SyncFailed) as failed:
        enrol(laptop("wang"), URL, centre.invite("王芳", "digital"), transport=centre)
    assert isinstance(failed.value.facts["cause"], CentreFault)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "centre.example",
        "ftp://centre.example",
        "https://",
        "https:///sync",
        "https://user:secret@centre.example",
        "https://centre.example/?a=1",
        "https://centre.example/#a",
        "https://centre.example:99999",
        "https://centre.example:0",
        "https://centre .example",
        "https://[::1",
        "javascript:alert(1)",
    ],
)
def test_what_is_no_address_is_refused_before_anything_is_sent(laptop: Laptop, centre: Any, url: str) -> None:
    store = laptop("wang")
    with pytest.raises(BadAddress):
        enrol(store, url, centre.invite("王芳", "digital"), transport=centre)
    assert centre.asked == []
    assert stored(store) == {}


@pytest.mark.parametrize(
    ("url", "exposed"),
    [
        ("https://centre.example", False),
        ("http://127.0.0.1:8000", False),
        ("http://localhost:8000", False),
        ("http://[::1]:8000", False),
        ("http://192.168.3.4", False),
        ("http://centre.example", True),
        ("http://8.8.8.8", True),
    ],
)
def test_plain_http_beyond_the_own_network_is_marked(url: str, exposed: bool) -> None:
    assert centre_address(url) == (url, exposed)
    assert centre_address(f" {url}/base/ ") == (f"{url}/base", exposed)


def test_work_done_before_comes_along_and_is_sent(laptop: Laptop, centre: Any) -> None:
    store = laptop("wang")
    actions.keep_note(store, LINE)
    actions.file_waiting(store)
    actions.delete(store, "companies", actions.add(store, "companies", {"name": "比亚迪"}))
    assert owners(store) == {("", "")}
    enrol(store, URL, centre.invite("王芳", "digital"), transport=centre)
    assert owners(store) == {("digital", "person-王芳")}
    outcome = synchronise(store, transport=centre)
    assert (outcome.state, outcome.waiting, outcome.rejected) == ("done", 0, 0)
    colleague = laptop("li")
    enrol(colleague, URL, centre.invite("李强", "digital"), transport=centre)
    assert synchronise(colleague, transport=centre).state == "done"
    connection = colleague.reader()
    try:
        assert [len(query.ids(connection, kind)) for kind in KINDS] == [1] * 5
    finally:
        connection.close()


def test_a_crash_before_the_work_was_given_over_is_made_up_for(
    laptop: Laptop, centre: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Crash(BaseException):
        pass

    def crash(_store: Store) -> int:
        raise Crash

    store = laptop("wang")
    company = actions.add(store, "companies", {"name": "宁德时代"})
    with monkeypatch.context() as patched:
        patched.setattr("fieldkit.replication.enrol.adopt", crash)
        with pytest.raises(Crash):
            enrol(store, URL, centre.invite("王芳", "digital"), transport=centre)
    assert store.me.name == "王芳"
    assert owners(store) == {("", "")}
    assert synchronise(store, transport=centre).state == "done"
    assert owners(store) == {("digital", "person-王芳")}
    connection = store.reader()
    try:
        assert badges(connection, "companies", [company]) == {}
    finally:
        connection.close()
    assert adopt(store) == 0


def test_many_records_are_adopted(laptop: Laptop, centre: Any) -> None:
    store = laptop("wang")
    from fieldkit.actions.work import working

    with working(store) as work:
        for number in range(450):
            work.add("companies", {"name": f"第{number}公司"})
    enrol(store, URL, centre.invite("王芳", "digital"), transport=centre)
    assert owners(store) == {("digital", "person-王芳")}
