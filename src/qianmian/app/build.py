"""The build: a plan is carried out, and traces become profiles."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pyarrow.parquet as pq

from qianmian.app.engine import opened_engine
from qianmian.app.jobs import Job, Watcher
from qianmian.app.members import members_params
from qianmian.app.plan import LEADER, Build, parts_for
from qianmian.app.told import before_build, without_sensitive
from qianmian.app.workspace import Workspace, writing
from qianmian.core.failpoints import failpoint
from qianmian.engines.base import ID_BITS, Buckets, Context, Engine, Json, Output, Reading, Task, split
from qianmian.lake.compact import Compaction, compact
from qianmian.lake.expire import expire
from qianmian.lake.files import Change
from qianmian.lake.snapshot import Snapshot
from qianmian.lake.store import Lake
from qianmian.profile.history import files as history
from qianmian.profile.history.fold import fold
from qianmian.profile.history.merge import choose, merge
from qianmian.profile.history.segments import gather, lift
from qianmian.profile.journey.definition import journey_rules
from qianmian.profile.journey.follow import follow_journeys
from qianmian.profile.tags import cuts
from qianmian.profile.tags.built_in import built_in_tags
from qianmian.profile.tags.cuts import Totals
from qianmian.profile.tags.formulas import Queried, Ranked
from qianmian.profile.tags.looks import keep_looks, look
from qianmian.profile.tags.partials import fold_partials
from qianmian.profile.tags.queried import query_tags
from qianmian.profile.tags.union import union
from qianmian.segment.members.count import count_members
from qianmian.unify.facts.resolve import resolve
from qianmian.unify.facts.state import state
from qianmian.unify.fresh import NOTHING_FOLDED
from qianmian.unify.identity.publish import publish
from qianmian.unify.leave_out import leave_out
from qianmian.unify.normal.rates import rates_params
from qianmian.unify.orders import settle
from qianmian.unify.ties.interact import interact
from qianmian.unify.ties.meet import meet
from qianmian.unify.ties.tie import tie

_after_release = failpoint("build.after_release", "the profiles are released; what they replace is not deleted yet")
#: Tables that get new files with every import or build.
GROWING = ("events", "event_lines", "links", "nodes", "persons", "moved", "orders", "refunds", "codes", "normal_words",
           "segments", "masked", "interactions", "ties", "statements", "traits", "queried", "memberships",
           "audience_builds", "tag_stays", "journey_stages", LEADER)  # fmt: skip
#: Above this share of people who moved, history is written anew instead of masked.
MOST_MOVED = 0.05


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
        with opened_engine(workspace, job, exchange) as engine:
            _Apply(workspace, build, job, engine).carry_out()
    finally:
        workspace.lake.storage.drop(exchange)
        workspace.pins.unpin(pin)
    _after_release()
    tidy(workspace)
    return job.result


class _Apply:
    """A build being carried out: what was written so far is pending, and later stages see it."""

    def __init__(self, workspace: Workspace, build: Build, job: Job, engine: Engine) -> None:
        self.workspace, self.build, self.job, self.engine = workspace, build, job, engine
        self.pending: dict[str, Change] = {}
        self.attempts: list[str] = []
        self.zone = workspace.settings.time_zone
        self.amended = build.amended
        self.counted = build.counted

    def carry_out(self) -> None:
        self.publish()
        self.leave_out()
        self.settle()
        self.write_history()
        totals = self.finish()
        self.follow_journeys()
        self.tie()
        self.resolve_facts()
        self.query_tags(totals)
        self.count_members(totals)
        self.look_at_tags(totals)
        self.merge_history()
        self.release(totals)

    def publish(self) -> None:
        build = self.build
        who = {"rules": build.rules.to_json(), "blocked": list(build.blocked)}
        who |= {"by_hand": build.by_hand.to_json(), "decided": list(build.decided)}
        moved = self.whole("publish", publish, erasing=build.erasing, **who)
        self.keep([moved], replacing=("persons",) if self.build.anew else ())
        self.job.result |= {"nodes": moved.summary["nodes"], "moved": moved.summary["moved"]}
        if not self.build.anew and moved.summary["moved"] > MOST_MOVED * moved.summary["nodes"]:
            self.begin_anew(f"{moved.summary['moved']:,} intervals moved to another person")

    def leave_out(self) -> None:
        """Find the events that do not count; where that unsettles money, go back to the beginning."""
        left = self.whole("leave", leave_out, leave_out=list(self.build.cleaning.leave_out))
        self.keep([left], replacing=("left_out",))
        found = left.summary
        self.job.result |= {name: found[name] for name in ("left_out", "recounted")}
        if found["unsettled"]:
            self.amended = True
            self.begin_anew(f"{found['unsettled']:,} orders or refunds are flagged otherwise")
            return
        why = "events are flagged otherwise"
        if self.build.kinds.read(found["names"]):
            self.build = replace(self.build, ties_anew=self.build.ties_anew or why)
        if found["names"]:
            self.build = replace(self.build, facts_anew=self.build.facts_anew or why)

    def settle(self) -> None:
        money = rates_params(self.build.cleaning.rates, self.workspace.settings.currency)
        settled = self.whole("settle", settle, zone=self.zone, **money)
        self.keep([settled], replacing=("orders", "refunds") if self.build.anew else ())
        self.job.result |= settled.summary

    def write_history(self) -> None:
        words = self.build.cleaning.reading.to_json()
        folded = self.whole("fold", fold, zone=self.zone, shift=self.shift, words=words)
        self.keep([folded], replacing=("normal_words",) if self.build.anew else ())
        self.job.result |= {"history_rows": folded.summary["rows"], "nobody": folded.summary["nobody"]}
        replacing = ("segments", "masked") if self.build.anew else ()
        if not self.build.anew and any(self.job.result[name] for name in ("moved", "corrected", "recounted")):
            lifted = self.whole("move", lift, shift=self.shift)
            self.keep([lifted])
            self.job.result["lifted_people"] = lifted.summary["people"]
        gathered = self.run("sort", gather, self.ranges, parts=self.build.parts)
        self.keep(gathered, replacing=replacing)

    def merge_history(self) -> None:
        """Merge segments that are worth it; after the tags, which tell the newest rows by their segment."""
        chosen = self.whole("merge", choose, people=self.job.result["people"])
        merged = chosen.summary["merged"]
        if not merged:
            return
        parts = parts_for(chosen.summary["rows"], self.workspace.settings)
        written = self.run("merge", merge, split(parts), merged=merged)
        files = tuple(file for output in (chosen, *written) for file in output.files.get("segments", ()))
        self.pending["segments"] = Change("segments", files, remove="all")
        if not chosen.summary["left"]:
            self.pending["masked"] = Change("masked", remove="all")
        self.job.result["merged_segments"] = len(merged)

    def finish(self) -> Totals:
        today, everybody = self.build.today, bool(self.build.anew or self.build.refold)
        folded = self.run(
            "tags",
            fold_partials,
            self.ranges,
            today=today.isoformat(),
            zone=self.zone,
            silence=self.workspace.settings.session_minutes,
            anew=everybody,
            tags=self.build.tags.to_json(),
        )
        self.keep(folded, replacing=(LEADER,) if everybody else ())
        every_tag = (*built_in_tags(), *self.build.tags.tags)
        rankings = {tag.name: tag.formula.parts for tag in every_tag if isinstance(tag.formula, Ranked)}
        parts = [output.summary["buyers"] for output in folded]
        totals = cuts.merged(parts, today=today, zone=self.zone, rankings=rankings)
        self.job.result |= {
            "people": sum(output.summary["people"] for output in folded),
            "people_folded": sum(output.summary["folded"] for output in folded),
            "buyers": totals.buyers,
        }
        return totals

    def follow_journeys(self) -> None:
        """Bring journeys up to date: of people with new or moved rows, or of everybody."""
        anew = bool(self.build.anew or self.build.refold or self.build.journeys_anew)
        followed = self.run("journeys", follow_journeys, split(self.parts_of(anew=anew)), journeys_anew=anew)
        self.keep(followed, replacing=("journey_stages",) if anew else ())

    def tie(self) -> None:
        """Bring ties up to date: of pairs with new events or moved people, or all."""
        build, anew = self.build, bool(self.build.anew or self.build.ties_anew)
        parts = self.parts_of(anew=anew)
        params: dict[str, Json] = {"kinds": build.kinds.to_json(), "ties_anew": anew, "parts": parts}
        params |= {"shift": ID_BITS - (parts - 1).bit_length()}
        if anew:
            params |= NOTHING_FOLDED.to_params()
        interacted = self.whole("interact", interact, **params)
        self.keep([interacted], replacing=("interactions",) if anew else ())
        if not anew and not self.job.result["moved"] and not any(interacted.summary.values()):
            return
        self.run("meet", meet, split(parts), **params)
        tied = self.run("tie", tie, split(parts), **params)
        self.keep(tied, replacing=("ties",) if anew else ())
        self.job.result["ties_written"] = sum(output.summary["ties"] for output in tied)

    def resolve_facts(self) -> None:
        """Bring traits up to date: of people with fresh statements or who moved, or all."""
        build, anew = self.build, bool(self.build.anew or self.build.facts_anew)
        params: dict[str, Json] = {"facts": build.facts.to_json(), "facts_anew": anew}
        if anew:
            params |= NOTHING_FOLDED.to_params()
        stated = self.whole("state", state, **params)
        self.keep([stated], replacing=("statements",) if anew else ())
        has_moved = self.job.result["moved"] and self.workspace.lake.files(build.snapshot, "statements")
        if not anew and not stated.summary["statements"] and not has_moved:
            return
        traits = self.run("resolve", resolve, split(self.parts_of(anew=anew)), **params)
        self.keep(traits, replacing=("traits",) if anew else ())
        self.job.result |= {**stated.summary, "traits_written": sum(output.summary["traits"] for output in traits)}

    def query_tags(self, totals: Totals) -> None:
        """Answer the tags that are declared as a SELECT; without any, what such tags answered before goes."""
        if not any(isinstance(tag.formula, Queried) for tag in self.build.tags.tags):
            if self.workspace.lake.files(self.build.snapshot, "queried"):
                self.keep([], replacing=("queried",))
            return
        told = self.whole("query", query_tags, tags=self.build.tags.to_json(), totals=totals.to_json())
        self.keep([told], replacing=("queried",))
        self.job.result["tags_failed"] = told.summary["failed"]

    def count_members(self, totals: Totals) -> None:
        """Find who entered and left the saved audiences; of the erased no stay is left, also in deleted ones."""
        build, lake = self.build, self.workspace.lake
        rewrite = build.erasing and bool(lake.files(build.snapshot, "memberships"))
        if all(one.is_deleted for one in build.audiences) and not rewrite:
            return
        params = members_params(build, totals) | {"amended": self.amended, "rewrite": rewrite}
        told = self.whole("members", count_members, **params)
        self.keep([told], replacing=("memberships",) if rewrite else ())
        self.counted = told.summary["counted"]
        self.job.result |= {f"audiences_{name}": told.summary[name] for name in ("failed", "entered", "left")}

    def look_at_tags(self, totals: Totals) -> None:
        """Keep what each tag looks like now, and since when the few-valued ones say of people what they say."""
        build, known = self.build, (*built_in_tags(), *self.build.tags.tags)
        told = without_sensitive(known, build.facts)
        before = before_build(self.workspace, build)
        anew_stays = bool(build.anew) or before.is_same_instant or before.is_other_month
        selects = sum(isinstance(tag.formula, Queried) for tag in told)
        seconds = self.job.result["seconds"].get("query", 0.0)
        params: dict[str, Json] = {"tags": build.tags.to_json(), "told": [tag.name for tag in told]}
        params |= {"totals": totals.to_json(), "before": before.to_params(told), "today": build.today.isoformat()}
        params |= {"erasing": build.erasing, "anew_stays": anew_stays}
        looked = self.run("look", look, split(self.parts_of(anew=True)), **params)
        self.keep(looked, replacing=("tag_stays",) if anew_stays else ())
        changed: dict[str, int] = {}
        for output in looked:
            for name, people in output.summary["changed"].items():
                changed[name] = changed.get(name, 0) + people
        params |= {"people": self.job.result["people"], "changed": changed}
        params |= {"query_seconds": round(seconds / selects, 3) if selects else None}
        self.keep([self.whole("keep", keep_looks, **params)], replacing=("tag_builds",))

    def release(self, totals: Totals) -> None:
        build, snapshot = self.build, self.build.snapshot
        self.job.at("release")
        notes = {
            "build": str(build.number),
            "batch": str(build.batch),
            "instant": snapshot.instant.isoformat(),
            "identity": str(build.identity),
            "events": str(build.events),
            "goods": build.goods,
            "rules": build.rules.digest,
            "decisions": str(build.decisions),
            "ties": build.kinds.made_of(snapshot.instant),
            "tie_kinds": build.kinds.to_json(),
            "facts": build.facts.to_json(),
            "definitions": build.made_of,
            "tags": build.tags.to_json(),
            "kept": json.dumps(union((*built_in_tags(), *build.tags.tags)).columns),
            "tags_failed": json.dumps(self.job.result.get("tags_failed", {})),
            "audiences": self.counted,
            "journeys": journey_rules().digest,
            "meaning": build.meaning,
            "snapshot": snapshot.name,
            "totals": totals.to_json(),
            "computed_at": self.workspace.clock.now().isoformat(),
        }
        self.workspace.lake.release(LEADER, tuple(self.pending.values()), notes=notes)
        self.job.result |= {"build": build.number, "rows_read": self.job.rows_read, "anew": build.anew}

    def begin_anew(self, reason: str) -> None:
        """Give up going on from the last build; nothing of this one is visible yet."""
        parts = parts_for(self.build.events, self.workspace.settings)
        self.build = replace(self.build, anew=reason, folded=NOTHING_FOLDED, parts=parts)

    def parts_of(self, *, anew: bool) -> int:
        """Ranges of person_id in which a stage runs: more, if it alone looks at everybody."""
        if anew and not self.build.anew:
            return parts_for(self.build.events, self.workspace.settings)
        return self.build.parts

    @property
    def shift(self) -> int:
        """How far a person_id is shifted to give its part."""
        return ID_BITS - (self.build.parts - 1).bit_length()

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
        build = self.build
        of_build = {"build": build.number, "version": build.identity, "anew": bool(build.anew)}
        task = Task(function, {**of_build, **build.folded.to_params(), **params})
        reading = Reading(self.build.snapshot, tuple(self.pending.values()), tuple(self.attempts))
        outputs: list[Output] = []
        begun = monotonic()
        self.job.at(stage, 0, len(buckets))
        for output in self.engine.run(task, reading, buckets):
            outputs.append(output)
            self.job.rows_read += output.rows_read
            self.job.cpu_seconds += output.cpu_seconds
            self.job.at(stage, len(outputs), len(buckets))
        self.attempts += [output.attempt for output in outputs]
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
    """Merge small files, and delete what neither the released state nor any pin needs: old tables, files of history."""
    settings, now = workspace.settings, workspace.clock.now()
    how = Compaction(settings.threads, settings.memory_mib, workspace.scratch / "compaction")
    for table in GROWING:
        compact(workspace.lake, table, how)
    lake, pinned = workspace.lake, [pin.snapshot for pin in workspace.pins.live(now)]
    named = {path for snapshot in (lake.snapshot(instant=now), *pinned) for path in _history_files(lake, snapshot)}
    lake.storage.delete(lake.storage.list(lake.root / history.FOLDER).keys() - named)
    expire(lake, workspace.pins, now)
    lake.storage.trim(settings.lake_copy_mib << 20, {path for one in pinned for path in _files(lake, one)})


def _history_files(lake: Lake, snapshot: Snapshot) -> Iterator[Path]:
    for file in lake.files(snapshot, "segments"):
        names = pq.read_table(lake.location("segments", file), columns=["file"])["file"].to_pylist()
        yield from (lake.root / history.FOLDER / name for name in names)


def _files(lake: Lake, snapshot: Snapshot) -> Iterator[Path]:
    """Every file that whoever reads a snapshot may have open, by its absolute path."""
    yield from (path.absolute() for path in _history_files(lake, snapshot))
    for table in snapshot.versions:
        yield from (lake.path(table, file) for file in lake.files(snapshot, table))
