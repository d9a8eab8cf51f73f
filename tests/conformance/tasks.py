"""Tasks as a cluster meets them: they die after their work, wait for ever, or raise."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from qianmian.core.errors import LakeError
from qianmian.engines.base import Context, Output
from qianmian.profile.history import fold as folding
from qianmian.profile.history import segments
from qianmian.profile.tags import partials
from qianmian.unify import orders
from qianmian.unify.identity import publish as publishing


def notes(context: Context) -> Path:
    """A folder beside the shop's data, where tasks tell the test what happened."""
    folder = context.lake.root.parents[1] / "notes"
    folder.mkdir(exist_ok=True)
    return folder


def _dying(name: str, run: Callable[[Context], Output]) -> Callable[[Context], Output]:
    def once(context: Context) -> Output:
        output = run(context)
        mark = notes(context) / f"{name}-died"
        if context.buckets.first == 0 and not mark.exists():
            mark.write_text("everything is written, nothing is told")
            _kill_executor()
        return output

    once.__module__, once.__qualname__ = __name__, name
    return once


def _kill_executor() -> None:
    """Kill the Java process above this one, and wait for the end that Spark prepares for its workers."""
    above = os.getpid()
    while "java" not in Path(f"/proc/{above}/comm").read_text():
        above = int(Path(f"/proc/{above}/stat").read_text().rpartition(")")[2].split()[1])
    os.kill(above, signal.SIGKILL)
    time.sleep(60)


publish = _dying("publish", publishing.publish)
settle = _dying("settle", orders.settle)
fold = _dying("fold", folding.fold)
lift = _dying("lift", segments.lift)
gather = _dying("gather", segments.gather)
fold_partials = _dying("fold_partials", partials.fold_partials)


def always_dying(context: Context) -> Output:
    """A task that no executor survives."""
    _kill_executor()
    return Output()


def waiting(context: Context) -> Output:
    """A task that does not end by itself; it tells who it is."""
    (notes(context) / "waiting").write_text(str(os.getpid()))
    time.sleep(600)
    return Output()


def raising(context: Context) -> Output:
    """A task that meets a damaged lake."""
    raise LakeError("file_released", table="拾野集", file="a.parquet")


def failing(context: Context) -> Output:
    """A task with a mistake."""
    return {}["no such key"]


def overflowing(context: Context) -> Output:
    """A task whose SQL fails."""
    with context.connect() as connection:
        connection.execute("SELECT error('out of range')")
    return Output()


def telling(context: Context) -> Output:
    """A task that says what it was given."""
    settings: dict[str, Any] = {}
    with context.connect() as connection:
        for name in ("memory_limit", "threads", "TimeZone"):
            settings[name] = connection.execute("SELECT current_setting($name)", {"name": name}).fetchall()[0][0]
    return Output(summary={**settings, "process": os.getpid(), "first": context.buckets.first})
