"""Rows of a long list, fetched from the store by pages when they come into sight."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]
Fetch = Callable[[Sequence[str]], Sequence[Row]]
Badges = Callable[[Sequence[str]], Mapping[str, str]]
PAGE = 128
PAGES_KEPT = 8


class Pages:
    """`ids` in their order; `row` fetches a page of 128 at a time and keeps the eight used last."""

    def __init__(self, ids: Sequence[str] = (), fetch: Fetch | None = None, badges: Badges | None = None) -> None:
        self.ids = ids
        self._fetch: Fetch = fetch or (lambda _ids: ())
        self._badges: Badges = badges or (lambda _ids: {})
        self._pages: OrderedDict[int, Sequence[tuple[Row, str]]] = OrderedDict()

    def __len__(self) -> int:
        return len(self.ids)

    def row(self, index: int) -> tuple[Row, str]:
        """The row at `index` (empty where the record is gone) and its badge's state."""
        number = index // PAGE
        if number not in self._pages:
            self._pages[number] = self._page(self.ids[number * PAGE : (number + 1) * PAGE])
            while len(self._pages) > PAGES_KEPT:
                self._pages.popitem(last=False)
        self._pages.move_to_end(number)
        return self._pages[number][index % PAGE]

    def index(self, record_id: str | None) -> int:
        """Where a record stands, -1 for nowhere."""
        try:
            return self.ids.index(record_id) if record_id else -1
        except ValueError:
            return -1

    def _page(self, ids: Sequence[str]) -> list[tuple[Row, str]]:
        found = {row["id"]: row for row in self._fetch(ids)}
        states = self._badges(ids)
        return [(found.get(record_id, {}), states.get(record_id, "")) for record_id in ids]
