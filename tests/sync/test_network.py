from __future__ import annotations

import gzip
import time
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

import sync
from sync import outbox, pace, protocol
from sync.devices import Caller
from sync.errors import Malformed, Revoked, TooLarge, Unreachable
from sync.server import Answer
from sync.testing import PORTAL, answer_of
from tests.sync.toys import City, Laptop, Note


@pytest.fixture
def ann(city: City) -> Laptop:
    laptop = city.laptop("ann")
    laptop.save(Note(id="1", text="precious"))
    return laptop


def always(laptop: Laptop, fault: Any) -> None:
    laptop.network.faults[:] = [fault] * 50  # type: ignore[attr-defined]


@pytest.mark.parametrize("status", [200, 204, 302, 307, 401, 404, 407, 410, 413, 426, 500, 511])
def test_a_captive_portal_is_not_the_centre_whatever_it_answers(ann: Laptop, status: int) -> None:
    headers = {"location": "http://hotel/login", **PORTAL.headers}
    always(ann, lambda _: Answer(status, headers, PORTAL.body))
    outcome = ann.sync()
    assert (outcome.state, outcome.waiting) == ("portal", 1)
    assert ann.network.calls == 1  # type: ignore[attr-defined]
    ann.network.faults.clear()  # type: ignore[attr-defined]
    assert ann.sync().state == "done"


@pytest.mark.parametrize("missing", ["content-type", protocol.NONCE, protocol.PROTOCOL])
def test_a_reply_without_type_nonce_or_version_is_not_the_centre_s(ann: Laptop, missing: str) -> None:
    def without(answer: Answer) -> Answer:
        return answer._replace(headers={**answer.headers, missing: "other"})

    always(ann, without)
    assert ann.sync().state == "portal"


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_gateway_before_a_centre_that_is_down_is_worth_another_try(ann: Laptop, status: int) -> None:
    ann.network.faults[:] = [lambda _: Answer(status, {}, b"bad gateway")] * 2  # type: ignore[attr-defined]
    assert ann.sync().state == "done"


def test_without_a_line_the_client_gives_up_after_its_patience_and_waits_longer_each_time(city: City) -> None:
    pauses: list[float] = []
    ann = city.laptop("ann")
    client = sync.Client(
        ann.replica,
        "http://centre/",
        credential="ann",
        transport=ann.network,
        patience=6,
        sleep=pauses.append,
        jitter=lambda: 1.0,
    )
    always(ann, "request")
    outcome = client.sync()
    assert outcome.state == "unreachable"
    assert isinstance(outcome.error, Unreachable)
    assert pauses == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0]


def test_a_push_that_is_cut_every_time_does_not_keep_the_laptop_from_pulling(city: City) -> None:
    ann, bob = city.laptop("ann"), city.laptop("bob")
    bob.save(Note(id="b"))
    bob.sync()
    ann.save(*(Note(id=str(number), text="x" * 1000) for number in range(40)))

    class Narrow(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if b'"push"' in protocol.inflate(request.read()):
                raise httpx.WriteTimeout("too slow")
            return ann.network.handle_request(request)

    client = sync.Client(ann.replica, "http://centre/", credential="ann", transport=Narrow(), sleep=lambda _: None)
    outcome = client.sync()
    assert (outcome.state, outcome.received, outcome.waiting) == ("unreachable", 1, 40)
    assert ann.note("b") is not None


def test_batches_shrink_to_what_a_short_connection_carries_and_everything_arrives(city: City) -> None:
    ann, bob = city.laptop("ann"), city.laptop("bob")
    ann.save(*(Note(id=f"{number:03}", text=f"{number:03}" * 700) for number in range(60)))

    class Short(httpx.BaseTransport):
        def __init__(self, inner: httpx.BaseTransport) -> None:
            self.inner = inner

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if len(protocol.inflate(request.read())) > 9000:
                raise httpx.WriteError("cut")
            response = self.inner.handle_request(request)
            packed = b"".join(response.stream)  # type: ignore[arg-type]
            if len(protocol.inflate(packed)) > 9000:
                raise httpx.ReadError("cut")
            return httpx.Response(response.status_code, headers=response.headers, stream=httpx.ByteStream(packed))

    for laptop in (ann, bob):
        transport = Short(laptop.network)
        options: dict[str, Any] = {"credential": "ann" if laptop is ann else "bob", "sleep": lambda _: None}
        client = sync.Client(laptop.replica, "http://centre/", transport=transport, patience=8, **options)
        assert client.sync().state == "done"
    assert bob.rows("SELECT count(*) FROM toy_note") == [(60,)]


def test_a_reply_that_is_a_bomb_is_dropped_at_its_bound(ann: Laptop) -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    always(ann, lambda answer: answer._replace(body=bomb))
    assert ann.sync().state == "unreachable"
    always(ann, lambda answer: answer._replace(headers=_plain(answer), body=b" " * (protocol.REPLY_LIMIT + 1)))
    assert ann.sync().state == "unreachable"


def _plain(answer: Answer) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name != "content-encoding"}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: body[: len(body) // 2],
        lambda _: protocol.deflate(b"{}")[:-4],
        lambda _: b"not gzip",
    ],
    ids=["half", "no trailer", "not gzip"],
)
def test_a_reply_cut_short_is_asked_for_again(ann: Laptop, spoil: Callable[[bytes], bytes]) -> None:
    ann.network.faults.append(lambda answer: answer._replace(body=spoil(answer.body)))  # type: ignore[attr-defined]
    assert ann.sync().state == "done"


