"""Purchase journeys said as plainly as possible: the stage at one instant, from a list of what somebody did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib.resources import files
from itertools import groupby
from typing import Any

import yaml

RULES: Mapping[str, Any] = yaml.safe_load(
    files("qianmian.profile.journey").joinpath("journey.yaml").read_text("utf-8")
)["stages"]
ORDER = list(RULES)


@dataclass(frozen=True)
class Deed:
    """One event of a person with one category, in the order in which it happened.

    Attributes:
        at: when.
        on: its local date.
        event: its name.
        item: what it was about.
        back_at: of an order, when it was wholly refunded.
    """

    at: datetime
    on: date
    event: str
    item: str
    back_at: datetime | None = None


def days(stage: str, what: str = "holds_days") -> timedelta:
    return timedelta(days=RULES[stage][what])


def stands(deed: Deed, at: datetime) -> bool:
    return deed.event in RULES["bought"]["events"] and (deed.back_at is None or deed.back_at > at)


def stage_at(deeds: Sequence[Deed], at: datetime) -> str | None:
    """The furthest stage for which anything done so far still speaks."""
    done = [deed for deed in deeds if deed.at <= at]
    orders = [deed for deed in done if stands(deed, at)]
    alive: set[str] = set()
    for order in orders:
        if at < order.at + days("bought"):
            alive.add("bought")
        others = {one.on for one in orders if order.at - days("loyal", "within_days") < one.at <= order.at}
        before = {one.on for one in orders[: orders.index(order) + 1]} & others
        if len(before) >= RULES["loyal"]["orders"] and at < order.at + days("loyal"):
            alive.add("loyal")
    for place, deed in enumerate(done):
        earlier = [one for one in done[:place] if stands(one, deed.at)]
        near = [one for one in earlier if one.at > deed.at - days("engaging", "within_days")]
        if deed.event in RULES["engaging"]["events"] and near and orders and at < deed.at + days("engaging"):
            alive.add("engaging")
    # an order that stood when it was placed ends the search before it, whatever becomes of it
    paid = [place for place, deed in enumerate(done) if stands(deed, deed.at)]
    searched = done[paid[-1] + 1 :] if paid else done
    for place, deed in enumerate(searched):
        for stage in ("awakened", "deciding"):
            if deed.event in RULES[stage]["events"] and at < deed.at + days(stage):
                alive.add(stage)
        if compares(searched[: place + 1]) and at < deed.at + days("comparing"):
            alive.add("comparing")
    return max(alive, key=ORDER.index) if alive else None


def compares(searched: Sequence[Deed]) -> bool:
    """Whether the last of some deeds is a sign of comparing."""
    rule, last = RULES["comparing"], searched[-1]
    if last.event in rule["events"]:
        return True
    if last.event not in rule["looks"]:
        return False
    since = last.at - days("comparing", "within_days")
    items = [deed.item for deed in searched if deed.event in rule["looks"] and deed.at > since]
    turns = [item for item, _ in groupby(items)]
    return len(set(items)) >= rule["items"] or len(turns) - len(set(turns)) >= rule["returns"]


def stays(deeds: Sequence[Deed]) -> list[tuple[datetime, datetime, str]]:
    """All stays in a stage: the stage is asked at every instant at which it could change."""
    waits = {days(stage) for stage in ORDER}
    instants = {deed.at for deed in deeds} | {deed.back_at for deed in deeds if deed.back_at}
    instants |= {deed.at + wait for deed in deeds for wait in waits}
    told = [(at, stage_at(deeds, at)) for at in sorted(instants)]
    changes = [next(run) for _, run in groupby(told, key=lambda one: one[1])]
    ends = [at for at, _ in changes[1:]]
    return [(at, end, stage) for (at, stage), end in zip(changes, ends, strict=False) if stage is not None]
