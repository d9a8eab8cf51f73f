"""What unification leaves behind: who is who, what moved, orders with their refunds, and how good the data are."""

from __future__ import annotations

from qianmian.core.columns import BATCH, EVENT_ID, EVENT_KEY, NODE_ID, OCCURRED_AT, PERSON_ID, SINCE, SOURCE, VERSION
from qianmian.core.tables import Column, Erase, Leave, Personal, Table, Type

PERSONS = Table(
    name="persons",
    columns=(
        NODE_ID,
        SINCE,
        Column("until", Type.INSTANT, "instant from which the next interval holds; empty = open"),
        PERSON_ID,
        VERSION,
    ),
    key=("node_id", "since"),
    grain="one row a node and interval: whose it is in that time; version = when we last changed our mind",
    owner="unify",
    erase=Erase(Leave.REBUILD, nodes=("node_id",)),
    sort_by=("node_id", "since"),
    layered_by=("node_id",),
    released_by="partials",
)

MOVED = Table(
    name="moved",
    columns=(
        VERSION,
        NODE_ID,
        SINCE,
        Column("old", Type.ID, "person_id before", Personal.PSEUDONYM, nullable=False),
        Column("new", Type.ID, "person_id since this version; 0 = gone", Personal.PSEUDONYM, nullable=False),
    ),
    key=("version", "node_id", "since"),
    grain="one row a node and interval whose person changed in a version",
    owner="unify",
    erase=Erase(Leave.DELETE, nodes=("node_id", "old", "new")),
    sort_by=("version", "node_id", "since"),
    released_by="partials",
)

ORDERS = Table(
    name="orders",
    columns=(
        SOURCE,
        Column("order_id", Type.TEXT, "the source's order number", nullable=False),
        EVENT_KEY,
        NODE_ID,
        Column("order_node", Type.ID, "node of the order number", Personal.PSEUDONYM, nullable=False),
        PERSON_ID,
        OCCURRED_AT,
        Column("ordered_on", Type.DATE, "local date of the payment event", nullable=False),
        Column("paid", Type.MONEY, "declared total, else the sum of the lines", nullable=False),
        Column("lines_total", Type.MONEY, "sum of the lines; where it differs from paid the plan is violated"),
        Column("refunded", Type.MONEY, "refunds that occurred up to the build's instant", nullable=False),
        Column("net", Type.MONEY, "paid − refunded", nullable=False),
        Column("currency", Type.TEXT, "ISO 4217 code of its money here"),
        Column("paid_in", Type.TEXT, "currency in which it was paid, if a rate converted it"),
        Column("rate", Type.NUMBER, "by which it was converted: that of ordered_on; empty = it was not"),
        BATCH,
    ),
    key=("source", "order_id"),
    grain="one row an order that was paid; the first payment event stands",
    owner="unify",
    erase=Erase(Leave.REBUILD, nodes=("node_id", "order_node"), at="occurred_at"),
    sort_by=("source", "order_id"),
    layered_by=("source", "order_id"),
    released_by="partials",
)

REFUNDS = Table(
    name="refunds",
    columns=(
        SOURCE,
        Column("refund_id", Type.TEXT, "the source's refund number; the event_id if it has none", nullable=False),
        Column("order_id", Type.TEXT, "the order that it names; empty if none"),
        EVENT_KEY,
        NODE_ID,
        OCCURRED_AT,
        Column("stated", Type.MONEY, "money given back as it was told, positive", nullable=False),
        Column("currency", Type.TEXT, "ISO 4217 code of it"),
        Column("amount", Type.MONEY, "the same in the currency of its order here", nullable=False),
        Column("matched", Type.FLAG, "whether the order is known; else it is an unmatched_refund", nullable=False),
        BATCH,
    ),
    key=("source", "refund_id"),
    grain="one row a refund; the first event stands",
    owner="unify",
    erase=Erase(Leave.REBUILD, nodes=("node_id",), at="occurred_at"),
    sort_by=("source", "refund_id"),
    layered_by=("source", "refund_id"),
    released_by="partials",
)

QUALITY = Table(
    name="quality",
    columns=(
        SOURCE,
        Column("event", Type.TEXT, "name of the event; empty = all events that have the field", nullable=False),
        Column("field", Type.TEXT, "column of events, lines.… of their lines, or properties.…", nullable=False),
        Column("happened_on", Type.DATE, "local date on which the events happened", nullable=False),
        Column("events", Type.INTEGER, "events of that day; of a field of lines, lines", nullable=False),
        Column("filled", Type.INTEGER, "of them, those that have the field", nullable=False),
        Column("invalid", Type.INTEGER, "those whose value cannot be", nullable=False),
        Column("repeated", Type.INTEGER, "those whose order or refund was told before", nullable=False),
        Column("late", Type.INTEGER, "those that were received late; of received_at only", nullable=False),
        Column(
            "psi", Type.NUMBER, "population stability index of 7 days beside the 28 before; empty = none to compare"
        ),
        Column("psi_noise", Type.NUMBER, "what it stays below in 999 of 1,000 cases if nothing changed"),
        Column(
            "bins", Type.JSON, "class → how many of the day; a word that fewer than 5 events have is among the rest"
        ),
    ),
    key=("source", "event", "field", "happened_on"),
    grain="one row a field of the events of a source on a day, by event and over all",
    owner="unify",
    erase=Erase(Leave.KEEP),
    sort_by=("source", "field", "event", "happened_on"),
)

