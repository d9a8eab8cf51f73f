"""How a tag is declared: the rows it looks at, what it folds from them, and the formula that makes the value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from qianmian.core.tables import Type


class Kind(Enum):
    """The kinds of tag that a shop knows."""

    FIRST_LAST = "first_last"
    STATISTIC = "statistic"
    PREFERENCE = "preference"
    RULE = "rule"
    LIFECYCLE = "lifecycle"
    RFM = "rfm"


class Fold(Enum):
    """What a partial keeps of the rows of one person."""

    COUNT = "rows"  # number of rows
    SUM = "amount"  # their money, in 1/10,000 of the currency
    FIRST_AT = "first_at"  # instant of the first row
    LAST_AT = "last_at"  # instant of the last row
    DAYS = "days"  # number of local dates
    SESSIONS = "sessions"  # number of sessions that began with one of the rows
    TOP = "top"  # the value with most weight, and its share


@dataclass(frozen=True)
class Condition:
    """The rows of a person's history that a partial folds; also the evidence of its tags.

    Attributes:
        name: names its columns: ``<name>_rows``, ``<name>_first``, ``<name>_last``.
        events: names in the tracking plan; empty = any.
        window_days: the n local dates that end with the build's; None = all time.
        lines: whether every line of an event counts; else each event counts once.
        as_money: whether the window takes a refund by its order's date, as money does; else by its own.
    """

    name: str
    events: tuple[str, ...] = ()
    window_days: int | None = None
    lines: bool = False
    as_money: bool = False


@dataclass(frozen=True)
class Partial:
    """A mergeable value folded from the rows that a condition holds.

    Attributes:
        condition: the rows.
        fold: what is kept of them.
        by: for TOP, the dimension: category, brand, price_band, hour, device_type, region, channel.
        half_life_days: for TOP, the age at which a row weighs half; None = all weigh the same.
    """

    condition: Condition
    fold: Fold
    by: str = ""
    half_life_days: float | None = None

    @property
    def name(self) -> str:
        """The column in which it is kept."""
        return "_".join(part for part in (self.condition.name, self.by, self.fold.value) if part)


@dataclass(frozen=True)
class Tag:
    """One thing that is said about a person.

    Attributes:
        name: the same in Python, SQL, HTTP and console.
        kind: see `Kind`.
        type: type of the value.
        zh: title in Chinese.
        en: title in English.
        needs: partials that the formula reads; the first one's condition is the evidence.
        formula: SQL over the needs' names, ``$today`` and the cuts of `qianmian.profile.tags.cuts`.
        confidence: SQL over the needs' names that gives 0 to 1; empty = the tag is a plain fact.
        values: the codes that a text value can take; empty = open.
    """

    name: str
    kind: Kind
    type: Type
    zh: str
    en: str
    needs: tuple[Partial, ...]
    formula: str
    confidence: str = ""
    values: tuple[str, ...] = ()

    @property
    def evidence(self) -> Condition:
        """The rows that speak for the value."""
        return self.needs[0].condition