def test_an_unreadable_reply_of_the_centre_is_its_fault(ann: Laptop) -> None:
    always(ann, lambda answer: answer._replace(body=protocol.deflate(b'{"state":5}')))
    assert ann.sync()[0] == "fault"
    always(ann, lambda answer: answer._replace(body=protocol.deflate(b'{"state":"odd","now":0}')))
    assert ann.sync()[0] == "fault"
    always(ann, lambda answer: answer._replace(body=protocol.deflate(b'{"state":"taken","now":0,"results":[]}')))
    assert ann.sync()[0] == "fault"
    assert ann.replica.counts()[0] == 1


@pytest.mark.parametrize(("status", "state"), [(401, "sign-in"), (410, "revoked"), (500, "fault"), (415, "fault")])
def test_what_the_centre_says_about_the_caller_ends_the_synchronisation(ann: Laptop, status: int, state: str) -> None:
    always(ann, lambda answer: answer._replace(status=status))
    outcome = ann.sync()
    assert (outcome.state, outcome.waiting) == (state, 1)
    assert ann.rows("SELECT state FROM sync_laptop") == [(state,)]


def test_a_session_that_expires_before_any_batch_costs_no_record(city: City) -> None:
    ann = city.laptop("ann")
    left, batch = [0], 0

    def identify(credential: str) -> Caller | None:
        left[0] -= 1
        return city.directory(credential) if left[0] >= 0 else None

    city.server._identify = identify
    while True:
        ann.save(*(Note(id=f"{batch} {number}", text="x" * 9000) for number in range(15)))
        left[0] = batch
        outcome = ann.sync()
        assert outcome.rejected == 0
        if outcome.state == "done":
            break
        assert (outcome.state, outcome.waiting > 0) == ("sign-in", True)
        left[0] = 100
        assert ann.sync().state == "done"
        batch += 1
    assert batch > 2
    with city.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM toy_note").scalar() == 15 * (batch + 1)


def test_a_revoked_laptop_is_told_so(city: City, ann: Laptop) -> None:
    def identify(_: str) -> None:
        raise Revoked

    city.server._identify = identify
    assert ann.sync().state == "revoked"


