"""A process in which the calls to the operating system fail on order: strace answers in the kernel's place.

The process waits until strace has it, so that only calls of the work itself are counted. What it tells goes through a
socket, whose calls are left alone.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

#: Calls by which a file is made, written, forced to disk, moved or deleted.
CALLS = ("pwrite64", "write", "fsync", "fdatasync", "rename", "unlink", "ftruncate", "mkdir", "link")
_PATIENCE_SECONDS = 120
_SERVER = multiprocessing.get_context("forkserver")
_SERVER.set_forkserver_preload(["__main__", "tests.faults.parts.traced", "qianmian.app.flusher"])
Tell = Callable[[str], None]
#: What threads wake each other by: it is written to like a file, and nobody expects that to fail.
_ASIDE = "anon_inode:"
#: What the process does; tells a line whenever something is promised.
Work = Callable[[Path, Tell], None]


class AsideError(Exception):
    """Something else failed than was meant to."""


@dataclass(frozen=True)
class Traced:
    """How a process ended.

    Attributes:
        told: the lines that it told, in order.
        ended: ``done``, ``raised`` with the class behind it, ``killed``, ``hung``, or ``died`` by itself.
        hits: calls of files that failed on order.
        calls: of each kind, which of a thread's were of files, from 1.
    """

    told: tuple[str, ...]
    ended: str
    hits: int = 0
    calls: dict[str, tuple[int, ...]] = field(default_factory=dict)


def can_trace() -> bool:
    """Whether strace is there and may look at processes."""
    if not shutil.which("strace"):
        return False
    return (
        subprocess.run(["strace", "-qq", "-e", "trace=none", "true"], capture_output=True, check=False).returncode == 0
    )


def run(work: Work, folder: Path, log: Path, inject: str = "") -> Traced:
    """Do something in a process of its own, whose calls fail on order.

    Args:
        work: what to do.
        folder: handed to it.
        log: where strace writes.
        inject: which calls fail and how, as strace's option says it; empty = none.

    Raises:
        AsideError: a call failed by which threads wake each other, which is no file's.
    """
    told: list[str] = []
    ours, theirs = socket.socketpair()
    process = _SERVER.Process(target=_live, args=(work, folder, theirs))
    process.start()
    theirs.close()
    try:
        with _tracing(process.pid or 0, log, inject):
            ours.sendall(b"!")
            told = list(_lines(ours, log, time.monotonic() + _PATIENCE_SECONDS))
            process.join(10)
        _look_aside(log)
    finally:
        hung = process.is_alive()
        process.kill()
        process.join()
        ours.close()
    status = process.exitcode or 0
    ended = "hung" if hung else "killed" if status == -signal.SIGKILL else f"died by {status}"
    if not status and told:
        *told, ended = told
    return Traced(tuple(told), ended, *_counted(log))


@contextmanager
def _tracing(pid: int, log: Path, inject: str) -> Iterator[None]:
    options = ["-f", "-y", "-e", f"trace={','.join(CALLS)}", "-e", "signal=none", "-o", str(log)]
    options += ["-e", f"inject={inject}"] if inject else []
    tracer = subprocess.Popen(["strace", *options, "-p", str(pid)], stderr=subprocess.PIPE, text=True)
    assert tracer.stderr
    line = tracer.stderr.readline()
    assert "attached" in line, line
    try:
        yield
    finally:
        tracer.terminate()
        tracer.wait()
        tracer.stderr.close()


def _lines(ours: socket.socket, log: Path, until: float) -> Iterator[str]:
    rest = b""
    ours.settimeout(1)
    while time.monotonic() < until:
        try:
            some = ours.recv(1 << 16)
        except TimeoutError:
            _look_aside(log)
            continue
        if not some:
            return
        *lines, rest = (rest + some).split(b"\n")
        yield from (line.decode() for line in lines)


def _look_aside(log: Path) -> None:
    if re.search(rf"{_ASIDE}.*\(INJECTED\)", _text(log)):
        raise AsideError


def _counted(log: Path) -> tuple[int, dict[str, tuple[int, ...]]]:
    text = _text(log)
    made: Counter[tuple[str, str]] = Counter()
    calls: dict[str, set[int]] = {}
    for thread, call, what in re.findall(r"^(\d+) +(\w+)\((.*)$", text, re.MULTILINE):
        made[thread, call] += 1
        if _ASIDE not in what:
            calls.setdefault(call, set()).add(made[thread, call])
    return text.count("(INJECTED)"), {call: tuple(sorted(numbers)) for call, numbers in calls.items()}


def _text(log: Path) -> str:
    return log.read_text(errors="replace") if log.exists() else ""


def _live(work: Work, folder: Path, theirs: socket.socket) -> None:
    theirs.recv(1)
    try:
        work(folder, lambda line: theirs.sendall(line.encode() + b"\n"))
    except BaseException as error:  # noqa: BLE001  # told to whoever waits
        theirs.sendall(f"raised {type(error).__name__}\n".encode())
    else:
        theirs.sendall(b"done\n")
    os._exit(0)
