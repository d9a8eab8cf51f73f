"""The build: traces become profiles. First a plan, which can be printed; then the same plan is carried out."""

from __future__ import annotations

import json
import math
import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from time import monotonic

import pyarrow.parquet as pq

from qianmian.app.jobs import Job, Watcher
from qianmian.app.workspace import Workspace, writing
from qianmian.core.clock import local_date
from qianmian.core.failpoints import failpoint
from qianmian.core.settings import Settings
from qianmian.engines.base import ID_BITS, Buckets, Context, Engine, Json, Output, Reading, Task, split
from qianmian.engines.local import LocalEngine
from qianmian.lake.connection import connect
from qianmian.lake.expire import expire
from qianmian.lake.files import Change
from qianmian.lake.snapshot import Snapshot
from qianmian.profile.history import files as history
from qianmian.profile.history.codes import learn_words
from qianmian.profile.history.fold import fold
from qianmian.profile.history.segments import gather, lift
from qianmian.profile.tables import PROFILES
from qianmian.profile.tags import cuts
from qianmian.profile.tags.builtin import TAGS
from qianmian.profile.tags.dimensions import WEIGHT
from qianmian.profile.tags.partials import fold_partials
from qianmian.profile.tags.values import make_profiles
from qianmian.unify.fresh import NOTHING_FOLDED, Folded
from qianmian.unify.identity.publish import publish
from qianmian.unify.orders import settle

LEADER = "profiles"
_after_release = failpoint("build.after_release", "the profiles are released; what they replace is not deleted yet")
#: Memory of one history row while its part is sorted and folded.
BYTES_A_ROW = 400
#: So few rows are not worth a second part.
FEW_ROWS = 500_000
#: Above this share of people who moved, history is written anew instead of masked.
MOST_MOVED = 0.05


@dataclass(frozen=True)
class Build:
    """A plan: what a build will read and why. Carrying it out may still find a reason to begin anew.

    Attributes:
        number: number of the build; grows.
        snapshot: the state of the lake that it reads.
        folded: how far the last build came.
        today: the local date of the snapshot's instant.
        anew: why everything is computed again; empty if the last build is gone on from.
        refold: why all people's partials are folded again; empty if only those touched.
        events: events in the lake.
        fresh: events that are folded now.
        batch: highest batch in the lake.
        erasing: people were erased: what moved tells nothing of those who are gone.
        parts: number of ranges of person_id.
    """

    number: int
    snapshot: Snapshot
    folded: Folded
    today: date
    anew: str
    refold: str
    events: int
    fresh: int
    batch: int
    erasing: bool
    parts: int

    @property
    def identity(self) -> int:
        """The identity version that the build publishes."""
        return self.snapshot.identity + 1

    def explain(self) -> str:
        """The plan in words."""
        way = f"everything anew: {self.anew}" if self.anew else f"go on from build {self.number - 1}"
        people = "all people" if self.anew or self.refold else "people with new, moved or ageing rows"
        as_of = f"as of {self.snapshot.instant:%Y-%m-%d %H:%M} UTC"
        return "\n".join(
            (
                f"build {self.number} on snapshot {self.snapshot.name}, {as_of}",
                f"  {way}",
                f"  publish  who is who, version {self.identity}",
                "  settle   orders and refunds",
                f"  fold     {self.fresh:,} of {self.events:,} events into history, {self.parts} parts",
                f"  finish   tags of {people}{f' ({self.refold})' if self.refold else ''}",
                f"  release  profiles of {self.today}",
            )
        )


@dataclass(frozen=True)
class _Last:
    """What the last build noted of itself."""

    number: int = 0
    folded: Folded = NOTHING_FOLDED
    identity: int = 0
    events: int = 0
    items: int | None = None
    definitions: str = ""


def definitions(settings: Settings) -> str:
    """A fingerprint of what profiles are made of; when it changes, a build begins anew."""
    made_of = (PROFILES.columns, TAGS, WEIGHT, settings.time_zone, settings.session_minutes)
    return str(uuid.uuid5(uuid.NAMESPACE_OID, repr(made_of)))


def plan(workspace: Workspace, *, full: bool = False, erasing: bool = False, instant: datetime | None = None) -> Build:
    """Look at the lake and decide what a build has to do; changes nothing.

    Args:
        workspace: the shop.
        full: compute everything again, whatever was built before.
        erasing: people were erased, and no table may name them any more.
        instant: the build's "now"; the clock's if not given.
    """
    lake = workspace.lake
    snapshot = lake.snapshot(instant=instant or workspace.clock.now())
    last = _last(workspace, snapshot)
    snapshot = replace(snapshot, identity=last.identity)
    events = sum(file.rows for file in lake.files(snapshot, "events"))
    batch, fresh = _fresh(workspace, snapshot, last.folded)
    made_of = definitions(workspace.settings)
    anew = _reason(last, snapshot, kept=events - fresh, made_of=made_of, full=full)
    return Build(
        number=last.number + 1,
        snapshot=snapshot,
        folded=NOTHING_FOLDED if anew else last.folded,
        today=local_date(snapshot.instant, workspace.settings.time_zone),
        anew=anew,
        refold="the goods changed" if last.items != snapshot.versions.get("items") and not anew else "",
        events=events,
        fresh=events if anew else fresh,
        batch=max(batch, last.folded.batch),
        erasing=erasing,
        parts=_parts(events, workspace.settings),
    )


