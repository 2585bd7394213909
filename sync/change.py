"""One record's unsent changes and stamps, as values.

`Stamps` maps a field to the stamp of its value; `ALL` stands for every field that is not named (one save of a new
record stamps all of them). `Entry` maps a dirty field, or `ALL`, to `[stamp, base, …]`: the stamp of the unsent value,
then the stamps of the values that the person knew when overwriting them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

ALL = "*"
_REMEMBERED_BASES = 32

Stamps = dict[str, str]
Entry = dict[str, list[str]]


def stamp_of(stamps: Mapping[str, str], field: str) -> str:
    """The stamp of `field`; empty when nobody has stamped it."""
    return stamps.get(field) or stamps.get(ALL, "")


def created(stamp: str) -> Entry:
    """The entry of a new record: every field is dirty and based on nothing."""
    return {ALL: [stamp]}


def edited(
    entry: Entry, stamps: Mapping[str, str], fields: Iterable[str], stamp: str, known: Sequence[str] = ()
) -> Entry:
    """`entry` after one more save of `fields`; `known` are further stamps that the person had in sight."""
    after = dict(entry)
    for field in fields:
        dirty = entry.get(field) or entry.get(ALL)
        bases = dirty[1:] if dirty else [base for base in (stamp_of(stamps, field),) if base]
        after[field] = _distinct([stamp, *bases, *known])
    return after


def departed(entry: Entry) -> Entry:
    """`entry` once it may have reached the centre: its own stamps are among the bases of what comes next."""
    return {field: _distinct_bases(stamp, [*bases, stamp]) for field, (stamp, *bases) in entry.items()}


def answered(entry: Entry, sent: Entry) -> Entry:
    """What is still dirty once the centre has answered for `sent`; a later save of a field stays dirty."""
    return {field: line for field, line in entry.items() if line[0] != _sent_stamp(sent, field)}


def remembered(log: Entry, sent: Entry) -> Entry:
    """The log of acknowledged changes after `sent`; its bases reach back as far as each change was based on the last."""
    after = dict(log)
    for field, line in sent.items():
        past = log.get(field) or log.get(ALL) or [""]
        older = past[1:] if past[0] in line else []
        after[field] = _distinct_bases(line[0], [*line[1:], *older])[: _REMEMBERED_BASES + 1]
    return after


def restamped(entry: Entry, renamed: Mapping[str, str]) -> Entry:
    """`entry` with its unsent stamps replaced; bases stay, they name what others may know."""
    return {field: [renamed.get(line[0], line[0]), *line[1:]] for field, line in entry.items()}


def offered_again(log: Entry, stamps: Mapping[str, str], fields: Sequence[str]) -> Entry:
    """What of an acknowledged log is still the record's value, and can be offered with its original stamps."""
    if ALL in log and all(dirty_stamp(log, field) == stamp for field, stamp in stamps.items()):
        return dict(log)
    lines = {field: log.get(field) or log.get(ALL) for field in fields}
    return {field: line for field, line in lines.items() if line and line[0] == stamp_of(stamps, field)}


def dirty_fields(entry: Entry, fields: Sequence[str]) -> list[str]:
    """Which of `fields` are dirty."""
    return list(fields) if ALL in entry else [field for field in fields if field in entry]


def dirty_stamp(entry: Entry, field: str) -> str:
    """The unsent stamp of `field`; empty when it is clean."""
    line = entry.get(field) or entry.get(ALL)
    return line[0] if line else ""


def compact(stamps: Mapping[str, str]) -> Stamps:
    """The same stamps without the names that `ALL` already covers."""
    common = stamps.get(ALL)
    return {field: stamp for field, stamp in stamps.items() if field == ALL or stamp != common}


def _sent_stamp(sent: Entry, field: str) -> str:
    line = sent.get(field) or sent.get(ALL)
    return line[0] if line else ""


def _distinct(line: list[str]) -> list[str]:
    return line if len(line) < 3 else list(dict.fromkeys(line))


def _distinct_bases(stamp: str, bases: list[str]) -> list[str]:
    return [stamp, *dict.fromkeys(bases)]
