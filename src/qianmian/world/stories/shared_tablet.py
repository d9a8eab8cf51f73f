"""一台平板三口人: three people at one tablet, and a phone number that was a stranger's."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from qianmian.world.scene import Scene
from qianmian.world.stories.story import A_SUM, Story, number

STORY = Story(
    name="shared_tablet",
    claim="father, mother, daughter and the number's former owner are four people",
    measure="people",
    unit="people told apart",
)
PARTS = ("father", "mother", "daughter", "former_owner")


def truth(scene: Scene) -> tuple[pa.Table, pa.Table]:
    """Who plays which part; a loose rule sees one person."""
    cast = scene.cast
    person = np.concatenate([cast.family, cast.stranger])
    table = pa.table(
        {
            "person": person.astype(np.int64) + scene.place.first,
            "part": pa.array(PARTS[: len(person)], pa.string()),
        }
    )
    return table, number(STORY, (len(person), A_SUM), (min(len(person), 1), A_SUM))
