"""What puts a person in which stage of a purchase journey, as data."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from qianmian.core.messages import Message
from qianmian.query.tree import STAGES

#: What each stage is called.
STAGE_WORDS: Mapping[str, Message] = {
    "awakened": Message("stage_awakened"),
    "comparing": Message("stage_comparing"),
    "deciding": Message("stage_deciding"),
    "bought": Message("stage_bought"),
    "engaging": Message("stage_engaging"),
    "loyal": Message("stage_loyal"),
}


@dataclass(frozen=True)
class StageRule:
    """What speaks for a stage, and for how long.

    Attributes:
        name: one of `STAGES`.
        holds_days: so many times 24 hours after the last thing that spoke for it, it lapses.
        events: names of the events that speak for it.
        looks: events by which items are looked at.
        items: so many different items that were looked at speak for it; 0 = none do.
        returns: so many looks at an item that had been looked at before another one do too; 0 = none do.
        within_days: days in which items, returns or orders are counted, or that an order may lie back.
        orders: so many orders, each on another local date, speak for it; 0 = none do.
    """

    name: str
    holds_days: int
    events: tuple[str, ...] = ()
    looks: tuple[str, ...] = ()
    items: int = 0
    returns: int = 0
    within_days: int = 0
    orders: int = 0


@dataclass(frozen=True)
class JourneyRules:
    """The rules of all stages, in the order of `STAGES`."""

    stages: tuple[StageRule, ...]

    @property
    def digest(self) -> str:
        """16 hex digits over what they say: when they change, every journey is followed anew."""
        return hashlib.sha256(repr(asdict(self)).encode()).hexdigest()[:16]

    def __getitem__(self, name: str) -> StageRule:
        """The rule of a stage."""
        return self.stages[STAGES.index(name)]

    def events_of(self, stage: str) -> tuple[str, ...]:
        """The events that a stage looks at."""
        rule = self[stage]
        return (*rule.events, *rule.looks, *(self["bought"].events if rule.orders else ()))


def read_rules(told: Mapping[str, Any]) -> JourneyRules:
    """Rules out of what a YAML file holds.

    Raises:
        ValueError: a stage is missing, stands in another order, or is no stage.
    """
    found = told["stages"]
    if tuple(found) != STAGES:
        raise ValueError(f"the stages must be {', '.join(STAGES)}; got {', '.join(found)}.")
    return JourneyRules(tuple(_rule(name, said) for name, said in found.items()))


def _rule(name: str, said: Mapping[str, Any]) -> StageRule:
    lists = {key: tuple(one) for key, one in said.items() if isinstance(one, list)}
    return StageRule(**{"name": name, **said, **lists})


@cache
def journey_rules() -> JourneyRules:
    """The rules of the product."""
    return read_rules(yaml.safe_load(files("qianmian.profile.journey").joinpath("journey.yaml").read_text("utf-8")))
