"""One thing that answers are judged by."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Claim:
    """One thing that the answers are judged by.

    Attributes:
        claim: what is claimed, in words.
        metric: stable name of the measure; more is better.
        value: what the answers reach, 0–1, or a rank correlation, −1–1; None = nobody looked for it yet.
        baseline: what a simple method reaches on the same truth.
        n: number of events, pairs, orders or people that were judged.
        margin: how much the value must be above the baseline; negative = may fall short by so much.
        coverage: share of the people of whom the answers say anything; None = of all, or it means nothing here.
    """

    claim: str
    metric: str
    value: float | None
    baseline: float
    n: int
    margin: float
    coverage: float | None = None

    @property
    def passed(self) -> bool | None:
        """Whether the answers beat the baseline by the margin; None = nobody looked for it yet."""
        return None if self.value is None else self.value >= self.baseline + self.margin

    def to_json(self) -> dict[str, str | float | bool | None]:
        """The claim as a JSON object."""
        return {**asdict(self), "passed": self.passed}
