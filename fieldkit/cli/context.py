"""What a command is handed: where files lie, what time it is, where to print."""

from __future__ import annotations

from collections.abc import Mapping

from fieldkit.clock import Clock
from fieldkit.locations import Locations

TYPE_CHECKING = False  # `typing` costs the quick path more than the whole insert
if TYPE_CHECKING:
    from typing import TextIO

    from fieldkit.store.store import Store


class Context:
    """The edges of one command."""

    __slots__ = ("clock", "environment", "err", "input", "locations", "out")

    def __init__(
        self,
        environment: Mapping[str, str],
        locations: Locations,
        clock: Clock,
        *,
        input: TextIO,
        out: TextIO,
        err: TextIO,
    ) -> None:
        self.environment = environment
        self.locations = locations
        self.clock = clock
        self.input = input
        self.out = out
        self.err = err

    def open_store(self) -> Store:
        """The laptop's store, made or migrated if need be; the caller closes it."""
        from fieldkit.replication.laptop import open_store

        return open_store(self.locations, self.clock)
