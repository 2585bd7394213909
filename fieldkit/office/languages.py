"""Which language a browser is answered in: what its person chose, else what it asks for, else the centre's own."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from fieldkit.i18n import LANGUAGES

LANGUAGE_COOKIE = "fieldkit_language"
CHINESE, ENGLISH = LANGUAGES
_A_YEAR = 365 * 24 * 3600


def language_of(request: Request, default: str = "") -> str:
    """One of LANGUAGES; Chinese where nothing else was asked for."""
    chosen = request.query_params.get("language") or request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen in LANGUAGES:
        return chosen
    return _accepted(request.headers.get("accept-language", "")) or default or CHINESE


def remember_language(request: Request, response: Response) -> Response:
    """Keep the language that was chosen by a link."""
    chosen = request.query_params.get("language", "")
    if chosen in LANGUAGES:
        response.set_cookie(LANGUAGE_COOKIE, chosen, max_age=_A_YEAR, httponly=True, samesite="strict")
    return response


def _accepted(header: str) -> str:
    """The language that an Accept-Language header prefers among ours; empty for none."""
    wishes = []
    for position, part in enumerate(header.split(",")[:20]):
        tag, _semicolon, quality = part.partition(";q=")
        language = {"zh": CHINESE, "en": ENGLISH}.get(tag.strip().lower()[:2])
        if language:
            wishes.append((-_quality(quality), position, language))
    return min(wishes)[2] if wishes else ""


def _quality(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0
