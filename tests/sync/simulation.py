"""A city in one thread: laptops, one centre, and everything that can happen to them, one method for each.

`World` does what it is told; who tells it is a seed (`history`) or Hypothesis (`test_machine`). What must hold of it, at
any time, is in `oracle`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from unittest.mock import patch

import sync
from sync import bundle, pace, protocol
from sync.errors import Misdirected, NotAwaited
from sync.testing import Directory, ManualClock
from tests.sync.machines import COLUMNS, UNSTORABLE, Machine, Stock
from tests.sync.oracle import Oracle
from tests.sync.stores import Content, Crash

SCOPES = ("all", "red", "blue", "red blue")
WORDS = ("text", "more")


class Post:
    """Hand-carried files, in memory instead of on a stick."""

    def __init__(self) -> None:
        self._files: dict[str, bytes] = {}
        self.last = b""

    def check_free(self, path: str) -> None:
        assert path not in self._files

    def write_new(self, path: str, data: bytes) -> None:
        self._files[path] = self.last = data

    def read(self, path: str, _limit: int) -> bytes:
        return self._files[path]


class World:
    """A city. `thin` lets `sync` read and write without SQLAlchemy's layers and post without httpx's."""

    def __init__(
        self, stock: Stock, entropy: Callable[[int], bytes], *, thin: bool = True, first_batch: int = 32 * 1024
    ) -> None:
        self.stock = stock
        self.entropy = entropy
        self.thin = thin
        self._usual_batch, pace.FIRST_BATCH = pace.FIRST_BATCH, first_batch
        self.now = ManualClock()
        self.directory = Directory()
        self.machines: list[Machine] = []
        self.backups: list[Content] = []
        self.files: list[tuple[str, bytes]] = []
        self.answers: list[tuple[str, bytes]] = []
        self._post = Post()
        self.trace: list[str] = []
        self.centre = stock.centre
        self.centre.world = self
        self.centre.store.put({})
        self.server = self.centre.server
        self.server.engine = self.centre.store.thin if thin else self.centre.store.engine  # type: ignore[assignment]
        self.oracle = Oracle(self)

    def close(self) -> None:
        pace.FIRST_BATCH = self._usual_batch
        self.stock.take_back(self.machines)

    # laptops

    def add_laptop(self, person: str, scopes: Sequence[str], *, schema: int = 1) -> Machine:
        """Somebody gets a new laptop; with `schema` 0 its program does not know the field `more`."""
        self.directory.enrol(person, *scopes)
        return self._machine(person, schema, {})

    def clone(self, machine: Machine) -> Machine:
        """The disk is copied into another machine, both go on."""
        twin = self._machine(machine.person, machine.schema, machine.store.kept())
        twin.offset = machine.offset
        self.oracle.cloned(machine.number, twin.number)
        self.note(f"{machine.number} is cloned as {twin.number}")
        return twin

    def upgrade(self, machine: Machine) -> None:
        """The program learns the field `more`."""
        if machine.schema == 0:
            machine.store.disk.execute("ALTER TABLE toy_note ADD COLUMN more VARCHAR NOT NULL DEFAULT ''")
            machine.schema = 1
            self.note(f"{machine.number} is upgraded")

    def create(self, machine: Machine, record: str, scopes: str, mark: str = "", crash: int = -1) -> bool:
        """A new record; `mark` makes its text poison. True when somebody saw it saved."""
        words = {field: self.oracle.new_word(record, field) for field in WORDS if field in COLUMNS[machine.schema]}
        words["text"] = mark + words["text"]
        for word in words.values():
            self.oracle.types(word, (), (machine.number,))
        saved = self._saves(machine, crash, lambda: machine.create(record, {**words, "scopes": scopes}))
        self.note(f"{machine.number} creates {record} {words} in {scopes}{'' if saved else ' and crashes'}")
        self.oracle.saw(words.values() if saved else ())
        return saved

    def write(self, machine: Machine, record: str, fields: Sequence[str], mark: str = "", crash: int = -1) -> None:
        """New words over those in sight."""
        shown = next((one for one in machine.notes() if one["id"] == record), None)
        if shown is None:
            return
        words = {field: self.oracle.new_word(record, field) for field in fields if field in shown}
        if "text" in words:
            words["text"] = mark + words["text"]
        for field, word in words.items():
            self.oracle.types(word, [shown[field]], (machine.number,))
        if words:
            saved = self._saves(machine, crash, lambda: machine.edit(record, words))
            self.note(f"{machine.number} writes {record} {words}{'' if saved else ' and crashes'}")
            self.oracle.saw(words.values() if saved else ())

    def change(self, machine: Machine, record: str, values: dict[str, Any], crash: int = -1) -> None:
        """Delete, undelete or move a record."""
        shown = next((one for one in machine.notes() if one["id"] == record), None)
        if shown is not None and any(shown[field] != value for field, value in values.items()):
            saved = self._saves(machine, crash, lambda: machine.edit(record, values))
            self.note(f"{machine.number} changes {record} {values}{'' if saved else ' and crashes'}")

    def resolve(self, machine: Machine, conflict: sync.Conflict, side: str, crash: int = -1) -> None:
        """Decide a conflict for what is `kept`, for the `other`, or for a `third` value."""
        third = self.oracle.new_word(conflict.record_id, conflict.field)
        value = {"kept": conflict.kept, "other": conflict.other, "third": third}[side]
        if conflict.field in WORDS:
            self.oracle.types(value, {conflict.kept, conflict.other}, (machine.number,))
        saved = self._saves(machine, crash, lambda: machine.replica.resolve(conflict.id, value))
        self.note(f"{machine.number} resolves {conflict} with {value}{'' if saved else ' and crashes'}")
        self.oracle.saw([value] if saved and conflict.field in WORDS else ())

    def synchronise(
        self,
        machine: Machine,
        faults: Sequence[Any] = (),
        *,
        crash: int = -1,
        centre_crash: int = -1,
        limit: int = 0,
        between: Sequence[Callable[[], None]] = (),
    ) -> sync.Outcome | None:
        """One synchronisation, with what goes wrong on the line, and a crash on either side."""
        line = machine.line
        line.faults[:], line.limit, line.between[:] = faults, limit, between
        machine.store.disk.crash_after(crash)
        self.centre.store.disk.crash_after(centre_crash)
        self.oracle.about_to_sync(machine)
        try:
            outcome = machine.client.sync()
            self.note(f"{machine.number} syncs {outcome}")
            return outcome
        except Crash:
            self.note(f"{machine.number} crashes in sync")
            return None
        finally:
            line.faults.clear()
            line.between.clear()
            line.limit = 0
            self.oracle.about_to_sync(machine)
            machine.store.disk.crash_after(-1)
            self.centre.store.disk.crash_after(-1)

    def write_file(self, machine: Machine, crash: int = -1) -> None:
        """Everything unsent goes into a file."""
        machine.store.disk.crash_after(crash)
        try:
            with patch("sync.client.files", self._post):
                records = machine.client.to_file(f"{len(self.trace)}.bundle")
            self.files.append((machine.person, self._post.last))
            self.note(f"{machine.number} writes file {len(self.files) - 1} with {records}")
        except Crash:
            self.note(f"{machine.number} crashes writing a file")
        finally:
            machine.store.disk.crash_after(-1)

    def hand_in(self, place: int, crash: int = -1) -> None:
        """A file reaches the centre, perhaps once more, perhaps after later ones."""
        person, data = self.files[place]
        self.centre.store.disk.crash_after(crash)
        try:
            receipt = self.server.receive(data)
        except Crash:
            self.note(f"the centre crashes over file {place}")
            return
        finally:
            self.centre.store.disk.crash_after(-1)
        self.answers.append((person, receipt.answer))
        self.note(f"file {place} is handed in: {receipt.state}; answer {len(self.answers) - 1}")
        opened = bundle.opened(bundle.ANSWER, receipt.answer, bundle.secret_of(person))
        for frame in opened.frames:
            body = protocol.inflate(frame, bundle.FRAME_LIMIT)
            self.oracle.look_into(self.directory.callers[person].reads, body)

    def take_answer(self, machine: Machine, place: int, crash: int = -1) -> None:
        """The answer to a file reaches a laptop, perhaps the wrong one, perhaps once more."""
        name = f"{len(self.trace)}.answer"
        with patch("sync.client.files", self._post):
            self._post.write_new(name, self.answers[place][1])
            self.oracle.about_to_sync(machine)
            machine.store.disk.crash_after(crash)
            try:
                self.note(f"{machine.number} takes answer {place}: {machine.client.from_file(name)}")
            except (Misdirected, NotAwaited) as error:
                self.note(f"{machine.number} refuses answer {place}: {error!r}")
            except Crash:
                self.note(f"{machine.number} crashes over answer {place}")
            finally:
                machine.store.disk.crash_after(-1)
                self.oracle.about_to_sync(machine)

    # the centre

    def office_writes(self, record: str, values: dict[str, Any] | None = None) -> None:
        """The office writes a new word, or plain `values`, at the centre."""
        shown = next((one for one in self.centre.notes() if one["id"] == record), None)
        if shown is None:
            return
        word = self.oracle.new_word(record, "text")
        self.server.write("office", [sync.Change("toy_note", record, values or {"text": word})])
        self.note(f"the office writes {record} {values or word} over {shown['text']}")
        if values is None:
            self.oracle.types(word, [shown["text"]], ())
            self.oracle.saw([word])

    def office_resolves(self, conflict_id: str, side: str) -> None:
        """The office decides a conflict."""
        one = next(one for one in self.server.conflicts() if one.id == conflict_id)
        kept = next(note for note in self.centre.notes() if note["id"] == one.record_id)[one.field]
        third = self.oracle.new_word(one.record_id, one.field)
        if one.field not in WORDS:
            third = kept
        value = {"kept": kept, "other": one.value, "third": third}[side]
        if one.field == "text" and str(value).startswith(UNSTORABLE):
            return
        self.server.resolve("office", conflict_id, value)
        self.note(f"the office resolves {one} with {value}")
        if one.field in WORDS:
            self.oracle.types(value, {kept, one.value}, ())
            self.oracle.saw([value])

    def grant(self, person: str, scopes: Sequence[str]) -> None:
        """From now on `person` may see exactly `scopes`."""
        self.directory.enrol(person, *scopes)
        self.note(f"{person} may now see {scopes}")

    def keep_backup(self) -> None:
        self.backups.append(self.centre.store.kept())
        self.note("backup")

    def restore(self, *, known: bool) -> None:
        """The centre goes back to the last backup; somebody tells it, or (not `known`) nobody does."""
        if self.backups:
            before = self.oracle.at_centre()
            self.centre.store.put(self.backups[-1])
            if known:
                self.server.new_epoch()
            self.note(f"the centre goes back, {'with' if known else 'without'} a new epoch")
            self.oracle.centre_went_back(before)

    # the end

    def settle(self) -> None:
        """Everybody synchronises in peace until nothing moves; then the invariants."""
        for _ in range(20):
            moved = False
            for machine in self.machines:
                outcome = self.synchronise(machine)
                assert outcome is not None
                assert outcome.state == "done", outcome
                moved = moved or bool(outcome.sent or outcome.received)
                self.now.advance(1000)
            if not moved:
                self.oracle.check()
                return
        raise AssertionError("the city does not come to rest")

    def verify(self) -> None:
        """The centre's history has no gap; read over SQLAlchemy's engine."""
        engine, self.server.engine = self.server.engine, self.centre.store.engine
        try:
            assert (gap := self.server.verify().gap) is None, gap
        finally:
            self.server.engine = engine

    def note(self, line: str) -> None:
        self.trace.append(line)

    def _machine(self, person: str, schema: int, content: Content) -> Machine:
        machine = self.stock.machine(schema)
        machine.begin(self, len(self.machines), person)
        machine.store.put(content)
        self.machines.append(machine)
        return machine

    def _saves(self, machine: Machine, crash: int, save: Callable[[], None]) -> bool:
        machine.store.disk.crash_after(crash)
        try:
            save()
        except Crash:
            return False
        finally:
            machine.store.disk.crash_after(-1)
        return True
