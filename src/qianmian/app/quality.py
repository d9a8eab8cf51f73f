"""The check: how good the data of the lake are, measured as a job and kept as a table."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from qianmian.app.cleaning import CleaningRules
from qianmian.app.engine import opened_engine
from qianmian.app.jobs import Job, Watcher
from qianmian.app.plan import parts_for
from qianmian.app.shop import Shop
from qianmian.app.workspace import Workspace
from qianmian.engines.base import Buckets, Context, Engine, Output, Reading, Task, split
from qianmian.lake.files import Change
from qianmian.lake.snapshot import Snapshot
from qianmian.unify.clean.brushed import brushed_params, find_brushed
from qianmian.unify.clean.copies import copies_params, find_copies
from qianmian.unify.clean.fields import PROPERTIES
from qianmian.unify.clean.flag import flag, flag_params
from qianmian.unify.clean.measure import gather, measure, measure_params
from qianmian.unify.clean.odd import find_odd, odd_params
from qianmian.unify.clean.outliers import find_outliers, outliers_params
from qianmian.unify.clean.rules import Cleaning
from qianmian.unify.fill.cells import added
from qianmian.unify.fill.groups import fill_by_group, learn
from qianmian.unify.fill.model import fill_by_model
from qianmian.unify.fill.person import fill_by_person
from qianmian.unify.fill.rules import BY_GROUP, BY_MODEL, BY_PERSON
from qianmian.unify.normal.count import count_words, see_words, seen_params
from qianmian.unify.normal.rates import rates_params
from qianmian.unify.normal.units import units_params
from qianmian.unify.tables import FILLS, FLAGS, QUALITY, WORD_COUNTS


@dataclass(frozen=True)
class Checked:
    """What the last check noted of itself.

    Attributes:
        at: when.
        events: how many it read.
        rules: digest of the cleaning rules.
        fills: what was counted of each declared fill, by its place.
    """

    at: datetime
    events: int
    rules: str
    fills: dict[str, dict[str, Any]]

    def is_of(self, events: int, rules: str) -> bool:
        """Whether it says what another check of so many events by rules of a digest would."""
        return (self.events, self.rules) == (events, rules)


def last_check(workspace: Workspace, snapshot: Snapshot) -> Checked | None:
    """The last check that a snapshot knows; None = there was none."""
    notes = workspace.lake.notes(snapshot, QUALITY.name)
    if "checked_at" not in notes:
        return None
    return Checked(
        datetime.fromisoformat(notes["checked_at"]),
        int(notes["events"]),
        notes["rules"],
        json.loads(notes.get("fills", "{}")),
    )


def check(shop: Shop, watch: Watcher | None = None) -> dict[str, Any]:
    """Measure all events as a job; the result replaces that of the check before.

    Returns:
        What the job notes: events read, rows of quality and flags written.
    """
    with shop.job("check", "check of the data", watch) as job:
        _carry_out(shop.workspace, job)
    return job.result


def _carry_out(workspace: Workspace, job: Job) -> None:
    snapshot = workspace.lake.snapshot(instant=workspace.clock.now())
    cleaning = CleaningRules(workspace.catalogue, workspace.clock).cleaning()
    until = workspace.clock.now() + timedelta(hours=workspace.settings.pin_hours)
    pin = workspace.pins.pin(snapshot, f"check {job.number}", until)
    exchange = workspace.scratch / f"check-{job.number}"
    try:
        with opened_engine(workspace, job, exchange) as engine:
            _Check(workspace, job, engine, snapshot, cleaning).carry_out()
    finally:
        workspace.lake.storage.drop(exchange)
        workspace.pins.unpin(pin)


class _Check:
    """A check being carried out."""

    def __init__(self, workspace: Workspace, job: Job, engine: Engine, snapshot: Snapshot, cleaning: Cleaning) -> None:
        self.workspace, self.job, self.engine = workspace, job, engine
        self.snapshot, self.cleaning = snapshot, cleaning
        self.fills: dict[str, dict[str, Any]] = {}

    def carry_out(self) -> None:
        lake, digest = self.workspace.lake, self.cleaning.digest
        events = sum(file.rows for file in lake.files(self.snapshot, "events"))
        outputs = self.look(events) if events else [Output(summary={"rows": 0})]
        self.job.at("release")
        notes = {"checked_at": self.workspace.clock.now().isoformat(), "events": str(events), "rules": digest}
        notes["fills"] = json.dumps(self.fills)
        changes = [_replaced(table, outputs) for table in (QUALITY.name, FLAGS.name, WORD_COUNTS.name, FILLS.name)]
        lake.release(QUALITY.name, changes, notes=notes)
        flags = sum(file.rows for file in changes[1].add)
        self.job.result |= {"events": events, "rows": outputs[0].summary["rows"], "flags": flags}

    def look(self, events: int) -> list[Output]:
        """What was measured, and the flags of each range of buckets."""
        settings = self.workspace.settings
        buckets = split(parts_for(events, settings))
        counted = self.run("measure", measure, buckets, (), measure_params(self.cleaning, settings.time_zone))
        gathered = self.run("gather", gather, split(1), counted, {})
        money = rates_params(self.cleaning.rates, settings.currency) | {"zone": settings.time_zone}
        flagged = self.run("flag", flag, buckets, (), {**flag_params(self.cleaning), **money})
        copies, outliers = copies_params(self.cleaning), outliers_params(self.cleaning)
        brushed, odd = brushed_params(self.cleaning), odd_params(self.cleaning, settings.time_zone)
        flagged += self.run("copies", find_copies, split(1), (), copies) if copies else []
        flagged += self.run("outliers", find_outliers, split(1), (), outliers) if outliers else []
        flagged += self.run("brushed", find_brushed, split(1), (), brushed) if brushed else []
        flagged += self.run("odd", find_odd, split(1), (), odd) if odd else []
        return [*gathered, *flagged, *self.words(buckets), *self.fill(buckets)]

    def words(self, buckets: list[Buckets]) -> list[Output]:
        """What was counted of words."""
        seen = self.run("words", see_words, buckets, (), seen_params(self.cleaning.units))
        return self.run("words", count_words, split(1), seen, {"words": self.cleaning.reading.to_json()})

    def fill(self, buckets: list[Buckets]) -> list[Output]:
        """What was filled of missing values, by each way that the rules name."""
        fills = self.cleaning.fill
        if not fills:
            return []
        told = [one.to_params() for one in fills]
        words, zone = self.cleaning.reading.to_json(), self.workspace.settings.time_zone
        properties = [one.field.removeprefix(PROPERTIES) for one in fills]
        params: dict[str, Any] = {"fills": told, "words": words, "zone": zone}
        params |= units_params(properties, self.cleaning.units)
        known, filled = self.run("fill", learn, buckets, (), params), list[Output]()
        for methods, function, some in (
            (BY_GROUP, fill_by_group, buckets),
            (BY_PERSON, fill_by_person, split(1)),
            (BY_MODEL, fill_by_model, split(1)),
        ):
            if any(one.method in methods for one in fills):
                filled += self.run("fill", function, some, known, params)
        counted = added([output.summary for output in filled])
        self.fills = {place: {**told[int(place)], **one} for place, one in counted.items()}
        return filled

    def run(
        self,
        stage: str,
        function: Callable[[Context], Output],
        buckets: list[Buckets],
        earlier: Sequence[Output],
        params: dict[str, Any],
    ) -> list[Output]:
        """Run a task over buckets, which reads what earlier ones dealt, telling how far it is."""
        reading = Reading(self.snapshot, (), tuple(output.attempt for output in earlier))
        outputs: list[Output] = []
        self.job.at(stage, 0, len(buckets))
        for output in self.engine.run(Task(function, params), reading, buckets):
            outputs.append(output)
            self.job.rows_read += output.rows_read
            self.job.cpu_seconds += output.cpu_seconds
            self.job.at(stage, len(outputs), len(buckets))
        return outputs


def _replaced(table: str, outputs: Sequence[Output]) -> Change:
    files = (file for output in outputs for file in output.files.get(table, ()))
    return Change(table, tuple(files), remove="all")
