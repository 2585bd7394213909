"""Words for people in their language: gettext, zh_CN and English, the language chosen by setting or locale."""

from __future__ import annotations

import os
from collections.abc import Mapping

FALLBACK = "en"
LANGUAGES = ("zh_CN", "en")
_DIRECTORY = os.path.join(os.path.dirname(__file__), "locale")


class _Catalogue:
    """The catalogue in use; one a process, like the locale that it follows."""

    def __init__(self) -> None:
        self.language = FALLBACK
        self.translations: object = None


_current = _Catalogue()


def choose_language(environment: Mapping[str, str], setting: str = "") -> str:
    """`FIELDKIT_LANG`, else the stored setting, else the locale; English where none of them is Chinese."""
    for wish in (
        environment.get("FIELDKIT_LANG"),
        setting,
        environment.get("LC_ALL"),
        environment.get("LC_MESSAGES"),
        environment.get("LANG"),
    ):
        if wish:
            return "zh_CN" if wish.lower().startswith("zh") else FALLBACK
    return FALLBACK


def use_language(language: str) -> None:
    """From now on texts come in `language` (one of LANGUAGES)."""
    _current.language = language
    if language == FALLBACK:
        _current.translations = None
        return
    import gettext

    _current.translations = gettext.translation("fieldkit", _DIRECTORY, [language])


def language() -> str:
    """The language in use."""
    return _current.language


def _(message: str) -> str:
    """`message` in the language in use."""
    translations = _current.translations
    return message if translations is None else translations.gettext(message)  # type: ignore[attr-defined]


def ngettext(singular: str, plural: str, count: int) -> str:
    """`singular` or `plural` for `count`, in the language in use."""
    translations = _current.translations
    if translations is None:
        return singular if count == 1 else plural
    return translations.ngettext(singular, plural, count)  # type: ignore[attr-defined, no-any-return]


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for a text that is translated later
    """Mark `message` for translation where it stands in a table; `_` is called when it is shown."""
    return message
