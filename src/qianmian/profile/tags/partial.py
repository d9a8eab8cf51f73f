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


@dataclass(frozen=True)
class Condition:
    """The rows of a person's history that a partial folds; also the evidence of its tags.

    Attributes:
        name: names its columns: ``<name>_rows``, ``<name>_first``, ``<name>_last``.
        events: names in the tracking plan; empty = any.
        window_days: the n local dates that end with the build's; None = all time.
        lines: whether every line of an event counts; else each event counts once.
        as_money: whether the window takes a refund by its order's date, as money does; else by its own.
    """

    name: str
    events: tuple[str, ...] = ()
    window_days: int | None = None
    lines: bool = False
    as_money: bool = False

    @property
    def said(self) -> Message:
        """Which events they are."""
        named = (
            Message("any_event")
            if not self.events
            else Message("these_events", events=[EVENTS[e] for e in self.events])
        )
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
        by: for TOP, the dimension: category, brand, price_band, hour, device_type, region, channel.
        half_life_days: for TOP, the age at which a row weighs half; None = all weigh the same.
    """

    condition: Condition
    fold: Fold
    by: str = ""
    half_life_days: float | None = None

    @property
    def name(self) -> str:
        """The column in which it is kept."""
        return "_".join(part for part in (self.condition.name, self.by, self.fold.value) if part)

    @property
    def said(self) -> Message:
        """The value in words: what is kept of which rows in which window."""
        told = {"rows": self.condition.said, "window": self.condition.window}
        if self.fold in (Fold.FIRST_AT, Fold.LAST_AT):
            ever = Message("kept_first" if self.fold is Fold.FIRST_AT else "kept_last", rows=self.condition.said)
            return (
                ever if self.condition.window_days is None else Message("kept_within", what=ever, window=told["window"])
            )
        if self.fold is not Fold.TOP:
            dated = self.fold is Fold.SUM and self.condition.as_money
            return Message("kept_money_dated" if dated else _FOLDS[self.fold], **told)
        if self.half_life_days is None:
            return Message("kept_top", by=_DIMENSIONS[self.by], **told)
        weights = [Message("weighs", event=EVENTS[name], weight=f"{WEIGHT[name]:g}") for name in self.condition.events]
        days = f"{self.half_life_days:g}"
        return Message("kept_heaviest", by=_DIMENSIONS[self.by], weights=weights, days=days, **told)


_FOLDS = {
    Fold.COUNT: "kept_count",
    Fold.SUM: "kept_money",
    Fold.DAYS: "kept_days",
    Fold.SESSIONS: "kept_sessions",
}
_DIMENSIONS = {
    "category": Message("by_category"),
    "brand": Message("by_brand"),
    "price_band": Message("by_price_band"),
    "hour": Message("by_hour"),
    "device_type": Message("by_device_type"),
    "region": Message("by_region"),
    "channel": Message("by_channel"),
}
#: Titles of the events that tags count.
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
    events.SERVICE_CONTACTED: Message("event_service_contacted"),
}
