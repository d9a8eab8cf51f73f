"""What a shop declares of missing values: which are filled, and how."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

#: Ways to fill by what others of a group have, by what the same person had, and by what goes with what.
BY_GROUP = ("constant", "mean", "median", "mode")
BY_PERSON = ("forward", "backward")
BY_MODEL = ("model",)
METHODS = (*BY_GROUP, *BY_PERSON, *BY_MODEL)
#: Fields that hold a word; what else can be filled is a number.
WORDS = ("region", "channel", "device_type", "currency")
OF_NUMBERS = ("mean", "median")


@dataclass(frozen=True)
class Fill:
    """A field whose gaps are filled.

    Attributes:
        field: one of `WORDS`, ``total``, or ``properties.…``, a number.
        events: of which events.
        method: one of `METHODS`.
        by: column by which the mean, median or mode is taken; empty = of all these events.
        value: the constant; else empty.
    """

    field: str
    events: tuple[str, ...]
    method: str
    by: str = ""
    value: str = ""

    @property
    def is_word(self) -> bool:
        """Whether it fills words; else numbers."""
        return self.field in WORDS

    def to_params(self) -> dict[str, object]:
        """As JSON, for a task."""
        return {**asdict(self), "events": list(self.events)}

    @staticmethod
    def of(told: dict[str, Any]) -> Fill:
        """The inverse of `to_params`."""
        return Fill(**{**told, "events": tuple(told["events"])})