@pytest.mark.parametrize(("status", "reason"), [(413, "too-large"), (400, "malformed")])
def test_the_one_record_that_the_centre_will_not_read_is_set_aside(city: City, status: int, reason: str) -> None:
    ann = city.laptop("ann")
    ann.save(*(Note(id=str(number), text="bad" if number == 7 else "good") for number in range(20)))

    class Fussy(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            bad = b'"bad"' in protocol.inflate(request.read())
            ann.network.faults[:] = [lambda answer: answer._replace(status=status)] if bad else []  # type: ignore[attr-defined]
            if bad:
                ann.network.server = _deaf(city)  # type: ignore[attr-defined]
            response = ann.network.handle_request(request)
            ann.network.server = city.server  # type: ignore[attr-defined]
            return response

    client = sync.Client(ann.replica, "http://centre/", credential="ann", transport=Fussy(), sleep=lambda _: None)
    outcome = client.sync()
    assert (outcome.state, outcome.waiting, outcome.rejected) == ("done", 0, 1)
    assert ann.rows("SELECT id, state, reason FROM sync_outbox") == [("7", "rejected", reason)]


def _deaf(city: City) -> Any:
    class Deaf(sync.Server):
        def serve(self, caller: Any, headers: Any, body: bytes) -> Answer:
            return self._answer(headers, 200)

    return Deaf(city.engine, [Note], **city.options)


@pytest.mark.parametrize("url", ["nonsense", "http://centre:port/", "ftp://centre/"])
def test_a_url_that_is_none_is_said_to_be_no_centre(city: City, url: str) -> None:
    client = sync.Client(city.laptop("ann").replica, url, credential="ann")
    assert client.sync().state == "portal"


def test_progress_counts_up_to_everything(city: City) -> None:
    ann = city.laptop("ann")
    ann.save(*(Note(id=str(number), text="x" * 900) for number in range(100)))
    steps: list[sync.Progress] = []
    ann.client.sync(steps.append)
    assert len(steps) > 1
    assert (steps[-1].sent, steps[-1].waiting) == (100, 0)
    assert [step.sent for step in steps] == sorted(step.sent for step in steps)


def test_two_processes_do_not_synchronise_one_store_at_once(city: City, tmp_path: Any) -> None:
    ann = city.laptop("ann", path=tmp_path / "store.db")
    second = sync.Client(ann.replica, "http://centre/", credential="ann", transport=ann.network, queue_seconds=0.0)
    states: list[str] = []
    ann.network.faults.append(lambda answer: (states.append(second.sync().state), answer)[1])  # type: ignore[attr-defined]
    assert ann.sync().state == "done"
    assert states == ["busy"]


# what a hostile client sends


def post(city: City, body: bytes, *, packed: bool = True, **headers: str) -> int:
    known = {
        protocol.PROTOCOL: protocol.VERSION,
        "authorization": "Bearer ann",
        protocol.DEVICE: "aaaaaaaaaaaa",
        protocol.TOKEN: "- first",
        **({"content-encoding": "gzip"} if packed else {}),
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    caller = city.server.greet(known)
    answer = caller if isinstance(caller, Answer) else city.server.serve(caller, known, body)
    return answer.status


PUSH = b'{"push":[{"t":"toy_note","i":"1","f":%s,"h":"1795000000000-0000-aaaaaaaaaaaa","w":true}]}'


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"unknown":1}',
        b'{"push":[{"t":"x","i":"1","f":{},"h":"","author":"boss"}]}',
        b'{"page":1,"page":2}',
        PUSH % b'{"text":"a","text":"b"}',
        PUSH % b'{"text":NaN}',
        PUSH % b'{"text":Infinity}',
        PUSH % b'{"text":"\\ud800"}',
        PUSH % b'{"text":"\xff"}',
        PUSH % (b'{"text":' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
        b'{"cursors":{"all":"x"}}',
        b'{"page":1e400}',
    ],
    ids=range(14),
)
def test_a_malformed_body_is_refused_in_one_piece(city: City, body: bytes) -> None:
    city.laptop("ann")
    assert post(city, protocol.deflate(body)) == 400
    assert post(city, body, packed=False) == 400
    assert city.note("1") is None


def test_numbers_past_64_bits_refuse_the_record_or_the_body_but_never_break(city: City) -> None:
    city.laptop("ann")
    for number in (b"9223372036854775808", b"-9223372036854775809", b"1" * 400):
        assert post(city, PUSH % (b'{"text":"a","new":%s}' % number), packed=False) in (200, 400)
        assert city.note("1") is None


def test_bodies_have_bounds(city: City) -> None:
    city.laptop("ann")
    assert post(city, gzip.compress(b" " * (protocol.INFLATED_LIMIT + 1))) == 413
    assert post(city, protocol.deflate(b"{}") + b"more") == 400
    many = protocol.encode({"cursors": {str(number): 0 for number in range(protocol.RECORDS_LIMIT + 1)}})
    assert post(city, many, packed=False) == 413


