"""Patterns of behaviour over HTTP: the library, mined as a job, kept under names, declared as tags."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from qianmian.app.audiences import LONGEST_NAME
from qianmian.app.contracts.patterns import KeptPatternTold, PatternLibraryTold, PatternShownTold, TaggedPatternTold
from qianmian.app.contracts.system import StartedTold
from qianmian.app.jobs import Watcher
from qianmian.app.patterns.patterns import forget, keep, library, mine, show, tag
from qianmian.app.patterns.runs import LONGEST, SHORTEST, Mining
from qianmian.http.asked import Asking, Jobs, OpenShop, Purpose
from qianmian.http.errors import told
from qianmian.query.window import MAX_WINDOW_DAYS

router = APIRouter(prefix="/api/patterns", tags=["segment"])
_OF = Mining()
Named = Annotated[str, Path(max_length=60, description="name of a ready pattern, k3 of a kept one, m3 of a mined one")]


class MiningAsked(BaseModel):
    """What is asked of history."""

    outcome: str = Field(default=_OF.outcome, max_length=200, description="event that a pattern may lead to")
    days: int = Field(default=_OF.days, ge=1, le=MAX_WINDOW_DAYS, description="local dates up to the build's")
    within_days: int = Field(default=_OF.within_days, ge=1, le=366, description="from the first step to the last")
    after_days: int = Field(default=_OF.after_days, ge=1, le=366, description="after the last step, for the outcome")
    least_share: float = Field(default=_OF.least_share, gt=0, le=1, description="share of all people, at least")
    longest: int = Field(default=_OF.longest, ge=SHORTEST, le=LONGEST, description="steps of a pattern, at most")
    by_category: bool = Field(default=_OF.by_category, description="whether steps tell the category of the product")
    leave_out: list[str] = Field(default=[], max_length=200, description="events that are no steps")


class PatternKeepAsked(BaseModel):
    """What is to be kept, under which name."""

    pattern: str = Field(max_length=20_000, description="a pattern, or the text of a condition")
    name: str = Field(max_length=LONGEST_NAME, description="what to call it")


class PatternTagAsked(BaseModel):
    """How the tag is to be called."""

    name: str = Field(default="", max_length=60, description="name of the tag; empty = made of the pattern's")


@router.get("", responses=told(403, 404))
def list_patterns(shop: OpenShop, purpose: Purpose) -> PatternLibraryTold:
    """List the kept patterns, those of the last run of mining, and the ready ones, each with its people."""
    return PatternLibraryTold.of(library(shop, purpose=purpose))


@router.post("", status_code=202, responses=told(400, 403, 404, 409))
def mine_patterns(shop: OpenShop, purpose: Purpose, caller: Asking, jobs: Jobs, asked: MiningAsked) -> StartedTold:
    """Mine the history of the last build, as a job that goes on by itself."""

    def work(watch: Watcher) -> None:
        mine(shop, Mining(**asked.model_dump()), by=caller.account, purpose=purpose, watch=watch)

    return StartedTold(job=jobs.start(work))


@router.post("/keep", responses=told(400, 403, 404))
def keep_pattern(shop: OpenShop, purpose: Purpose, caller: Asking, asked: PatternKeepAsked) -> KeptPatternTold:
    """Keep a mined pattern, or any condition, under a name."""
    return KeptPatternTold.model_validate(keep(shop, asked.pattern, asked.name, by=caller.account, purpose=purpose))


@router.get("/{pattern}", responses=told(403, 404))
def show_pattern(shop: OpenShop, purpose: Purpose, pattern: Named) -> PatternShownTold:
    """Show one pattern, and how many people came to each of its steps."""
    return PatternShownTold.of(show(shop, pattern, purpose=purpose))


@router.delete("/{pattern}", responses=told(404))
def forget_pattern(shop: OpenShop, pattern: Named) -> KeptPatternTold:
    """Take a kept pattern out of the library."""
    return KeptPatternTold.model_validate(forget(shop, pattern))


@router.post("/{pattern}/tag", responses=told(400, 403, 404))
def tag_pattern(
    shop: OpenShop, purpose: Purpose, caller: Asking, pattern: Named, asked: PatternTagAsked
) -> TaggedPatternTold:
    """Declare a tag that says of everybody whether they meet a pattern; the next build tells it."""
    return TaggedPatternTold.model_validate(tag(shop, pattern, asked.name, by=caller.account, purpose=purpose))
