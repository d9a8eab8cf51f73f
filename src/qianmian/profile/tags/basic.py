"""The basic tags: those that totals, segments and the product's own screens rest on."""

from __future__ import annotations

from qianmian.core import events
from qianmian.core.tables import Type
from qianmian.profile.tags.declare import Kind, Tag
from qianmian.profile.tags.formulas import (
    AgainstMeans,
    DaysSince,
    Each,
    FirstMatch,
    Formula,
    Kept,
    Money,
    OnDate,
    Quintile,
    Test,
    WholeMoney,
)
from qianmian.profile.tags.partial import Condition, Fold, Partial

WINDOWS = (7, 30, 90)
#: A taste fades by half in a month: long enough for a monthly buyer, short enough for a season.
TASTE_HALF_LIFE_DAYS = 30.0

_SOCIAL = (events.POST_CREATED, events.POST_LIKED, events.POST_COMMENTED, events.POST_SHARED)
_GROUP_BUY = (events.GROUP_BUY_OPENED, events.GROUP_BUY_JOINED)
_TASTE = (events.PRODUCT_VIEWED, events.PRODUCT_FAVOURITED, events.PRODUCT_ADDED, events.ORDER_COMPLETED)

ANYTHING = Condition("any")
ORDERED = Condition("order", (events.ORDER_COMPLETED,))
MONEY = Condition("money", (events.ORDER_COMPLETED, events.ORDER_REFUNDED))
TASTE = Condition("taste", _TASTE, lines=True)

LIFECYCLE_STAGES = ("loyal", "new", "active", "at_risk", "lost", "potential")
RFM_SEGMENTS = (
    "important_value",
    "important_develop",
    "important_keep",
    "important_retain",
    "general_value",
    "general_develop",
    "general_keep",
    "general_retain",
)


def _count(name: str, what: tuple[str, ...], days: int, zh: str, en: str) -> Tag:
    """How often something was done in a window."""
    partial = Partial(Condition(f"{name}_{days}d", what, days), Fold.COUNT)
    titles = f"近 {days} 天{zh}", f"{en} in {days} days"
    return Tag(f"{name}_{days}d", Kind.STATISTIC, Type.INTEGER, *titles, (partial,), Kept(partial))


def _net(days: int) -> Tag:
    """Money of a window after refunds, each refund on its order's date."""
    partial = Partial(Condition(f"money_{days}d", MONEY.events, days, as_money=True), Fold.SUM)
    titles = f"近 {days} 天净消费", f"Net revenue in {days} days"
    return Tag(f"net_{days}d", Kind.STATISTIC, Type.MONEY, *titles, (partial,), Money(partial))


def _active_days(days: int) -> Tag:
    """Dates on which the person did anything."""
    partial = Partial(Condition(f"any_{days}d", (), days), Fold.DAYS)
    titles = f"近 {days} 天活跃天数", f"Active days in {days} days"
    return Tag(f"active_days_{days}d", Kind.STATISTIC, Type.INTEGER, *titles, (partial,), Kept(partial))


def _preference(by: str, zh: str, en: str) -> Tag:
    """What the person leans to, by decayed weight of looks, favourites, carts and orders."""
    partial = Partial(TASTE, Fold.TOP, by, TASTE_HALF_LIFE_DAYS, f"taste_{by}_top")
    confidence = f"{partial.name}_share"
    return Tag(f"preferred_{by}", Kind.PREFERENCE, Type.TEXT, zh, en, (partial,), Kept(partial), confidence)


def _habit(name: str, by: str, zh: str, en: str, value: Type = Type.TEXT) -> Tag:
    """The commonest value among what the person did in 90 days."""
    partial = Partial(Condition("any_90d", (), 90), Fold.TOP, by)
    return Tag(name, Kind.PREFERENCE, value, zh, en, (partial,), Kept(partial), f"{partial.name}_share")


_FIRST_SEEN = Partial(ANYTHING, Fold.FIRST_AT)
_LAST_SEEN = Partial(ANYTHING, Fold.LAST_AT)
_ORDERS = Partial(ORDERED, Fold.COUNT)
_FIRST_ORDER = Partial(ORDERED, Fold.FIRST_AT)
_LAST_ORDER = Partial(ORDERED, Fold.LAST_AT)
_ORDERS_90 = Partial(Condition("orders_90d", ORDERED.events, 90), Fold.COUNT)
_NET = Partial(MONEY, Fold.SUM)
_SESSIONS = Partial(Condition("any_30d", (), 30), Fold.SESSIONS)

_RECENCY = DaysSince(_LAST_ORDER)
_STAGE = FirstMatch(
    (
        ("loyal", (Test(Kept(_ORDERS_90), ">=", 3),)),
        ("new", (Test(Kept(_ORDERS), "=", 1), Test(_RECENCY, "<", 30))),
        ("active", (Test(_RECENCY, "<", 30),)),
        ("at_risk", (Test(_RECENCY, "<", 60),)),
        ("lost", (Test(Kept(_ORDERS), ">", 0),)),
    ),
    otherwise="potential",
)


