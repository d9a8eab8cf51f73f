"""What the catalogue keeps about campaigns: what they are, which pieces left, and who was handed identifiers."""

from __future__ import annotations

from qianmian.core.tables import Column, Erase, Home, Leave, Table, Type

CAMPAIGNS = Table(
    name="campaigns",
    columns=(
        Column("campaign", Type.ID, "number of the campaign; grows", nullable=False),
        Column("name", Type.TEXT, "what its owner calls it, typed-in personal data masked", nullable=False),
        Column("condition", Type.TEXT, "canonical text of the condition that its people meet", nullable=False),
        Column("purpose", Type.TEXT, "what people are written to for; a registered purpose", nullable=False),
        Column("namespace", Type.TEXT, "kind of identifier under which people are written to", nullable=False),
        Column("sink", Type.TEXT, "where its people go: file, or the name of a receiver", nullable=False),
        Column("holdout_share", Type.NUMBER, "share of people who are held out by chance, 0 to 0.5", nullable=False),
        Column("window_days", Type.INTEGER, "days after the assignment in which an order counts", nullable=False),
        Column("chance", Type.ID, "63 bits of randomness of its own: they decide who is held out", nullable=False),
        Column("spend", Type.INTEGER, "what it cost in all, ten-thousandths of the shop's currency; empty = not told"),
        Column("created_by", Type.TEXT, "account that made it; empty = the command line or the workspace's token"),
        Column("created_at", Type.INSTANT, "when it was made", nullable=False),
        Column("assigned_at", Type.INSTANT, "when chance decided who is held out; empty = a draft"),
        Column("planned", Type.JSON, "the plan as it was carried out, in numbers"),
        Column("delivered_at", Type.INSTANT, "when the last piece was delivered; empty = not all were"),
    ),
    key=("campaign",),
    grain="one row a campaign; a draft may be deleted",
    owner="app",
    erase=Erase(Leave.KEEP),
    home=Home.CATALOGUE,
)

CAMPAIGN_PIECES = Table(
    name="campaign_pieces",
    columns=(
        Column("campaign", Type.ID, "number of the campaign", nullable=False),
        Column("piece", Type.SMALL, "number of the piece", nullable=False),
        Column("people", Type.INTEGER, "people in it when it left", nullable=False),
        Column("delivered_at", Type.INSTANT, "when the receiver said that it has it", nullable=False),
    ),
    key=("campaign", "piece"),
    grain="one row a piece of a campaign that was delivered",
    owner="app",
    erase=Erase(Leave.KEEP),
    home=Home.CATALOGUE,
)

DISCLOSURES = Table(
    name="disclosures",
    columns=(
        Column("disclosure", Type.ID, "number of the disclosure; grows", nullable=False),
        Column("campaign", Type.ID, "number of the campaign; 0 = it was for a sync", nullable=False),
        Column("sync", Type.ID, "number of the sync; empty = it was for a campaign"),
        Column("purpose", Type.TEXT, "what for", nullable=False),
        Column("receiver", Type.TEXT, "file, or the name of a receiver or a database", nullable=False),
        Column("people", Type.INTEGER, "whose identifiers were handed over", nullable=False),
        Column("disclosed_by", Type.TEXT, "account; empty = command line, token, or a sync by itself", nullable=False),
        Column("disclosed_at", Type.INSTANT, "when", nullable=False),
    ),
    key=("disclosure",),
    grain="one row a time that raw identifiers of people left the workspace for a campaign or a sync; none is changed",
    owner="app",
    erase=Erase(Leave.KEEP),
    home=Home.CATALOGUE,
)

TABLES = (CAMPAIGNS, CAMPAIGN_PIECES, DISCLOSURES)
