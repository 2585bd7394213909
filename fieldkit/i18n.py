"""Words for people in their language: gettext catalogues, zh_CN and English, chosen by setting or locale.

The catalogues are ordinary `.mo` files. They are looked up here by bisection, because the standard module imports `re` and
reads the whole file first, which is a third of the time that `fieldkit note` may take. A test holds every answer to
`gettext.GNUTranslations`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

TYPE_CHECKING = False
if TYPE_CHECKING:
    from contextvars import ContextVar

FALLBACK = "en"
LANGUAGES = ("zh_CN", "en")
_MAGIC = 0x950412DE


class Catalogue:
    """One `.mo` file (little-endian, as every compiler of today writes it); messages are sorted by their UTF-8 bytes."""

    __slots__ = ("_count", "_data", "_originals", "_translations")

    def __init__(self, data: bytes) -> None:
        if _word(data, 0) != _MAGIC:
            raise ValueError("not a .mo file")
        self._data = data
        self._count, self._originals, self._translations = _word(data, 8), _word(data, 12), _word(data, 16)

    def find(self, message: str) -> str | None:
        """The translation of `message`; for a plural message (found by its singular) the only form that Chinese has."""
        wanted = message.encode()
        low, high = 0, self._count
        while low < high:
            middle = (low + high) // 2
            original = self._text(self._originals, middle).split(b"\0", 1)[0]
            if original == wanted:
                return self._text(self._translations, middle).split(b"\0", 1)[0].decode()
            if original < wanted:
                low = middle + 1
            else:
                high = middle
        return None

    def _text(self, table: int, index: int) -> bytes:
        length, offset = _word(self._data, table + 8 * index), _word(self._data, table + 8 * index + 4)
        return self._data[offset : offset + length]


class _InUse:
    """The language of this process, like the locale that it follows."""

    language = FALLBACK
    catalogue: Catalogue | None = None
    here: ContextVar[tuple[str, Catalogue | None] | None] | None = None
    """What a server's request speaks; made by the first one, because its import costs the quick path a millisecond."""


_loaded: dict[str, Catalogue | None] = {FALLBACK: None}


def _word(data: bytes, offset: int) -> int:
    return int.from_bytes(data[offset : offset + 4], "little")


def catalogue_path(language: str) -> str:
    """Where the compiled catalogue of `language` lies."""
    return os.path.join(os.path.dirname(__file__), "locale", language, "LC_MESSAGES", "fieldkit.mo")


def choose_language(environment: Mapping[str, str], setting: str = "") -> str:
    """`FIELDKIT_LANG`, else the stored setting, else the locale; English where that is not Chinese."""
    wishes = (environment.get("FIELDKIT_LANG"), setting, *map(environment.get, ("LC_ALL", "LC_MESSAGES", "LANG")))
    wish = next((wish for wish in wishes if wish), FALLBACK)
    return "zh_CN" if wish.lower().startswith("zh") else FALLBACK


def use_language(language: str) -> None:
    """From now on texts come in `language`, one of LANGUAGES."""
    _InUse.language = language
    _InUse.catalogue = _catalogue(language)


def use_language_here(language: str) -> None:
    """Like `use_language`, for the present context (one request of a server) alone."""
    if _InUse.here is None:
        from contextvars import ContextVar

        _InUse.here = ContextVar("language", default=None)
    _InUse.here.set((language, _catalogue(language)))


def language() -> str:
    """The language in use."""
    here = _InUse.here and _InUse.here.get()
    return here[0] if here else _InUse.language


def _catalogue(language: str) -> Catalogue | None:
    if language not in _loaded:
        with open(catalogue_path(language), "rb") as file:
            _loaded[language] = Catalogue(file.read())
    return _loaded[language]


def _find(message: str) -> str | None:
    here = _InUse.here and _InUse.here.get()
    catalogue = here[1] if here else _InUse.catalogue
    return catalogue.find(message) if catalogue else None


def _(message: str) -> str:
    """`message` in the language in use."""
    return _find(message) or message


def ngettext(singular: str, plural: str, count: int) -> str:
    """`singular` or `plural` for `count`, in the language in use."""
    return _find(singular) or (singular if count == 1 else plural)


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for a text that is translated when it is shown
    """Mark `message` for translation where it stands in a table."""
    return message
