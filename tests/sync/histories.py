"""Random histories of a city, each from one seed."""

from __future__ import annotations

from random import Random
from typing import Any

from sync.testing import PORTAL, cut
from tests.sync.machines import RUDE, UNSTORABLE, Machine, Stock
from tests.sync.simulation import SCOPES, WORDS, World

DAY = 24 * 3600 * 1000
EVENTS = {
    "create": 12,
    "write": 30,
    "delete": 3,
    "move": 4,
    "synchronise": 24,
    "resolve": 4,
    "wait": 6,
    "jump": 3,
    "office": 5,
    "grant": 5,
    "upgrade": 1,
    "write_file": 2,
    "hand_in": 3,
    "take_answer": 3,
    "clone": 1,
    "keep_backup": 2,
    "restore": 1,
}
FAULTS: dict[Any, int] = {
    "request": 2,
    "reply": 4,
    "twice": 2,
    cut: 1,
    lambda _answer: PORTAL: 1,  # type: ignore[misc]
    None: 30,
}


class History:
    """The city of one seed."""

    def __init__(self, seed: int, stock: Stock, *, thin: bool = True) -> None:
        rng = self.rng = Random(seed)
        self._verifies = not thin or seed % 50 == 0
        self.world = World(stock, rng.randbytes, thin=thin, first_batch=rng.choice((300, 2000, 32 * 1024)))
        for number in range(rng.choice((2, 2, 3, 4))):
            scopes = ("all", rng.choice(("red", "blue")))
            self.world.add_laptop(f"p{number}", scopes, schema=int(rng.random() < 0.8))

    def run(self, events: int) -> None:
        """`events` random events, then everybody synchronises in peace, then the invariants."""
        for name in self.rng.choices(list(EVENTS), list(EVENTS.values()), k=events):
            getattr(self, f"_{name}")()
            self.world.now.advance(self.rng.randrange(1, 3000))
        self.world.settle()
        if self._verifies:
            self.world.verify()

    def _create(self) -> None:
        record = f"{self.rng.getrandbits(48):012x}"
        self.world.create(self._somebody(), record, self.rng.choice(SCOPES), self._mark(), self._crash(0.05, 10))

    def _write(self) -> None:
        machine = self._somebody()
        record = self._record(machine, deleted=False)
        if record:
            fields = self.rng.choice((("text",), ("more",), WORDS))
            self.world.write(machine, record["id"], fields, self._mark(), self._crash(0.05, 12))

    def _delete(self) -> None:
        machine = self._somebody()
        record = self._record(machine)
        if record:
            self.world.change(machine, record["id"], {"deleted": not record["deleted"]}, self._crash(0.05, 12))

    def _move(self) -> None:
        machine = self._somebody()
        record = self._record(machine)
        if record:
            self.world.change(machine, record["id"], {"scopes": self.rng.choice(SCOPES)}, self._crash(0.05, 12))

    def _resolve(self) -> None:
        machine = self._somebody()
        conflicts = machine.replica.conflicts()
        if conflicts:
            one = self.rng.choice(conflicts)
            sides = ("kept", "other", "third") if one.field in WORDS else ("kept", "other")
            self.world.resolve(machine, one, self.rng.choice(sides), self._crash(0.05, 16))

    def _synchronise(self) -> None:
        machine = self._somebody()
        rng = self.rng
        self.world.synchronise(
            machine,
            rng.choices(list(FAULTS), list(FAULTS.values()), k=6),
            crash=self._crash(0.12, 60),
            centre_crash=self._crash(0.12, 40),
            limit=rng.choice((250, 400, 600)) if rng.random() < 0.05 else 0,
            between=[self._grant] if rng.random() < 0.05 else [],
        )

    def _wait(self) -> None:
        self.world.now.advance(self.rng.choice((10_000, DAY, 5 * DAY)))

    def _jump(self) -> None:
        machine = self._somebody()
        machine.offset = self.rng.choice((0, -11 * DAY, 115 * DAY, 10 * 60_000, -3600_000))
        self.world.note(f"clock of {machine.number} is off by {machine.offset}")

    def _office(self) -> None:
        notes = self.world.centre.notes()
        conflicts = self.world.server.conflicts()
        if conflicts and self.rng.random() < 0.3:
            self.world.office_resolves(self.rng.choice(conflicts).id, self.rng.choice(("kept", "other", "third")))
        elif notes:
            one = self.rng.choice(notes)
            values: Any = self.rng.choice(
                (None, None, {"deleted": not one["deleted"]}, {"scopes": self.rng.choice(SCOPES)})
            )
            self.world.office_writes(one["id"], values)

    def _grant(self) -> None:
        person = self.rng.choice(sorted(self.world.directory.callers))
        self.world.grant(person, self.rng.sample(("all", "red", "blue"), self.rng.randrange(1, 4)))

    def _upgrade(self) -> None:
        self.world.upgrade(self._somebody())

    def _write_file(self) -> None:
        self.world.write_file(self._somebody(), self._crash(0.1, 25))

    def _hand_in(self) -> None:
        if self.world.files:
            self.world.hand_in(self._lately(len(self.world.files)), self._crash(0.1, 40))

    def _take_answer(self) -> None:
        if self.world.answers:
            place = self._lately(len(self.world.answers))
            person = self.world.answers[place][0]
            own = [machine for machine in self.world.machines if machine.person == person]
            machine = self.rng.choice(own if self.rng.random() < 0.9 else self.world.machines)
            self.world.take_answer(machine, place, self._crash(0.1, 60))

    def _lately(self, count: int) -> int:
        """One of `count`, a late one more often than an early one."""
        return max(self.rng.randrange(count), self.rng.randrange(count), self.rng.randrange(count))

    def _clone(self) -> None:
        if len(self.world.machines) < 5:
            self.world.clone(self._somebody())

    def _keep_backup(self) -> None:
        self.world.keep_backup()

    def _restore(self) -> None:
        self.world.restore(known=self.rng.random() < 0.7)

    def _somebody(self) -> Machine:
        return self.rng.choice(self.world.machines)

    def _record(self, machine: Machine, *, deleted: bool = True) -> dict[str, Any] | None:
        notes = [one for one in machine.notes() if deleted or not one["deleted"]]
        return self.rng.choice(notes) if notes else None

    def _crash(self, likely: float, steps: int) -> int:
        return self.rng.randrange(steps) if self.rng.random() < likely else -1

    def _mark(self) -> str:
        return self.rng.choice((RUDE, UNSTORABLE)) if self.rng.random() < 0.06 else ""
