"""What must hold of a city, whatever happened: converged, nothing leaked, nothing lost.

- *converged*: every laptop shows exactly the centre's records that it may see, and their open conflicts;
- *nothing leaked*: no answer ever carried a word of a record that its reader could not see at that moment, and no laptop
  at rest keeps a word of a record out of its sight, but for those that were typed on it;
- *nothing lost*: every word that somebody saw saved is the field's value, or kept as a conflict, or was overwritten by
  somebody who had it in sight with a word that is itself not lost, or stands refused in an outbox.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from tests.sync.machines import Machine
    from tests.sync.simulation import World

WORD = re.compile(r"w\d+-([0-9a-f]{12})-[a-z]+")
"""Every word in a city names its record and its field."""

_AT_CENTRE = "SELECT text || ' ' || more FROM toy_note UNION ALL SELECT value FROM sync_conflict"
_HELD = "SELECT value FROM sync_conflict UNION ALL SELECT value FROM sync_offer UNION ALL SELECT held FROM sync_outbox"
_STRANDED = (
    "SELECT id FROM sync_outbox o WHERE state = 'rejected' AND NOT EXISTS "
    "(SELECT 1 FROM sync_member m WHERE m.tab = o.tab AND m.id = o.id)"
)
"""Records refused while the centre did not have them, or held back: it cannot tell the laptop to forget them."""


def words_in(rows: Iterable[Iterable[object]]) -> set[str]:
    """Every word in these rows."""
    return {found.group() for row in rows for value in row for found in WORD.finditer(str(value))}


class Oracle:
    """Remembers who saw what saved, and over what."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.said: set[str] = set()
        self._typed_on: dict[str, set[int]] = {}
        self.leaks: list[str] = []
        self._words = 0
        self._overwritten_by: dict[str, set[str]] = {}
        self._givers: dict[str, set[int]] = {}
        self._excused: set[str] = set()

    def new_word(self, record: str, field: str) -> str:
        """A word that nobody has said."""
        self._words += 1
        return f"w{self._words}-{record}-{field}"

    def types(self, word: str, over: Iterable[str], machines: Iterable[int]) -> None:
        """Somebody at one of `machines` (none: at the office) sets a field to `word`, with `over` in sight."""
        self._typed_on.setdefault(plain(word), set()).update(machines)
        for old in {plain(one) for one in over} - {plain(word)}:
            self._overwritten_by.setdefault(old, set()).add(plain(word))

    def saw(self, words: Iterable[str]) -> None:
        """Somebody saw that `words` were saved."""
        self.said.update(map(plain, words))

    def cloned(self, number: int, twin: int) -> None:
        """What was typed on one disk stands on both."""
        for numbers in (*self._typed_on.values(), *self._givers.values()):
            if number in numbers:
                numbers.add(twin)

    def look_into(self, reads: frozenset[str], answer: bytes) -> None:
        """Every word in an answer belongs to a record that its reader may see now."""
        records = {found.group(1): found.group() for found in WORD.finditer(answer.decode())}
        if records:
            scopes = dict(self._world.centre.rows("SELECT id, scopes FROM toy_note"))
            self.leaks.extend(
                word for record, word in records.items() if not reads.intersection(scopes.get(record, "").split())
            )

    def centre_went_back(self, before: set[str]) -> None:
        """The centre has lost what of `before` it has no more: whoever holds it must give it again.

        Excused is a word that no laptop holds, or whose record was out of reach of all that did when they synchronised.
        """
        held = {one.number: self._within(one) for one in self._world.machines}
        for word in before - self.at_centre():
            self._givers[word] = {number for number, words in held.items() if word in words}
            self._excuse_if_nobody_can_give(word)

    def about_to_sync(self, machine: Machine) -> None:
        """Called before and after: what the laptop cannot give now, it cannot give."""
        if self._givers:
            reads = self._world.directory.callers[machine.person].reads
            places = [*self._world.centre.notes(), *machine.notes()]
            scopes = {one["id"]: one["scopes"].split() for one in reversed(places)}
            for word, numbers in self._givers.items():
                if machine.number in numbers and not reads.intersection(scopes.get(record_of(word), ())):
                    numbers.discard(machine.number)
                    self._excuse_if_nobody_can_give(word)

    def _within(self, machine: Machine) -> set[str]:
        return words_in([*(one.values() for one in machine.notes()), *machine.rows(_HELD)])

    def _excuse_if_nobody_can_give(self, word: str) -> None:
        if not self._givers[word] and word not in self.at_centre():
            self._excused.add(word)

    def at_centre(self) -> set[str]:
        """Every word that the centre has, also those that gave way."""
        return words_in(self._world.centre.rows(_AT_CENTRE))

    def check(self) -> None:
        """The three invariants, of a city that has come to rest."""
        assert not self.leaks, f"leaked in an answer: {self.leaks}"
        records = {one["id"]: one for one in self._world.centre.notes()}
        conflicts = {(one.record_id, one.id) for one in self._world.server.conflicts()}
        for machine in self._world.machines:
            reads = self._world.directory.callers[machine.person].reads
            visible = {key: one for key, one in records.items() if reads.intersection(one["scopes"].split())}
            self._check_converged(machine, visible, conflicts)
            self._check_at_rest(machine, records.keys() - visible.keys())
        self._check_words()

    def _check_converged(self, machine: Machine, visible: dict[str, Any], at_centre: set[tuple[str, str]]) -> None:
        entries = machine.rows("SELECT id, fields FROM sync_outbox")
        refused = {key: msgspec.json.decode(fields) for key, fields in entries}
        shown = {one["id"]: one for one in machine.notes()}
        for key, one in visible.items():
            assert key in shown, f"laptop {machine.number} lacks {key}"
            for field, value in shown[key].items():
                dirty = field in refused.get(key, ()) or "*" in refused.get(key, ())
                same = dirty or value == one[field]
                assert same, f"laptop {machine.number} shows {key}.{field} as {value!r}, the centre has {one[field]!r}"
        for key in shown.keys() - visible.keys():
            assert key in refused, f"laptop {machine.number} still shows {key}"
        found = set(machine.rows("SELECT record, id FROM sync_conflict"))
        conflicts = {one for one in found if one[0] not in refused}
        expected = {one for one in at_centre if one[0] in visible and one[0] not in refused}
        assert conflicts == expected, f"laptop {machine.number} sees conflicts {conflicts}, the centre has {expected}"

    def _check_at_rest(self, machine: Machine, hidden: set[str]) -> None:
        stranded = {record for (record,) in machine.rows(_STRANDED)}
        words = {word for word in self._at_rest(machine) if machine.number not in self._typed_on[word]}
        kept = {word for word in words if record_of(word) in hidden - stranded}
        assert not kept, f"laptop {machine.number} keeps {kept} out of its sight"

    def _check_words(self) -> None:
        kept = self.at_centre()
        for machine in self._world.machines:
            kept |= self._refused(machine)
        lost = {word for word in self.said if not self._accounted(word, kept, set())}
        assert not lost, f"lost {lost}"

    def _accounted(self, word: str, kept: set[str], seen: set[str]) -> bool:
        if word in kept or word in self._excused:
            return True
        after = self._overwritten_by.get(word, set()) - seen
        return any(self._accounted(one, kept, seen | after) for one in after)

    def _refused(self, machine: Machine) -> set[str]:
        """Words that stand on a laptop with the centre's refusal beside them, and those in conflict with them."""
        shown = {one["id"]: one for one in machine.notes()}
        words: set[str] = set()
        for record, fields, held in machine.rows("SELECT id, fields, held FROM sync_outbox WHERE state <> 'waiting'"):
            dirty = msgspec.json.decode(fields)
            standing = {field: v for field, v in shown.get(record, {}).items() if field in dirty or "*" in dirty}
            conflicts = machine.rows("SELECT value FROM sync_conflict WHERE record = ?", record)
            words |= words_in([standing.values(), [held], *conflicts])
        return words

    def _at_rest(self, machine: Machine) -> set[str]:
        return self._within(machine) | words_in(machine.rows("SELECT extra FROM sync_stamp"))


def record_of(word: str) -> str:
    """The record that a word was written for."""
    return word.split("-")[1]


def plain(word: str) -> str:
    """A word without what makes it poison."""
    found = WORD.search(word)
    return found.group() if found else word
