"""The entry point: choose the language, run one command, turn an error into a sentence and an exit code.

Exit codes: 0 done, 1 a failure that a person can act on, 2 wrong usage, 130 stopped by Ctrl+C.
"""

from __future__ import annotations

import errno
import gc
import os
import sys

from fieldkit import i18n
from fieldkit.cli.context import Context
from fieldkit.clock import system_clock
from fieldkit.locations import Locations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldkit.errors import FieldkitError

FAILED, WRONG_USAGE, INTERRUPTED = 1, 2, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command in `argv` (default: the process's own) and return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    _stand_in_for_closed_streams()
    i18n.use_language(i18n.choose_language(os.environ))
    try:
        return _run_to_the_last_line(arguments)
    except KeyboardInterrupt:
        print(i18n._("Stopped; what was saved before is safe."), file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader left; nothing more to say to it
        return FAILED
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        print(i18n._("The disk is full, so the output is not complete; what was saved is safe."), file=sys.stderr)
        return FAILED


def _run_to_the_last_line(arguments: Sequence[str]) -> int:
    code = _run(arguments)
    sys.stdout.flush()
    return code


def _run(arguments: Sequence[str]) -> int:
    from fieldkit.errors import FieldkitError

    try:
        context = _context()
        if arguments[:1] == ["note"]:
            from fieldkit.cli import note

            quick = note.plain_words(arguments[1:])
            if quick is not None:
                return note.run(quick, context)
        context.speak_as_stored()
        from fieldkit.cli.parser import run_command

        return run_command(arguments, context)
    except FieldkitError as error:
        return _explain(error)


def _context() -> Context:
    from fieldkit.errors import UsageError

    try:
        clock = system_clock(os.environ)
    except ValueError:
        message = i18n._("FIELDKIT_NOW is not an ISO time: {value}").format(value=os.environ["FIELDKIT_NOW"])
        raise UsageError(message=message) from None
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a console that lacks a character must not stop a save
    locations = Locations.from_environment(os.environ)
    return Context(os.environ, locations, clock, input=sys.stdin, out=sys.stdout, err=sys.stderr)


def _stand_in_for_closed_streams() -> None:
    """A process may be started without standard streams; reading then finds nothing and printing goes nowhere."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - open as long as the process


def _explain(error: FieldkitError) -> int:
    from fieldkit.errors import UsageError
    from fieldkit.sentences import sentence

    print(sentence(error), file=sys.stderr)
    return WRONG_USAGE if isinstance(error, UsageError) else FAILED


def script() -> None:
    """The console script. A note neither collects garbage nor waits for the interpreter's farewell: a quarter of its time."""
    if sys.argv[1:2] == ["note"]:
        gc.disable()
        os._exit(main())
    try:
        from fieldkit.cli.interrupt import done, end_at_once

        end_at_once(sys.argv[1:])
    except KeyboardInterrupt:
        os._exit(INTERRUPTED)
    code = main()
    done()
    sys.exit(code)


if __name__ == "__main__":
    script()
