"""Who came and went in a saved audience: by build and cause, each number with the condition that lists its people."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qianmian.app.answers import Computed
from qianmian.app.audiences import SavedAudience, SavedAudiences
from qianmian.app.members import counted_audiences
from qianmian.app.shop import Shop
from qianmian.core.messages import Message, restored
from qianmian.lake.connection import fetch
from qianmian.query.tree import Member
from qianmian.segment.members.causes import Cause
from qianmian.segment.members.standing import Counted

_BUILDS = """
SELECT build, counted_at, people, of_people, entered, "left", failed FROM audience_builds
WHERE audience = $audience ORDER BY build DESC LIMIT $most
"""


@dataclass(frozen=True)
class CausePeople:
    """People who came or went for one cause.

    Attributes:
        cause: see `Cause`.
        people: how many they were when the build found it.
        condition: text of the condition that lists them; None = they were erased.
    """

    cause: Cause
    people: int
    condition: str | None


@dataclass(frozen=True)
class AudienceBuild:
    """What a build changed in an audience.

    Attributes:
        build: number of the build.
        counted_at: its instant.
        people: who were in it after that.
        of_people: who had a profile.
        entered: people who entered, by cause.
        left: people who left, by cause.
        failed: why it could not be counted, so that its people stayed; None = it was.
    """

    build: int
    counted_at: datetime
    people: int
    of_people: int
    entered: list[CausePeople]
    left: list[CausePeople]
    failed: Message | None


@dataclass(frozen=True)
class AudienceChanges:
    """A saved audience over time.

    Attributes:
        audience: the audience.
        people: who are in it; None = no build has counted it.
        last_build: number of the build that last counted it, or tried to; None = none has.
        counted_at: the instant of its last good count; None = it never had one.
        is_current: the condition that was counted is the one that holds.
        failed: why the last build could not count it; None = it could.
        builds: those that changed anything, the newest first.
        computed: the last build.
    """

    audience: SavedAudience
    people: int | None
    last_build: int | None
    counted_at: datetime | None
    is_current: bool
    failed: Message | None
    builds: list[AudienceBuild]
    computed: Computed


def audience_changes(shop: Shop, audience: int, *, purpose: str, most: int = 400) -> AudienceChanges:
    """Who came and went in a saved audience.

    Args:
        shop: the shop.
        audience: its number.
        purpose: what the people are looked up for.
        most: tell at most so many builds.

    Raises:
        PurposeError: the purpose is not registered.
        UnknownNameError: there is none with that number.
        NotBuiltError: nothing was built yet.
    """
    shop.workspace.purposes.check(purpose)
    saved = SavedAudiences(shop.workspace.catalogue, shop.workspace.clock).get(audience)
    with shop.asking(purpose, "audience_builds") as (found, computed):
        rows = fetch(found.connection, _BUILDS, {"audience": audience, "most": most}).to_pylist()
    counted = counted_audiences(shop.workspace).get(audience, Counted())
    return AudienceChanges(
        saved,
        counted.people if counted.build else None,
        counted.build or None,
        datetime.fromisoformat(counted.instant) if counted.instant else None,
        counted.condition == saved.condition,
        restored(counted.failed) if counted.failed else None,
        [_build(audience, row) for row in rows],
        computed,
    )


def _build(audience: int, row: dict[str, Any]) -> AudienceBuild:
    moves = {"entered": "entered_in", "left": "left_in"}
    told = {name: _by_cause(audience, move, row["build"], row[name]) for name, move in moves.items()}
    return AudienceBuild(**{**row, **told, "failed": restored(row["failed"]) if row["failed"] else None})


def _by_cause(audience: int, move: str, build: int, text: str) -> list[CausePeople]:
    people = json.loads(text)
    return [
        CausePeople(
            cause,
            people[cause],
            None if cause is Cause.ERASURE else str(Member(audience, move, build, cause.value)),
        )
        for cause in Cause
        if cause in people
    ]
