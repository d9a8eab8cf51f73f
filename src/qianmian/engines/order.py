"""A task on its way to another process and back: an order and its answer, both as text."""

from __future__ import annotations

import json
import resource
import shutil
import sys
import traceback
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from qianmian.core.errors import QianmianError, StoreUnreachableError
from qianmian.core.messages import restored
from qianmian.engines.base import Buckets, Json, Output, Reading, Slot, Task
from qianmian.lake.address import Address
from qianmian.lake.objects import ObjectStorage
from qianmian.lake.storage import FolderStorage
from qianmian.lake.store import Lake


@dataclass(frozen=True)
class Place:
    """Where an order is carried out: what `Slot` is, for a process that has to open the lake first.

    Attributes:
        lake: the lake's folder; the same on every machine, or if the lake is in an object store, that machine's copy.
        tables: ``module:NAME`` of the declared tables.
        exchange: folder of the running build.
        threads: processor threads of one task.
        memory_mib: memory of one task.
        store: where in an object store the lake is, as the fields of an `Address`; without its keys.
    """

    lake: str
    tables: str
    exchange: str
    threads: int
    memory_mib: int
    store: Mapping[str, str] | None = None

    def slot(self) -> Slot:
        """The slot in this process."""
        address, exchange = Address(**self.store) if self.store else None, Path(self.exchange)
        if address:
            _forget_other_builds(exchange)
        return Slot(_lake(self.lake, self.tables, address), exchange, self.threads, self.memory_mib)


@cache
def _forget_other_builds(exchange: Path) -> None:
    """Builds come one after another: what others left on this machine's own disk, such as spilled rows, is nobody's."""
    for folder in exchange.parent.glob("*"):
        if folder != exchange:
            shutil.rmtree(folder, ignore_errors=True)


@cache
def _lake(root: str, tables: str, address: Address | None) -> Lake:
    """One for all orders of a process: the logs are read once."""
    module, _, name = tables.partition(":")
    storage = ObjectStorage(Path(root), address) if address else FolderStorage(Path(root))
    storage.clear()  # an erasure elsewhere may have left copies here
    return Lake(Path(root), getattr(import_module(module), name), storage=storage)


def order(place: Place, task: Task, reading: Reading, buckets: Buckets) -> str:
    """A task for one range of ids, as text."""
    ids = [buckets.first, buckets.last]
    return json.dumps({"place": vars(place), "task": task.to_json(), "reading": reading.to_json(), "buckets": ids})


def carry_out(text: str) -> str:
    """Carry out an order in this process.

    Returns:
        The answer: what the task left, or what it raised. It never raises by itself: a task is a pure function, so to
        repeat it would only raise the same again.
    """
    begun = _cpu_seconds()
    try:
        told = json.loads(text)
        task, reading = Task.from_json(told["task"]), Reading.from_json(told["reading"])
        output = Place(**told["place"]).slot().run(task, reading, Buckets(*told["buckets"]))
        return json.dumps({"output": replace(output, cpu_seconds=_cpu_seconds() - begun).to_json()})
    except Exception as error:  # noqa: BLE001  # it is raised again where somebody can do something about it
        return json.dumps({"raised": _told(error)})


def read_answer(text: str) -> Output:
    """What a task left, from the answer to its order.

    Raises:
        Exception: what the task raised, with its own words; where it came from is added as a note.
    """
    told = json.loads(text)
    if "raised" in told:
        raise _error(told["raised"])
    return Output.from_json(told["output"])


def introduce(lake: str) -> str:
    """What must be the same on every machine: our version, Python's, and whether the lake can be seen.

    Args:
        lake: its folder, or its address in an object store as JSON.
    """
    seen = "sees the lake" if _is_seen(lake) else "does not see the lake"
    return f"qianmian {version('qianmian')}, Python {sys.version_info.major}.{sys.version_info.minor}, {seen}"


def _is_seen(lake: str) -> bool:
    if not lake.startswith("{"):
        return Path(lake).is_dir()
    with suppress(StoreUnreachableError):
        return bool(ObjectStorage(Path(), Address(**json.loads(lake))).list(Path()))
    return False


def _told(error: Exception) -> Json:
    return {
        "module": type(error).__module__,
        "name": type(error).__qualname__,
        "said": error.message.stored() if isinstance(error, QianmianError) else str(error),
        "where": "".join(traceback.format_tb(error.__traceback__)),
    }


def _error(told: Json) -> Exception:
    kind, said = getattr(sys.modules.get(told["module"]), told["name"], None), str(told["said"])
    error: Exception = RuntimeError(f"{told['name']}: {said}")
    if isinstance(kind, type) and issubclass(kind, QianmianError):
        message = restored(said)
        error = kind(message.name, **message.values)
    elif isinstance(kind, type) and issubclass(kind, Exception):
        with suppress(TypeError):  # it may want more than words
            error = kind(said)
    error.add_note(f"raised by a task in another process:\n{told['where']}")
    return error


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
