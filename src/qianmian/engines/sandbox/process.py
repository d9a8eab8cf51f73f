"""A child process for one order: started with nothing, given relations in memory, read with bounds, always ended."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import pyarrow as pa

from qianmian.core.errors import SqlLimitError, SqlProcessError
from qianmian.engines.sandbox.contracts import LONGEST_HEAD, Given, Limits, Order

Relation: TypeAlias = pa.Table | pa.RecordBatchReader
#: The package's surface would open the whole product, which costs half a second and is nothing to have in there.
_BEGIN = """
import sys, types
package = types.ModuleType("qianmian")
package.__path__ = [sys.argv[1]]
sys.modules["qianmian"] = package
from qianmian.engines.sandbox.child import main
main()
"""
PROGRAM = (sys.executable, "-I", "-B", "-c", _BEGIN, str(Path(__file__).parents[2]))
#: One heap and one thread: address space is counted, and reserved heaps would count.
_ENVIRONMENT = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}
#: What a busy machine may take to start the process; beyond it and the limit, the process is ended from outside.
START_SECONDS = 30
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Asked:
    """What is asked of a child: see `Order`."""

    sql: str
    relations: Mapping[str, Relation]
    limits: Limits
    is_checked: bool = True


def answered(
    asked: Asked, program: Sequence[str] = PROGRAM, start_seconds: float = START_SECONDS
) -> tuple[bytes, bytes]:
    """What a child says: the line of its head, and what follows.

    The relations are written to memory that has no name in any folder (where a system has none: to files without a
    name), which the child maps. It has no environment of ours, no other open file, and a folder that is gone already.

    Args:
        asked: what to do.
        program: what to start; tests start worse ones.
        start_seconds: how long it may take beyond its limit.

    Raises:
        SqlLimitError: it ran too long, or answers with more than it may.
        SqlProcessError: it ended in another way than by answering.
    """
    with ExitStack() as stack:
        given, fds = {}, []
        for name, relation in asked.relations.items():
            fds.append(stack.enter_context(_unnamed()))
            given[name] = Given(relation.schema.names, fds[-1])
            _write_stream(relation, fds[-1])
        order = stack.enter_context(_unnamed())
        text = Order(asked.sql, given, asked.limits, os.getpid(), asked.is_checked).written()
        with open(order, "wb", closefd=False) as file:
            file.write(text)
        os.lseek(order, 0, os.SEEK_SET)
        process = stack.enter_context(_started(program, order, fds))
        return _read(process, asked.limits, time.monotonic() + asked.limits.seconds + start_seconds)


@contextmanager
def _unnamed() -> Iterator[int]:
    """A file without a name, in memory where the system can: its descriptor, until the block ends."""
    if hasattr(os, "memfd_create"):
        fd = os.memfd_create("relation")
        try:
            yield fd
        finally:
            os.close(fd)
    else:
        with tempfile.TemporaryFile() as file:
            yield file.fileno()


def _write_stream(relation: Relation, fd: int) -> None:
    with open(fd, "wb", closefd=False) as file, pa.ipc.new_stream(file, relation.schema) as stream:
        for batch in relation.to_batches() if isinstance(relation, pa.Table) else relation:
            stream.write_batch(batch)


@contextmanager
def _started(program: Sequence[str], order: int, fds: Sequence[int]) -> Iterator[subprocess.Popen[bytes]]:
    """The process, in a group of its own; the group is gone when the block ends."""
    with tempfile.TemporaryDirectory(prefix="qianmian-sql-") as folder:
        try:
            process = subprocess.Popen(  # noqa: S603  # our own
                program,
                stdin=order,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                pass_fds=fds,
                env=_ENVIRONMENT,
                cwd=folder,
                process_group=0,
            )
        except OSError:
            raise SqlProcessError("sql_broke", how="not started") from None
    try:
        yield process
    finally:
        _end(process)
        if process.stdout:
            process.stdout.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill the group, also what the process may have begun, and take leave of the process."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    with suppress(ProcessLookupError):
        process.kill()
    process.wait()


def _read(process: subprocess.Popen[bytes], limits: Limits, until: float) -> tuple[bytes, bytes]:
    said = bytearray()
    for chunk in _chunks(process, lambda: until - time.monotonic()):
        if chunk is None:
            raise SqlLimitError("sql_too_slow", seconds=limits.seconds)
        said += chunk
        if len(said) > limits.bytes + LONGEST_HEAD:
            raise SqlLimitError("sql_too_many_bytes", bytes=limits.bytes)
    try:
        code = process.wait(max(0, until - time.monotonic()))
    except subprocess.TimeoutExpired:
        raise SqlLimitError("sql_too_slow", seconds=limits.seconds) from None
    if code in (-signal.SIGALRM, -signal.SIGXCPU):
        raise SqlLimitError("sql_too_slow", seconds=limits.seconds)
    if code == -signal.SIGKILL:  # not by us: the system had no memory left
        raise SqlLimitError("sql_too_large", mib=limits.memory_mib)
    if code:
        raise SqlProcessError("sql_broke", how=signal.Signals(-code).name if code < 0 else f"code {code}")
    head, _, body = bytes(said).partition(b"\n")
    return head, body


def _chunks(process: subprocess.Popen[bytes], seconds_left: Callable[[], float]) -> Iterator[bytes | None]:
    """What the process writes, as it comes; ends when it closes its output, or with None when time is over."""
    assert process.stdout is not None
    fd = process.stdout.fileno()
    with selectors.DefaultSelector() as selector:
        selector.register(fd, selectors.EVENT_READ)
        while True:
            left = seconds_left()
            if left <= 0 or not selector.select(left):
                yield None
                return
            if not (chunk := os.read(fd, _CHUNK)):
                return
            yield chunk
