"""What sending a campaign would mean: how many people, who is left out and why, and what could be seen of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite
from typing import Any

import pyarrow as pa

from qianmian.act.assign import HOLDOUT, assign
from qianmian.app.answers import Computed
from qianmian.app.campaigns.campaigns import Campaign
from qianmian.app.campaigns.recipients import TABLES, Eligible, eligible
from qianmian.app.shop import Shop
from qianmian.lake.connection import fetch
from qianmian.measure.effect import smallest_difference
from qianmian.profile.reading import Reading

#: Of the people in ``among``: who paid an order in a stretch of time.
_PAID = """
SELECT count(DISTINCT person_id) AS converted FROM orders
WHERE person_id IN (SELECT person_id FROM among) AND occurred_at >= $first AND occurred_at < $last
"""


@dataclass(frozen=True)
class CampaignPlan:
    """What sending means.

    Attributes:
        people: who meet the condition.
        not_agreed: of them, who did not agree to the purpose.
        unreachable: of the others, who bear no identifier of the kind.
        treatment: who is written to.
        holdout: who is not.
        anyway: share of these two that paid an order in as many days before.
        smallest: smallest difference of that share that will be seen four times of five; None = none will.
        computed: the last build.
    """

    people: int
    not_agreed: int
    unreachable: int
    treatment: int
    holdout: int
    anyway: float
    smallest: float | None
    computed: Computed

    def to_json(self) -> Mapping[str, Any]:
        """The plan in numbers, as the campaign keeps it."""
        numbers = {name: value for name, value in vars(self).items() if name != "computed"}
        return numbers | {"build": self.computed.build, "snapshot": self.computed.snapshot}


def plan(shop: Shop, campaign: Campaign) -> CampaignPlan:
    """What sending a draft now would mean; changes nothing.

    Raises:
        PurposeError: its purpose is not registered.
        ConditionError: its condition names something that is unknown by now.
    """
    with shop.asking(campaign.purpose, *TABLES, "orders") as (found, computed):
        return carried_out(found, computed, campaign, eligible(shop.workspace, found, campaign))[0]


def carried_out(
    found: Reading, computed: Computed, campaign: Campaign, who: Eligible, decided: pa.Table | None = None
) -> tuple[CampaignPlan, pa.Table]:
    """The plan, and what chance decides of everybody, or has decided before."""
    assigned = assign(who.ids, campaign.chance, campaign.holdout_share) if decided is None else decided
    held = assigned["arm"].to_pylist().count(HOLDOUT)
    written_to = assigned.num_rows - held
    anyway = _anyway(found, assigned, campaign.window_days, computed.instant)
    smallest = smallest_difference(written_to, held, anyway)
    told = CampaignPlan(
        people=who.people,
        not_agreed=who.not_agreed,
        unreachable=who.unreachable,
        treatment=written_to,
        holdout=held,
        anyway=anyway,
        smallest=smallest if isfinite(smallest) else None,
        computed=computed,
    )
    return told, assigned


def _anyway(found: Reading, assigned: pa.Table, days: int, at: datetime) -> float:
    """Share of people who paid an order in the days before."""
    if not assigned.num_rows:
        return 0.0
    found.connection.register("among", assigned.select(["person_id"]))
    values = {"first": at - timedelta(days=days), "last": at}
    [row] = fetch(found.connection, _PAID, values).to_pylist()
    return float(row["converted"] / assigned.num_rows)
