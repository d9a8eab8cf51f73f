"""What segmenting leaves behind: who stayed in which saved audience from when to when, and how many came and went."""

from __future__ import annotations

from qianmian.core.tables import Column, Erase, Leave, Personal, Table, Type

_AUDIENCE = Column("audience", Type.ID, "number of the audience", nullable=False)

MEMBERSHIPS = Table(
    name="memberships",
    columns=(
        _AUDIENCE,
        Column(
            "person_id",
            Type.ID,
            "who it was when they entered: a vertex, of which `persons` tells whose it is today",
            Personal.PSEUDONYM,
            nullable=False,
        ),
        Column("entered_in", Type.INTEGER, "number of the build that found them in it", nullable=False),
        Column("entered_at", Type.INSTANT, "that build's instant", nullable=False),
        Column("entry_cause", Type.TEXT, "definition, merge, behaviour, late or window", nullable=False),
        Column("left_in", Type.INTEGER, "number of the build that did not find them in it; empty = they are in it"),
        Column("left_at", Type.INSTANT, "that build's instant"),
        Column("exit_cause", Type.TEXT, "definition, merge, behaviour, late or window"),
    ),
    key=("audience", "person_id", "entered_in"),
    grain="one row a stay of a person in a saved audience, however many builds it lasted",
    owner="segment",
    erase=Erase(Leave.REBUILD, nodes=("person_id",)),
    sort_by=("audience", "person_id", "entered_in"),
    layered_by=("audience", "person_id", "entered_in"),
    released_by="partials",
)

AUDIENCE_BUILDS = Table(
    name="audience_builds",
    columns=(
        _AUDIENCE,
        Column("build", Type.INTEGER, "number of the build that counted", nullable=False),
        Column("counted_at", Type.INSTANT, "that build's instant", nullable=False),
        Column("people", Type.INTEGER, "people in it after that build", nullable=False),
        Column("of_people", Type.INTEGER, "people with a profile", nullable=False),
        Column("entered", Type.JSON, "cause → people who entered", nullable=False),
        Column("left", Type.JSON, "cause → people who left; erasure: who were erased since the last count"),
        Column("failed", Type.JSON, "why it could not be counted, so that its people stayed; empty = it was"),
    ),
    key=("audience", "build"),
    grain="one row a saved audience and build that changed anything in it; a build that did not leaves no row",
    owner="segment",
    erase=Erase(Leave.KEEP),
    sort_by=("audience", "build"),
    layered_by=("audience", "build"),
    released_by="partials",
)

TABLES = (MEMBERSHIPS, AUDIENCE_BUILDS)