def test_headers_are_settled_before_the_body(city: City) -> None:
    city.laptop("ann")
    body = protocol.deflate(b"{}")
    assert post(city, body, authorization="Bearer somebody") == 401
    assert post(city, body, authorization="Basic ann") == 401
    assert post(city, body, authorization="") == 401
    assert post(city, body, sync_version="99") == 400
    for headers in ({"sync_device": "short"}, {"sync_token": "-"}, {"sync_token": "- " + "x" * 99}):
        assert post(city, body, **headers) == 400


def test_the_centre_says_busy_when_its_database_does_not_answer(city: City) -> None:
    city.laptop("ann")
    with city.engine.execution_options(sync_own=True).begin() as connection:
        connection.exec_driver_sql("DROP TABLE sync_centre")
    assert post(city, protocol.deflate(b"{}")) == 503


def test_inflating_never_goes_past_its_bound() -> None:
    inflater = protocol.Inflater(limit=100)
    with pytest.raises(TooLarge):
        inflater.feed(zlib.compress(b" " * 10_000_000, wbits=31))
    with pytest.raises(Malformed):
        protocol.Inflater().feed(b"plain")
    with pytest.raises(Malformed):
        protocol.inflate(b"")


def _pieces(body: bytes) -> Iterator[bytes]:
    yield from (body[place : place + 1] for place in range(len(body)))


def test_inflating_goes_piece_by_piece() -> None:
    inflater = protocol.Inflater()
    for piece in _pieces(protocol.deflate(b"hello" * 100)):
        inflater.feed(piece)
    assert inflater.finish() == b"hello" * 100


def request_of(laptop: Laptop) -> tuple[Any, dict[str, str]]:
    """A request as it is prepared to leave, and its headers."""
    prepared = laptop.replica.prepare(size=9000, page=9000)
    known = {protocol.PROTOCOL: protocol.VERSION, "authorization": "Bearer ann", "content-type": protocol.MEDIA_TYPE}
    return prepared, {**prepared.headers, **known}


def answered(city: City, laptop: Laptop, call: tuple[Any, dict[str, str]]) -> str:
    """The state in the centre's answer, of which the laptop hears."""
    prepared, headers = call
    reply = protocol.reply_from(protocol.inflate(answer_of(city.server, headers, prepared.body).body))
    if reply.state == protocol.TAKEN:
        laptop.replica.take(prepared, reply)
    return reply.state


def test_the_same_request_may_come_twice(city: City, ann: Laptop) -> None:
    for _ in range(3):
        call = request_of(ann)
        assert answer_of(city.server, call[1], call[0].body).status == 200
        assert answered(city, ann, call) == protocol.TAKEN
        ann.edit("1", text="more")
    assert ann.sync().state == "done"
    assert ann.replica.conflicts() == []


def test_a_request_may_be_overtaken_by_the_next(city: City, ann: Laptop) -> None:
    ann.sync()
    ann.edit("1", text="first")
    late = request_of(ann)
    ann.edit("1", text="second")
    early = request_of(ann)
    assert answered(city, ann, early) == protocol.TAKEN
    assert protocol.reply_from(protocol.inflate(answer_of(city.server, late[1], late[0].body).body)).state == "taken"
    ann.edit("1", text="third")
    assert ann.sync().state == "done"
    assert ann.rows("SELECT came_from FROM sync_laptop") == [("",)]
    assert (city.note("1"), ann.replica.conflicts()) == (ann.note("1"), [])


def test_one_edited_field_costs_at_most_two_hundred_bytes_beyond_heads(city: City) -> None:
    ann = city.laptop("ann", "all", "group:digital")
    record = "01a209f9-e17a-760d-bb7e-50b46586ee0e"
    ann.save(Note(id=record, text="a" * 300))
    ann.sync()
    line: Any = ann.network
    for more in ("first", "second"):
        ann.edit(record, more=more)
        line.bytes_up = line.bytes_down = 0
        assert ann.sync()[:2] == ("done", 1)
        assert line.bytes_up + line.bytes_down <= 200


