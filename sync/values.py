"""Values between Python and the wire: which types travel, in which form, and what is cleaned or refused.

On the wire an instant is ISO 8601 in UTC with milliseconds (`2026-11-23T07:02:03.123+00:00`), a date `YYYY-MM-DD`;
text, 64-bit integers, finite floats, booleans, null, lists and objects are themselves.
"""

from __future__ import annotations

import math
import types
import typing
from collections.abc import Callable
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

from msgspec import Meta

Decode = Callable[[Any], Any]
Encode = Callable[[Any], Any]

_INT_MIN, _INT_MAX = -(2**63), 2**63 - 1
_MAX_DEPTH = 32


class Unfit(ValueError):
    """A value that may not travel; its text is a short reason code."""


class Kind(typing.NamedTuple):
    """How one Python type is put on the wire; `encode` is None where the value is its own wire form.

    `shape` is what `msgspec` can check of it by itself; Any where only `decode` can.
    """

    decode: Decode
    encode: Encode | None
    blank: Callable[[], Any]
    shape: Any = Any


def text(value: Any) -> str:
    """`value` if it is text that every database and JSON reader can hold."""
    if type(value) is not str:
        raise Unfit("type")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise Unfit("surrogate") from None
    if "\0" in value:
        raise Unfit("nul")
    return value


def integer(value: Any) -> int:
    """`value` if it is a whole number of at most 64 bits."""
    if type(value) is not int:
        raise Unfit("type")
    if not _INT_MIN <= value <= _INT_MAX:
        raise Unfit("range")
    return value


def number(value: Any) -> float:
    """`value` as a finite float."""
    if type(value) is int:
        return float(integer(value))
    if type(value) is not float:
        raise Unfit("type")
    if not math.isfinite(value):
        raise Unfit("nan")
    return value


def boolean(value: Any) -> bool:
    """`value` if it is true or false."""
    if type(value) is not bool:
        raise Unfit("type")
    return value


def day(value: Any) -> date:
    """The date in `YYYY-MM-DD`."""
    if type(value) is not str or len(value) != 10:
        raise Unfit("date")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise Unfit("date") from None


def instant(value: Any) -> datetime:
    """The aware instant in an ISO 8601 text with offset, in UTC."""
    if type(value) is not str:
        raise Unfit("instant")
    try:
        parsed = datetime.fromisoformat(value)
        if parsed.tzinfo is None:
            raise Unfit("instant")
        return parsed.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unfit("instant") from None


def instant_text(value: datetime) -> str:
    """The wire form of an instant; a naive one is taken as UTC."""
    aware = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return aware.isoformat(timespec="microseconds" if aware.microsecond % 1000 else "milliseconds")


def anything(value: Any, depth: int = 0) -> Any:
    """`value` if it is JSON within bounds: used for list and object columns, and for fields of a newer schema."""
    if depth > _MAX_DEPTH:
        raise Unfit("depth")
    if value is None or type(value) is bool:
        return value
    if type(value) is str:
        return text(value)
    if type(value) is int:
        return integer(value)
    if type(value) is float:
        return number(value)
    if type(value) is list:
        for item in value:
            anything(item, depth + 1)
        return value
    if type(value) is dict:
        for key, item in value.items():
            anything(item, depth + 1)
            text(key)
        return value
    raise Unfit("type")


def _list(value: Any) -> list[Any]:
    if type(value) is not list:
        raise Unfit("type")
    return typing.cast("list[Any]", anything(value))


def _object(value: Any) -> dict[str, Any]:
    if type(value) is not dict:
        raise Unfit("type")
    return typing.cast("dict[str, Any]", anything(value))


_KINDS: dict[Any, Kind] = {
    str: Kind(text, None, str, str),
    int: Kind(integer, None, int, typing.Annotated[int, Meta(ge=_INT_MIN, le=_INT_MAX)]),
    bool: Kind(boolean, None, bool, bool),
    float: Kind(number, None, float),
    date: Kind(day, date.isoformat, lambda: date(1970, 1, 1), date),
    datetime: Kind(instant, instant_text, lambda: datetime(1970, 1, 1, tzinfo=UTC), datetime),
    list: Kind(_list, None, list),
    dict: Kind(_object, None, dict),
    Any: Kind(anything, None, dict),
}


def kind_of(annotation: Any) -> tuple[Kind, bool]:
    """The kind of a field annotation, and whether it may be null.

    Raises `LookupError` for a type that does not travel.
    """
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        return kind_of(typing.get_args(annotation)[0])
    if origin in (typing.Union, types.UnionType):
        members = [member for member in typing.get_args(annotation) if member is not type(None)]
        if len(members) != 1:
            raise LookupError(annotation)
        return kind_of(members[0])[0], True
    if origin is typing.Literal:
        return kind_of(type(typing.get_args(annotation)[0]))
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return _enumeration(annotation), False
    return _KINDS[origin or annotation], annotation is Any


def _enumeration(choices: type[Enum]) -> Kind:
    def decode(value: Any) -> Enum:
        try:
            return choices(value)
        except ValueError:
            raise Unfit("choice") from None

    def encode(value: Any) -> Any:
        return value.value if isinstance(value, Enum) else value

    return Kind(decode, encode, lambda: next(iter(choices)))


def cleaned(value: Any) -> Any:
    """`value` without what no store may hold: NUL goes, a lone surrogate becomes U+FFFD, also inside lists and objects."""
    if type(value) is str:
        return (
            value
            if _is_clean(value)
            else value.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        )
    if type(value) is list:
        return [cleaned(item) for item in value]
    if type(value) is dict:
        return {cleaned(key): cleaned(item) for key, item in value.items()}
    return value


def _is_clean(value: str) -> bool:
    if "\0" in value:
        return False
    if value.isascii():
        return True
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