def _score(letter: str, zh: str, en: str, need: Partial, of: Formula, *, falling: bool = False) -> Tag:
    """Quintile among buyers; equal values get equal scores."""
    formula = Quintile(letter, of, _ORDERS, falling)
    return Tag(f"{letter}_score", Kind.RFM, Type.INTEGER, zh, en, (need, _ORDERS), formula)


BASIC: tuple[Tag, ...] = (
    Tag("first_seen_at", Kind.FIRST_LAST, Type.INSTANT, "首次出现", "First seen", (_FIRST_SEEN,), Kept(_FIRST_SEEN)),
    Tag("last_seen_at", Kind.FIRST_LAST, Type.INSTANT, "最近出现", "Last seen", (_LAST_SEEN,), Kept(_LAST_SEEN)),
    *(_active_days(days) for days in WINDOWS),
    Tag(
        "sessions_30d",
        Kind.STATISTIC,
        Type.INTEGER,
        "近 30 天会话数",
        "Sessions in 30 days",
        (_SESSIONS,),
        Kept(_SESSIONS),
    ),
    *(_count("views", (events.PRODUCT_VIEWED,), days, "浏览商品次数", "Product views") for days in WINDOWS),
    _count("searches", (events.PRODUCTS_SEARCHED,), 30, "搜索次数", "Searches"),
    _count("favourites", (events.PRODUCT_FAVOURITED,), 30, "收藏次数", "Favourites"),
    _count("carts", (events.PRODUCT_ADDED,), 30, "加购次数", "Cart additions"),
    *(_count("orders", ORDERED.events, days, "订单数", "Orders") for days in WINDOWS),
    Tag("orders_total", Kind.STATISTIC, Type.INTEGER, "累计订单数", "Orders", (_ORDERS,), Kept(_ORDERS)),
    *(_net(days) for days in WINDOWS),
    Tag("net_revenue", Kind.STATISTIC, Type.MONEY, "累计净消费", "Net revenue", (_NET,), Money(_NET)),
    Tag(
        "average_order",
        Kind.STATISTIC,
        Type.MONEY,
        "客单价(净)",
        "Net revenue per order",
        (_NET, _ORDERS),
        Each(_NET, _ORDERS),
    ),
    Tag("first_order_on", Kind.FIRST_LAST, Type.DATE, "首单日期", "First order", (_FIRST_ORDER,), OnDate(_FIRST_ORDER)),
    Tag("last_order_on", Kind.FIRST_LAST, Type.DATE, "最近下单日期", "Last order", (_LAST_ORDER,), OnDate(_LAST_ORDER)),
    Tag(
        "recency_days",
        Kind.RULE,
        Type.INTEGER,
        "距上次下单天数",
        "Days since the last order",
        (_LAST_ORDER,),
        _RECENCY,
    ),
    _count("refunds", (events.ORDER_REFUNDED,), 90, "退款次数", "Refunds"),
    _count("reviews", (events.REVIEW_WRITTEN,), 90, "评价次数", "Reviews"),
    _count("social", _SOCIAL, 30, "社交互动次数", "Social interactions"),
    _count("group_buys", _GROUP_BUY, 90, "拼团次数", "Group buys"),
    _count("coupons_used", (events.COUPON_USED,), 90, "用券次数", "Coupons used"),
    _count("invites", (events.INVITE_SENT,), 90, "邀请次数", "Invitations sent"),
    _count("service_contacts", (events.SERVICE_CONTACTED,), 90, "联系客服次数", "Service contacts"),
    _preference("category", "偏好品类", "Preferred category"),
    _preference("brand", "偏好品牌", "Preferred brand"),
    _preference("price_band", "偏好价格带", "Preferred price band"),
    _habit("active_hour", "hour", "活跃时段(时)", "Most active hour", Type.INTEGER),
    _habit("region", "region", "常驻地区", "Home region"),
    _habit("device_type", "device_type", "常用设备", "Usual device"),
    _habit("channel", "channel", "常用渠道", "Usual channel"),
    Tag(
        "lifecycle",
        Kind.LIFECYCLE,
        Type.TEXT,
        "生命周期阶段",
        "Lifecycle stage",
        (_ORDERS, _ORDERS_90, _LAST_ORDER),
        _STAGE,
        values=LIFECYCLE_STAGES,
    ),
    _score("r", "R 分", "Recency score", _LAST_ORDER, _RECENCY, falling=True),
    _score("f", "F 分", "Frequency score", _ORDERS, Kept(_ORDERS)),
    _score("m", "M 分", "Monetary score", _NET, WholeMoney(_NET)),
    Tag(
        "rfm",
        Kind.RFM,
        Type.TEXT,
        "RFM 分群",
        "RFM segment",
        (_LAST_ORDER, _ORDERS, _NET),
        AgainstMeans(_LAST_ORDER, _ORDERS, _NET),
        values=RFM_SEGMENTS,
    ),
)
