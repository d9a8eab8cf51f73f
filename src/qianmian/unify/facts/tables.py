"""What facts leave behind: the statements of sources, and the traits that follow from them."""

from __future__ import annotations

from qianmian.core.columns import EVENT_KEY, NODE_ID, OCCURRED_AT, PERSON_ID, SOURCE
from qianmian.core.tables import Column, Erase, Leave, Personal, Table, Type

_TRAIT = Column("trait", Type.TEXT, "which trait, by the fact rules", nullable=False)

STATEMENTS = Table(
    name="statements",
    columns=(
        NODE_ID,
        SOURCE,
        EVENT_KEY,
        OCCURRED_AT,
        _TRAIT,
        Column(
            "value",
            Type.TEXT,
            "what is stated, in one spelling; empty = it is no value of the trait, and does not count",
            Personal.BEHAVIOUR,
        ),
        Column("build", Type.INTEGER, "number of the build that read the event", nullable=False),
    ),
    key=("event_key", "trait"),
    grain="one row an event and trait of which it states something",
    owner="unify",
    erase=Erase(Leave.REBUILD, nodes=("node_id",), at="occurred_at"),
    sort_by=("node_id", "occurred_at", "event_key", "trait"),
    released_by="partials",
)

TRAITS = Table(
    name="traits",
    columns=(
        PERSON_ID,
        _TRAIT,
        Column("value", Type.TEXT, "what holds, by the sources' votes", Personal.BEHAVIOUR),
        Column("confidence", Type.NUMBER, "how likely the value is right, from 0 to 1"),
        Column("stated_at", Type.INSTANT, "when a source last stated it", Personal.BEHAVIOUR),
        Column("speaking", Type.SMALL, "sources that state a value of the trait"),
        Column("supporting", Type.SMALL, "of them, those that state this one"),
        Column("runner_up", Type.TEXT, "the next likely value that is stated; empty = none", Personal.BEHAVIOUR),
        Column("is_disputed", Type.FLAG, "whether the runner-up is likely enough to be looked at"),
    ),
    key=("person_id", "trait"),
    grain="one row a person and trait of which a source states a value",
    owner="unify",
    erase=Erase(Leave.REBUILD, nodes=("person_id",)),
    sort_by=("person_id", "trait"),
    layered_by=("person_id",),
    released_by="partials",
)

TABLES = (STATEMENTS, TRAITS)
