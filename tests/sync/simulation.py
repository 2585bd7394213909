"""Random histories of a city, in one thread and from one seed, with three invariants at their end.

- *converged*: every laptop shows exactly the centre's records that it may see, and their open conflicts;
- *nothing leaked*: no reply ever carried a record to somebody who could not see it when it was sent;
- *nothing lost*: every word that somebody saw saved is the field's value, or kept as a conflict, or was overwritten by
  somebody who had it in sight, or stands refused in its author's outbox.
"""

from __future__ import annotations

import json
from random import Random
from typing import Any

import httpx
import msgspec
from sqlalchemy import Engine, event
from sqlmodel import Session, select

import sync
from sync import protocol
from sync.server import Answer
from sync.testing import Directory, ManualClock, Network, by_field
from tests.sync.toys import Laptop, Note, copy, memory_engine

SCOPES = ("all", "red", "blue")
WORDS = ("text", "more")
DAY = 24 * 3600 * 1000
EVENTS = {
    "create": 12,
    "edit": 30,
    "delete": 3,
    "move": 4,
    "synchronise": 34,
    "resolve": 4,
    "wait": 6,
    "jump": 3,
    "office": 4,
    "grant": 6,
    "clone": 1,
    "keep_backup": 2,
    "restore": 1,
}


class Crash(Exception):
    """The power went in the middle of a transaction."""


class Fuse:
    """Blows at a chosen statement of an engine."""

    def __init__(self, engine: Engine) -> None:
        self.left = -1
        event.listen(engine, "before_cursor_execute", self._count)

    def _count(self, *_: object) -> None:
        if self.left >= 0:
            self.left -= 1
            if self.left < 0:
                raise Crash

    def set(self, statements: int) -> None:
        self.left = statements


class Line(Network):
    """A laptop's line to the centre that looks into every reply for what must not be in it."""

    def __init__(self, world: World, credential: str) -> None:
        super().__init__(world.server, self._look_into)
        self._world = world
        self._credential = credential

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.server = self._world.server
        try:
            return super().handle_request(request)
        except Crash as error:
            raise httpx.ReadError("the centre lost power") from error
        finally:
            self._world.centre_fuse.set(-1)

    def _look_into(self, answer: Answer) -> None:
        if answer.status != 200:
            return
        reply = protocol.reply_from(protocol.inflate(answer.body))
        reads = self._world.directory.callers[self._credential].reads
        blocks = [*reply.corrections, *(reply.page.blocks if reply.page else [])]
        for block in blocks:
            for row in block.rows:
                scopes = row.values[block.fields.index("scopes")].split()
                if not reads.intersection(scopes):
                    self._world.leaks.append((self._credential, row.id))


