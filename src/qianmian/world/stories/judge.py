"""Judge findings about the stories: one line each, "not looked for" until the product has a finding of that name."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from qianmian.world.agreement import match_people, owners, shared_codes
from qianmian.world.claim import Claim
from qianmian.world.stories import shared_tablet
from qianmian.world.stories.story import Story
from qianmian.world.stories.tables import STORIES
from qianmian.world.trace import NONE


def judge_stories(truth: Mapping[str, pa.Table], answers: Mapping[str, pa.Table]) -> list[Claim]:
    """One claim for each story that was planted.

    Args:
        truth: tables of `generate.read_truth`.
        answers: findings by the name of the story, as ``(measure, value)``; and ``event_persons(event_id,
            person_id)``, which answers the story of the shared tablet. What is missing was not looked for.

    Returns:
        Claims whose value is 1 less the error of the number, as a share of the true one; the baseline is that of the
        careless number.
    """
    if "stories" not in truth:
        return []
    claims = []
    for story in STORIES:
        numbers = truth["stories"].filter(pc.equal(truth["stories"]["story"], story.name))
        part, whole, careless, of = (
            float(pc.sum(numbers[name]).as_py() or 0) for name in ("part", "whole", "careless_part", "careless_whole")
        )
        if part:
            value = _told_apart(truth, answers) if story is shared_tablet.STORY else _found(story, answers)
            true, wrong = (some / whole_of if whole_of else some for some, whole_of in ((part, whole), (careless, of)))
            claims.append(_claim(story, value, true, wrong, round(max(part, whole))))
    return claims


def _claim(story: Story, value: float | None, true: float, careless: float, n: int) -> Claim:
    near = None if value is None else closeness(value, true)
    return Claim(story.claim, f"story_{story.name}", near, closeness(careless, true), n, story.margin)


def closeness(value: float, true: float) -> float:
    """1 less the error of a number as a share of the true one; never below 0."""
    return max(0.0, 1 - abs(value - true) / abs(true))


def _found(story: Story, answers: Mapping[str, pa.Table]) -> float | None:
    """The number that was found; None = nobody looked for it."""
    if story.name not in answers:
        return None
    rows = answers[story.name].filter(pc.equal(answers[story.name]["measure"], story.measure))
    return float(rows["value"][0].as_py()) if len(rows) else 0.0


def _told_apart(truth: Mapping[str, pa.Table], answers: Mapping[str, pa.Table]) -> float | None:
    """How many of the people in the story have a predicted person of their own, who holds most of their events."""
    if "event_persons" not in answers:
        return None
    persons, answer = truth["persons"], answers["event_persons"]
    codes, _ = shared_codes(answer["person_id"])
    where = pc.index_in(persons["message_id"], value_set=answer["event_id"].combine_chunks()).fill_null(NONE).to_numpy()
    predicted = np.where(where >= 0, codes[where] if len(codes) else NONE, NONE)
    match = match_people(owners(persons["person"]), predicted, len(truth["people"]))
    families = truth[shared_tablet.STORY.name]["person"].to_numpy()
    return float(np.count_nonzero(match[families] >= 0))
