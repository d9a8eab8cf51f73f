"""What the catalogue keeps of mining, and the patterns that somebody kept."""

from __future__ import annotations

from qianmian.core.tables import Column, Erase, Home, Leave, Table, Type

PATTERN_RUNS = Table(
    name="pattern_runs",
    columns=(
        Column("run", Type.ID, "number of the run; grows", nullable=False),
        Column("build", Type.INTEGER, "number of the build whose history was mined", nullable=False),
        Column("created_by", Type.TEXT, "account that ran it; empty = the command line or the workspace's token"),
        Column("created_at", Type.INSTANT, "when it ended", nullable=False),
        Column("patterns", Type.JSON, "what was asked and found: steps, counts of people, lifts", nullable=False),
    ),
    key=("run",),
    grain="one row a time that history was mined for patterns",
    owner="app",
    erase=Erase(Leave.KEEP),
    home=Home.CATALOGUE,
)

KEPT_PATTERNS = Table(
    name="kept_patterns",
    columns=(
        Column("pattern", Type.ID, "number of the pattern; grows", nullable=False),
        Column("name", Type.TEXT, "what its owner calls it, typed-in personal data masked", nullable=False),
        Column("condition", Type.TEXT, "canonical text of what its people meet", nullable=False),
        Column("is_mined", Type.FLAG, "whether it was found by mining", nullable=False),
        Column("created_by", Type.TEXT, "account that kept it; empty = the command line or the workspace's token"),
        Column("created_at", Type.INSTANT, "when it was kept", nullable=False),
        Column("deleted_at", Type.INSTANT, "when it was deleted; empty = it stands"),
    ),
    key=("pattern",),
    grain="one row a pattern that somebody gave a name",
    owner="app",
    erase=Erase(Leave.KEEP),
    home=Home.CATALOGUE,
)

TABLES = (PATTERN_RUNS, KEPT_PATTERNS)
