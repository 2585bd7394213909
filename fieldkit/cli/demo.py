"""`fieldkit demo`: the app on sample data, with a centre of its own on loopback.

Three laptops and the centre live in one folder, which is made afresh each day; nothing of the real store is touched.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime, timedelta
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fieldkit.cli.app import require_terminal
from fieldkit.cli.context import Context
from fieldkit.cli.interrupt import unwind
from fieldkit.cli.options import Commands, add_command
from fieldkit.clock import Clock, millis
from fieldkit.i18n import _
from fieldkit.locations import Locations
from fieldkit.store.store import Store

if TYPE_CHECKING:
    from fieldkit.office.centre import Centre

ME = "laptop"
CENTRE = "centre"
READY = "ready"


def add_parsers(commands: Commands[argparse.ArgumentParser]) -> None:
    """The command `demo`."""
    add_command(
        commands,
        "demo",
        run,
        summary=_("the app on sample data"),
        description=_("Open the app on sample data, with a centre of its own. Your own records are not touched."),
        example="fieldkit demo",
    )


def run(_options: argparse.Namespace, context: Context) -> int:
    """Prepare the sample data, start the centre, open the app."""
    require_terminal(context)
    unwind()
    from fieldkit.cli.centre_thread import serving
    from fieldkit.tui.app import run as run_app

    folder = context.locations.demo
    prepare(folder, context)
    with serving(_home(folder, CENTRE), context.clock) as (url, link):
        _move_to(folder, url)
        text = _("The demo's centre is at {url}; sign in to its page with {link}")
        context.out.write(text.format(url=url, link=link) + "\n")
        context.out.flush()
        with closing(_open(folder, ME, context.clock)) as store:
            return run_app(store)


def prepare(folder: str, context: Context) -> None:
    """Make the laptops and the centre in `folder`, unless they were made today."""
    today = context.clock().date().isoformat()
    mark = os.path.join(folder, READY)
    if Path(mark).is_file() and Path(mark).read_text(encoding="utf-8") == today:
        return
    shutil.rmtree(folder, ignore_errors=True)
    context.out.write(_("Preparing the sample data…") + "\n")
    context.out.flush()
    _make(folder, json.loads(files("fieldkit.cli").joinpath("demo.json").read_text(encoding="utf-8")), context.clock)
    Path(mark).write_text(today, encoding="utf-8")


def _make(folder: str, sample: Mapping[str, Any], clock: Clock) -> None:
    from fieldkit.cli.centre_thread import serving
    from fieldkit.office.centre import initialise, open_centre
    from fieldkit.office.people import invite
    from fieldkit.replication.enrol import enrol
    from fieldkit.replication.laptop import synchronise

    centre_home = _home(folder, CENTRE)
    initialise(centre_home, clock)
    with serving(centre_home, clock) as (url, _link):
        with closing(open_centre(centre_home, clock)) as centre:
            _publish(centre, sample["guides"])
            for person in sample["people"]:
                one_time = invite(centre, "", person["name"], person["role"], group=person["group"])["invite"]
                with closing(_open(folder, person["laptop"], clock)) as store:
                    enrol(store, url, one_time)
                    _write(store, [note for note in sample["notes"] if note["laptop"] == person["laptop"]], clock())
                    _move_leads(store, [move for move in sample["stages"] if move["laptop"] == person["laptop"]])
                    synchronise(store)
        with closing(_open(folder, ME, clock)) as store:
            synchronise(store)


def _publish(centre: Centre, task_forces: list[str]) -> None:
    """The guide of each task force, from the file of its code."""
    from fieldkit.office.people import first_of_office
    from fieldkit.office.publishing import publish

    author = first_of_office(centre)["id"]
    for code in task_forces:
        with as_file(files("fieldkit.cli").joinpath("demo_guides", f"{code}.md")) as path:
            publish(centre, author, str(path), code)


def _write(store: Store, notes: list[dict[str, Any]], now: datetime) -> None:
    """Notes as they were typed on their days."""
    from fieldkit import ids
    from fieldkit.actions import file_waiting
    from fieldkit.store import inbox

    with closing(store.writer()) as connection:
        for note in notes:
            hour, minute = map(int, note["time"].split(":"))
            written = (now + timedelta(days=note["days"])).replace(hour=hour, minute=minute)
            inbox.put(connection, ids.uuid7(millis(written), os.urandom(ids.RANDOM_BYTES)), note["text"], written)
    file_waiting(store)


def _move_leads(store: Store, moves: list[dict[str, Any]]) -> None:
    from fieldkit.actions import edit
    from fieldkit.store import query

    with closing(store.reader()) as connection:
        leads = query.rows(connection, "leads", query.ids(connection, "leads"))
    for move in moves:
        lead = next(lead for lead in leads if move["lead"] in lead["title"])
        values = {"stage": move["stage"], "stage_reason": move.get("reason"), "place_code": move.get("place_code")}
        edit(store, "leads", lead["id"], {field: value for field, value in values.items() if value})


def _move_to(folder: str, url: str) -> None:
    """The centre has a new port each time; tell the demo's laptops."""
    from fieldkit.store import settings
    from fieldkit.store.connection import open_writer

    for name in sorted(os.listdir(folder)):
        home = _home(folder, name)
        if not os.path.exists(home.store):
            continue
        with closing(open_writer(home.store)) as connection:
            settings.put(connection, {"centre_url": url})


def _open(folder: str, name: str, clock: Clock) -> Store:
    from fieldkit.replication.laptop import open_store

    return open_store(_home(folder, name), clock)


def _home(folder: str, name: str) -> Locations:
    return Locations(os.path.join(folder, name))
