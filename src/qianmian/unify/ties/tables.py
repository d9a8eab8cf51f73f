"""What ties leave behind: interactions, and the ties that follow from them."""

from __future__ import annotations

from qianmian.core.columns import EVENT_KEY, NODE_ID, OCCURRED_AT, PERSON_ID
from qianmian.core.tables import Column, Erase, Leave, Personal, Table, Type

#: What an event has to do with the object that it names.
MENTION, ACTOR, OWNER, MEMBER = "mention", "actor", "owner", "member"
#: Where a tie leads, seen from its person; what ties both alike has no direction.
OUT, IN, BOTH = "out", "in", "both"

INTERACTIONS = Table(
    name="interactions",
    columns=(
        Column(
            "object",
            Type.ID,
            "what is named: a hash of the property and its value, or the node of a person or a device",
            Personal.PSEUDONYM,
            nullable=False,
        ),
        Column("kind", Type.TEXT, "kind of tie; empty = of whoever acts on the object", nullable=False),
        Column("role", Type.TEXT, "mention, actor, owner or member", nullable=False),
        NODE_ID,
        OCCURRED_AT,
        EVENT_KEY,
        Column("build", Type.INTEGER, "number of the build that read the event", nullable=False),
    ),
    key=("object", "kind", "role", "event_key"),
    grain="one row an event and what it names, as far as somebody else may stand behind it",
    owner="unify",
    erase=Erase(Leave.REBUILD, nodes=("node_id",), at="occurred_at"),
    sort_by=("object", "occurred_at", "event_key"),
    released_by="partials",
)

TIES = Table(
    name="ties",
    columns=(
        PERSON_ID,
        Column("other_id", Type.ID, "person_id of the other", Personal.PSEUDONYM, nullable=False),
        Column(
            "kind",
            Type.TEXT,
            "follow, like, comment, share, invite, group_buy, chat, gift or household",
            nullable=False,
        ),
        Column("direction", Type.TEXT, "out = person_id acted, in = the other did, both = both alike", nullable=False),
        Column(
            "weight", Type.NUMBER, "events, each halved for each half-life from it to reference_at; later ones doubled"
        ),
        Column("reference_at", Type.INSTANT, "when weight holds; it fades from there"),
        Column("count", Type.INTEGER, "events"),
        Column("first_at", Type.INSTANT, "when the first happened", Personal.BEHAVIOUR),
        Column("last_at", Type.INSTANT, "when the last happened", Personal.BEHAVIOUR),
        Column("first_event", Type.ID, "evidence: event_key of the first"),
        Column("last_event", Type.ID, "evidence: event_key of the last"),
    ),
    key=("person_id", "other_id", "kind", "direction"),
    grain="one row a tie under each of its two people",
    owner="unify",
    erase=Erase(Leave.REBUILD, nodes=("person_id", "other_id")),
    sort_by=("person_id", "other_id", "kind", "direction"),
    layered_by=("person_id", "other_id"),
    released_by="partials",
)

TABLES = (INTERACTIONS, TIES)
