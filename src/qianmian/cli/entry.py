"""The command line as a whole: all commands, and what becomes of their errors."""

from __future__ import annotations

import errno
import os
import signal
import sys
import traceback
from collections.abc import Callable
from typing import Any

import typer
from typer.exceptions import Abort, Exit, TyperException

from qianmian.cli import (
    access,
    backup,
    campaigns,
    clean,
    clusters,
    collect,
    context,
    facts,
    flush,
    folders,
    goods,
    identity,
    journeys,
    links,
    live,
    metrics,
    patterns,
    plan,
    privacy,
    profile,
    pulls,
    quality,
    segment,
    sources,
    syncs,
    system,
    ties,
    traffic,
    world,
)
from qianmian.cli.demo import command as demo
from qianmian.cli.door import ToldError
from qianmian.cli.exits import BROKEN_PIPE, INPUT, INTERRUPTED, OK, UNEXPECTED, WORKSPACE, error_text, exit_code
from qianmian.core.errors import InputError, QianmianError
from qianmian.core.failpoints import REGISTERED, arm
from qianmian.core.messages import Message
from qianmian.lake.durable import storage_errors

_BAD_PATHS = {errno.ENAMETOOLONG, errno.EACCES, errno.EPERM, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.ENOENT}

app = typer.Typer(
    name="qianmian",
    help="千面: from the traces that people leave in a shop to living profiles.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["--help", "-h"]},
)
for stage in (
    system,
    backup,
    collect,
    pulls,
    folders,
    sources,
    goods,
    context,
    links,
    live,
    plan,
    traffic,
    facts,
    flush,
    identity,
    quality,
    clean,
    ties,
    profile,
    segment,
    clusters,
    patterns,
    journeys,
    campaigns,
    syncs,
    metrics,
    privacy,
    access,
    world,
    demo,
):
    stage.register(app)


def main() -> None:
    """Run the command of this process and end the process with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    if hasattr(signal, "SIGXFSZ"):
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a file-size limit is an error of the write, not a sudden death
    sys.exit(guarded(lambda: _run(sys.argv[1:])))


def guarded(run: Callable[[], int]) -> int:
    """Run something, and turn whatever it raises into a text on standard error and an exit code."""
    try:
        with storage_errors("workspace"):
            return run()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing more is flushed to nobody
        return BROKEN_PIPE
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  # its text may quote data; see `ending`
        if os.environ.get("QIANMIAN_DEBUG") == "1":
            traceback.print_exception(error)
        code, text = ending(error)
        print(text, file=sys.stderr)
        return code


def ending(error: BaseException) -> tuple[int, str]:
    """Exit code and text of an error; of one that is not ours only the kind is told.

    >>> ending(KeyError("13800138000"))[1].splitlines()[0]
    'error: unexpected KeyError.'
    """
    match error:
        case TyperException():
            context = getattr(error, "ctx", None)
            told = getattr(error, "format_message", error.__str__)()
            command = context.command_path if context else "qianmian"
            return INPUT, error_text(Message("command_line", what=told, command=command))
        case ToldError():
            return exit_code(error.error), error_text(error.error.message, error.language)
        case QianmianError():
            return exit_code(error), error_text(error.message)
        case KeyboardInterrupt() | Abort():
            return INTERRUPTED, error_text(Message("interrupted"))
        case OSError():
            code = INPUT if error.errno in _BAD_PATHS else WORKSPACE
            return code, error_text(Message("system_refuses", why=error.strerror))
        case _:
            return UNEXPECTED, error_text(Message("unexpected_here", kind=type(error).__name__))


def _run(arguments: list[str]) -> int:
    arm_failpoint(os.environ.get("QIANMIAN_CRASH_AT", ""))
    try:
        ended: Any = app(arguments, standalone_mode=False, prog_name="qianmian")
    except Exit as end:
        return end.exit_code
    sys.stdout.flush()
    return ended if isinstance(ended, int) else OK


def arm_failpoint(text: str) -> None:
    """Arm the failpoint that a fault test names as ``name`` or ``name:hit``; nothing if it names none.

    Raises:
        InputError: there is no such failpoint, so that the test would prove nothing.
    """
    name, _, hit = text.partition(":")
    if name and (name not in REGISTERED or not (hit or "1").isdecimal()):
        raise InputError("no_failpoint")
    if name:
        arm(name, int(hit or 1))
