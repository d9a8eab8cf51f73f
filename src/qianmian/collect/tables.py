"""What collection leaves behind: events with their lines, nodes and links, goods, and facts of the shop's context."""

from __future__ import annotations

from qianmian.core.columns import BATCH, DAY, EVENT_ID, EVENT_KEY, NODE_ID, OCCURRED_AT, SOURCE
from qianmian.core.tables import Column, Erase, Home, Leave, Personal, Table, Type

EVENTS = Table(
    name="events",
    columns=(
        SOURCE,
        EVENT_ID,
        EVENT_KEY,
        DAY,
        OCCURRED_AT,
        Column("client_at", Type.INSTANT, "when it happened by the client's clock"),
        Column("sent_at", Type.INSTANT, "when the client sent it, by the client's clock"),
        Column("received_at", Type.INSTANT, "when we received it", nullable=False),
        Column("kind", Type.TEXT, "track, identify, page, screen, group or alias", nullable=False),
        Column("name", Type.TEXT, "name in the tracking plan, such as Product Viewed", nullable=False),
        NODE_ID,
        Column(
            "consent",
            Type.TEXT,
            "purposes agreed to on this event, comma-separated; none = to nothing; empty = not stated",
        ),
        Column("traffic", Type.TEXT, "why it may be no visit of a person: bot, headless, …; empty = nothing says so"),
        Column("item_id", Type.TEXT, "the one item that the event is about, if one"),
        Column("order_id", Type.TEXT, "the source's order number"),
        Column("refund_id", Type.TEXT, "the source's refund number"),
        Column("total", Type.MONEY, "money that the event declares: paid, or refunded"),
        Column("currency", Type.TEXT, "ISO 4217 code of total"),
        Column("channel", Type.TEXT, "where it happened: app, mini_program, web, store, a platform"),
        Column("device_type", Type.TEXT, "ios, android, desktop, tablet, pos"),
        Column("region", Type.TEXT, "region as the source states it"),
        Column("properties", Type.JSON, "all other properties as JSON text, masked", Personal.BEHAVIOUR),
        BATCH,
    ),
    key=("source", "event_id"),
    grain="one row an event, as it arrived; never rewritten by a merge",
    owner="collect",
    erase=Erase(Leave.DELETE, nodes=("node_id",), at="occurred_at"),
    partition_by=("day",),
    sort_by=("node_id", "occurred_at", "event_key"),
)

EVENT_LINES = Table(
    name="event_lines",
    columns=(
        SOURCE,
        EVENT_ID,
        EVENT_KEY,
        DAY,
        Column("line", Type.SMALL, "position of the product in the event, from 0", nullable=False),
        Column("item_id", Type.TEXT, "the source's number of the item (SKU)"),
        Column("quantity", Type.NUMBER, "pieces; negative in a return"),
        Column("unit_price", Type.MONEY, "price of one piece, in the event's currency"),
        Column("amount", Type.MONEY, "money of the line; never summed into an order's"),
        Column("coupon_id", Type.TEXT, "coupon used on the line"),
        BATCH,
    ),
    key=("source", "event_id", "line"),
    grain="one row a product of an event",
    owner="collect",
    erase=Erase(Leave.DELETE, through="events", on=("source", "event_id")),
    partition_by=("day",),
    sort_by=("event_key", "line"),
    released_by="events",
)

NODES = Table(
    name="nodes",
    columns=(
        NODE_ID,
        Column("namespace", Type.TEXT, "kind of identifier that the node stands for", nullable=False),
        BATCH,
    ),
    key=("node_id",),
    grain="one row an identifier ever seen, under its pseudonym",
    owner="collect",
    erase=Erase(Leave.DELETE, nodes=("node_id",)),
    sort_by=("node_id",),
    released_by="events",
)

LINKS = Table(
    name="links",
    columns=(
        Column("a", Type.ID, "the stronger node; the one signed in", Personal.PSEUDONYM, nullable=False),
        Column("b", Type.ID, "the weaker node; 0 in a sign-out", Personal.PSEUDONYM, nullable=False),
        Column("kind", Type.TEXT, "together, sign_in or sign_out", nullable=False),
        Column("rule", Type.TEXT, "the rule that saw it: same_event, sign_in, sign_out, order_number", nullable=False),
        SOURCE,
        EVENT_ID,
        Column("at", Type.INSTANT, "when it happened: the event's occurred_at", nullable=False),
        BATCH,
    ),
    key=("a", "b", "kind", "source", "event_id"),
    grain="one row a piece of evidence that two identifiers belong together, or cease to",
    owner="collect",
    erase=Erase(Leave.DELETE, nodes=("a", "b"), at="at"),
    sort_by=("a", "b", "at"),
    released_by="events",
)

