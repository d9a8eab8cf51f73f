"""How a tag is declared: the rows it looks at, what it folds from them, and the formula that makes the value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from qianmian.core.messages import Message
from qianmian.core.tables import Type
from qianmian.profile.tags.formulas import Formula, Stated
from qianmian.profile.tags.partial import Condition, Partial


class Kind(Enum):
    """The kinds of tag that a shop knows."""

    FIRST_LAST = "first_last"
    STATISTIC = "statistic"
    PREFERENCE = "preference"
    RULE = "rule"
    COMBINATION = "combination"
    IMPORT = "import"
    SQL = "sql"
    RANKING = "ranking"
    LIFECYCLE = "lifecycle"
    RFM = "rfm"


@dataclass(frozen=True)
class Tag:
    """One thing that is said about a person.

    Attributes:
        name: the same in Python, SQL, HTTP and console.
        kind: see `Kind`.
        type: type of the value.
        zh: title in Chinese.
        en: title in English.
        needs: partials that the formula reads; the first one's condition is the evidence, if there is one.
        formula: makes the value from the needs.
        confidence: SQL over the needs' names that gives 0 to 1; empty = the tag is a plain fact.
        values: the codes that a text value can take; empty = open.
        uses: names of the tags whose values the formula reads.
        about: where it stands in the tree of tags, from the root.
        note: what its author says of it.
        is_own: whether the shop declared it.
    """

    name: str
    kind: Kind
    type: Type
    zh: str
    en: str
    needs: tuple[Partial, ...]
    formula: Formula
    confidence: str = ""
    values: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    note: str = ""
    is_own: bool = False

    @property
    def evidence(self) -> Condition | None:
        """The rows that speak for the value; None if it does not come from what a person did."""
        return self.needs[0].condition if self.needs else None

    @property
    def definition(self) -> Message:
        """What the tag says, in words: what counts, over which window, and how the value is made of it."""
        said = self.formula.said
        is_share = self.confidence and not isinstance(self.formula, Stated)
        return Message("tag_with_confidence", what=said) if is_share else said
