"""The app, opened from the command line."""

from __future__ import annotations

from contextlib import closing

from fieldkit.cli.context import Context
from fieldkit.cli.interrupt import unwind
from fieldkit.errors import UsageError
from fieldkit.i18n import _


def run(context: Context) -> int:
    """Open the app on the laptop's store; it needs a terminal."""
    require_terminal(context)
    unwind()
    with closing(context.open_store()) as store:
        from fieldkit.tui.app import run as run_app

        return run_app(store)


def require_terminal(context: Context) -> None:
    """UsageError where there is no terminal to show the app on."""
    if not (context.input.isatty() and context.out.isatty()):
        raise UsageError(message=_("the app needs a terminal; `fieldkit --help` lists the commands for scripts"))
