"""What a story promises: one number that a careful answer finds, and the wrong one that a careless answer finds."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa


@dataclass(frozen=True)
class Story:
    """One of the eight stories.

    Attributes:
        name: name of the module, of its table of truth, and of the finding that answers it.
        claim: what is to be found, in words.
        measure: name of the number in the finding.
        unit: of the number.
        margin: how much the answer must be better than the careless one, in shares of the true number.
    """

    name: str
    claim: str
    measure: str
    unit: str
    margin: float = 0.1


#: The whole of a number that is a sum over the world, and no share of anything.
A_SUM = 0


def number(story: Story, true: tuple[float, float], careless: tuple[float, float]) -> pa.Table:
    """The true and the careless number of one neighbourhood, each as part and whole, so that they can be added up."""
    return pa.table(
        {
            "story": [story.name],
            "measure": [story.measure],
            "part": [float(true[0])],
            "whole": [float(true[1])],
            "careless_part": [float(careless[0])],
            "careless_whole": [float(careless[1])],
        }
    )
