"""The plan of a build: what it reads, how far it goes, and why; data that can be printed before it is carried out."""

from __future__ import annotations

import json
import math
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from qianmian.app.audiences import SavedAudiences, counted_by_builds
from qianmian.app.declarations import declarations
from qianmian.app.identity_decisions import nodes_since, standing
from qianmian.app.identity_rules import blocked_nodes
from qianmian.app.workspace import Workspace
from qianmian.core.clock import local_date
from qianmian.core.messages import Message, restored
from qianmian.core.settings import Settings
from qianmian.lake.snapshot import Snapshot
from qianmian.profile.journey.definition import journey_rules
from qianmian.profile.tables import partials_table
from qianmian.profile.tags.basic import BASIC
from qianmian.profile.tags.built_in import built_in_tags, read_tags
from qianmian.profile.tags.cuts import MEASURES
from qianmian.profile.tags.declaration.document import Declaration
from qianmian.profile.tags.declare import Tag
from qianmian.profile.tags.dimensions import WEIGHT, goods_digest
from qianmian.profile.tags.union import union
from qianmian.segment.members.standing import Standing
from qianmian.unify.clean.rules import Cleaning
from qianmian.unify.facts.rules import FactRules
from qianmian.unify.fresh import NOTHING_FOLDED, Folded
from qianmian.unify.identity.by_hand import Decisions
from qianmian.unify.identity.rules import Rules
from qianmian.unify.normal.words import Words
from qianmian.unify.ties.kinds import TieKinds

