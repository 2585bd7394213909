"""The codes that a choice field takes, with their labels in the language in use.

Task forces, places and stages come from the city's packaged data and rule pack; the labels there are data, not messages.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from fieldkit.domain.city import city, default_rule_pack
from fieldkit.domain.cleaning import shown
from fieldkit.domain.kinds import MODES, ROLES
from fieldkit.errors import UnknownTaskForce
from fieldkit.i18n import _, language

_MODES_ZH = {"on-site": "上门招商", "stationed": "驻点招商", "entrusted": "委托招商", "by-investors": "以商招商"}


def choices(of: str) -> dict[str, str]:
    """code → label, in their order, for `modes`, `roles`, `stages`, `task_forces` or `places`."""
    if of == "modes":
        return {code: _(label) for code, label in MODES.items()}
    if of == "roles":
        return {code: _(label) for code, label in ROLES.items()}
    if of == "stages":
        pack = default_rule_pack()
        return _named([*pack["stages"], *pack["set_aside"]])
    return _named(city()[of])


def choice_label(of: str, code: str) -> str:
    """The label of one code; the code itself where it is unknown."""
    return choices(of).get(code, code)


def group_label(code: str) -> str:
    """The name of a group; its code where it is unknown."""
    return _named(city()["groups"]).get(code, code)


def _named(rows: Iterable[Mapping[str, str]]) -> dict[str, str]:
    english = language() == "en"
    return {row["code"]: (english and row.get("name_en")) or row["name"] for row in rows}


def code_of(of: str, text: str, pack: Mapping[str, Any]) -> str | None:
    """The code that a person means by `text`: the code itself or a whole name in either language; None where there is none."""
    wanted = _folded(text)
    for code, names in _spoken(of, pack).items():
        if any(_folded(name) == wanted for name in (code, *names)):
            return code
    return None


def task_force_called(text: str) -> str:
    """The code of the task force that a person means by `text`: the code, a name, or a part of one name alone.

    Raises UnknownTaskForce.
    """
    whole, wanted = code_of("task_forces", text, {}), _folded(text)
    holding = [
        code for code, names in _spoken("task_forces", {}).items() if any(wanted in _folded(one) for one in names)
    ]
    if whole or (wanted and len(holding) == 1):
        return whole or holding[0]
    known = ", ".join(f"{code} {label}" for code, label in choices("task_forces").items())
    raise UnknownTaskForce(name=shown(text), known=known)


def _spoken(of: str, pack: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    if of == "modes":
        return {code: (label, _(label), _MODES_ZH[code], _MODES_ZH[code][:2]) for code, label in MODES.items()}
    rows = [*pack["stages"], *pack["set_aside"]] if of == "stages" else city()[of]
    return {row["code"]: (row["name"], row.get("name_en") or row["name"]) for row in rows}


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()