FLAGS = Table(
    name="flags",
    columns=(
        SOURCE,
        EVENT_ID,
        EVENT_KEY,
        NODE_ID,
        OCCURRED_AT,
        Column("name", Type.TEXT, "name of the event", nullable=False),
        Column(
            "rule",
            Type.TEXT,
            "impossible, twin, pace, copied_text, outlier, refund_above_paid, delivered_before_paid, no_rate, odd, "
            "brushed",
            nullable=False,
        ),
        Column("field", Type.TEXT, "of which the rule speaks, or the sign; empty = of the whole event", nullable=False),
        Column("value", Type.TEXT, "what it holds, a number; empty = nothing to tell"),
        Column("like_event", Type.TEXT, "event_id of the event that it tells again, is against, or came with"),
    ),
    key=("event_key", "rule", "field"),
    grain="one row an event and rule by which it is not what it seems; the event itself stays",
    owner="unify",
    erase=Erase(Leave.DELETE, nodes=("node_id",), at="occurred_at"),
    sort_by=("rule", "occurred_at", "event_key", "field"),
    released_by="quality",
)

LEFT_OUT = Table(
    name="left_out",
    columns=(
        EVENT_KEY,
        NODE_ID,
        OCCURRED_AT,
        Column("name", Type.TEXT, "name of the event", nullable=False),
        Column("reason", Type.TEXT, "why: a rule of flags, traffic, or traffic.… with its reason", nullable=False),
    ),
    key=("event_key",),
    grain="one row an event that the last build did not count, because it is flagged",
    owner="unify",
    erase=Erase(Leave.REBUILD, nodes=("node_id",), at="occurred_at"),
    sort_by=("event_key",),
    released_by="partials",
)

WORD_COUNTS = Table(
    name="word_counts",
    columns=(
        Column("field", Type.TEXT, "region, channel, device_type, category, brand or properties.…", nullable=False),
        SOURCE,
        Column(
            "rule",
            Type.TEXT,
            "text, categories, words.… or units.… with its place; empty = no rule knows it",
            nullable=False,
        ),
        Column("is_known", Type.FLAG, "whether a vocabulary, the tree of categories or units know it", nullable=False),
        Column("changed", Type.FLAG, "whether it is read otherwise than it came", nullable=False),
        Column("raw", Type.TEXT, "the word as it came; empty = all that fewer than 5 have, together", nullable=False),
        Column("word", Type.TEXT, "what it is read as; empty = those together", nullable=False),
        Column("distinct_words", Type.INTEGER, "how many different words", nullable=False),
        Column("events", Type.INTEGER, "how many events have them; of a category or brand, items", nullable=False),
    ),
    key=("field", "source", "rule", "is_known", "changed", "raw"),
    grain="one row a word of a source, as of the last check; rare ones are one row a rule",
    owner="unify",
    erase=Erase(Leave.KEEP),
    sort_by=("field", "source", "rule", "is_known", "changed", "raw"),
    released_by="quality",
)

FILLS = Table(
    name="fills",
    columns=(
        SOURCE,
        EVENT_ID,
        EVENT_KEY,
        NODE_ID,
        OCCURRED_AT,
        Column("name", Type.TEXT, "name of the event", nullable=False),
        Column("place", Type.INTEGER, "which fill of the rules, from 0", nullable=False),
        Column("field", Type.TEXT, "what the event lacks", nullable=False),
        Column("method", Type.TEXT, "constant, mean, median, mode, forward, backward or model", nullable=False),
        Column("value", Type.TEXT, "what it may have been, a word or a number", Personal.BEHAVIOUR, nullable=False),
        Column(
            "known", Type.INTEGER, "known values behind it: of the group, the person, or the sample", nullable=False
        ),
        Column("doubt", Type.NUMBER, "of a word the chance that it is another; of a number the group's deviation"),
    ),
    key=("event_key", "place"),
    grain="one row a missing value that was filled, as of the last check; that it is here says that the event lacks it",
    owner="unify",
    erase=Erase(Leave.DELETE, nodes=("node_id",), at="occurred_at"),
    sort_by=("place", "occurred_at", "event_key"),
    released_by="quality",
)

TABLES = (PERSONS, MOVED, ORDERS, REFUNDS, QUALITY, FLAGS, LEFT_OUT, WORD_COUNTS, FILLS)
