"""What a campaign brought, from the orders of the last build: who was written to beside who was held out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from qianmian.act.assign import ARMS, HOLDOUT, TREATMENT
from qianmian.app.answers import Computed
from qianmian.app.campaigns.campaigns import Campaign
from qianmian.app.campaigns.recipients import show_units
from qianmian.app.shop import Shop
from qianmian.core.errors import InputError
from qianmian.lake.connection import Connection, fetch
from qianmian.measure.effect import SUSPICIOUS, Arm, Effect, Estimate, effect, imbalance

TABLES = ("persons", "assignments", "orders")
#: Orders of the campaign's people: in its window, and in the days before, on which it can have had no influence.
_ORDERS = """
CREATE TEMP TABLE theirs AS
SELECT units.person_id, arm, is_mixed,
       count(orders.order_id) FILTER (occurred_at >= $at) AS orders,
       min(occurred_at) FILTER (occurred_at >= $at) AS first_at,
       coalesce(sum(net) FILTER (occurred_at >= $at), 0)::DOUBLE AS after,
       coalesce(sum(net) FILTER (occurred_at < $at), 0)::DOUBLE AS before
FROM units LEFT JOIN orders
    ON orders.person_id = units.person_id AND occurred_at >= $since AND occurred_at < $until
GROUP BY ALL
"""
_ARMS = """
SELECT arm, count(*) AS people, count(first_at) AS converted, sum(orders)::BIGINT AS orders,
       sum(after) AS after, sum(before) AS before, sum(after * after) AS after_squared,
       sum(before * before) AS before_squared, sum(after * before) AS product
FROM theirs WHERE NOT is_mixed GROUP BY arm
"""
_BY_DAY = """
SELECT arm, floor(epoch(first_at - $at) / 86400)::INTEGER AS day, count(*) AS converted
FROM theirs WHERE NOT is_mixed AND first_at IS NOT NULL GROUP BY ALL
"""
_MIXED = "SELECT count(*) AS mixed FROM theirs WHERE is_mixed"


class Verdict(StrEnum):
    """What may be said of a campaign; the first that applies, in this order."""

    NOT_BUILT = "not_built"  # no build has seen the time after it
    UNEVEN = "uneven"  # the arms were not made by chance alone: nothing holds
    TOO_FEW = "too_few"  # an arm has too few people
    EARLY = "early"  # its window goes on
    MORE = "more"  # more people bought because of it
    LESS = "less"
    UNCLEAR = "unclear"  # the interval holds both


@dataclass(frozen=True)
class DayOfCampaign:
    """People who had converted at the end of a day since the assignment, from 1, in each arm."""

    day: int
    treatment: int
    holdout: int


@dataclass(frozen=True)
class Report:
    """What a campaign brought.

    Attributes:
        verdict: what may be said.
        at: when chance decided.
        until: end of the window, exclusive.
        seen_until: up to when orders are counted: the end, or the last build.
        treatment: sums over who was written to.
        holdout: sums over who was not.
        gone: people who were assigned and are in neither arm any more: erased, or become one with another.
        mixed: people of both arms who became one since, and are in neither.
        imbalance: how often chance makes arms as uneven.
        effect: the difference; None if there are too few people.
        gain: extra money in proportion to the spend; None if none is told.
        days: how conversions came in.
        computed: the last build.
    """

    verdict: Verdict
    at: datetime
    until: datetime
    seen_until: datetime
    treatment: Arm
    holdout: Arm
    gone: int
    mixed: int
    imbalance: float
    effect: Effect | None
    gain: Estimate | None
    days: Sequence[DayOfCampaign]
    computed: Computed


def report(shop: Shop, campaign: Campaign, *, purpose: str) -> Report:
    """What a campaign brought so far.

    Raises:
        PurposeError: the purpose is not registered.
        InputError: it is a draft.
        NotBuiltError: nothing was built yet.
    """
    at, until = campaign.assigned_at, campaign.ends_at
    if at is None or until is None:
        raise InputError("campaign_draft", campaign=campaign.campaign)
    with shop.asking(purpose, *TABLES) as (found, computed):
        seen = max(at, min(until, computed.instant))
        show_units(found.connection, campaign.campaign)
        values = {"at": at, "until": seen, "since": at - (until - at)}
        found.connection.execute(_ORDERS, values)
        arms = _arms(found.connection)
        [mixed] = fetch(found.connection, _MIXED)["mixed"].to_pylist()
        days = _days(found.connection, at, seen)
    treatment, holdout = arms[TREATMENT], arms[HOLDOUT]
    uneven = imbalance(treatment.people, holdout.people, campaign.holdout_share)
    found_effect = effect(treatment, holdout)
    return Report(
        verdict=_verdict(found_effect, uneven, seen, campaign),
        at=at,
        until=until,
        seen_until=seen,
        treatment=treatment,
        holdout=holdout,
        mixed=mixed,
        gone=campaign.planned["treatment"] + campaign.planned["holdout"] - treatment.people - holdout.people,
        imbalance=uneven,
        effect=found_effect,
        gain=_gain(found_effect, campaign.spend),
        days=days,
        computed=computed,
    )


def _arms(connection: Connection) -> Mapping[str, Arm]:
    rows = {row.pop("arm"): row for row in fetch(connection, _ARMS).to_pylist()}
    nobody: dict[str, Any] = dict.fromkeys(Arm.__dataclass_fields__, 0)
    return {arm: Arm(**rows.get(arm, nobody)) for arm in ARMS}


def _days(connection: Connection, at: datetime, seen: datetime) -> list[DayOfCampaign]:
    rows = fetch(connection, _BY_DAY, {"at": at}).to_pylist()
    days = -(-(seen - at) // timedelta(days=1))

    def upto(arm: str, day: int) -> int:
        return sum(row["converted"] for row in rows if row["arm"] == arm and row["day"] < day)

    return [DayOfCampaign(day, upto(TREATMENT, day), upto(HOLDOUT, day)) for day in range(1, days + 1)]


def _verdict(found: Effect | None, uneven: float, seen: datetime, campaign: Campaign) -> Verdict:
    if seen == campaign.assigned_at:
        return Verdict.NOT_BUILT
    if uneven < SUSPICIOUS:
        return Verdict.UNEVEN
    if found is None:
        return Verdict.TOO_FEW
    if campaign.ends_at and seen < campaign.ends_at:
        return Verdict.EARLY
    if not found.conversion.is_told:
        return Verdict.UNCLEAR
    return Verdict.MORE if found.conversion.low > 0 else Verdict.LESS


def _gain(found: Effect | None, spend: Decimal | None) -> Estimate | None:
    extra = found.extra_revenue if found else None
    return extra.times(1 / float(spend)) if extra and spend else None
