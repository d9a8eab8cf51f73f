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

from qianmian.cli import collect, privacy, profile, segment, system, world
from qianmian.cli.demo import command as demo
from qianmian.cli.exits import INPUT, INTERRUPTED, OK, UNEXPECTED, error_text, exit_code
from qianmian.core.errors import QianmianError
from qianmian.core.failpoints import REGISTERED, arm
from qianmian.lake.durable import storage_errors

_BAD_PATHS = {errno.ENAMETOOLONG, errno.EACCES, errno.EPERM, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.ENOENT}
_BROKEN_PIPE = 128 + signal.SIGPIPE

app = typer.Typer(
    name="qianmian",
    help="千面: from the traces that people leave in a shop to living profiles.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["--help", "-h"]},
)
for stage in (system, collect, profile, segment, privacy, world, demo):
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
    except TyperException as error:
        context = getattr(error, "ctx", None)
        hint = f"{context.command_path} --help" if context else "qianmian --help"
        return _end(INPUT, getattr(error, "format_message", error.__str__)(), hint)
    except QianmianError as error:
        return _end(exit_code(error), error.what, error.hint, error)
    except (KeyboardInterrupt, Abort):
        return _end(INTERRUPTED, "interrupted.")
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing more is flushed to nobody
        return _BROKEN_PIPE
    except OSError as error:
        code = INPUT if error.errno in _BAD_PATHS else 4
        return _end(code, f"the system refuses: {error.strerror}.", "check the path and its permissions", error)
    except Exception as error:  # noqa: BLE001  # its text may quote data; the kind may be told
        hint = "QIANMIAN_DEBUG=1 shows where; check the workspace: qianmian doctor"
        return _end(UNEXPECTED, f"unexpected {type(error).__name__}.", hint, error)


def _run(arguments: list[str]) -> int:
    arm_failpoint(os.environ.get("QIANMIAN_CRASH_AT", ""))
    try:
        ended: Any = app(arguments, standalone_mode=False, prog_name="qianmian")
    except Exit as end:
        return end.exit_code
    sys.stdout.flush()
    return ended if isinstance(ended, int) else OK


def arm_failpoint(text: str) -> None:
    """Arm the failpoint that a fault test names as ``name`` or ``name:hit``."""
    name, _, hit = text.partition(":")
    if name in REGISTERED:
        arm(name, int(hit or 1))


def _end(code: int, what: str, hint: str = "", error: BaseException | None = None) -> int:
    if error is not None and os.environ.get("QIANMIAN_DEBUG") == "1":
        traceback.print_exception(error)
    print(error_text(what, hint), file=sys.stderr)
    return code