_ITEM = (
    SOURCE,
    Column("item_id", Type.TEXT, "the source's number of the item (SKU)", nullable=False),
    Column("valid_from", Type.INSTANT, "since when this row holds", nullable=False),
    Column("title", Type.TEXT, "name of the item"),
    Column("category_id", Type.TEXT, "category in the source's words; a path has a slash between its parts"),
    Column("brand_id", Type.TEXT, "brand in the source's words"),
    Column("price", Type.MONEY, "list price"),
    Column("cost", Type.MONEY, "cost of one piece"),
    Column("stock", Type.INTEGER, "pieces in stock"),
    Column("spu_id", Type.TEXT, "the source's number of the model (SPU) that the item is a variant of"),
    Column("attributes", Type.JSON, "what sets the item apart, such as colour and size, as JSON text, masked"),
    Column("image_url", Type.TEXT, "web address of a picture of it, http or https"),
    Column("is_delisted", Type.FLAG, "it is not on sale"),
)

ITEMS = Table(
    name="items",
    columns=(*_ITEM, BATCH),
    key=("source", "item_id", "valid_from"),
    grain="one row an item and period of validity",
    owner="collect",
    erase=Erase(Leave.KEEP),
    sort_by=("source", "item_id", "valid_from"),
)

ITEM_CHANGES = Table(
    name="item_changes",
    columns=(
        *_ITEM,
        Column("change_id", Type.TEXT, "digest of what the row states: told twice, it is one change", nullable=False),
        BATCH,
    ),
    key=("source", "item_id", "valid_from", "change_id"),
    grain="one row a change of an item: what the row leaves empty stays as it was",
    owner="collect",
    erase=Erase(Leave.KEEP),
    sort_by=("source", "item_id", "valid_from", "change_id"),
    released_by="events",
)

CONTEXT = Table(
    name="context",
    columns=(
        SOURCE,
        Column("kind", Type.TEXT, "region, calendar or policy", nullable=False),
        Column("fact_id", Type.TEXT, "the source's name of the fact; unique within source and kind", nullable=False),
        Column("name", Type.TEXT, "what people call it, such as 国庆", nullable=False),
        Column("parent", Type.TEXT, "fact_id of what it is part of: of a city, its province"),
        Column("first_on", Type.DATE, "first local date on which it holds; empty = it always did"),
        Column("last_on", Type.DATE, "last local date on which it holds; empty = it still does"),
        Column("attributes", Type.JSON, "all else that the source says of it, as JSON text, masked"),
        BATCH,
    ),
    key=("source", "kind", "fact_id"),
    grain="one row a fact about the shop's world, as a batch tells it; of a key, the newest batch's stands",
    owner="collect",
    erase=Erase(Leave.KEEP),
    sort_by=("source", "kind", "fact_id"),
)

JOURNAL = Table(
    name="journal",
    columns=(
        Column("position", Type.INTEGER, "number of the entry in its file, from 1", nullable=False),
        Column(
            "reason", Type.TEXT, "why it was refused at the door; empty = its events are to be taken in", nullable=False
        ),
        Column("dialect", Type.TEXT, "protocol that it came by", nullable=False),
        SOURCE,
        Column("environment", Type.TEXT, "dev or prod", nullable=False),
        Column("received_at", Type.INSTANT, "when we received it", nullable=False),
        Column("count", Type.INTEGER, "events in it", nullable=False),
        Column("size", Type.INTEGER, "bytes of the body before it was compressed", nullable=False),
        Column(
            "body", Type.TEXT, "one event a line, or the raw text, compressed and encrypted", Personal.SEALED, False
        ),
    ),
    key=("position",),
    grain="one row a received request, as it came",
    owner="collect",
    erase=Erase(Leave.SHRED),
    retention_days=7,
    home=Home.JOURNAL,
)

TABLES = (EVENTS, EVENT_LINES, NODES, LINKS, ITEMS, ITEM_CHANGES, CONTEXT, JOURNAL)
