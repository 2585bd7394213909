"""Every path on disk. `FIELDKIT_HOME` moves all of them."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping


class Locations:
    """Where one laptop (or one centre) keeps its files; nothing is created here."""

    __slots__ = ("home",)

    def __init__(self, home: str) -> None:
        self.home = home

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Locations:
        """`FIELDKIT_HOME`, else the platform's directory for user data."""
        return cls(environment.get("FIELDKIT_HOME") or _user_data(environment))

    @property
    def store(self) -> str:
        """The laptop's store."""
        return os.path.join(self.home, "fieldkit.db")

    @property
    def centre(self) -> str:
        """The centre's database, where it is SQLite."""
        return os.path.join(self.home, "centre.db")

    @property
    def office(self) -> str:
        """The centre's settings: which database it uses."""
        return os.path.join(self.home, "office.json")

    @property
    def snapshots(self) -> str:
        """Verified copies made before a migration."""
        return os.path.join(self.home, "snapshots")

    @property
    def kept(self) -> str:
        """Words that could not become a note, one file each."""
        return os.path.join(self.home, "kept")

    @property
    def log(self) -> str:
        """The log of the app and the centre."""
        return os.path.join(self.home, "fieldkit.log")

    @property
    def demo(self) -> str:
        """The laptops and the centre of `fieldkit demo`."""
        return os.path.join(self.home, "demo")


def _user_data(environment: Mapping[str, str]) -> str:
    # On Linux platformdirs reads one variable but takes 13 ms to import, half the budget of `fieldkit note`.
    if sys.platform == "linux":
        base = environment.get("XDG_DATA_HOME", "").strip() or os.path.expanduser("~/.local/share")
        return os.path.join(base, "fieldkit")
    from platformdirs import user_data_dir

    return user_data_dir("fieldkit", appauthor=False)
