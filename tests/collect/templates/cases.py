"""What each template must bring out of its export: the world's own events, as far as the shape can carry them."""

from __future__ import annotations

from dataclasses import dataclass

#: Fields of an event that a shape carries, as SQL over `events`.
ORDER = ("name", "order_id", "channel")
REFUND = ("name", "order_id", "refund_id", "total", "currency", "properties ->> 'reason'")
REVIEW = ("name", "order_id", "item_id", "properties ->> 'stars'", "properties ->> 'text'")
COMMENT = ("name", "event_id", "properties ->> 'post_id'", "properties ->> 'text'")
POST = ("name", "properties ->> 'post_id'", "properties ->> 'text'")
LIVE = ("name", "event_id", "properties ->> 'room_id'")
FOLLOW = ("name",)
#: Order lines.
LINES = ("order_id", "item_id", "quantity", "amount")
PRICED = (*LINES, "unit_price")

_POSTS = "(regexp_extract(properties ->> 'post_id', '[0-9]{4}$'))::INTEGER % 5"
_ROOMS = "(regexp_extract(properties ->> 'room_id', '[0-9]{4}$'))::INTEGER % 2"


@dataclass(frozen=True)
class Case:
    """One template.

    Attributes:
        template: its path below the folder of templates, without the ending.
        file: the export's path.
        where: SQL that picks the world's own events.
        fields: what the shape carries beside the time.
        precision: of the shape's times.
        lines: what it carries of order lines; empty = it has none.
    """

    template: str
    file: str
    where: str
    fields: tuple[str, ...]
    precision: str = "second"
    lines: tuple[str, ...] = ()


def of_orders(name: str, channel: str) -> str:
    """Events of a name that belong to the orders of a channel."""
    return (
        f"name = '{name}' AND order_id IN "
        f"(SELECT order_id FROM events WHERE name = 'Order Completed' AND channel = '{channel}')"
    )


def shop(platform: str, orders: str, refunds: str, reviews: str, lines: tuple[str, ...]) -> tuple[Case, ...]:
    """The three exports of a marketplace."""
    completed = f"name = 'Order Completed' AND channel = '{platform}'"
    minute = "minute" if platform == "jd" else "second"
    return (
        Case(f"{platform}/order_lines", f"{platform}/{orders}", completed, ORDER, lines=lines),
        Case(f"{platform}/refunds", f"{platform}/{refunds}", of_orders("Order Refunded", platform), REFUND),
        Case(f"{platform}/reviews", f"{platform}/{reviews}", of_orders("Review Written", platform), REVIEW, minute),
    )


def social(template: str, file: str, name: str, place: int, fields: tuple[str, ...]) -> Case:
    """Posts, or the talk about posts, of a social platform."""
    return Case(template, file, f"name = '{name}' AND {_POSTS} = {place}", fields)


CASES = (
    *shop("taobao", "ExportOrderDetailList.csv", "退款.csv", "评价.csv", PRICED),
    *shop("jd", "订单.csv", "售后.csv", "评价.csv", PRICED),
    *shop("pinduoduo", "orders_export.csv", "aftersales_export.csv", "reviews_export.csv", LINES),
    social("weibo/posts", "weibo/statuses.json", "Post Created", 0, POST),
    social("weibo/comments", "weibo/comments.json", "Post Commented", 0, COMMENT),
    social("weibo/reposts", "weibo/reposts.json", "Post Shared", 0, ("name", "event_id", "properties ->> 'post_id'")),
    social("xiaohongshu/notes", "xiaohongshu/笔记.xlsx", "Post Created", 1, POST),
    social("xiaohongshu/comments", "xiaohongshu/评论.csv", "Post Commented", 1, COMMENT),
    social("douyin/comments", "douyin/comments.json", "Post Commented", 2, COMMENT),
    Case(
        "douyin/live_visits", "douyin/live_visits.json", f"name = 'Live Joined' AND {_ROOMS} = 0", LIVE, "millisecond"
    ),
    social("kuaishou/comments", "kuaishou/comments.csv", "Post Commented", 3, COMMENT),
    Case("kuaishou/live_visits", "kuaishou/live_visits.csv", f"name = 'Live Joined' AND {_ROOMS} = 1", LIVE),
    social("wechat/comments", "wechat/comments.json", "Post Commented", 4, COMMENT),
    Case(
        "wecom/group_members",
        "wecom/group_members.json",
        "name = 'Invite Accepted' AND node_id IN (SELECT node_id FROM nodes WHERE namespace = 'user_id') "
        "AND event_id IN (SELECT event_id FROM with_union_id)",
        ("name", "properties ->> 'invite_code'"),
    ),
    Case(
        "crm/store_order_lines",
        "crm/门店订单.xlsx",
        "name = 'Order Completed' AND channel = 'store'",
        (*ORDER, "device_type", "region"),
        lines=PRICED,
    ),
    Case("crm/store_refunds", "crm/门店退款.csv", of_orders("Order Refunded", "store"), REFUND),
)
