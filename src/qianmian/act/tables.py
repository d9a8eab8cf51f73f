"""The tables that this stage owns."""

from __future__ import annotations

from qianmian.core.columns import PERSON_ID
from qianmian.core.tables import Column, Erase, Leave, Personal, Table, Type

ASSIGNMENTS = Table(
    name="assignments",
    columns=(
        Column("campaign", Type.ID, "number of the campaign", nullable=False),
        Column(
            PERSON_ID.name,
            Type.ID,
            "who it was when chance decided: a vertex, of which `persons` tells whose it is today",
            Personal.PSEUDONYM,
            nullable=False,
        ),
        Column("arm", Type.TEXT, "treatment = is written to, holdout = is not", nullable=False),
        Column("piece", Type.SMALL, "number of the piece in which the person's row leaves, from 1", nullable=False),
    ),
    key=("campaign", "person_id"),
    grain="one row a person of a campaign",
    owner="act",
    erase=Erase(Leave.DELETE, nodes=("person_id",)),
    sort_by=("campaign", "person_id"),
)

TABLES = (ASSIGNMENTS,)
