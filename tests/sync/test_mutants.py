"""Each short cut that was once tried, as a deliberately broken variant: some history must catch it, or they prove nothing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from sync import arrivals, blocks, devices, feed, laptop, ledger, merge, outbox
from sync.merge import Verdict
from sync.replica import Replica
from tests.sync.simulation import World

SEEDS = range(300, 400)
EVENTS = 60

Mutant = Callable[[pytest.MonkeyPatch], None]


def last_writer_wins(patch: pytest.MonkeyPatch) -> None:
    def judge(current: Any, incoming: Any, _bases: Any, _past: Any) -> Verdict:
        if incoming.stamp == current.stamp:
            return Verdict.SAME
        return Verdict.SET if incoming.stamp > current.stamp else Verdict.LOST

    patch.setattr(merge, "judge", judge)


def no_tie_break(patch: pytest.MonkeyPatch) -> None:
    """The latest to arrive wins, whatever its stamp: laptops that keep their own value differ."""

    def judge(current: Any, incoming: Any, bases: Any, _past: Any) -> Verdict:
        return Verdict.SET if incoming.stamp != current.stamp else Verdict.SAME

    patch.setattr(merge, "judge", judge)


def no_scope_filter(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        feed.ScopeSets, "place", lambda self, scopes: self._places.setdefault(frozenset(scopes), len(self._places))
    )
    original = feed.read_page

    def everything(reader: Any, wish: Any) -> Any:
        return original(reader, wish._replace(reads=frozenset({"all", "red", "blue"})))

    patch.setattr(feed, "read_page", everything)


def no_leave(patch: pytest.MonkeyPatch) -> None:
    original = ledger._Lines.add
    patch.setattr(ledger._Lines, "add", lambda self, key, stored, _left: original(self, key, stored, frozenset()))


def one_cursor(patch: pytest.MonkeyPatch) -> None:
    original = feed._entries

    def shared(reader: Any, starts: Any, at: int, wish: Any) -> Any:
        furthest = max(starts.values(), default=0)
        return original(reader, dict.fromkeys(starts, furthest), at, wish)

    patch.setattr(feed, "_entries", shared)


def no_token_and_no_epoch(patch: pytest.MonkeyPatch) -> None:
    original = devices.Register.admit

    def admit(self: Any, caller: Any, identity: Any, request: Any, now: int) -> bool:
        self._run("DELETE FROM sync_device WHERE device = ?", identity.device)
        return original(self, caller, identity._replace(tokens=("",)), request, now)

    patch.setattr(devices.Register, "admit", admit)
    patch.setattr("sync.server._identity", _without_epoch)


def _without_epoch(headers: Any) -> Any:
    return devices.Identity(headers["sync-device"], ("",), headers["sync-token"].split()[-1], "")


def marked_as_sent_before_the_reply(patch: pytest.MonkeyPatch) -> None:
    original = outbox.next_batch

    def next_batch(connection: Any, *arguments: Any) -> Any:
        batch = original(connection, *arguments)
        connection.exec_driver_sql("DELETE FROM sync_outbox WHERE departed = 1")
        return batch

    patch.setattr(outbox, "next_batch", next_batch)


def cursor_before_the_page(patch: pytest.MonkeyPatch) -> None:
    """Cursors are committed in a transaction of their own, before the records."""
    original = Replica.take

    def take(self: Any, prepared: Any, reply: Any) -> Any:
        if reply.page:
            with self._writing() as connection:
                connection.exec_driver_sql(
                    "INSERT OR REPLACE INTO sync_cursor VALUES (?, ?)", list(reply.page.cursors.items())
                )
        return original(self, prepared, reply)

    patch.setattr(Replica, "take", take)


def nothing_offered_again(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(laptop, "offer_again", lambda *_: None)
    patch.setattr(arrivals, "sweep", lambda *_: None)
    patch.setattr("sync.replica.sweep", lambda *_: None)


def dirty_fields_overwritten(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(blocks, "dirty_of", lambda *_: {})


CAUGHT_BY: dict[Mutant, int] = {
    last_writer_wins: 301,
    no_tie_break: 301,
    no_scope_filter: 300,
    no_leave: 303,
    one_cursor: 310,
    no_token_and_no_epoch: 335,
    marked_as_sent_before_the_reply: 300,
    cursor_before_the_page: 311,
    nothing_offered_again: 335,
    dirty_fields_overwritten: 302,
}
"""The seed that is known to catch it comes first; after a change of the histories others may do."""


@pytest.mark.parametrize("mutant", CAUGHT_BY, ids=lambda mutant: mutant.__name__)
def test_the_histories_catch(mutant: Mutant, monkeypatch: pytest.MonkeyPatch) -> None:
    mutant(monkeypatch)
    for seed in (CAUGHT_BY[mutant], *SEEDS):
        with closing(World(seed)) as world:
            try:
                world.run(EVENTS)
            except AssertionError as error:
                print(f"caught by seed {seed}: {str(error)[:100]}")
                return
    pytest.fail(f"{len(SEEDS)} histories did not catch {mutant.__name__}")
