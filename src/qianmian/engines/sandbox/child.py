"""The child process in which a person's SQL runs; `process` starts it.

It takes what it needs while it still may, then gives up, for good, opening files and sockets, writing to any file, and
all memory and time beyond its order; only then does it look at the SQL.
"""

from __future__ import annotations

import ctypes
import json
import math
import mmap
import os
import resource
import signal
import sys
from contextlib import suppress
from pathlib import Path

import duckdb
import pyarrow as pa

from qianmian.core.errors import SqlError
from qianmian.core.messages import entries
from qianmian.engines.sandbox.check import checked, said
from qianmian.engines.sandbox.contracts import Given, Limits, Order, State

_PR_SET_PDEATHSIG = 1
_STATM = Path("/proc/self/statm")
#: DuckDB counts its own memory; what it does not count stops at the wall behind it.
_UNCOUNTED_MIB = 64


def main() -> None:
    """Carry out the order on standard input; the answer goes to standard output."""
    order = Order.read(sys.stdin.buffer.read())
    _die_with(order.parent)
    connection = _locked(order)
    _give_up(order.limits)
    head, body = _answer(connection, order)
    with suppress(BrokenPipeError):
        _write(json.dumps(head).encode() + b"\n")
        if body is not None:
            _write(body)
    os._exit(0)  # nothing is left to tidy, and no destructor of a strange state shall run


def _die_with(parent: int) -> None:
    """End when the parent does, however that ends. Where the system cannot, the limit on time ends this process."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before
        os._exit(1)


def _locked(order: Order) -> duckdb.DuckDBPyConnection:
    """DuckDB over the given relations, without files, extensions, Python's variables or settings to change."""
    connection = duckdb.connect(
        config={
            "threads": 1,
            "memory_limit": f"{order.limits.memory_mib}MiB",
            "temp_directory": "",
            "allow_community_extensions": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    connection.execute("SET GLOBAL TimeZone = 'UTC'")
    connection.execute("SET python_enable_replacements = false")
    connection.execute("SET enable_external_access = false")
    for name, given in order.given.items():
        connection.register(name, _opened(given))
        os.close(given.fd)
    connection.execute("SET lock_configuration = true")
    pa.set_cpu_count(1)
    _warm(connection)
    return connection


def _warm(connection: duckdb.DuckDBPyConnection) -> None:
    """What opens files when it is first used is used once: DuckDB's first statement, and the words of refusals."""
    connection.sql("SELECT 1").limit(1).to_arrow_table()
    entries()


def _opened(given: Given) -> pa.Table:
    """The rows of a relation where they lie: no copy is made."""
    shared = mmap.mmap(given.fd, 0, access=mmap.ACCESS_READ)
    return pa.ipc.open_stream(pa.py_buffer(shared)).read_all()


def _give_up(limits: Limits) -> None:
    """Nothing can be opened, written or begun from here on, and memory and time end."""
    sys.stdin.close()
    used = resource.getrusage(resource.RUSAGE_SELF)
    ends = {
        resource.RLIMIT_NOFILE: 0,  # what is open stays so: the answer's pipe
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: math.ceil(used.ru_utime + used.ru_stime + limits.seconds) + 1,
    }
    if sys.platform == "linux":  # others say nothing of what is mapped, and most do not keep this limit
        taken = int(_STATM.read_bytes().split()[0]) * resource.getpagesize()
        ends[resource.RLIMIT_AS] = taken + (limits.memory_mib + _UNCOUNTED_MIB << 20)
    for limit, end in ends.items():
        # a second more to the hard end of processor time, where the signal would not tell why
        resource.setrlimit(limit, (end, end + (limit == resource.RLIMIT_CPU)))
    signal.setitimer(signal.ITIMER_REAL, limits.seconds)  # nobody listens to SIGALRM: it ends the process


def _answer(connection: duckdb.DuckDBPyConnection, order: Order) -> tuple[dict[str, str], pa.Buffer | None]:
    """The head of the answer, and the result as an Arrow stream if there is one."""
    try:
        if order.is_checked:
            checked(order.sql, {name: given.columns for name, given in order.given.items()}, connection)
        return _result(connection, order)
    except SqlError as error:
        return _head(State.REFUSED, error.message.stored()), None
    except (MemoryError, duckdb.OutOfMemoryException):
        return _head(State.MEMORY), None
    except duckdb.ConversionException:
        return _head(State.CONVERSION), None
    except duckdb.OutOfRangeException:
        return _head(State.OUT_OF_RANGE), None
    except Exception as error:  # noqa: BLE001  # whatever it is, the parent tells it in words of its own
        is_division = "division by zero" in str(error).lower()
        return (_head(State.DIVISION) if is_division else _head(State.FAILED, type(error).__name__)), None


def _result(connection: duckdb.DuckDBPyConnection, order: Order) -> tuple[dict[str, str], pa.Buffer | None]:
    try:
        relation = connection.sql(order.sql)
    except (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException) as error:
        return _head(State.UNBOUND, said(error)), None
    table = relation.limit(order.limits.rows + 1).to_arrow_table()
    if len(table) > order.limits.rows:
        return _head(State.ROWS), None
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    body = sink.getvalue()
    return (_head(State.BYTES), None) if body.size > order.limits.bytes else (_head(State.DONE), body)


def _head(state: State, words: str = "") -> dict[str, str]:
    return {"state": state, "words": words}


def _write(what: bytes | pa.Buffer) -> None:
    rest = memoryview(what)
    while rest:
        rest = rest[os.write(sys.stdout.fileno(), rest) :]


if __name__ == "__main__":
    main()
