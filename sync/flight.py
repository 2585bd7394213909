"""Calls to the centre that are on their way, in the order in which they left.

On a far line the next call leaves before the last one is answered; each then travels in a thread of its own, which
touches no store.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from sync.protocol import Reply
from sync.replica import Prepared

_PATIENT_SECONDS = 0.5
"""How long to wait before looking up: an interrupt is heard then on every system."""


class Landing(NamedTuple):
    """What came back: the centre's reply, and whether this program is too old for its pages."""

    reply: Reply
    too_old: bool


class Call:
    """One request on its way. `reaches` is the revision up to which its page goes, once the head of the reply tells."""

    def __init__(self, prepared: Prepared) -> None:
        self.prepared = prepared
        self.reaches = 0
        self.heard = False
        self.void = False
        self.seconds = 0.0
        self._landing: Landing | Exception | None = None

    @property
    def landed(self) -> bool:
        """Whether it has ended, well or not."""
        return self._landing is not None

    def landing(self) -> Landing:
        """What came back; raises what went wrong."""
        if not isinstance(self._landing, Landing):
            raise self._landing or LookupError("still on its way")
        return self._landing

    def end(self, landing: Landing | Exception, seconds: float) -> None:
        """It has come back."""
        self._landing, self.seconds = landing, seconds


Post = Callable[[Prepared, Callable[[int], None]], Landing]
"""Sends a request; tells the revision that its page reaches as soon as the reply begins."""


class Flight:
    """The calls on their way; `elapsed` gives seconds."""

    def __init__(self, post: Post, elapsed: Callable[[], float]) -> None:
        self.calls: deque[Call] = deque()
        self._post = post
        self._elapsed = elapsed
        self._news = threading.Condition()

    def launch(self, prepared: Prepared, *, aside: bool) -> None:
        """Send a request: `aside` in a thread of its own, else it has landed when this returns."""
        call = Call(prepared)
        self.calls.append(call)
        if aside:
            threading.Thread(target=self._run, args=(call,), daemon=True).start()
        else:
            self._run(call)

    def hear(self) -> Call:
        """Wait for news of the oldest call: it has landed, or the head of its reply tells how far its page reaches."""
        call = self.calls[0]
        with self._news:
            while not call.landed and (call.heard or not call.reaches):
                self._news.wait(_PATIENT_SECONDS)
            call.heard = True
        return call

    def forget(self, *, all_of_them: bool) -> None:
        """Hear no more of the calls that built on one that failed, or of any."""
        for call in self.calls:
            call.void = call.void or all_of_them or call.prepared.after > 0

    def _run(self, call: Call) -> None:
        began = self._elapsed()
        try:
            landing: Landing | Exception = self._post(call.prepared, lambda reaches: self._tell(call, reaches))
        except Exception as error:  # noqa: BLE001 - raised where the call is taken
            landing = error
        with self._news:
            call.end(landing, self._elapsed() - began)
            self._news.notify_all()

    def _tell(self, call: Call, reaches: int) -> None:
        with self._news:
            call.reaches = reaches
            self._news.notify_all()
