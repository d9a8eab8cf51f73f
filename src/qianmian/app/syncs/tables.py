"""What the catalogue keeps about syncs: what they are, what a receiver holds, and what is on its way."""

from __future__ import annotations

from qianmian.core.tables import Column, Erase, Home, Leave, Personal, Table, Type

_SYNC = Column("sync", Type.ID, "number of the sync", nullable=False)
_KEY = Column("person_key", Type.ID, "the receiver's key of an identifier, from randomness of the sync", nullable=False)
_NODE = Column("node_id", Type.ID, "pseudonym of the identifier", Personal.PSEUDONYM, nullable=False)
_VALUE = Column("tag_values", Type.JSON, "values of tags that go along, by name", Personal.BEHAVIOUR)

SYNCS = Table(
    name="syncs",
    columns=(
        Column("sync", Type.ID, "number of the sync; grows", nullable=False),
        Column("name", Type.TEXT, "what its owner calls it, typed-in personal data masked", nullable=False),
        Column("audience", Type.ID, "audience whose people are told; empty = everybody of whom its tags say something"),
        Column("tags", Type.JSON, "names of tags whose values go along", nullable=False),
        Column("way", Type.TEXT, "webhook or database", nullable=False),
        Column("sink", Type.TEXT, "name of the receiver or of the database", nullable=False),
        Column("relation", Type.TEXT, "table of the database; empty for a webhook", nullable=False),
        Column("namespace", Type.TEXT, "kind of identifier under which people are told", nullable=False),
        Column("purpose", Type.TEXT, "what for; a registered purpose", nullable=False),
        Column("causes", Type.JSON, "causes of entry that count; none = all", nullable=False),
        Column("since_build", Type.INTEGER, "entries after this build are told; 0 = whoever is in it", nullable=False),
        Column("daily_at", Type.SMALL, "local hour from which it runs once a day; empty = after each build"),
        Column("chance", Type.ID, "63 bits of randomness of its own, from which keys are made", nullable=False),
        Column("created_by", Type.TEXT, "account that made it; empty = the command line or the workspace's token"),
        Column("created_at", Type.INSTANT, "when it was made", nullable=False),
        Column("decided_by", Type.TEXT, "account that approved or refused it; empty = as created_by, or nobody yet"),
        Column("decided_at", Type.INSTANT, "when that was; empty = nobody did"),
        Column("is_approved", Type.FLAG, "whether it was approved; empty = nobody said"),
        Column("paused_at", Type.INSTANT, "since when it does not run by itself; empty = it does"),
        Column("ended_at", Type.INSTANT, "when it was ended, so that its people are taken back; empty = it stands"),
        Column("build", Type.INTEGER, "the build that the receiver was told wholly last; empty = none"),
        Column("delivered_at", Type.INSTANT, "when that was"),
        Column("tried_at", Type.INSTANT, "when it last began; empty = never"),
        Column("reason", Type.TEXT, "why it failed then, as a message; empty = it did not"),
        Column("is_stopped", Type.FLAG, "whether it tries no more by itself, since the same would fail again"),
    ),
    key=("sync",),
    grain="one row a sync; it is deleted when its receiver holds nobody any more",
    owner="app",
    erase=Erase(Leave.KEEP),
    home=Home.CATALOGUE,
)

SYNC_DELIVERIES = Table(
    name="sync_deliveries",
    columns=(
        _SYNC,
        Column("delivery", Type.INTEGER, "number of the delivery within the sync; grows", nullable=False),
        Column("build", Type.INTEGER, "the build that it tells", nullable=False),
        Column("computed_at", Type.INSTANT, "the build's instant", nullable=False),
        Column("pieces", Type.INTEGER, "pieces in which it leaves", nullable=False),
        Column("done", Type.INTEGER, "of them, that the receiver has; they leave in order", nullable=False),
        Column("entered_people", Type.INTEGER, "people who entered, as the receiver was told", nullable=False),
        Column("changed_people", Type.INTEGER, "people whose values changed, as it was told", nullable=False),
        Column("left_people", Type.INTEGER, "people whom it was told to remove", nullable=False),
        Column("started_at", Type.INSTANT, "when it was laid ready", nullable=False),
        Column("ended_at", Type.INSTANT, "when the receiver had its last piece; empty = it has not"),
    ),
    key=("sync", "delivery"),
    grain="one row a difference between two builds that was laid ready for a receiver",
    owner="app",
    erase=Erase(Leave.KEEP),
    home=Home.CATALOGUE,
)

SYNC_QUEUE = Table(
    name="sync_queue",
    columns=(
        _SYNC,
        Column("piece", Type.SMALL, "number of the piece within the delivery, from 1", nullable=False),
        _KEY,
        _NODE,
        Column("change", Type.TEXT, "entered, changed or left", nullable=False),
        Column("cause", Type.TEXT, "why, see memberships; or consent, identifier, value", nullable=False),
        _VALUE,
        Column("tag_values_before", Type.JSON, "the values that the receiver was told last", Personal.BEHAVIOUR),
    ),
    key=("sync", "person_key"),
    grain="one row a person in a piece that the receiver does not have yet",
    owner="app",
    erase=Erase(Leave.DELETE, nodes=("node_id",)),
    home=Home.CATALOGUE,
)

SYNC_PEOPLE = Table(
    name="sync_people",
    columns=(_SYNC, _KEY, _NODE, _VALUE),
    key=("sync", "person_key"),
    grain="one row a person of whom a receiver was told",
    owner="app",
    erase=Erase(Leave.DELETE, nodes=("node_id",)),
    home=Home.CATALOGUE,
)

SYNC_KEYS = Table(
    name="sync_keys",
    columns=(_SYNC, _KEY),
    key=("sync", "person_key"),
    grain="one row a key that a receiver may hold; outlives an erasure until the receiver is told to remove it",
    owner="app",
    erase=Erase(Leave.KEEP),
    home=Home.CATALOGUE,
)

TABLES = (SYNCS, SYNC_DELIVERIES, SYNC_QUEUE, SYNC_PEOPLE, SYNC_KEYS)
