"""Processes that work on one workspace at the same time, each again and again, and tell what they did and saw."""

from __future__ import annotations

import json
import multiprocessing
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

import qianmian
from qianmian.app.shop import Shop
from qianmian.core.errors import (
    LeaseHeldError,
    NotBuiltError,
    QianmianError,
    SnapshotExpiredError,
    UnknownNameError,
    WorkspaceError,
)
from qianmian.lake.connection import fetch
from tests.app.traces import EVENTS, trace

IMPORTED = 40
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["__main__", "tests.faults.parts.workers"])
_PATIENCE_SECONDS, _PAUSE_SECONDS = 600, 0.05
_Whole = Mapping[str, tuple[int, int]]


class _ComeAgainError(Exception):
    """What has to be there first is not there yet."""


@dataclass
class Report:
    """What a worker did.

    Attributes:
        done: how often it did its work.
        waited: how often somebody else worked, so that it came again.
        wrong: what it saw or suffered that must not be.
        told: whatever else it has to say.
    """

    done: int = 0
    waited: int = 0
    wrong: list[str] = field(default_factory=list)
    told: list[Any] = field(default_factory=list)


@dataclass
class Worker:
    """A process at work."""

    name: str
    process: Any
    ending: Any
    reports: Any

    def end(self) -> Report:
        """Let it end what it does; if it does not, that is wrong."""
        self.ending.set()
        try:
            report: Report = self.reports.recv() if self.reports.poll(_PATIENCE_SECONDS) else self._wrong("goes on")
        except EOFError:
            return self._wrong("has died")
        return report

    def _wrong(self, what: str) -> Report:
        return Report(wrong=[f"{self.name} {what}"])


@contextmanager
def working(name: str, folder: Path) -> Iterator[Worker]:
    """One of `WORK`, in a process of its own, until the block ends, and at least once where there is always work."""
    ours, theirs = _PROCESSES.Pipe(duplex=False)
    ending = _PROCESSES.Event()
    process = _PROCESSES.Process(target=_go_on, args=(name, folder, ending, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        yield Worker(name, process, ending, ours)
    finally:
        ending.set()
        process.join(_PATIENCE_SECONDS)
        process.kill()
        process.join()


def _go_on(name: str, folder: Path, ending: Any, reports: Any) -> None:
    report, shop = Report(), qianmian.open(folder)
    try:
        while not (ending.is_set() and (report.done or name == "erase")):
            pause = _PAUSE_SECONDS
            try:
                WORK[name](shop, report.done, report)
                report.done, pause = report.done + 1, 4 * _PAUSE_SECONDS  # so that others come to work
            except (LeaseHeldError, SnapshotExpiredError, NotBuiltError, UnknownNameError, _ComeAgainError):
                report.waited += 1  # somebody else works, or there is nobody yet
            time.sleep(pause)
    except BaseException as error:  # noqa: BLE001  # told to whoever judges
        told = str(error) if isinstance(error, QianmianError) else traceback.format_exc()
        report.wrong.append(f"{name}: {type(error).__name__} {told}")
    finally:
        shop.close()
        reports.send(report)


def _import(shop: Shop, number: int, report: Report) -> None:
    """A file is one release: all of its events, or none."""
    file = shop.workspace.folder / f"import-{number}.jsonl"
    batch = f"import-{number}"
    rows = [
        trace("Product Viewed", "2026-05-30", id=f"{batch}-{at}", user=f"u{at % 7}", region=f"{batch}/{IMPORTED}")
        for at in range(IMPORTED)
    ]
    file.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    mapping = file.with_suffix(".yaml")
    mapping.write_text(EVENTS)
    if shop.import_file(file, mapping).accepted != IMPORTED:
        report.wrong.append(f"{batch} is not all in")
    report.told.append(batch)
    file.unlink()


def _build(shop: Shop, _number: int, _report: Report) -> None:
    shop.build()


def _erase(shop: Shop, number: int, report: Report) -> None:
    """One who leaves after another; each is known once a build has seen what came of them."""
    name = f"leaver-{number}"
    try:
        shop.erase(shop.plan_erase([name]))
    except WorkspaceError as error:
        if error.message.name != "events_not_taken_in":
            raise
        raise _ComeAgainError from error
    report.told.append(name)


def _backup(shop: Shop, _number: int, report: Report) -> None:
    shop.backup(shop.workspace.folder / "data.tar", shop.workspace.folder / "keys.tar")
    report.told = sorted(whole(shop))


def _read(shop: Shop, _number: int, report: Report) -> None:
    """Every batch that is seen is seen whole, and what was seen once goes on being seen."""
    found = whole(shop)
    torn = [f"{batch}: {there} of {size}" for batch, (there, size) in found.items() if there != size]
    gone = [batch for batch in report.told if batch not in found]
    report.wrong += [f"seen in part: {one}" for one in torn] + [f"seen no more: {one}" for one in gone]
    report.told = sorted(found)


def whole(shop: Shop) -> _Whole:
    """Of each batch, how many events are there in one snapshot, and how many it has."""
    snapshot = shop.workspace.lake.snapshot(instant=shop.workspace.clock.now())
    query = "SELECT region, count(*) AS events FROM events WHERE region LIKE '%-%/%' GROUP BY region"
    try:
        with shop.workspace.connected(snapshot, "events") as connection:
            rows = fetch(connection, query).to_pylist()
    except duckdb.IOException as error:
        if released(shop) == snapshot.versions["events"]:
            raise
        raise _ComeAgainError from error  # it was slow: what nobody pins goes when more has been released
    split = ((*row["region"].split("/"), row["events"]) for row in rows)
    return {batch: (events, int(size)) for batch, size, events in split}


def released(shop: Shop) -> int:
    """How many times the events were released."""
    return shop.workspace.lake.released().get("events", 0)


def users(shop: Shop) -> Counter[str]:
    """Events by what their properties say of who they are of."""
    snapshot = shop.workspace.lake.snapshot(instant=shop.workspace.clock.now())
    with shop.workspace.connected(snapshot, "events") as connection:
        return Counter(fetch(connection, "SELECT properties->>'leaver' AS leaver FROM events")["leaver"].to_pylist())


WORK: dict[str, Callable[[Shop, int, Report], None]] = {
    "import": _import,
    "build": _build,
    "erase": _erase,
    "backup": _backup,
    "read": _read,
}
