"""The centre as one ASGI application: sync, enrolment, pages."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from http import HTTPStatus
from importlib.resources import files
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from fieldkit.i18n import use_language_here
from fieldkit.office import pages, sessions
from fieldkit.office.centre import Centre
from fieldkit.office.enrolment import Enrolment
from fieldkit.office.languages import language_of, remember_language
from fieldkit.office.limits import BodyLimits, SecurityHeaders, Tries, address_of
from fieldkit.office.rendering import Pages

SYNC_PATH = "/sync"
ENROL_FAILURES, ENROL_SECONDS = 128, 1.0
LOGIN_FAILURES, LOGIN_SECONDS = 20, 6.0
"""Failures from one address before it must wait, and the seconds until it may fail once more."""
STYLE_LASTS = "public, max-age=3600"


def office_app(
    centre: Centre, *, hosts: Sequence[str] = (), language: str = "", now: Callable[[], float] = time.monotonic
) -> ASGIApp:
    """The application. `hosts` are the names it answers to (none: every name), `language` the one for who asks for none."""
    site = _Site(centre, language, Tries(LOGIN_FAILURES, LOGIN_SECONDS, now))
    middleware = [Middleware(BodyLimits, sync_path=SYNC_PATH)]
    if hosts:
        middleware.append(Middleware(TrustedHostMiddleware, allowed_hosts=[*hosts], www_redirect=False))
    public = [
        Route(SYNC_PATH, centre.server, methods=["POST"]),
        Route("/enrol", Enrolment(centre, Tries(ENROL_FAILURES, ENROL_SECONDS, now)).redeem, methods=["POST"]),
        Route("/login/{link}", site.login, methods=["GET"]),
        Route("/static/office.css", _file("office.css", "text/css")),
        Route("/static/icon.svg", _file("icon.svg", "image/svg+xml")),
    ]
    private = [Route(path, site.page(*page), methods=["GET"]) for path, page in pages.PAGES.items()]
    application = Starlette(
        routes=[*public, Route("/logout", site.logout, methods=["POST"]), *private],
        middleware=middleware,
        exception_handlers={HTTPException: site.failed, pages.NotThere: site.not_there, Exception: site.broken},
    )
    return SecurityHeaders(application)


class _Site:
    """Everything a browser sees."""

    def __init__(self, centre: Centre, language: str, tries: Tries) -> None:
        self._centre = centre
        self._language = language
        self._tries = tries
        self._pages = Pages(centre.clock)

    def page(self, template: str, page: pages.Page) -> Callable[[Request], Response]:
        """The endpoint of a page: nobody sees it without a session, and everybody only their groups."""

        def endpoint(request: Request) -> Response:
            self._speak(request)
            viewer = sessions.viewer_of(self._centre, request)
            if viewer is None:
                answer = self._answer(request, "signin.html", {"reason": "nobody"}, HTTPStatus.UNAUTHORIZED)
                return remember_language(request, answer)
            group = request.query_params.get("group", "")
            with self._centre.reading() as connection:
                groups = pages.narrowed(viewer, group)
                view = pages.View(
                    request, viewer, connection, self._centre.server.devices, self._centre.clock(), group, groups
                )
                values = {"viewer": viewer, "group": group, **page(view)}
            return remember_language(request, self._answer(request, template, values))

        return endpoint

    async def login(self, request: Request) -> Response:
        """Follow a one-time link. Looking ahead (HEAD, a prefetch) does not use it up."""
        return await run_in_threadpool(self._login, request)

    def _login(self, request: Request) -> Response:
        self._speak(request)
        address = address_of(request.scope)
        if not self._tries.left(address):
            return self._answer(request, "signin.html", {"reason": "too-many"}, HTTPStatus.TOO_MANY_REQUESTS)
        if request.method == "HEAD" or "prefetch" in request.headers.get("sec-purpose", ""):
            return Response(status_code=HTTPStatus.NO_CONTENT)
        secret = sessions.begin(self._centre, request.path_params["link"])
        if secret is None:
            return self._used_link(request, address)
        # A browser keeps a strict cookie from the target of a redirect that another site began: there, go on by our own page.
        foreign = request.headers.get("sec-fetch-site") == "cross-site"
        answer = self._answer(request, "welcome.html", {}) if foreign else RedirectResponse("/", HTTPStatus.SEE_OTHER)
        sessions.set_cookie(answer, secret, secure=request.url.scheme == "https")
        return answer

    def _used_link(self, request: Request, address: str) -> Response:
        if sessions.viewer_of(self._centre, request):
            return RedirectResponse("/", HTTPStatus.SEE_OTHER)
        self._tries.failed(address)
        return self._answer(request, "signin.html", {"reason": "link"}, HTTPStatus.FORBIDDEN)

    async def logout(self, request: Request) -> Response:
        """End the session; only our own form can ask for it."""
        sent = dict(parse_qsl((await request.body()).decode("utf-8", "replace"))).get("token", "")
        return await run_in_threadpool(self._logout, request, sent)

    def _logout(self, request: Request, sent: str) -> Response:
        self._speak(request)
        viewer = sessions.viewer_of(self._centre, request)
        if viewer is None:
            return RedirectResponse("/", HTTPStatus.SEE_OTHER)
        if not sessions.is_own_form(request, sent, viewer):
            return self._answer(request, "problem.html", {"problem": "foreign"}, HTTPStatus.FORBIDDEN)
        sessions.end(self._centre, request)
        answer = self._answer(request, "signin.html", {"reason": "left"})
        answer.delete_cookie(sessions.COOKIE, httponly=True, samesite="strict")
        return answer

    def failed(self, request: Request, error: Exception) -> Response:
        """404, 405 and the like, as a page."""
        self._speak(request)
        status = error.status_code if isinstance(error, HTTPException) else HTTPStatus.INTERNAL_SERVER_ERROR
        return self._answer(request, "problem.html", {"problem": "not-there"}, status)

    def not_there(self, request: Request, error: Exception) -> Response:  # noqa: ARG002 - Starlette's signature
        """404: no such page, or not for this viewer."""
        self._speak(request)
        return self._answer(request, "problem.html", {"problem": "not-there"}, HTTPStatus.NOT_FOUND)

    def broken(self, request: Request, error: Exception) -> Response:  # noqa: ARG002 - Starlette's signature
        """500, without a word of what broke."""
        self._speak(request)
        return self._answer(request, "problem.html", {"problem": "broken"}, HTTPStatus.INTERNAL_SERVER_ERROR)

    def _speak(self, request: Request) -> None:
        use_language_here(language_of(request, self._language))

    def _answer(
        self, request: Request, template: str, values: dict[str, object], status: int = HTTPStatus.OK
    ) -> Response:
        return self._pages.answer(request, template, values, status)


def _file(name: str, media_type: str) -> Callable[[Request], Response]:
    content = files("fieldkit.office").joinpath("static", name).read_bytes()

    def endpoint(request: Request) -> Response:  # noqa: ARG001 - Starlette's signature
        return Response(content, media_type=media_type, headers={"cache-control": STYLE_LASTS})

    return endpoint
