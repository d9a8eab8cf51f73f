"""What is folded of the rows of one person: mergeable values, from which formulas make tags."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from qianmian.core import events
from qianmian.core.messages import Message
from qianmian.profile.tags.dimensions import WEIGHT


class Fold(Enum):
    """What a partial keeps of the rows of one person."""

    COUNT = "rows"  # number of rows
    SUM = "amount"  # their money, in 1/10,000 of the currency
    FIRST_AT = "first_at"  # instant of the first row
    LAST_AT = "last_at"  # instant of the last row
    DAYS = "days"  # number of local dates
    SESSIONS = "sessions"  # number of sessions that began with one of the rows
    TOP = "top"  # the value with most weight, and its share
    EVENTS = "events"  # number of events that have such a row
    DISTINCT = "distinct"  # number of different values
    LARGEST = "largest"  # most money of one row, in 1/10,000
    SMALLEST = "smallest"  # least money of one row, in 1/10,000
    FIRST = "first"  # the value of the first row that has one
    LAST = "last"  # the value of the last row that has one


#: Folds of a dimension.
BY = frozenset({Fold.TOP, Fold.DISTINCT, Fold.FIRST, Fold.LAST})


@dataclass(frozen=True)
class Where:
    """A filter on one field of a row; a row on which the field is empty never passes.

    Attributes:
        field: a dimension: item, category, brand, price_band, hour, device_type, region, channel.
        values: words; an hour is one too.
        excluded: whether the words are those that do not pass.
    """

    field: str
    values: tuple[str, ...]
    excluded: bool = False

    @property
    def said(self) -> Message:
        """Which rows pass."""
        name = "where_not_in" if self.excluded else "where_in"
        return Message(name, field=DIMENSIONS[self.field], values=list(self.values))


@dataclass(frozen=True)
class Condition:
    """The rows of a person's history that a partial folds; also the evidence of its tags.

    Attributes:
        name: names its columns: ``<name>_rows``, ``<name>_first``, ``<name>_last``.
        events: names in the tracking plan; empty = any.
        window_days: the n local dates that end with the build's; None = all time.
        lines: whether every line of an event counts; else each event counts once.
        as_money: whether the window takes a refund by its order's date, as money does; else by its own.
        where: filters, all of which a row must pass.
    """

    name: str
    events: tuple[str, ...] = ()
    window_days: int | None = None
    lines: bool = False
    as_money: bool = False
    where: tuple[Where, ...] = ()

    @property
    def said(self) -> Message:
        """Which events they are."""
        named = (
            Message("any_event")
            if not self.events
            else Message("these_events", events=[title_of(event) for event in self.events])
        )
        if self.where:
            named = Message("events_where", events=named, where=[one.said for one in self.where])
        return Message("every_product", events=named) if self.lines else named

    @property
    def window(self) -> Message:
        """Over which time."""
        return Message("all_time") if self.window_days is None else Message("last_days", days=self.window_days)


@dataclass(frozen=True)
class Partial:
    """A mergeable value folded from the rows that a condition holds.

    Attributes:
        condition: the rows.
        fold: what is kept of them.
        by: for a fold of `BY`, the dimension: one of `DIMENSIONS`.
        half_life_days: for TOP, the age at which a row weighs half; None = all weigh the same.
        column: where it is kept, if an earlier version named it otherwise than by the rest.
    """

    condition: Condition
    fold: Fold
    by: str = ""
    half_life_days: float | None = None
    column: str = ""

    @property
    def name(self) -> str:
        """The column in which it is kept."""
        if self.column:
            return self.column
        fades = f"half_{self.half_life_days:g}d" if self.half_life_days else ""
        return "_".join(part for part in (self.condition.name, self.by, self.fold.value, fades) if part)

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns in which it is kept beside the evidence, which has the count."""
        if self.fold is Fold.COUNT:
            return ()
        return (self.name, f"{self.name}_share") if self.fold is Fold.TOP else (self.name,)

    @property
    def said(self) -> Message:
        """The value in words: what is kept of which rows in which window."""
        told = {"rows": self.condition.said, "window": self.condition.window}
        if self.fold in (Fold.FIRST_AT, Fold.LAST_AT):
            ever = Message("kept_first" if self.fold is Fold.FIRST_AT else "kept_last", rows=self.condition.said)
            return (
                ever if self.condition.window_days is None else Message("kept_within", what=ever, window=told["window"])
            )
        if self.fold is Fold.TOP and self.half_life_days is not None:
            return self._fading(told)
        if self.by:
            return Message(_FOLDS[self.fold], by=DIMENSIONS[self.by], **told)
        dated = self.fold is Fold.SUM and self.condition.as_money
        return Message("kept_money_dated" if dated else _FOLDS[self.fold], **told)

    def _fading(self, told: dict[str, Message]) -> Message:
        weights = [
            Message("weighs", event=title_of(name), weight=f"{WEIGHT.get(name, 1.0):g}")
            for name in self.condition.events
        ]
        days = f"{self.half_life_days:g}"
        return Message("kept_heaviest", by=DIMENSIONS[self.by], weights=weights, days=days, **told)


