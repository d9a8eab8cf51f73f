"""What the doors tell of the shop at a glance, of lists of people, and of what one person did and bought."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pydantic import Field

from qianmian.app.contracts.base import Contract
from qianmian.app.contracts.context import MarkTold
from qianmian.app.contracts.metrics import MetricTold, Number
from qianmian.app.contracts.profile import ComputedTold, PeopleTold, ShareTold
from qianmian.app.contracts.system import JobTold
from qianmian.app.questions.overview import Overview
from qianmian.core.language import Language


class DayTold(Contract):
    """One local date."""

    on: date = Field(description="the date")
    events: int = Field(description="events that happened on it and are somebody's")
    orders: int = Field(description="orders that were paid on it")
    buyers: int = Field(description="people who paid one")
    net: Decimal = Field(description="money of these orders, less what was refunded of them since")
    condition: str = Field(description="condition that lists the buyers")


class TotalsTold(Contract):
    """Sums over all dates up to the build."""

    events: int = Field(description="events that are somebody's")
    orders: int = Field(description="orders that were paid")
    net_revenue: Decimal = Field(description="their money, less refunds")


class ShownMetricTold(Contract):
    """A metric of the dictionary, as the screen shows it."""

    metric: MetricTold = Field(description="its definition, in the reader's language")
    value: Number | None = Field(description="in the range; empty = it has none")
    all_time: Number | None = Field(description="over all dates up to the build")


class LastImportTold(Contract):
    """The newest import that stands."""

    batch: int = Field(description="number of the batch")
    source: str = Field(description="data source")
    file: str = Field(description="name of the file")
    done_at: datetime = Field(description="when it was released")


class FreshnessTold(Contract):
    """How far the shop's data reach."""

    last_event_at: datetime | None = Field(description="when the last event happened; empty = there is none")
    last_import: LastImportTold | None = Field(description="the newest import that stands")
    unbuilt_batches: int = Field(description="imports that came or went since the build")


class LeftOutTold(Contract):
    """Flagged events that are not counted."""

    reason: str = Field(description="a rule of flags, traffic, or traffic.… with its reason")
    events: int = Field(description="how many")


class OverviewTold(Contract):
    """The shop in a range of local dates."""

    from_on: date = Field(description="first date")
    to_on: date = Field(description="last date; it belongs to the range")
    people: int = Field(description="people with a profile")
    events: int = Field(description="events of the range that are somebody's")
    orders: int = Field(description="orders that were paid in the range")
    net_revenue: Decimal = Field(description="their money, less what was refunded of them since")
    buyers: PeopleTold = Field(description="people who paid one")
    totals: TotalsTold = Field(description="sums over all dates")
    metrics: list[ShownMetricTold] = Field(description="the numbers of the screen, each by its definition")
    days: list[DayTold] = Field(description="every date of the range")
    marks: list[MarkTold] = Field(description="what of the calendar and the policies touches the range, earliest first")
    lifecycle: list[ShareTold] = Field(description="people by lifecycle stage")
    left_out: list[LeftOutTold] = Field(
        description="flagged events of the range that are not counted, by reason, the commonest first"
    )
    freshness: FreshnessTold = Field(description="how far the data reach")
    jobs: list[JobTold] = Field(description="the newest jobs, newest first")
    computed: ComputedTold = Field(description="from which build")

    @classmethod
    def of(cls, told: Overview, language: Language) -> OverviewTold:
        """The overview in a language."""
        metrics = [
            ShownMetricTold(metric=MetricTold.of(one.metric, language), value=one.value, all_time=one.all_time)
            for one in told.metrics
        ]
        return cls.model_validate({**vars(told), "metrics": metrics}, context=language)


class NameTold(Contract):
    """A name of a person, masked."""

    namespace: str = Field(description="kind of identifier, such as phone")
    value: str = Field(description="the value, masked")


class ListedPersonTold(Contract):
    """A person as a list shows them."""

    person: str = Field(description="id of the person, 13 characters")
    identifiers: list[NameTold] = Field(
        description="names that the person acts under, masked; all, if one was asked for"
    )
    first_seen_at: datetime | None = Field(description="first seen")
    last_seen_at: datetime | None = Field(description="last seen")
    lifecycle: str | None = Field(description="lifecycle stage")
    rfm: str | None = Field(description="RFM segment; empty = never bought")
    orders_total: int | None = Field(description="orders")
    net_revenue: Decimal | None = Field(description="net revenue")
    region: str | None = Field(description="home region")
    channel: str | None = Field(description="usual channel")
    preferred_category: str | None = Field(description="preferred category")


