"""The random histories of the simulation, with files written, handed in and answered in any order between the syncs."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import pytest

import sync
from sync import bundle, protocol
from sync.errors import Misdirected, NotAwaited
from sync.testing import by_field
from tests.sync.simulation import EVENTS, Crash, World
from tests.sync.toys import Note

POST = {"write_file": 12, "hand_in": 14, "take_answer": 14}


class PostalWorld(World):
    """A city in which files go there and back, while laptops crash, are cloned, and the centre is restored."""

    def __init__(self, seed: int, folder: Path) -> None:
        super().__init__(seed)
        self.folder = folder
        self.files: list[tuple[int, bytes]] = []
        self.answers: list[tuple[int, bytes]] = []

    def _make_server(self) -> sync.Server:
        return sync.Server(
            self.centre,
            [Note],
            identify=self.directory,
            holder_of=self.directory.holder_of,
            scopes_of=by_field("scopes"),
            clock=self.now,
            entropy=self.rng.randbytes,
        )

    def run(self, events: int) -> None:
        weights = {**EVENTS, **POST}
        for name in self.rng.choices(list(weights), list(weights.values()), k=events):
            getattr(self, f"do_{name}")()
            self.now.advance(self.rng.randrange(1, 3000))
        self.settle()
        self.check()

    def do_write_file(self) -> None:
        number, laptop = self._somebody()
        path = self.folder / f"{self.seed_of()}.{len(self.files)}.bundle"
        if self.rng.random() < 0.1:
            self.fuses[number].set(self.rng.randrange(25))
        try:
            records = laptop.client.to_file(path)
            self.files.append((number, path.read_bytes()))
            self._note(f"{number} writes file {len(self.files) - 1} with {records}")
        except Crash:
            self._note(f"{number} crashes writing a file")
        finally:
            self.fuses[number].set(-1)

    def do_hand_in(self) -> None:
        if not self.files:
            return
        place = self._lately(len(self.files))
        number, data = self.files[place]
        if self.rng.random() < 0.1:
            self.centre_fuse.set(self.rng.randrange(25))
        try:
            receipt = self.server.receive(data)
        except Crash:
            self._note(f"the centre crashes over file {place}")
            return
        finally:
            self.centre_fuse.set(-1)
        self._look_into(receipt, self.people[number])
        self.answers.append((number, receipt.answer))
        self._note(f"file {place} is handed in, {receipt.state}; answer {len(self.answers) - 1}")

    def do_take_answer(self) -> None:
        if not self.answers:
            return
        place = self._lately(len(self.answers))
        number, data = self.answers[place]
        if self.rng.random() < 0.1:
            number = self._somebody()[0]
        path = self.folder / f"{self.seed_of()}.{len(self.trace)}.answer"
        path.write_bytes(data)
        if self.rng.random() < 0.1:
            self.fuses[number].set(self.rng.randrange(60))
        try:
            with suppress(NotAwaited, Misdirected):
                self._note(f"{number} takes answer {place}: {self.laptops[number].client.from_file(path)}")
        except Crash:
            self._note(f"{number} crashes over answer {place}")
        finally:
            self.fuses[number].set(-1)

    def seed_of(self) -> str:
        return f"{id(self):x}"

    def _lately(self, count: int) -> int:
        """One of `count`, a late one more often than an early one."""
        return max(self.rng.randrange(count), self.rng.randrange(count), self.rng.randrange(count))

    def _look_into(self, receipt: sync.Receipt, person: str) -> None:
        reads = self.directory.callers[person].reads
        frames = bundle.opened(bundle.ANSWER, receipt.answer, bundle.secret_of(person)).frames
        for reply in (protocol.reply_from(protocol.inflate(frame, bundle.FRAME_LIMIT)) for frame in frames):
            for block in [*reply.corrections, *(reply.page.blocks if reply.page else [])]:
                for row in block.rows:
                    if not reads.intersection(row.values[block.fields.index("scopes")].split()):
                        self.leaks.append((person, row.id))


def play(seed: int, folder: Path) -> PostalWorld:
    print(f"seed {seed}")
    world = PostalWorld(seed, folder)
    try:
        world.run(120)
    except BaseException:
        print("\n".join(world.trace))
        raise
    finally:
        world.close()
    return world


@pytest.fixture(autouse=True)
def _quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _handle: None)


@pytest.mark.parametrize("first", range(0, 20, 5))
def test_in_histories_with_files_all_converge_nothing_leaks_and_nothing_is_lost(tmp_path: Path, first: int) -> None:
    for seed in range(first, first + 5):
        play(seed, tmp_path)


@pytest.mark.long
def test_many_histories_with_files(tmp_path: Path) -> None:
    for seed in range(1000, 4000):
        play(seed, tmp_path)
