"""Freezing an audience: its people are those of the last build from now on, whatever they do."""

from __future__ import annotations

from collections.abc import Mapping

from qianmian.app.audiences import SavedAudience, SavedAudiences, counted_by_builds
from qianmian.app.engine import opened_engine
from qianmian.app.jobs import Job
from qianmian.app.plan import LEADER
from qianmian.app.shop import ANALYSE, Shop
from qianmian.app.told import withheld_tags
from qianmian.core.errors import InputError
from qianmian.core.messages import restored
from qianmian.engines.base import Json, Reading, Task, split
from qianmian.lake.files import Change
from qianmian.profile.tags.built_in import read_tags
from qianmian.profile.tags.declaration.document import Declaration
from qianmian.segment.members.count import count_members
from qianmian.segment.members.standing import AudienceKind, from_json, standing_to_json
from qianmian.unify.facts.rules import FactRules


def save_fixed(
    shop: Shop, name: str, condition: str, *, note: str = "", by: str = "", purpose: str = ANALYSE
) -> SavedAudience:
    """Give a name to the people who meet a condition at the last build, and keep them.

    Raises:
        LeaseHeldError: something else writes.
        InputError: see `SavedAudiences.add`.
        ConditionError: the condition does not parse, or names something unknown.
    """
    shop.workspace.purposes.check(purpose)
    saved = SavedAudiences(shop.workspace.catalogue, shop.workspace.clock)
    with shop.job("freeze", "freezing of an audience", None) as job:
        added = saved.add(name, shop.audience(condition, purpose=purpose, limit=0), note=note, by=by)
        return _freeze(shop, job, saved, added, by)


def freeze(shop: Shop, audience: int, *, by: str = "", purpose: str = ANALYSE) -> SavedAudience:
    """Make a dynamic audience a fixed one of the people whom the last build's data put into it.

    Raises:
        UnknownNameError: there is none with that number.
        InputError: it is fixed already, or it cannot be counted.
        LeaseHeldError: something else writes.
    """
    shop.workspace.purposes.check(purpose)
    saved = SavedAudiences(shop.workspace.catalogue, shop.workspace.clock)
    found = saved.get(audience)
    if found.kind is AudienceKind.FIXED:
        raise InputError("audience_is_fixed", audience=audience, build=found.frozen_in)
    with shop.job("freeze", f"freezing of audience {audience}", None) as job:
        return _freeze(shop, job, saved, found, by)


def _freeze(shop: Shop, job: Job, saved: SavedAudiences, found: SavedAudience, by: str) -> SavedAudience:
    """Count the audience once more over the last build, and note that this stands.

    A crash in between leaves a dynamic audience that was counted: nothing is wrong, and it can be frozen again.
    """
    workspace, computed = shop.workspace, shop.computed
    snapshot = workspace.lake.snapshot(instant=computed.instant)
    notes = workspace.lake.notes(snapshot, LEADER)
    job.at("members", 0, 1)
    exchange = workspace.scratch / f"freeze-{job.number}"
    try:
        with opened_engine(workspace, job, exchange) as engine:
            task = Task(count_members, _params(saved, found, notes))
            told = next(iter(engine.run(task, Reading(snapshot), split(1))))
    finally:
        workspace.lake.storage.drop(exchange)
    counted = from_json(told.summary["counted"])[found.audience]
    if counted.failed:
        raise InputError("audience_not_counted", audience=found.audience, why=restored(counted.failed))
    changes = [Change(table, tuple(files)) for table, files in told.files.items()]
    workspace.lake.release(LEADER, changes, notes={**notes, "audiences": told.summary["counted"]})
    job.at("members", 1, 1)
    job.result |= {"audience": found.audience, "people": counted.people}
    return saved.note_frozen(found.audience, computed.build, people=counted.people, by=by)


def _params(saved: SavedAudiences, found: SavedAudience, notes: Mapping[str, str]) -> dict[str, Json]:
    """What the members task is told of the last build; all but one audience are there only to be named."""
    tags = read_tags(notes["tags"], "tags") if "tags" in notes else Declaration()
    facts = FactRules.from_json(notes["facts"]) if "facts" in notes else FactRules()
    return {
        "build": int(notes["build"]),
        "version": int(notes["identity"]),
        "newest": int(notes["batch"]),
        "audiences": standing_to_json(counted_by_builds(saved)),
        "only": found.audience,
        "counted": notes.get("audiences", ""),
        "tags": tags.to_json(),
        "totals": notes["totals"],
        "kinds": notes["tie_kinds"],
        "withheld": withheld_tags(tags, facts),
        "meaning": notes.get("meaning", ""),
        "erased": [],
        "amended": False,
        "rewrite": False,
    }
