"""`fieldkit office …`: make the centre, serve it, let people and laptops in, open its pages."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from fieldkit.cli.carry import add_receive
from fieldkit.cli.context import Context
from fieldkit.cli.options import Commands, Handler, add_printing_command, between, example_text
from fieldkit.cli.output import iso_with_offset, print_json, to_the_minute
from fieldkit.cli.publish import add_publish
from fieldkit.cli.verify import add_verify
from fieldkit.domain.choices import choice_label, group_label
from fieldkit.domain.cleaning import shown
from fieldkit.domain.kinds import ROLES
from fieldkit.errors import UnknownLaptop, UsageError
from fieldkit.i18n import _

if TYPE_CHECKING:
    from fieldkit.office.centre import Centre

PORT = 8470


def add_parsers(commands: Commands[argparse.ArgumentParser]) -> None:
    """The commands of the coordination office."""
    parser = commands.add_parser(
        "office",
        help=_("run the centre"),
        description=_("Run the centre: it takes laptops in, exchanges work with them and shows it to the office."),
        epilog=example_text("fieldkit office init && fieldkit office serve"),
    )
    parts = parser.add_subparsers(metavar=_("COMMAND"), required=True)
    _add_init(parts)
    _add_serve(parts)
    _add_invite(parts)
    _add_login(parts)
    _add_lists(parts)
    add_publish(parts)
    add_receive(parts)
    add_verify(parts)


def _part(
    parts: Commands[argparse.ArgumentParser], name: str, run: Handler, summary: str, example: str
) -> argparse.ArgumentParser:
    described = summary[:1].upper() + summary[1:]
    return add_printing_command(parts, name, run, summary=summary, example=example, description=described)


def _add_init(parts: Commands[argparse.ArgumentParser]) -> None:
    parser = _part(parts, "init", init, _("make the centre"), "fieldkit office init")
    parser.add_argument(
        "--database", metavar="URL", default="", help=_("a PostgreSQL address instead of an SQLite file")
    )
    parser.add_argument("--name", default="", help=_("the first person of the office"))


def _add_serve(parts: Commands[argparse.ArgumentParser]) -> None:
    parser = _part(
        parts, "serve", serve, _("serve laptops and pages until Ctrl+C"), "fieldkit office serve --port 8470"
    )
    parser.add_argument("--host", default="127.0.0.1", help=_("the address to listen at (default: this machine only)"))
    parser.add_argument("--port", type=_port, default=PORT, help=_("the port to listen at; 0 takes any free one"))
    parser.add_argument("--url", type=_url, default=None, help=_("the address by which others reach the centre"))
    parser.add_argument("--database", metavar="URL", default="", help=_("serve this database instead of this home's"))
    parser.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar=_("NAME"),
        help=_("answer to this host name only; may be repeated"),
    )


def _add_invite(parts: Commands[argparse.ArgumentParser]) -> None:
    example = "fieldkit office invite --name 王芳 --role recruiter --group new-energy-materials"
    parser = _part(parts, "invite", invite, _("let one laptop of a person in, once"), example)
    parser.add_argument("--name", required=True, help=_("the person's name"))
    parser.add_argument("--role", required=True, choices=list(ROLES), help=_("what they do"))
    parser.add_argument("--group", default="", metavar=_("CODE"), help=_("the code of their group"))
    parser.add_argument("--post", default="", help=_("their post"))
    parser.add_argument("--days", type=_days, default=7, help=_("how many days the invite lasts (default: 7)"))


def _add_login(parts: Commands[argparse.ArgumentParser]) -> None:
    parser = _part(parts, "login", login, _("print a one-time link to the pages"), "fieldkit office login")
    parser.add_argument(
        "--name", default="", help=_("whom the link signs in (default: the first person of the office)")
    )
    parser.add_argument("--url", type=_url, default=None, help=_("the address by which others reach the centre"))


def _add_lists(parts: Commands[argparse.ArgumentParser]) -> None:
    _part(parts, "people", people, _("list the people"), "fieldkit office people --json")
    parser = _part(parts, "devices", devices, _("list the laptops"), "fieldkit office devices")
    parser.add_argument("--withdraw", default="", metavar="ID", help=_("let this laptop sync no more"))


def init(options: argparse.Namespace, context: Context) -> int:
    """Make the centre of this home."""
    from fieldkit.office.centre import FIRST_PERSON, initialise

    person = initialise(context.locations, context.clock, options.database, options.name or FIRST_PERSON)
    if options.json:
        print_json({"person": person}, context.out)
    else:
        context.out.write(_("The centre is ready; start it with `fieldkit office serve`.") + "\n")
    return 0


def serve(options: argparse.Namespace, context: Context) -> int:
    """Serve until Ctrl+C or SIGTERM; one line says when and where."""
    from fieldkit.i18n import choose_language
    from fieldkit.office import serving
    from fieldkit.office.app import office_app
    from fieldkit.office.centre import open_centre
    from fieldkit.store.centre import ADDRESS, put_setting

    centre = open_centre(context.locations, context.clock, options.database)
    try:
        with serving.listen(options.host, options.port) as bound, serving.logging_to(context.locations.log):
            url = serving.address_of(bound)
            with centre.changing() as connection:
                put_setting(connection, ADDRESS, options.url or url)
            wish = context.environment.get("FIELDKIT_LANG", "")
            language = choose_language({"FIELDKIT_LANG": wish}) if wish else ""
            app = office_app(centre, hosts=options.allow_host, language=language)
            serving.serve(app, bound, lambda: _say_listening(url, options, context))
    finally:
        centre.close()
    return 0


def _say_listening(url: str, options: argparse.Namespace, context: Context) -> None:
    if options.json:
        print_json({"url": url}, context.out)
    else:
        context.out.write(_("The centre listens at {url}; Ctrl+C ends it.").format(url=url) + "\n")
    context.out.flush()


def invite(options: argparse.Namespace, context: Context) -> int:
    """Print a one-time invite for one laptop of a person, who is made where there is none of that name."""
    from fieldkit.office import people as office_people

    with _centre(context) as centre:
        author = office_people.first_of_office(centre)["id"]
        made = office_people.invite(
            centre, author, options.name, options.role, group=options.group, post=options.post, days=options.days
        )
        url = _address(centre) or "URL"
    if options.json:
        print_json(made, context.out)
    else:
        text = _("Within {days} days, run this once on the laptop of {name}:").format(
            days=options.days, name=shown(options.name)
        )
        context.out.write(f"{text}\nfieldkit enrol {url} {made['invite']}\n")
    return 0


def login(options: argparse.Namespace, context: Context) -> int:
    """Print a link that opens the pages once."""
    from fieldkit.office import people as office_people
    from fieldkit.office.sessions import LINK_LASTS, new_link

    with _centre(context) as centre:
        person = (
            office_people.one_named(centre, options.name) if options.name else office_people.first_of_office(centre)
        )
        base = options.url or _address(centre)
        if not base:
            message = _("The centre was never served, so its address is not known; give it with --url")
            raise UsageError(message=message)
        url = f"{base.rstrip('/')}/login/{new_link(centre, person['id'])}"
    if options.json:
        print_json({"url": url}, context.out)
    else:
        minutes = int(LINK_LASTS.total_seconds() // 60)
        text = _("Open this once, within {minutes} minutes; it signs {name} in:")
        context.out.write(f"{text.format(minutes=minutes, name=shown(person['name']))}\n{url}\n")
    return 0


def people(options: argparse.Namespace, context: Context) -> int:
    """List everybody at the centre."""
    from fieldkit.store import centre_access

    with _centre(context) as centre, centre.reading() as connection:
        rows = [dict(row) for row in centre_access.people(connection)]
    fields = ("id", "name", "role", "group_code", "post", "duty", "term_from", "term_to")
    if options.json:
        listed = [
            {"kind": "people", "title": row["name"], **{field: _plain(row[field]) for field in fields}} for row in rows
        ]
        print_json(listed, context.out)
        return 0
    for row in rows:
        parts = (row["name"], choice_label("roles", row["role"]), group_label(row["group_code"]), row["post"])
        context.out.write("  ".join(shown(part) for part in dict.fromkeys(parts) if part) + "\n")
    return 0


def devices(options: argparse.Namespace, context: Context) -> int:
    """List the laptops, or withdraw one."""
    from fieldkit.office.laptops import listed
    from fieldkit.store import centre_access

    with _centre(context) as centre:
        if options.withdraw:
            with centre.changing() as connection:
                if not centre_access.withdraw(connection, options.withdraw, context.clock()):
                    raise UnknownLaptop(id=shown(options.withdraw))
        with centre.reading() as connection:
            laptops = listed(connection, None, centre.server.devices(), context.clock())
    if options.json:
        print_json(
            [{name: _plain(value) for name, value in laptop._asdict().items()} for laptop in laptops], context.out
        )
        return 0
    if not laptops:
        context.out.write(_("No laptop is enrolled yet.") + "\n")
    for laptop in laptops:
        unseen = _("not known") if laptop.withdrawn else _("never")
        synced = to_the_minute(laptop.last_sync) if laptop.last_sync else unseen
        marks = [_("withdrawn")] if laptop.withdrawn else [_("quiet")] if laptop.quiet else []
        unsent = _("not yet sent: {count}").format(count=laptop.unsent)
        parts = (laptop.id, laptop.person, group_label(laptop.group_code), laptop.machine, synced, unsent, *marks)
        context.out.write("  ".join(shown(part) for part in parts if part) + "\n")
    return 0


@contextmanager
def _centre(context: Context) -> Iterator[Centre]:
    from fieldkit.office.centre import open_centre

    centre = open_centre(context.locations, context.clock)
    try:
        yield centre
    finally:
        centre.close()


def _address(centre: Centre) -> str:
    from fieldkit.store.centre import ADDRESS, setting

    with centre.reading() as connection:
        return setting(connection, ADDRESS)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return iso_with_offset(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def _port(text: str) -> int:
    return between(text, 0, 65535)


def _days(text: str) -> int:
    return between(text, 1, 365)


def _url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise argparse.ArgumentTypeError(
            _("{value} is not an address like https://centre.example.cn").format(value=shown(text))
        )
    return text.rstrip("/")