#: The table whose release makes a build visible, and whose notes tell the next build how far it came.
LEADER = "partials"
#: Memory of one history row while its part is sorted and folded.
BYTES_A_ROW = 400
#: So few rows are not worth a second part.
FEW_ROWS = 500_000
#: History rows of a person who has a fresh event: all of them are folded again.
ROWS_A_PERSON = 25


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
        journeys_anew: why everybody's journeys are followed again; empty if only of those touched.
        events: events in the lake.
        fresh: events that are folded now.
        batch: highest batch in the lake.
        erasing: people were erased: what moved tells nothing of those who are gone.
        parts: number of ranges of person_id.
        goods: what items are, as a short text.
        cleaning: how words and money are read.
        tags: those that the shop declares.
        made_of: what partials are made of, as a short text.
        rules: by which traces become people.
        blocked: nodes that name nobody by these rules.
        by_hand: what people decided about who is who.
        decided: nodes about which they decided something since the last build.
        decisions: number of their newest decision.
        kinds: of ties.
        ties_anew: why all ties are computed again; empty if only those of which anything is new.
        facts: rules of facts.
        facts_anew: why all traits are resolved again; empty if only those of which anything is new.
        engine: who carries it out, in words.
        audiences: all that are saved.
        counted: how far each was counted, as text.
        meaning: how words, money and days are read, as a text.
        amended: whether events that an earlier build folded were taken back.
        erased: ids of the vertices that an erasure takes out.
    """

    number: int
    snapshot: Snapshot
    folded: Folded
    today: date
    anew: str
    refold: str
    journeys_anew: str
    events: int
    fresh: int
    batch: int
    erasing: bool
    parts: int
    goods: str
    cleaning: Cleaning
    tags: Declaration
    made_of: str
    rules: Rules
    blocked: tuple[int, ...]
    by_hand: Decisions
    decided: tuple[int, ...]
    decisions: int
    kinds: TieKinds
    ties_anew: str
    facts: FactRules
    facts_anew: str
    engine: str
    audiences: tuple[Standing, ...]
    counted: str
    meaning: str
    amended: bool
    erased: tuple[int, ...]

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
                f"  {way}, {self.engine}",
                f"  publish  who is who, version {self.identity}",
                f"  leave    {self._left_out}",
                "  settle   orders and refunds",
                f"  fold     {self.fresh:,} of {self.events:,} events into history, {self.parts} parts",
                f"  finish   tags of {people}{f' ({self.refold})' if self.refold else ''}",
                f"  journeys {self._journeys}",
                f"  ties     {self._ties}",
                f"  facts    {self._facts}",
                f"  members  of {sum(not one.is_deleted for one in self.audiences)} saved audiences",
                f"  release  profiles of {self.today}",
            )
        )

    @property
    def _left_out(self) -> str:
        if not self.cleaning.leave_out:
            return "out nothing"
        changed = "" if self.anew else "; what was flagged otherwise since is taken back, or counted again"
        return f"out events flagged as {', '.join(self.cleaning.leave_out)}{changed}"

    @property
    def _journeys(self) -> str:
        why = self.refold or self.journeys_anew
        if self.anew or not why:
            return "of everybody" if self.anew else "of people with new or moved rows"
        return f"of everybody ({why})"

    @property
    def _ties(self) -> str:
        if self.anew:
            return "all"
        return f"all ({self.ties_anew})" if self.ties_anew else "of pairs with new events or moved people"

    @property
    def _facts(self) -> str:
        if self.anew:
            return "all"
        return f"all ({self.facts_anew})" if self.facts_anew else "of people with new statements or who moved"


@dataclass(frozen=True)
class _Last:
    """What the last build noted of itself."""

    number: int = 0
    folded: Folded = NOTHING_FOLDED
    identity: int = 0
    events: int = 0
    goods: str = ""
    rules: str = ""
    decisions: int = 0
    ties: str = ""
    facts: str = ""
    definitions: str = ""
    counted: str = ""
    journeys: str = ""


def definitions(settings: Settings, cleaning: Cleaning, tags: tuple[Tag, ...]) -> str:
    """A fingerprint of what partials are made of; when it changes, a build begins anew."""
    needs = union(tags)
    made_of = (partials_table(needs).columns, needs, MEASURES, WEIGHT, settings.time_zone, settings.session_minutes,
               cleaning.reading.digest, cleaning.rates, settings.currency if cleaning.rates else "")  # fmt: skip
    return str(uuid.uuid5(uuid.NAMESPACE_OID, repr(made_of)))


def plan(
    workspace: Workspace,
    *,
    full: bool = False,
    erased: Sequence[int] | None = None,
    instant: datetime | None = None,
) -> Build:
    """Look at the lake and decide what a build has to do; changes nothing.

    Args:
        workspace: the shop.
        full: compute everything again, whatever was built before.
        erased: ids of the vertices of erased people, whom no table may name any more; None = nobody was.
        instant: the build's "now"; the clock's if not given.
    """
    lake = workspace.lake
    snapshot = lake.snapshot(instant=instant or workspace.clock.now())
    last = _last(workspace, snapshot)
    snapshot = replace(snapshot, identity=last.identity)
    events = sum(file.rows for file in lake.files(snapshot, "events"))
    told = declarations(workspace)
    today = local_date(snapshot.instant, workspace.settings.time_zone)
    seen = _look(workspace, snapshot, last.folded, today, told.cleaning.reading)
    every_tag = (*built_in_tags(), *told.tags.tags)
    lake.declare(partials_table(union(every_tag)))
    made_of = definitions(workspace.settings, told.cleaning, every_tag)
    anew = _reason(last, snapshot, kept=events - seen.fresh, made_of=made_of, rules=told.rules.digest, full=full)
    refold = "the goods changed" if not anew and seen.goods != last.goods else ""
    folded_again = events if anew or refold else min(events, seen.fresh * ROWS_A_PERSON + seen.ageing)
    return Build(
        number=last.number + 1,
        snapshot=snapshot,
        folded=NOTHING_FOLDED if anew else last.folded,
        today=today,
        anew=anew,
        refold=refold,
        journeys_anew="" if last.journeys == journey_rules().digest else "the rules of journeys changed",
        events=events,
        fresh=events if anew else seen.fresh,
        batch=max(seen.batch, last.folded.batch),
        erasing=erased is not None,
        parts=parts_for(folded_again, workspace.settings),
        goods=seen.goods,
        cleaning=told.cleaning,
        tags=told.tags,
        made_of=made_of,
        rules=told.rules,
        blocked=blocked_nodes(workspace, told.rules),
        by_hand=standing(told.decisions),
        decided=nodes_since(told.decisions, last.decisions),
        decisions=told.decisions[0].decision if told.decisions else 0,
        kinds=told.kinds,
        ties_anew="" if last.ties == told.kinds.made_of(snapshot.instant) else "what ties are made of changed",
        facts=told.facts,
        facts_anew="" if last.facts == told.facts.to_json() else "the fact rules changed",
        engine=_engine(workspace.settings),
        audiences=counted_by_builds(SavedAudiences(workspace.catalogue, workspace.clock)),
        counted=last.counted,
        meaning=_meaning(workspace.settings, told.cleaning),
        amended=erased is None and events - seen.fresh != last.events,
        erased=tuple(erased or ()),
    )


def _meaning(settings: Settings, cleaning: Cleaning) -> str:
    """How words, money and days are read: what an audience means changes with it."""
    money = (cleaning.rates, settings.currency) if cleaning.rates else ()
    return repr((settings.time_zone, settings.session_minutes, cleaning.reading.digest, money))


def _engine(settings: Settings) -> str:
    where = "in this process" if settings.engine == "local" else f"on Spark at {settings.spark_master or 'no address'}"
    return f"{where}, {settings.slots} tasks side by side"


def _last(workspace: Workspace, snapshot: Snapshot) -> _Last:
    notes = workspace.lake.notes(snapshot, LEADER)
    if "build" not in notes:
        return _Last()
    return _Last(
        number=int(notes["build"]),
        folded=Folded(int(notes["batch"]), datetime.fromisoformat(notes["instant"])),
        identity=int(notes["identity"]),
        events=int(notes["events"]),
        goods=notes.get("goods", ""),
        rules=notes.get("rules", ""),
        decisions=int(notes.get("decisions", 0)),
        ties=notes.get("ties", ""),
        facts=notes.get("facts", ""),
        definitions=notes["definitions"],
        counted=notes.get("audiences", ""),
        journeys=notes.get("journeys", ""),
    )


def _reason(last: _Last, snapshot: Snapshot, *, kept: int, made_of: str, rules: str, full: bool) -> str:
    if not last.number:
        return "it is the first build"
    if full:
        return "a full build was asked for"
    if last.definitions != made_of:
        return "the tags' definitions, the settings or how words and money are read changed"
    if last.rules != rules:
        return "the identity rules changed"
    if kept != last.events:
        return "events that an earlier build folded were removed"
    return "the instant lies before the last build's" if snapshot.instant < last.folded.instant else ""


@dataclass(frozen=True)
class _Seen:
    """What a look into the tables tells.

    Attributes:
        batch: the highest batch in the lake; -1 = none.
        fresh: events that came with batches that no build has folded.
        goods: what categories, brands and price bands the items have at the build's instant, as a short text.
        ageing: history rows of the people of whom a window loses a row.
    """

    batch: int
    fresh: int
    goods: str
    ageing: int


_FRESH = "SELECT coalesce(max(batch), -1), count(*) FROM events WHERE batch > $batch"
_AGEING = f"SELECT coalesce(sum(any_rows), 0)::BIGINT FROM {LEADER} WHERE next_change_on <= $today"


def _look(workspace: Workspace, snapshot: Snapshot, folded: Folded, today: date, words: Words) -> _Seen:
    with workspace.connected(snapshot, "events", "items", "item_changes", LEADER) as connection:
        batch, fresh = connection.execute(_FRESH, {"batch": folded.batch}).fetchall()[0]
        ageing = connection.execute(_AGEING, {"today": today}).fetchall()[0][0]
        return _Seen(batch, fresh, goods_digest(connection, snapshot.instant, words), ageing)


def last_instant(workspace: Workspace) -> datetime | None:
    """The "now" of the last build; None if nothing was built yet."""
    last = _last(workspace, workspace.lake.snapshot(instant=workspace.clock.now()))
    return last.folded.instant if last.number else None


def published_rules(workspace: Workspace) -> str:
    """Digest of the identity rules of the last build; empty if nothing was built yet."""
    return _last(workspace, workspace.lake.snapshot(instant=workspace.clock.now())).rules


def published_decisions(workspace: Workspace) -> int:
    """Number of the newest decision by hand that the last build heard; 0 = none."""
    return _last(workspace, workspace.lake.snapshot(instant=workspace.clock.now())).decisions


def published_kinds(workspace: Workspace) -> TieKinds:
    """The kinds of tie of the last build; none if there was none, or one that knew no ties."""
    notes = workspace.lake.notes(workspace.lake.snapshot(instant=workspace.clock.now()), LEADER)
    return TieKinds.from_json(notes["tie_kinds"]) if "tie_kinds" in notes else TieKinds(())


def published_tags(workspace: Workspace) -> Declaration:
    """The shop's own tags of the last build; none if there was none, or one that knew none."""
    notes = workspace.lake.notes(workspace.lake.snapshot(instant=workspace.clock.now()), LEADER)
    return read_tags(notes["tags"], "tags") if "tags" in notes else Declaration()


