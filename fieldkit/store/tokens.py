"""How text is cut for the index and for queries: one character of Chinese, one run of letters, one run of digits a token.

The full-text tables split at blanks alone (tokenizer `ascii`), so that what a token is, is decided here and not by the
Unicode tables of whichever SQLite is at hand.
"""

from __future__ import annotations

import re
import unicodedata

_TOKEN = re.compile("\\d+|[^\\W\\d_\u2e80-\U0010ffff]+|[^\\W_]")
_PHONE = re.compile("(?<![0-9])[0-9]{7,15}(?![0-9])")


def folded(text: str) -> str:
    """`text` with compatibility forms (full-width, circled, ligatures) made plain, in lower case."""
    return unicodedata.normalize("NFKC", text).lower()


def tokens(plain: str) -> list[str]:
    """The tokens of a `folded` text in order."""
    return _TOKEN.findall(plain)


def phones(plain: str) -> list[str]:
    """What can be a telephone number in a `folded` text: 7 to 15 digits on end."""
    return _PHONE.findall(plain)


def is_run(token: str) -> bool:
    """Whether `token` is a run of letters or digits, which may be typed in part, and not a character of Chinese."""
    return token[0] < "\u2e80"
