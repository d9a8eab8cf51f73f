"""What the doors tell of campaigns: what they are, what sending means, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from pydantic import Field

from qianmian.app.campaigns.campaigns import Campaign, Campaigns
from qianmian.app.campaigns.report import Report
from qianmian.app.contracts.base import Contract
from qianmian.app.contracts.profile import ComputedTold


class CampaignTold(Contract):
    """An audience that is written to, but for a holdout that chance chose."""

    campaign: int = Field(description="its number")
    name: str = Field(description="what its owner calls it, typed-in personal data masked")
    condition: str = Field(description="canonical text of what its people meet")
    purpose: str = Field(description="what people are written to for")
    namespace: str = Field(description="kind of identifier under which they are written to")
    sink: str = Field(description="where its people go: file, or the name of a receiver")
    holdout_share: float = Field(description="share of people who are held out by chance")
    window_days: int = Field(description="days after the assignment in which an order counts")
    spend: Decimal | None = Field(description="what it cost in all, in the shop's currency; empty = not told")
    state: str = Field(description="draft; sending = some pieces are not delivered; or sent")
    created_by: str = Field(description="account that made it; empty = the command line or the workspace's token")
    created_at: datetime = Field(description="when it was made, UTC")
    assigned_at: datetime | None = Field(description="when chance decided who is held out, UTC; empty = a draft")
    ends_at: datetime | None = Field(description="until when an order counts, exclusive; empty = a draft")
    delivered_at: datetime | None = Field(description="when the last piece was delivered; empty = not all were")
    treatment: int | None = Field(description="people who are written to, as it was sent; empty = a draft")
    holdout: int | None = Field(description="people who are held out, as it was sent; empty = a draft")

    @classmethod
    def of(cls, campaign: Campaign) -> CampaignTold:
        """The campaign as a list shows it."""
        kept: dict[str, Any] = {name: value for name, value in vars(campaign).items() if name in cls.model_fields}
        arms: dict[str, Any] = {arm: campaign.planned.get(arm) for arm in ("treatment", "holdout")}
        return cls(**kept, **arms, state=campaign.state, ends_at=campaign.ends_at)


class DisclosureTold(Contract):
    """A time that raw identifiers of people left the workspace."""

    receiver: str = Field(description="file, or the name of a receiver")
    purpose: str = Field(description="what for")
    people: int = Field(description="whose identifiers were handed over")
    disclosed_by: str = Field(description="account; empty = command line, token, or a sync by itself")
    disclosed_at: datetime = Field(description="when, UTC")


class CampaignPageTold(Contract):
    """A campaign with how far its delivery is, and who was handed its people."""

    campaign: CampaignTold = Field(description="the campaign")
    pieces: int = Field(description="pieces that were delivered")
    delivered: int = Field(description="people in them")
    disclosures: list[DisclosureTold] = Field(description="every time that identifiers left, the newest first")

    @classmethod
    def of(cls, campaign: Campaign, kept: Campaigns) -> CampaignPageTold:
        """The campaign as its page shows it."""
        pieces, disclosures = kept.pieces(campaign.campaign), kept.disclosures.of_campaign(campaign.campaign)
        return cls(
            campaign=CampaignTold.of(campaign),
            pieces=len(pieces),
            delivered=sum(pieces.values()),
            disclosures=[DisclosureTold.model_validate(one) for one in disclosures],
        )


class CampaignPlanTold(Contract):
    """What sending a campaign now would mean."""

    people: int = Field(description="who meet the condition")
    not_agreed: int = Field(description="of them, who did not agree to the purpose when they last said")
    unreachable: int = Field(description="of the others, who bear no identifier of the kind")
    treatment: int = Field(description="who is written to")
    holdout: int = Field(description="who is not, by chance")
    anyway: float = Field(description="share of these two that paid an order in as many days before")
    smallest: float | None = Field(
        description="smallest difference of that share that will be seen four times of five; empty = none will be"
    )
    computed: ComputedTold = Field(description="the last build")


class CampaignChoicesTold(Contract):
    """What a campaign may be made of."""

    sinks: list[str] = Field(description="where people may go: file, and the receivers that the server names")
    purposes: Mapping[str, str] = Field(description="registered purposes, and the legal basis of each")
    namespaces: Mapping[str, int] = Field(description="kinds of identifiers, and how many people bear one now")


class EstimateTold(Contract):
    """A number with the interval that holds the truth in 95 of 100 campaigns."""

    value: float = Field(description="the number")
    low: float = Field(description="lower end")
    high: float = Field(description="upper end")


class ArmTold(Contract):
    """People of one arm, and what they bought."""

    people: int = Field(description="how many are counted")
    converted: int = Field(description="of them, who paid an order in the window")
    orders: int = Field(description="that they paid in it")
    after: float = Field(description="money of these, less refunds")
    before: float = Field(description="money of as many days before the campaign")
    share: float = Field(description="converted in proportion to people")
    mean: float = Field(description="money after, per person")


class EffectTold(Contract):
    """The difference that a campaign made."""

    conversion: EstimateTold = Field(description="share of people who converted, less that of the holdout")
    lift: EstimateTold | None = Field(description="that in proportion to the holdout's; empty = nobody converted there")
    revenue: EstimateTold | None = Field(
        description="money per person, less that of the holdout, adjusted by the time before; empty = nobody bought"
    )
    extra_converted: EstimateTold = Field(description="people who would not have converted otherwise")
    extra_revenue: EstimateTold | None = Field(description="money that would not have come otherwise")
    explained: float = Field(description="share of the variance of money that the time before explains")


class DayOfCampaignTold(Contract):
    """People who had converted at the end of a day since the assignment."""

    day: int = Field(description="number of the day, from 1")
    treatment: int = Field(description="of those written to")
    holdout: int = Field(description="of those held out")


class ReportTold(Contract):
    """What a campaign brought."""

    verdict: str = Field(
        description="what may be said: more, less, unclear, early, too_few, uneven (the arms were not made by chance "
        "alone) or not_built (no build has seen the time after it)"
    )
    at: datetime = Field(description="when chance decided, UTC")
    until: datetime = Field(description="end of the window, exclusive, UTC")
    seen_until: datetime = Field(description="up to when orders are counted, UTC")
    treatment: ArmTold = Field(description="who was written to")
    holdout: ArmTold = Field(description="who was held out")
    gone: int = Field(description="assigned, and in neither arm any more: erased, or become one with another")
    mixed: int = Field(description="people of both arms who became one since, and are in neither")
    imbalance: float = Field(description="how often chance alone makes arms as uneven; below 0.001 something is wrong")
    effect: EffectTold | None = Field(description="the difference; empty = an arm has fewer than 30 people")
    gain: EstimateTold | None = Field(description="extra money in proportion to the spend; empty = none is told")
    days: list[DayOfCampaignTold] = Field(description="how conversions came in")
    computed: ComputedTold = Field(description="the last build")

    @classmethod
    def of(cls, report: Report) -> ReportTold:
        """The report as it is told."""
        return cls.model_validate(report)
