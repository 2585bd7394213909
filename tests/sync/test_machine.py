"""The same actions as the seeded histories, chosen and shrunk by Hypothesis, against the same invariants."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, multiple, rule, run_state_machine_as_test

from sync.testing import PORTAL, cut
from tests.sync.machines import RUDE, UNSTORABLE, Machine, Stock
from tests.sync.simulation import SCOPES, WORDS, World

DAY = 24 * 3600 * 1000
SIDES = st.sampled_from(["kept", "other", "third"])
CRASHES = st.one_of(st.just(-1), st.just(-1), st.integers(0, 60))
FAULTS = st.lists(st.sampled_from([None, None, "request", "reply", "twice", cut, lambda _: PORTAL]), max_size=4)
READS = st.lists(st.sampled_from(["all", "red", "blue"]), min_size=1, max_size=3, unique=True)
MARKS = st.sampled_from(["", "", "", RUDE, UNSTORABLE])

_stock: list[Stock] = []


class City(RuleBasedStateMachine):
    """Two laptops to begin with; everything that can happen is a rule; at the end all synchronise and the oracle looks."""

    laptops: Bundle[Machine] = Bundle("laptops")
    records: Bundle[str] = Bundle("records")
    files: Bundle[int] = Bundle("files")

    @initialize(
        target=laptops, schemas=st.lists(st.integers(0, 1), min_size=2, max_size=3), batch=st.sampled_from([300, 32768])
    )
    def open(self, schemas: list[int], batch: int) -> Any:
        self.world = World(_stock[0], Random(0).randbytes, first_batch=batch)
        return multiple(
            *(
                self.world.add_laptop(f"p{one}", ("all", ("red", "blue")[one % 2]), schema=schema)
                for one, schema in enumerate(schemas)
            )
        )

    @rule(target=records, laptop=laptops, scopes=st.sampled_from(SCOPES), mark=MARKS, crash=CRASHES)
    def create(self, laptop: Machine, scopes: str, mark: str, crash: int) -> str:
        record = self.world.entropy(6).hex()
        self.world.create(laptop, record, scopes, mark, crash)
        return record

    @rule(
        laptop=laptops, record=records, fields=st.sampled_from([("text",), ("more",), WORDS]), mark=MARKS, crash=CRASHES
    )
    def write(self, laptop: Machine, record: str, fields: tuple[str, ...], mark: str, crash: int) -> None:
        self.world.write(laptop, record, fields, mark, crash)

    @rule(laptop=laptops, record=records, deleted=st.booleans())
    def delete(self, laptop: Machine, record: str, deleted: bool) -> None:
        self.world.change(laptop, record, {"deleted": deleted})

    @rule(laptop=laptops, record=records, scopes=st.sampled_from(SCOPES))
    def move(self, laptop: Machine, record: str, scopes: str) -> None:
        self.world.change(laptop, record, {"scopes": scopes})

    @rule(laptop=laptops, place=st.integers(0, 3), side=SIDES, crash=CRASHES)
    def resolve(self, laptop: Machine, place: int, side: str, crash: int) -> None:
        conflicts = [one for one in laptop.replica.conflicts() if one.field in WORDS]
        if conflicts:
            self.world.resolve(laptop, conflicts[place % len(conflicts)], side, crash)

    @rule(laptop=laptops, faults=FAULTS, crash=CRASHES, centre_crash=CRASHES)
    def synchronise(self, laptop: Machine, faults: list[Any], crash: int, centre_crash: int) -> None:
        self.world.synchronise(laptop, faults, crash=crash, centre_crash=centre_crash)

    @rule(laptop=laptops)
    def synchronise_in_peace(self, laptop: Machine) -> None:
        self.world.synchronise(laptop)

    @rule(laptop=laptops, person=laptops, reads=READS)
    def synchronise_while_rights_change(self, laptop: Machine, person: Machine, reads: list[str]) -> None:
        self.world.synchronise(laptop, between=[lambda: self.world.grant(person.person, reads)])

    @rule(person=laptops, reads=READS)
    def grant(self, person: Machine, reads: list[str]) -> None:
        self.world.grant(person.person, reads)

    @rule(laptop=laptops, offset=st.sampled_from([0, -11 * DAY, 115 * DAY, 10 * 60_000]))
    def jump(self, laptop: Machine, offset: int) -> None:
        laptop.offset = offset

    @rule(millis=st.sampled_from([1, 1000, DAY, 5 * DAY]))
    def wait(self, millis: int) -> None:
        self.world.now.advance(millis)

    @rule(record=records)
    def office_writes(self, record: str) -> None:
        self.world.office_writes(record)

    @rule(place=st.integers(0, 3), side=SIDES)
    def office_resolves(self, place: int, side: str) -> None:
        conflicts = self.world.server.conflicts()
        if conflicts:
            self.world.office_resolves(conflicts[place % len(conflicts)].id, side)

    @rule(target=laptops, laptop=laptops)
    def clone(self, laptop: Machine) -> Any:
        return self.world.clone(laptop) if len(self.world.machines) < 5 else multiple()

    @rule(laptop=laptops)
    def upgrade(self, laptop: Machine) -> None:
        self.world.upgrade(laptop)

    @rule()
    def keep_backup(self) -> None:
        self.world.keep_backup()

    @rule(known=st.booleans())
    def restore(self, known: bool) -> None:
        self.world.restore(known=known)

    @rule(target=files, laptop=laptops, crash=CRASHES)
    def write_file(self, laptop: Machine, crash: int) -> Any:
        before = len(self.world.files)
        self.world.write_file(laptop, crash)
        return before if len(self.world.files) > before else multiple()

    @rule(file=files, crash=CRASHES)
    def hand_in(self, file: int, crash: int) -> None:
        self.world.hand_in(file, crash)

    @rule(laptop=laptops, place=st.integers(0, 5), crash=CRASHES)
    def take_answer(self, laptop: Machine, place: int, crash: int) -> None:
        if self.world.answers:
            self.world.take_answer(laptop, place % len(self.world.answers), crash)

    def teardown(self) -> None:
        if hasattr(self, "world"):
            try:
                self.world.settle()
                self.world.verify()
            finally:
                self.world.close()


@pytest.fixture(scope="module", autouse=True)
def _one_stock() -> Iterator[None]:
    _stock.append(Stock())
    yield
    _stock.pop().close()


def explore(examples: int, steps: int, *, derandomize: bool) -> None:
    run_state_machine_as_test(
        City,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=derandomize,
            database=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_whatever_hypothesis_does_to_a_city_it_converges_leaks_nothing_and_loses_nothing() -> None:
    explore(60, 40, derandomize=True)


@pytest.mark.long
def test_however_long_it_tries() -> None:
    explore(5000, 80, derandomize=False)
