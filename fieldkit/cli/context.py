"""What a command is handed: where files lie, what time it is, where to print."""

from __future__ import annotations

from collections.abc import Mapping

from fieldkit import i18n
from fieldkit.clock import Clock
from fieldkit.errors import StoreError
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

    def speak(self, setting: str) -> None:
        """Texts in the language of the store's `setting`, which may be empty."""
        wanted = i18n.choose_language(self.environment, setting)
        if wanted != i18n.language():
            i18n.use_language(wanted)

    def speak_as_stored(self) -> None:
        """Texts in the language that the store is set to, where there is a store that can be read."""
        from fieldkit.store import schema, settings

        try:
            reader = schema.open_current(self.locations.store)
        except StoreError:
            return
        if reader is not None:
            self.speak(settings.get(reader, "language"))
            reader.close()

    def open_store(self) -> Store:
        """The laptop's store, made or migrated if need be; the caller closes it."""
        from fieldkit.replication.laptop import open_store

        return open_store(self.locations, self.clock)
