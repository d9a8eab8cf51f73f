"""What the catalogue keeps about who is who: rules, decisions by hand, and the pairs that wait for one."""

from __future__ import annotations

from qianmian.app.versions import versions_table
from qianmian.core.columns import NODE_ID
from qianmian.core.tables import Column, Erase, Home, Leave, Personal, Table, Type

IDENTITY_RULES = versions_table("identity_rules", of="the shop's identity rules", effect="from the next build on")

IDENTITY_DECISIONS = Table(
    name="identity_decisions",
    columns=(
        Column("decision", Type.ID, "number of the decision; grows by one", nullable=False),
        Column("kind", Type.TEXT, "merge, split or undo", nullable=False),
        Column("accounts_too", Type.FLAG, "whether a merge also joins people who have accounts", nullable=False),
        Column("cut_at", Type.INSTANT, "from when on what a split names is somebody else's; empty = all along"),
        Column("undoes", Type.ID, "of an undo: number of the decision that holds no longer"),
        Column("reason", Type.TEXT, "why, typed-in personal data masked", nullable=False),
        Column("decided_by", Type.TEXT, "account; empty = the command line or the workspace's token", nullable=False),
        Column("decided_at", Type.INSTANT, "when; it holds from the next build on", nullable=False),
    ),
    key=("decision",),
    grain="one row a decision about who is who; none is changed or deleted",
    owner="app",
    erase=Erase(Leave.KEEP),
    home=Home.CATALOGUE,
)

IDENTITY_DECISION_NODES = Table(
    name="identity_decision_nodes",
    columns=(
        Column("decision", Type.ID, "number of the decision", nullable=False),
        Column("side", Type.TEXT, "one = what a split leaves, or one end of a merge; others", nullable=False),
        NODE_ID,
        Column("at", Type.INSTANT, "an instant of the interval that is meant; empty = the first"),
    ),
    key=("decision", "side", "node_id"),
    grain="one row an identifier that a decision names; without one of its sides a decision says nothing any more",
    owner="app",
    erase=Erase(Leave.DELETE, nodes=("node_id",), at="at"),
    home=Home.CATALOGUE,
)

IDENTITY_PROPOSALS = Table(
    name="identity_proposals",
    columns=(
        Column("proposal", Type.ID, "number of the pair in the review queue; grows by one", nullable=False),
        Column("node_a", Type.ID, "pseudonym of one identifier; the lower", Personal.PSEUDONYM, nullable=False),
        Column("node_b", Type.ID, "pseudonym of the other", Personal.PSEUDONYM, nullable=False),
        Column("producer", Type.TEXT, "who proposed it, name and version", nullable=False),
        Column("weight", Type.NUMBER, "what speaks for one person, log-odds to base 2", nullable=False),
        Column("probability", Type.NUMBER, "that they are one person's", nullable=False),
        Column("reasons", Type.JSON, "what was compared: field, level of agreement, weight", nullable=False),
        Column("digest", Type.TEXT, "16 hex digits over fields and levels", nullable=False),
        Column("proposed_at", Type.INSTANT, "when, the last time that its evidence changed", nullable=False),
        Column("state", Type.TEXT, "open, accepted, refused or expired", nullable=False),
        Column("decided_by", Type.TEXT, "account; empty = the command line or the workspace's token", nullable=False),
        Column("decided_at", Type.INSTANT, "when it was accepted, refused or expired"),
        Column("decision", Type.ID, "number of the decision by hand that it led to"),
    ),
    key=("proposal",),
    grain="one row a pair of identifiers and a producer who holds them for one person's",
    owner="app",
    erase=Erase(Leave.DELETE, nodes=("node_a", "node_b")),
    home=Home.CATALOGUE,
)

MATCHINGS = versions_table("matchings", of="how records without a shared identifier are compared", effect="at once")

TABLES = (IDENTITY_RULES, IDENTITY_DECISIONS, IDENTITY_DECISION_NODES, IDENTITY_PROPOSALS, MATCHINGS)