def test_short_messages_are_packed_with_the_usual_words_and_long_ones_as_gzip() -> None:
    short, long = b'{"state":"taken","now":1795000000000}', b'{"push":[]}' * 1000
    packed, encoding = protocol.pack(short, f"gzip, {protocol.SHORT}")
    assert (encoding, protocol.inflate(packed)) == (protocol.SHORT, short)
    assert len(packed) < len(protocol.deflate(short)) / 2
    assert protocol.pack(short, "gzip")[1] == protocol.pack(long, protocol.SHORT)[1] == protocol.GZIP
    with pytest.raises(Malformed):
        protocol.inflate(packed[:-2])


@pytest.mark.parametrize(
    ("state", "outcome"), [(protocol.CLOCK, "clock"), (protocol.FORK, "fork"), (protocol.RESTORED, "fork")]
)
def test_a_centre_that_is_never_content_is_left_after_a_few_fresh_starts(ann: Laptop, state: str, outcome: str) -> None:
    always(ann, lambda answer: answer._replace(body=protocol.deflate(protocol.encode({"state": state, "now": 5}))))
    assert ann.sync()[:5] == (outcome, 0, 0, 1, 0)
    assert ann.network.calls == 4  # type: ignore[attr-defined]


def test_a_centre_that_does_not_understand_even_an_empty_request_has_a_fault(city: City) -> None:
    ann = city.laptop("ann")
    always(ann, lambda answer: answer._replace(status=400))
    assert ann.sync().state == "fault"


def test_a_batch_has_a_bound_in_records_too(city: City, ann: Laptop) -> None:
    push = (PUSH % b'{"text":"a"}')[9:-2]
    body = b'{"push":[' + b",".join([push] * (protocol.RECORDS_LIMIT + 1)) + b"]}"
    assert len(body) < protocol.INFLATED_LIMIT
    assert post(city, body, packed=False) == 413
    ann.save(Note(id="2"), Note(id="3"))
    with ann.engine.execution_options(sync_own=True).begin() as connection:
        batch = outbox.next_batch(connection, ann.replica.tables, 9000, 2)
    assert [record.id for record in batch.records] == ["1", "2"]


def test_only_what_several_saves_filled_may_be_larger_than_one_save(city: City) -> None:
    city.laptop("ann")
    values = {"text": "x" * 200_000, "more": "y" * 200_000, "scopes": "all", "deleted": False}
    stamps = [f"1795000000000-000{number}-aaaaaaaaaaaa" for number in range(2)]
    pushes = [
        protocol.Push("toy_note", "1", values, stamps[0], w=True),
        protocol.Push("toy_note", "1", values, stamps[0], s={"more": stamps[1]}, w=True),
    ]
    assert [post(city, protocol.encode(protocol.Request(push=[push])), packed=False) for push in pushes] == [413, 200]
    assert post(city, protocol.encode(protocol.Request(push=pushes)), packed=False) == 413


def test_the_head_of_a_long_reply_is_enough_to_ask_for_what_follows(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "_FAR_SECONDS", -1.0)
    ann, bob = city.laptop("ann"), city.laptop("bob")
    ann.save(*(Note(id=f"{number:03}", text="x" * 5000) for number in range(60)))
    ann.sync()

    class Slow(httpx.BaseTransport):
        def __init__(self) -> None:
            self.asked: list[bool] = []

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            response = bob.network.handle_request(request)
            self.asked.append(False)
            body = b"".join(response.stream)  # type: ignore[arg-type]
            return httpx.Response(
                response.status_code, headers=response.headers, stream=Body(self, len(self.asked), body)
            )

    class Body(httpx.SyncByteStream):
        def __init__(self, line: Slow, number: int, body: bytes) -> None:
            self.line, self.number, self.body = line, number, body

        def __iter__(self) -> Iterator[bytes]:
            for _ in range(100):
                if len(self.line.asked) > self.number:
                    self.line.asked[self.number - 1] = True
                    break
                time.sleep(0.005)
            yield self.body

    line = Slow()
    client = sync.Client(bob.replica, "http://centre/", credential="bob", transport=line, sleep=lambda _: None)
    client._runs_ahead = True
    assert client.sync()[:3] == ("done", 0, 60)
    assert any(line.asked), "nothing was asked for before the reply had come"