class FoundPeopleTold(Contract):
    """A page of people."""

    condition: str | None = Field(description="canonical text of what they meet; empty = everybody, or a name")
    total: int = Field(description="people on all pages")
    people: list[ListedPersonTold] = Field(description="people of this page")
    next: str | None = Field(description="cursor of the next page; empty = this is the last")
    computed: ComputedTold = Field(description="from which build")


class TimelineItemTold(Contract):
    """The product that an event is about, or the first of several."""

    source: str = Field(description="data source")
    item_id: str = Field(description="the source's number of the item")
    title: str | None = Field(description="name of the item")


class TimelineEventTold(Contract):
    """Something that a person did."""

    source: str = Field(description="data source")
    event_id: str = Field(description="the source's number of the event")
    name: str = Field(description="name in the tracking plan")
    occurred_at: datetime = Field(description="when it happened, UTC")
    channel: str | None = Field(description="where: app, web, store, a platform")
    device_type: str | None = Field(description="with what")
    region: str | None = Field(description="region as the source states it")
    item: TimelineItemTold | None = Field(description="the product that it is about, or the first of several")
    order_id: str | None = Field(description="the source's order number")
    amount: Decimal | None = Field(description="an order's payment, a refund with minus; empty = no money")
    currency: str | None = Field(description="ISO 4217 code")
    properties: dict[str, Any] | None = Field(description="what else the source said, personal values masked")
    left_out: str | None = Field(description="why it does not count: a rule of flags, or traffic; empty = it counts")


class VisitTold(Contract):
    """Events without a longer silence between them."""

    began_at: datetime = Field(description="its first event, UTC")
    ended_at: datetime = Field(description="its last event, UTC")
    rows: int = Field(description="events that it has")
    events: list[TimelineEventTold] = Field(description="the newest of them, newest first")


class TimelineTold(Contract):
    """A page of a person's sessions, newest first."""

    sessions: list[VisitTold] = Field(description="sessions of this page")
    next: str | None = Field(description="cursor of the next page; empty = this is the last")
    left_out: list[LeftOutTold] = Field(description="how many of all their events do not count, by reason")
    computed: ComputedTold = Field(description="from which build")


class RecentEventTold(TimelineEventTold):
    """Something that a person did and the profile does not have yet."""

    received_at: datetime = Field(description="when it was received, UTC")


class RecentTold(Contract):
    """What was received of a person and is not in the profile before the next build."""

    person: str | None = Field(description="id of the person; empty = no build knows anybody by that name")
    total: int = Field(description="events that are not in the profile; of those in the lake, the newest 1,000 count")
    events: list[RecentEventTold] = Field(description="the newest of them, newest first")
    upto: datetime | None = Field(
        description="more waits than one question reads: what was received up to then is here; empty = all is"
    )
    computed: ComputedTold | None = Field(description="the last build; empty = there was none")


class OrderLineTold(Contract):
    """A product of an order."""

    line: int = Field(description="position in the order, from 0")
    item_id: str | None = Field(description="the source's number of the item")
    title: str | None = Field(description="name of the item")
    quantity: float | None = Field(description="pieces")
    unit_price: Decimal | None = Field(description="price of one piece")
    amount: Decimal | None = Field(description="money of the line")


class OrderRefundTold(Contract):
    """Money of an order that was given back."""

    refund_id: str = Field(description="the source's refund number")
    occurred_at: datetime = Field(description="when, UTC")
    amount: Decimal = Field(description="how much")


class PersonOrderTold(Contract):
    """An order that was paid."""

    source: str = Field(description="data source")
    order_id: str = Field(description="the source's order number")
    occurred_at: datetime = Field(description="when it was paid, UTC")
    ordered_on: date = Field(description="local date of the payment")
    paid: Decimal = Field(description="what was paid")
    refunded: Decimal = Field(description="what was given back")
    net: Decimal = Field(description="paid less refunded")
    currency: str | None = Field(description="ISO 4217 code")
    lines: list[OrderLineTold] = Field(description="its products")
    refunds: list[OrderRefundTold] = Field(description="its refunds")


class PersonOrdersTold(Contract):
    """A page of a person's orders, newest first."""

    total: int = Field(description="orders on all pages")
    orders: list[PersonOrderTold] = Field(description="orders of this page")
    next: str | None = Field(description="cursor of the next page; empty = this is the last")
    computed: ComputedTold = Field(description="from which build")


class TagCoverageTold(Contract):
    """People for whom a tag has a value."""

    name: str = Field(description="name of the tag")
    covered: int = Field(description="how many")
    condition: str = Field(description="condition that lists them")


class CoverageTold(Contract):
    """The coverage of all tags."""

    people: int = Field(description="people with a profile")
    tags: list[TagCoverageTold] = Field(description="every tag, in the order of their definitions")
    computed: ComputedTold = Field(description="from which build")