def _last(workspace: Workspace, snapshot: Snapshot) -> _Last:
    notes = workspace.lake.notes(snapshot, LEADER)
    if "build" not in notes:
        return _Last()
    return _Last(
        number=int(notes["build"]),
        folded=Folded(int(notes["batch"]), datetime.fromisoformat(notes["instant"])),
        identity=int(notes["identity"]),
        events=int(notes["events"]),
        items=json.loads(notes["items"]),
        definitions=notes["definitions"],
    )


def _reason(last: _Last, snapshot: Snapshot, *, kept: int, made_of: str, full: bool) -> str:
    if not last.number:
        return "it is the first build"
    if full:
        return "a full build was asked for"
    if last.definitions != made_of:
        return "the tags' definitions or the settings changed"
    if kept != last.events:
        return "events that an earlier build folded were removed"
    return "the instant lies before the last build's" if snapshot.instant < last.folded.instant else ""


def _fresh(workspace: Workspace, snapshot: Snapshot, folded: Folded) -> tuple[int, int]:
    """The highest batch in the lake, and how many events came with batches that no build has folded."""
    with connect(
        workspace.lake,
        snapshot,
        threads=workspace.settings.threads,
        memory_mib=workspace.settings.memory_mib,
        spill=workspace.scratch,
        tables=["events"],
    ) as connection:
        found = connection.execute(
            "SELECT coalesce(max(batch), -1), count(*) FROM events WHERE batch > $batch", {"batch": folded.batch}
        ).fetchall()
    return int(found[0][0]), int(found[0][1])


def _parts(rows: int, settings: Settings) -> int:
    """Ranges of person_id, a power of two: each fits into its share of memory, and every thread has one."""
    share = settings.memory_mib * 2**20 / settings.threads
    least = max(rows * BYTES_A_ROW / share, settings.threads if rows > FEW_ROWS else 1)
    return 1 << (math.ceil(least) - 1).bit_length()


def apply(workspace: Workspace, build: Build, watch: Watcher | None = None) -> Json:
    """Carry out a plan as a job; what it computed becomes visible at its end, all or none.

    Returns:
        What the job notes as its result: people, events folded, orders, rows read, seconds of each stage.
    """
    with writing(workspace, f"build {build.number}"), workspace.jobs.run("build", watch) as job:
        return carry_out(workspace, build, job)


def carry_out(workspace: Workspace, build: Build, job: Job) -> Json:
    """Carry out a plan within a job that holds the lease; see `apply`."""
    until = workspace.clock.now() + timedelta(hours=workspace.settings.pin_hours)
    pin = workspace.pins.pin(build.snapshot, f"build {build.number}", until)
    exchange = workspace.scratch / f"build-{build.number}"
    try:
        _Apply(workspace, build, job, exchange).carry_out()
    finally:
        shutil.rmtree(exchange, ignore_errors=True)
        workspace.pins.unpin(pin)
    _after_release()
    tidy(workspace)
    return job.result


