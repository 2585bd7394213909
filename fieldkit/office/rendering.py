"""Templates to replies. Every value that a template prints is cleaned and escaped here, whoever wrote the template."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from fieldkit import i18n
from fieldkit.clock import Clock
from fieldkit.domain.choices import choice_label, group_label
from fieldkit.domain.city import city, group_codes
from fieldkit.domain.cleaning import shown, shown_lines
from fieldkit.domain.kinds import KINDS
from fieldkit.domain.money import money_text
from fieldkit.domain.phones import readable
from fieldkit.office import presenting


class Pages:
    """The templates of the package, in the language of the request's context."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        # Autoescape is on whatever a template is called.
        self._templates = Environment(
            loader=PackageLoader("fieldkit.office"),
            autoescape=True,
            finalize=_cleaned,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals.update(
            _=i18n._,
            ngettext=i18n.ngettext,
            choice_label=choice_label,
            group_label=group_label,
            kind_label=_kind_label,
            group_order=group_codes(),
            url=_url,
        )
        self._templates.filters.update(
            phone=readable,
            amount=_amount,
            amounts=presenting.amounts_text,
            lines=_lines,
            moment=self._moment,
            excerpt=_excerpt,
        )

    def answer(self, request: Request, template: str, values: dict[str, Any], status: int = 200) -> Response:
        """The reply for one request."""
        text = self._templates.get_template(template).render(
            {
                "language": i18n.language(),
                "city": _city_name(),
                "path": request.url.path,
                "query": _Query(request),
                "now": self._clock(),
                "viewer": None,
                "group": "",
                **values,
            }
        )
        return HTMLResponse(text, status, headers={"vary": "accept-language, cookie"})

    def _moment(self, moment: datetime | None) -> str:
        """Day and time at the centre; the year only where it is another one."""
        if moment is None:
            return ""
        now = self._clock()
        local = moment.astimezone(now.tzinfo)
        return f"{local:%m-%d %H:%M}" if local.year == now.year else f"{local:%Y-%m-%d %H:%M}"


class _Query:
    """The address of this page with some of its parameters replaced."""

    def __init__(self, request: Request) -> None:
        self._path = request.url.path
        self._parameters = [(name, value) for name, value in request.query_params.multi_items() if value]

    def replaced(self, name: str, *values: str) -> str:
        kept = [(other, value) for other, value in self._parameters if other not in (name, "after", "language")]
        return _address(self._path, [*kept, *((name, value) for value in values if value)])


def _kind_label(kind: str) -> str:
    return i18n._(KINDS[kind].label)


def _url(path: str, **parameters: str) -> str:
    """An address with those parameters that hold something."""
    return _address(path, [(name, value) for name, value in parameters.items() if value])


def _address(path: str, parameters: list[tuple[str, str]]) -> str:
    return f"{path}?{urlencode(parameters)}" if parameters else path


def _city_name() -> str:
    named = city()["city"]
    return str(named["name_en"] if i18n.language() == "en" else named["name"])


def _cleaned(value: Any) -> Any:
    if value is None:
        return ""
    return value if isinstance(value, Markup) else shown(value)


def _lines(text: str) -> Markup:
    """A text of several lines, lines kept."""
    return Markup("<br>").join(escape(line) for line in shown_lines(text).split("\n"))


def _excerpt(text: str, length: int = 120) -> str:
    line = shown(text)
    return line if len(line) <= length else line[:length] + "…"


def _amount(row: dict[str, Any]) -> str:
    amount = row.get("amount")
    return money_text(amount, row.get("currency") or "CNY") if isinstance(amount, int) else ""