_FOLDS = {
    Fold.COUNT: "kept_count",
    Fold.SUM: "kept_money",
    Fold.DAYS: "kept_days",
    Fold.SESSIONS: "kept_sessions",
    Fold.TOP: "kept_top",
    Fold.EVENTS: "kept_events",
    Fold.DISTINCT: "kept_distinct",
    Fold.LARGEST: "kept_largest",
    Fold.SMALLEST: "kept_smallest",
    Fold.FIRST: "kept_first_value",
    Fold.LAST: "kept_last_value",
}
#: Titles of the dimensions.
DIMENSIONS = {
    "item": Message("by_item"),
    "category": Message("by_category"),
    "brand": Message("by_brand"),
    "price_band": Message("by_price_band"),
    "hour": Message("by_hour"),
    "day_part": Message("by_day_part"),
    "device_type": Message("by_device_type"),
    "region": Message("by_region"),
    "channel": Message("by_channel"),
}
#: Titles of the events of the tracking plan.
EVENTS = {
    events.PRODUCT_VIEWED: Message("event_product_viewed"),
    events.PRODUCTS_SEARCHED: Message("event_products_searched"),
    events.PRODUCT_FAVOURITED: Message("event_product_favourited"),
    events.PRODUCT_ADDED: Message("event_product_added"),
    events.ORDER_COMPLETED: Message("event_order_completed"),
    events.ORDER_REFUNDED: Message("event_order_refunded"),
    events.REVIEW_WRITTEN: Message("event_review_written"),
    events.POST_CREATED: Message("event_post_created"),
    events.POST_LIKED: Message("event_post_liked"),
    events.POST_COMMENTED: Message("event_post_commented"),
    events.POST_SHARED: Message("event_post_shared"),
    events.GROUP_BUY_OPENED: Message("event_group_buy_opened"),
    events.GROUP_BUY_JOINED: Message("event_group_buy_joined"),
    events.COUPON_USED: Message("event_coupon_used"),
    events.INVITE_SENT: Message("event_invite_sent"),
    events.CHECKOUT_STARTED: Message("event_checkout_started"),
    events.DEPOSIT_PAID: Message("event_deposit_paid"),
    events.PAYMENT_FAILED: Message("event_payment_failed"),
    events.ORDER_CANCELLED: Message("event_order_cancelled"),
    events.ORDER_DELIVERED: Message("event_order_delivered"),
    events.COUPON_GRANTED: Message("event_coupon_granted"),
    events.COUPON_CLAIMED: Message("event_coupon_claimed"),
    events.GROUP_BUY_OFFERED: Message("event_group_buy_offered"),
    events.GROUP_BUY_FILLED: Message("event_group_buy_filled"),
    events.GROUP_BUY_FAILED: Message("event_group_buy_failed"),
    events.INVITE_ACCEPTED: Message("event_invite_accepted"),
    events.REWARD_GRANTED: Message("event_reward_granted"),
    events.POST_VIEWED: Message("event_post_viewed"),
    events.USER_FOLLOWED: Message("event_user_followed"),
    events.CHAT_INVITED: Message("event_chat_invited"),
    events.CHAT_JOINED: Message("event_chat_joined"),
    events.CHAT_POSTED: Message("event_chat_posted"),
    events.CHAT_LEFT: Message("event_chat_left"),
    events.LIVE_JOINED: Message("event_live_joined"),
    events.LIVE_PRODUCT_CLICKED: Message("event_live_product_clicked"),
    events.LIVE_LEFT: Message("event_live_left"),
    events.SURVEY_ANSWERED: Message("event_survey_answered"),
    events.TICKET_CLOSED: Message("event_ticket_closed"),
    events.STOCK_REPORTED: Message("event_stock_reported"),
    events.SIGNED_IN: Message("event_signed_in"),
    events.SIGNED_OUT: Message("event_signed_out"),
    events.PROFILE_UPDATED: Message("event_profile_updated"),
    events.SERVICE_CONTACTED: Message("event_service_contacted"),
}


def title_of(event: str) -> Message | str:
    """What an event is called; one of the shop's own has its name alone."""
    return EVENTS.get(event, event)