class _Apply:
    """A build being carried out: what was written so far is pending, and later stages see it."""

    def __init__(self, workspace: Workspace, build: Build, job: Job, exchange: Path) -> None:
        self.workspace, self.build, self.job = workspace, build, job
        settings = workspace.settings
        self.engine: Engine = LocalEngine(workspace.lake, exchange, settings.threads, settings.memory_mib)
        self.pending: dict[str, Change] = {}
        self.zone = settings.time_zone
        self.shift = ID_BITS - (build.parts - 1).bit_length()

    def carry_out(self) -> None:
        self.publish()
        self.settle()
        self.write_history()
        self.finish()
        self.release()

    def publish(self) -> None:
        moved = self.whole(
            "publish",
            publish,
            version=self.build.identity,
            anew=bool(self.build.anew),
            erasing=self.build.erasing,
        )
        self.keep([moved], replacing=("persons",))
        self.job.result |= {"nodes": moved.summary["nodes"], "moved": moved.summary["moved"]}
        if not self.build.anew and moved.summary["moved"] > MOST_MOVED * moved.summary["nodes"]:
            self.begin_anew(f"{moved.summary['moved']:,} intervals moved to another person")

    def settle(self) -> None:
        settled = self.whole("settle", settle, zone=self.zone, anew=bool(self.build.anew))
        self.keep([settled], replacing=("orders", "refunds"))
        self.job.result |= settled.summary

    def write_history(self) -> None:
        self.keep([self.whole("fold", learn_words)])
        folded = self.whole("fold", fold, zone=self.zone, shift=self.shift)
        self.job.result |= {"history_rows": folded.summary["rows"], "nobody": folded.summary["nobody"]}
        replacing = ("segments", "masked") if self.build.anew else ()
        if not self.build.anew and (self.job.result["moved"] or self.job.result["corrected"]):
            lifted = self.whole("move", lift, version=self.build.identity, shift=self.shift, segment=self.build.number)
            self.keep([lifted])
            self.job.result["lifted_people"] = lifted.summary["people"]
        gathered = self.run("sort", gather, self.ranges, parts=self.build.parts, segment=self.build.number)
        self.keep(gathered, replacing=replacing)

    def finish(self) -> None:
        params = {"today": self.build.today.isoformat(), "zone": self.zone, "parts": self.build.parts}
        folded = self.run(
            "tags",
            fold_partials,
            self.ranges,
            **params,
            silence=self.workspace.settings.session_minutes,
            segment=self.build.number,
            anew=bool(self.build.anew or self.build.refold),
        )
        totals = cuts.merged(output.summary["buyers"] for output in folded)
        self.keep(self.run("profiles", make_profiles, self.ranges, **params, **totals), replacing=("profiles",))
        self.job.result |= {
            "people": sum(output.summary["people"] for output in folded),
            "people_folded": sum(output.summary["folded"] for output in folded),
            "buyers": totals["buyers"],
        }

    def release(self) -> None:
        build, snapshot = self.build, self.build.snapshot
        self.job.at("release")
        notes = {
            "build": str(build.number),
            "batch": str(build.batch),
            "instant": snapshot.instant.isoformat(),
            "identity": str(build.identity),
            "events": str(build.events),
            "items": json.dumps(snapshot.versions.get("items")),
            "definitions": definitions(self.workspace.settings),
            "today": build.today.isoformat(),
            "computed_at": self.workspace.clock.now().isoformat(),
            "events_version": json.dumps(snapshot.versions.get("events")),
        }
        self.workspace.lake.release(LEADER, tuple(self.pending.values()), notes=notes)
        self.job.result |= {"build": build.number, "rows_read": self.job.rows_read, "anew": build.anew}

    def begin_anew(self, reason: str) -> None:
        """Give up going on from the last build; nothing of this one is visible yet."""
        self.build = replace(self.build, anew=reason, folded=NOTHING_FOLDED)

    @property
    def ranges(self) -> list[Buckets]:
        return split(self.build.parts)

    def whole(self, stage: str, function: Callable[[Context], Output], **params: Json) -> Output:
        """Run a task over all ids at once."""
        return self.run(stage, function, split(1), **params)[0]

    def run(
        self, stage: str, function: Callable[[Context], Output], buckets: list[Buckets], **params: Json
    ) -> list[Output]:
        """Run a task over buckets, telling how far it is."""
        task = Task(function, {**self.build.folded.to_params(), **params})
        reading = Reading(self.build.snapshot, tuple(self.pending.values()))
        outputs: list[Output] = []
        begun = monotonic()
        self.job.at(stage, 0, len(buckets))
        for output in self.engine.run(task, reading, buckets):
            outputs.append(output)
            self.job.rows_read += output.rows_read
            self.job.at(stage, len(outputs), len(buckets))
        seconds = self.job.result.setdefault("seconds", {})
        seconds[stage] = round(seconds.get(stage, 0.0) + monotonic() - begun, 3)
        return outputs

    def keep(self, outputs: list[Output], *, replacing: tuple[str, ...] = ()) -> None:
        """Add the outputs' files to what is pending; tables in ``replacing`` lose all they had before."""
        for table in {*replacing, *(name for output in outputs for name in output.files)}:
            added = tuple(file for output in outputs for file in output.files.get(table, ()))
            before = self.pending.get(table, Change(table)).add
            self.pending[table] = Change(table, (*before, *added), remove="all" if table in replacing else ())


def tidy(workspace: Workspace) -> None:
    """Delete what neither the released state nor any pin needs: old table files, and files of history."""
    now = workspace.clock.now()
    snapshots = [workspace.lake.snapshot(instant=now), *(pin.snapshot for pin in workspace.pins.live(now))]
    named: set[str] = set()
    for snapshot in snapshots:
        for file in workspace.lake.files(snapshot, "segments"):
            named.update(pq.read_table(workspace.lake.location("segments", file), columns=["file"])["file"].to_pylist())
    folder = workspace.lake.root / history.FOLDER
    for path in folder.glob("*.arrow") if folder.is_dir() else ():
        if path.name not in named:
            path.unlink()
    expire(workspace.lake, workspace.pins, now)
