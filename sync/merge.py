"""The merge of one record at the centre, as a function over values.

The identity of a change is its stamp. A value is never dropped silently: whatever is replaced without having been
known to the person who replaced it comes back as a `Kept`, which becomes a conflict that people can see.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any, NamedTuple

from sync.change import ALL, Stamps, compact, stamp_of

_REMEMBERED_PAST = 128

Past = dict[str, list[str]]
"""Field → stamps of values that have been superseded, newest last; a repeat of one is harmless."""


class Verdict(Enum):
    """What becomes of one incoming field value."""

    SAME = "same"
    FORK = "fork"
    SET = "set"
    SET_KEEPING = "set, keeping the value that it replaces"
    LOST = "lost"
    LOST_KEEPING = "lost, kept beside the winner"


class Stamped(NamedTuple):
    """A wire value and its stamp."""

    value: Any
    stamp: str


class Standing(NamedTuple):
    """A record as the centre has it."""

    values: Mapping[str, Any]
    stamps: Stamps
    past: Past


class Incoming(NamedTuple):
    """A laptop's dirty fields; `bases` by field, `ALL` for those not named."""

    values: Mapping[str, Any]
    stamps: Mapping[str, str]
    bases: Mapping[str, Sequence[str]]


class Kept(NamedTuple):
    """A value that did not become, or did not remain, the field's value, and that nobody has seen lose."""

    field: str
    value: Any
    stamp: str


class Merged(NamedTuple):
    """The outcome: what changed, what is lost, what is kept, and which stamps the author has decided about."""

    values: dict[str, Any]
    stamps: Stamps
    past: Past
    lost: list[str]
    kept: list[Kept]
    settled: list[tuple[str, str]]
    forked: list[str]


def judge(current: Stamped, incoming: Stamped, bases: Sequence[str], past: Sequence[str]) -> Verdict:
    """The verdict on `incoming`, written over values stamped `bases`, against what the centre has and has had."""
    same_value = incoming.value == current.value and type(incoming.value) is type(current.value)
    if incoming.stamp == current.stamp:
        return Verdict.SAME if same_value else Verdict.FORK
    if incoming.stamp > current.stamp:
        known = not current.stamp or current.stamp in bases or same_value
        return Verdict.SET if known else Verdict.SET_KEEPING
    return Verdict.LOST if same_value or incoming.stamp in past else Verdict.LOST_KEEPING


def merge(standing: Standing, incoming: Incoming) -> Merged:
    """Merge `incoming` into `standing`."""
    merged = Merged({}, dict(standing.stamps), dict(standing.past), [], [], [], [])
    for field, value in incoming.values.items():
        bases = incoming.bases.get(field) or incoming.bases.get(ALL) or ()
        merged.settled.extend((field, base) for base in bases)
        _merge_field(merged, standing, field, Stamped(value, stamp_of(incoming.stamps, field)), bases)
    return merged._replace(stamps=compact(merged.stamps))


def fresh(incoming: Incoming, context: Mapping[str, Any], context_stamps: Mapping[str, str]) -> Merged:
    """A record that the centre has never seen: the dirty fields, and the clean ones with their original stamps."""
    stamps = {**context_stamps, **incoming.stamps}
    if context:
        stamps.update({field: stamp_of(incoming.stamps, field) for field in incoming.values})
        stamps[ALL] = context_stamps.get(ALL, "")
    past = {field: list(bases) for field, bases in incoming.bases.items() if bases}
    return Merged({**context, **incoming.values}, compact(stamps), past, [], [], [], [])


def _merge_field(merged: Merged, standing: Standing, field: str, incoming: Stamped, bases: Sequence[str]) -> None:
    present = field in standing.values
    current = Stamped(standing.values.get(field), stamp_of(standing.stamps, field) if present else "")
    past = standing.past.get(field) or standing.past.get(ALL) or ()
    verdict = judge(current, incoming, bases, past)
    if verdict in (Verdict.SET, Verdict.SET_KEEPING):
        merged.values[field], merged.stamps[field] = incoming
        superseded = dict.fromkeys([*past, *bases, *([current.stamp] if current.stamp else [])])
        merged.past[field] = list(superseded)[-_REMEMBERED_PAST:]
    if verdict is Verdict.SET_KEEPING:
        merged.kept.append(Kept(field, *current))
    if verdict in (Verdict.LOST, Verdict.LOST_KEEPING):
        merged.lost.append(field)
    if verdict is Verdict.LOST_KEEPING:
        merged.kept.append(Kept(field, *incoming))
    if verdict is Verdict.FORK:
        merged.forked.append(field)
