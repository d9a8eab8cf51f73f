"""What the catalogue keeps of the times that people were grouped."""

from __future__ import annotations

from qianmian.core.tables import Column, Erase, Home, Leave, Table, Type

CLUSTER_RUNS = Table(
    name="cluster_runs",
    columns=(
        Column("run", Type.ID, "number of the run; grows", nullable=False),
        Column("build", Type.INTEGER, "number of the build whose people were grouped", nullable=False),
        Column("created_by", Type.TEXT, "account that ran it; empty = the command line or the workspace's token"),
        Column("created_at", Type.INSTANT, "when it ended", nullable=False),
        Column("clusters", Type.JSON, "what was found: measures, quality, clusters; counts and means", nullable=False),
    ),
    key=("run",),
    grain="one row a time that people were grouped by what they do",
    owner="app",
    erase=Erase(Leave.KEEP),
    home=Home.CATALOGUE,
)

TABLES = (CLUSTER_RUNS,)
