"""The city's packaged data: task forces, groups, places, and the default rule pack. Read on demand, never at import."""

from __future__ import annotations

import json
import os
from functools import cache
from typing import Any

OFFICE_GROUP = "office"
DEFAULT_RULE_PACK_ID = "01900004-0000-7000-8000-000000000001"


@cache
def city() -> dict[str, Any]:
    """`city`, `task_forces`, `groups`, `places`: lists of rows with fixed ids, codes and names."""
    loaded: dict[str, Any] = json.loads(_text("city.json"))
    return loaded


@cache
def default_rule_pack() -> dict[str, Any]:
    """The rule pack that holds until the centre has published another."""
    loaded: dict[str, Any] = json.loads(_text("rule_pack.json"))
    return loaded


def group_codes() -> tuple[str, ...]:
    """The codes of the ten groups and the coordination office."""
    return tuple(group["code"] for group in city()["groups"])


def _text(name: str) -> str:
    # importlib.resources costs as much to import as the first frame has to spare.
    with open(os.path.join(os.path.dirname(__file__), "data", name), encoding="utf-8") as file:
        return file.read()