def kept_columns(workspace: Workspace) -> frozenset[str]:
    """Columns of partials that the last build kept; an earlier version noted none, and kept what basic tags need."""
    notes = workspace.lake.notes(workspace.lake.snapshot(instant=workspace.clock.now()), LEADER)
    return frozenset(json.loads(notes["kept"]) if "kept" in notes else union(BASIC).columns)


def failed_tags(workspace: Workspace) -> dict[str, Message]:
    """Why tags that are declared as a SELECT kept their last good values at the last build, by name."""
    notes = workspace.lake.notes(workspace.lake.snapshot(instant=workspace.clock.now()), LEADER)
    return {name: restored(said) for name, said in json.loads(notes.get("tags_failed", "{}")).items()}


def published_facts(workspace: Workspace) -> FactRules:
    """The fact rules of the last build; none if there was none, or one that knew no facts."""
    notes = workspace.lake.notes(workspace.lake.snapshot(instant=workspace.clock.now()), LEADER)
    return FactRules.from_json(notes["facts"]) if "facts" in notes else FactRules()


def parts_for(rows: int, settings: Settings) -> int:
    """Ranges of person_id for so many rows of history, a power of two: each fits into its share of memory."""
    least = max(rows * BYTES_A_ROW / (settings.slot_memory_mib * 2**20), settings.slots if rows > FEW_ROWS else 1)
    return 1 << (math.ceil(least) - 1).bit_length()
