"""Whole records checked in one go: every field in its proper wire form, or else a closer look is needed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

import msgspec

from sync.values import Kind, Unfit

_INSTANT = len("2026-11-23T07:02:03.123+00:00")


class Shape:
    """The fields of one table in their order, as `msgspec` checks them."""

    def __init__(self, name: str, kinds: Mapping[str, Kind], nullable: Collection[str]) -> None:
        fields = [(field, kind.shape | None if field in nullable else kind.shape) for field, kind in kinds.items()]
        self._whole = msgspec.defstruct(name, fields, forbid_unknown_fields=True)
        self._listed = msgspec.defstruct(name, fields, forbid_unknown_fields=True, array_like=True)
        self._length = len(fields)
        lines = [(place, field, kind) for place, (field, kind) in enumerate(kinds.items())]
        texts = [place for place, _, kind in lines if kind.shape is str]
        self._texts = itemgetter(*texts) if len(texts) > 1 else lambda values: [values[place] for place in texts]
        self._instants = [(place, field) for place, field, kind in lines if kind.shape is datetime]
        self._loose = [(place, kind.decode, field in nullable) for place, field, kind in lines if kind.shape is Any]

    def of_object(self, wire: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """Python values in the order of the fields; None unless all are there, each in its one proper form."""
        for _, field in self._instants:
            if not _is_proper_instant(wire.get(field)):
                return None
        return self._checked(self._whole, wire)

    def of_list(self, wire: Sequence[Any]) -> tuple[Any, ...] | None:
        """The same for values that come in the order of the fields."""
        if len(wire) != self._length:
            return None
        for place, _ in self._instants:
            if not _is_proper_instant(wire[place]):
                return None
        return self._checked(self._listed, wire)

    def _checked(self, shape: type[msgspec.Struct], wire: Any) -> tuple[Any, ...] | None:
        try:
            values = msgspec.structs.astuple(msgspec.convert(wire, shape))
            if "\0" in "".join(filter(None, self._texts(values))):
                return None
            return self._tightened(values) if self._loose else values
        except (msgspec.ValidationError, Unfit):
            return None

    def _tightened(self, values: tuple[Any, ...]) -> tuple[Any, ...] | None:
        found = list(values)
        for place, decode, nullable in self._loose:
            if found[place] is not None:
                found[place] = decode(found[place])
            elif not nullable:
                return None
        return tuple(found)


def _is_proper_instant(text: Any) -> bool:
    return text is None or (type(text) is str and len(text) == _INSTANT and text[10] == "T" and text.endswith("+00:00"))