class World:
    """A city under one seed."""

    def __init__(self, seed: int, laptops: int = 3) -> None:
        self.rng = Random(seed)
        self.now = ManualClock()
        self.directory = Directory()
        self.centre = memory_engine()
        self.server = self._make_server()
        self.server.create_tables()
        self.centre_fuse = Fuse(self.centre)
        self.laptops: list[Laptop] = []
        self.fuses: list[Fuse] = []
        self.offsets: list[int] = []
        self.people: list[str] = []
        self.leaks: list[tuple[str, str]] = []
        self.said: dict[str, set[int]] = {}
        self.overwritten: set[str] = set()
        self.at_risk: set[str] = set()
        self.backups: list[Engine] = []
        self.trace: list[str] = []
        for number in range(laptops):
            person = f"p{number}"
            self.directory.enrol(person, "all", *self.rng.sample(SCOPES[1:], 1))
            self._add_laptop(memory_engine(), person).replica.create_tables()

    def _make_server(self) -> sync.Server:
        return sync.Server(
            self.centre,
            [Note],
            identify=self.directory,
            scopes_of=by_field("scopes"),
            clock=self.now,
            entropy=self.rng.randbytes,
        )

    def _add_laptop(self, engine: Engine, person: str) -> Laptop:
        number = len(self.laptops)
        self.offsets.append(0)
        self.people.append(person)
        self.fuses.append(Fuse(engine))
        laptop = Laptop(
            engine,
            Line(self, person),
            person,
            tables=[Note],
            clock=lambda: self.now() + self.offsets[number],
            entropy=self.rng.randbytes,
        )
        self.laptops.append(laptop)
        return laptop

    def run(self, events: int) -> None:
        """One history: `events` random events, then everybody synchronises in peace, then the invariants."""
        names, weights = list(EVENTS), list(EVENTS.values())
        for name in self.rng.choices(names, weights, k=events):
            getattr(self, f"do_{name}")()
            self.now.advance(self.rng.randrange(1, 3000))
        self.settle()
        self.check()

    def settle(self) -> None:
        for fuse in (*self.fuses, self.centre_fuse):
            fuse.set(-1)
        for _ in range(20):
            moved = False
            for laptop in self.laptops:
                laptop.network.faults.clear()  # type: ignore[attr-defined]
                outcome = laptop.sync()
                assert outcome.state == "done", outcome
                moved = moved or bool(outcome.sent or outcome.received)
                self.now.advance(1000)
            if not moved:
                return
        raise AssertionError("the city does not come to rest")

    # events

    def do_create(self) -> None:
        number, laptop = self._somebody()
        record = f"{self.rng.getrandbits(48):012x}"
        words = {field: self._new_word(record, field) for field in WORDS}
        scopes = self.rng.choice(("all", "red", "blue", "red blue"))
        if self._saves(number, lambda: laptop.save(Note(id=record, scopes=scopes, **words))):
            self._saw_saved(words, (), {number})
            self._note(f"{number} creates {record} {words} in {scopes}")

    def do_edit(self) -> None:
        number, laptop = self._somebody()
        shown = self._shown(laptop)
        if not shown:
            return
        record = self.rng.choice(shown)
        fields = self.rng.choice((("text",), ("more",), WORDS))
        words = {field: self._new_word(record.id, field) for field in fields}
        if self._saves(number, lambda: laptop.edit(record.id, **words)):
            self._saw_saved(words, [getattr(record, field) for field in fields], {number})
            self._note(f"{number} edits {record.id} {words}")

    def do_delete(self) -> None:
        self._change_plainly(lambda record: {"deleted": not record.deleted})

    def do_move(self) -> None:
        self._change_plainly(lambda _: {"scopes": self.rng.choice(("all", "red", "blue", "red blue"))})

    def do_resolve(self) -> None:
        number, laptop = self._somebody()
        conflicts = [one for one in laptop.replica.conflicts() if one.field in WORDS]
        if not conflicts:
            return
        one = self.rng.choice(conflicts)
        third = self._new_word(one.record_id, one.field)
        value = self.rng.choice((one.kept, one.other, third))
        if self._saves(number, lambda: laptop.replica.resolve(one.id, value)):
            self._saw_saved({one.field: third} if value == third else {}, {one.kept, one.other} - {value}, {number})
            self._note(f"{number} resolves {one} with {value}")

    def do_synchronise(self) -> None:
        number, laptop = self._somebody()
        faults: Any = self.rng.choices(("request", "reply", None), (1, 2, 8), k=6)
        laptop.network.faults[:] = faults  # type: ignore[attr-defined]
        if self.rng.random() < 0.12:
            self.fuses[number].set(self.rng.randrange(40))
        if self.rng.random() < 0.12:
            self.centre_fuse.set(self.rng.randrange(25))
        try:
            outcome = laptop.sync()
            self._note(f"{number} syncs {outcome}")
        except Crash:
            self._note(f"{number} crashes in sync")
        finally:
            self.fuses[number].set(-1)
            self.centre_fuse.set(-1)

    def do_wait(self) -> None:
        self.now.advance(self.rng.choice((10_000, DAY, 5 * DAY)))

    def do_jump(self) -> None:
        number, _ = self._somebody()
        self.offsets[number] = self.rng.choice((0, -11 * DAY, 115 * DAY, 10 * 60_000, -3600_000))
        self._note(f"clock of {number} is off by {self.offsets[number]}")

    def do_office(self) -> None:
        with Session(self.centre) as session:
            records = [(one.id, one.text) for one in session.exec(select(Note)).all()]
        if not records:
            return
        record, seen = self.rng.choice(sorted(records))
        word = self._new_word(record, "text")
        self.server.write("office", [sync.Change("toy_note", record, {"text": word})])
        self._saw_saved({"text": word}, [seen], set())
        self._note(f"office writes {record} {word} over {seen}")

    def do_grant(self) -> None:
        person = self.rng.choice(sorted(set(self.people)))
        scopes = self.rng.sample(SCOPES, self.rng.randrange(1, 4))
        self.directory.enrol(person, *scopes)
        self._note(f"{person} may now see {scopes}")

    def do_clone(self) -> None:
        if len(self.laptops) > 4:
            return
        number, laptop = self._somebody()
        engine = memory_engine()
        copy(laptop.engine, engine)
        self._add_laptop(engine, self.people[number])
        for numbers in self.said.values():
            if number in numbers:
                numbers.add(len(self.laptops) - 1)
        self.offsets[-1] = self.offsets[number]
        self._note(f"{number} is cloned as {len(self.laptops) - 1}")

    def do_keep_backup(self) -> None:
        kept = memory_engine()
        copy(self.centre, kept)
        self.backups.append(kept)
        self._note("backup")

    def do_restore(self) -> None:
        if not self.backups:
            return
        self._excuse_words_without_a_laptop()
        self.at_risk.update(self.said)
        copy(self.backups[-1], self.centre)
        known = self.rng.random() < 0.7
        if known:
            self.server.new_epoch()
        self._note(f"the centre goes back, {'with' if known else 'without'} a new epoch")

    # the oracle

    def check(self) -> None:
        """The three invariants."""
        assert not self.leaks, f"leaked {self.leaks}"
        assert (gap := self.server.verify().gap) is None, gap
        with Session(self.centre) as session:
            records = {one.id: one.model_dump() for one in session.exec(select(Note)).all()}
        open_conflicts = {(one.record_id, one.id) for one in self.server.conflicts()}
        for number, laptop in enumerate(self.laptops):
            self._check_converged(number, laptop, records, open_conflicts)
        self._check_words(records)

    def _check_converged(
        self, number: int, laptop: Laptop, records: dict[str, Any], open_conflicts: set[tuple[str, str]]
    ) -> None:
        reads = self.directory.callers[self.people[number]].reads
        visible = {key: one for key, one in records.items() if reads.intersection(one["scopes"].split())}
        refused = {
            key: msgspec.json.decode(fields) for key, fields in laptop.rows("SELECT id, fields FROM sync_outbox")
        }
        shown = {one.id: one.model_dump() for one in self._shown(laptop, deleted=True)}
        for key, one in visible.items():
            assert key in shown, f"laptop {number} lacks {key}"
            dirty = refused.get(key, {})
            for field, value in one.items():
                same = shown[key][field] == value or field in dirty or "*" in dirty
                assert same, f"laptop {number} shows {key}.{field} as {shown[key][field]!r}, the centre has {value!r}"
        for key in shown.keys() - visible.keys():
            assert key in refused, f"laptop {number} still shows {key}"
        conflicts = {(one.record_id, one.id) for one in laptop.replica.conflicts() if one.record_id not in refused}
        expected = {one for one in open_conflicts if one[0] in visible and one[0] not in refused}
        assert conflicts == expected, f"laptop {number} sees conflicts {conflicts}, the centre has {expected}"

    def _check_words(self, records: dict[str, Any]) -> None:
        kept = {one[field] for one in records.values() for field in WORDS}
        with self.centre.connect() as connection:
            rows = connection.exec_driver_sql("SELECT value FROM sync_conflict").all()
            kept.update(word for (text,) in rows if isinstance(word := json.loads(text), str))
        for laptop in self.laptops:
            kept.update(self._refused_words(laptop))
        lost = {word for word in self.said.keys() - kept - self.overwritten if not self._beyond_reach(word)}
        assert not lost, f"lost {lost}"

    def _refused_words(self, laptop: Laptop) -> set[str]:
        shown = {one.id: one for one in self._shown(laptop, deleted=True)}
        words: set[str] = set()
        for record, held in laptop.rows("SELECT id, held FROM sync_outbox WHERE state <> 'waiting'"):
            words.update(str(value) for value in json.loads(held or "{}").values())
            words.update(getattr(shown[record], field) for field in WORDS if record in shown)
        return words

    def _excuse_words_without_a_laptop(self) -> None:
        """What only the centre has is lost with it: the office's own words, and those of records that the laptop on
        which they were typed may no longer see, and so has forgotten."""
        for word, numbers in self.said.items():
            holders = [one for one in numbers if self._holds(self.laptops[one], word)]
            if not holders:
                self.overwritten.add(word)

    def _beyond_reach(self, word: str) -> bool:
        """The centre has gone back, and whoever typed the word may not give it again: the record is out of its sight."""
        return word in self.at_risk and not any(self._holds(self.laptops[one], word) for one in self.said[word])

    def _holds(self, laptop: Laptop, word: str) -> bool:
        query = "SELECT 1 FROM toy_note WHERE id LIKE ? UNION SELECT 1 FROM sync_outbox WHERE held LIKE ?"
        return bool(laptop.rows(query, f"{word.split('-')[2]}%", f"%{word}%"))

    # helpers

    def _somebody(self) -> tuple[int, Laptop]:
        number = self.rng.randrange(len(self.laptops))
        return number, self.laptops[number]

    def _shown(self, laptop: Laptop, *, deleted: bool = False) -> list[Note]:
        query = "SELECT id, text, more, scopes, deleted FROM toy_note ORDER BY id"
        found = [Note(id=i, text=t, more=m, scopes=s, deleted=bool(d)) for i, t, m, s, d in laptop.rows(query)]
        return [one for one in found if deleted or not one.deleted]

    def _change_plainly(self, values: Any) -> None:
        number, laptop = self._somebody()
        shown = self._shown(laptop, deleted=True)
        if shown:
            record = self.rng.choice(shown)
            changes = values(record)
            self._saves(number, lambda: laptop.edit(record.id, **changes))
            self._note(f"{number} changes {record.id} {changes}")

    def _new_word(self, record: str, field: str) -> str:
        return f"w{len(self.said)}-{self.rng.getrandbits(24):06x}-{record[:4]}-{field}"

    def _saw_saved(self, words: dict[str, str], over: Any, laptops: set[int]) -> None:
        self.overwritten.update(over)
        self.said.update({word: set(laptops) for word in words.values()})

    def _saves(self, number: int, save: Any) -> bool:
        if self.rng.random() < 0.05:
            self.fuses[number].set(self.rng.randrange(6))
        try:
            save()
        except Crash:
            return False
        finally:
            self.fuses[number].set(-1)
        return True

    def _note(self, line: str) -> None:
        self.trace.append(line)

    def close(self) -> None:
        for engine in (self.centre, *self.backups, *(laptop.engine for laptop in self.laptops)):
            engine.dispose()
