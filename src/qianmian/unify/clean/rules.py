"""What a shop's data are judged by: values that cannot be, and when a day is told as an alert."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from importlib.resources import files

from qianmian.unify.fill.rules import Fill
from qianmian.unify.normal.rates import Rate
from qianmian.unify.normal.rules import Text, Vocabulary
from qianmian.unify.normal.units import Units
from qianmian.unify.normal.words import Words

#: What flags an event: the rules of a check, and what it states of itself as it is taken in.
RULES = ("impossible", "twin", "pace", "copied_text", "outlier", "refund_above_paid", "delivered_before_paid",
         "no_rate", "odd", "brushed")  # fmt: skip
TRAFFIC = "traffic"
#: In what a day can be worse than it should, in the order in which it is told.
KINDS = ("missing", "invalid", "repeated", "late", "drift")


@dataclass(frozen=True)
class Bound:
    """Values of a field that can be; others are impossible.

    Attributes:
        field: a column of events, ``lines.…`` or ``properties.…``.
        events: of which events; empty = all.
        above: a value is more than this.
        least: a value is at least this.
        most: a value is at most this.
    """

    field: str
    events: tuple[str, ...] = ()
    above: float | None = None
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True)
class Thresholds:
    """When a day is told as an alert; None = never.

    Attributes:
        least_events: a day with fewer is not judged.
        missing: how far the share of empty values may rise above that of the days before.
        late: the same of events that are received late.
        invalid: the largest share of values that cannot be.
        repeated: the largest share of orders or refunds that were told before.
        drift: the largest population stability index.
    """

    least_events: int = 100
    missing: float | None = None
    late: float | None = None
    invalid: float | None = None
    repeated: float | None = None
    drift: float | None = None


@dataclass(frozen=True)
class Twins:
    """When an event tells again what an earlier one told under another id.

    Attributes:
        within_seconds: so shortly after it, with the same content by the same identifier.
    """

    within_seconds: int


@dataclass(frozen=True)
class Pace:
    """What no person does.

    Attributes:
        events: so many events of one identifier …
        within_seconds: … in so many seconds.
    """

    events: int
    within_seconds: int


@dataclass(frozen=True)
class Copies:
    """Texts that several people wrote nearly alike.

    Attributes:
        property: which property holds the text.
        events: of which events.
        least_letters: shorter texts are not compared; signs and spaces do not count.
        similar: the share of common shingles from which on two are alike.
        identifiers: how many different identifiers wrote them.
    """

    property: str
    events: tuple[str, ...]
    least_letters: int = 10
    similar: float = 0.6
    identifiers: int = 3


#: Columns of an event, or of its line, by which values may be grouped.
GROUPS = ("item_id", "currency", "channel", "device_type", "region")


@dataclass(frozen=True)
class Outliers:
    """Values far from those of their group.

    Attributes:
        field: a number of events or of their lines.
        events: of which events; empty = all.
        by: groups within a source and event: one of `GROUPS`; empty = none.
        deviations: how many standard deviations, by medians of logarithms, a value may lie from the median.
    """

    field: str
    events: tuple[str, ...] = ()
    by: str = ""
    deviations: float = 6.0


@dataclass(frozen=True)
class Odd:
    """Orders that are told apart easily from all others.

    Attributes:
        score: above which an order is flagged, from 0 to 1; 0.5 is ordinary.
    """

    score: float


@dataclass(frozen=True)
class Brushed:
    """Signs of orders that were placed so that a thing looks wanted (刷单).

    Attributes:
        looked_within_days: before an order somebody looked at its goods so lately.
        orders: so many orders of one item …
        within_hours: … in so many hours from one device come together.
        reviewed_within_minutes: a review so shortly after the delivery is hasty.
        signs: how many of the three must come together.
    """

    looked_within_days: int
    orders: int
    within_hours: int
    reviewed_within_minutes: int
    signs: int


@dataclass(frozen=True)
class Cleaning:
    """All that a shop declares.

    Attributes:
        bounds: values that can be.
        twins: None = no event is one.
        pace: None = any is a person's.
        copies: None = no texts are compared.
        outliers: values that are compared with their group's.
        odd: None = no order is.
        brushed: None = no order is.
        leave_out: what is flagged so counts for nobody: `RULES`, `TRAFFIC`, or ``traffic.…`` with its reason.
        late_after_hours: how long after it happened an event is late.
        alerts: when a day is told.
        text: how words are written; None = as they came.
        words: which words mean the same.
        categories: the tree of goods' categories, as paths.
        rates: what money of other currencies is worth in the shop's.
        units: in which units quantities are stated.
        fill: which missing values are filled, beside the data.
    """

    bounds: tuple[Bound, ...] = ()
    twins: Twins | None = None
    pace: Pace | None = None
    copies: Copies | None = None
    outliers: tuple[Outliers, ...] = ()
    odd: Odd | None = None
    brushed: Brushed | None = None
    leave_out: tuple[str, ...] = ()
    late_after_hours: int = 24
    alerts: Thresholds = Thresholds()
    text: Text | None = None
    words: tuple[Vocabulary, ...] = ()
    categories: tuple[str, ...] = ()
    rates: tuple[Rate, ...] = ()
    units: tuple[Units, ...] = ()
    fill: tuple[Fill, ...] = ()

    @property
    def reading(self) -> Words:
        """How words are read."""
        return Words(self.text, self.words, self.categories)

    @property
    def digest(self) -> str:
        """16 hex digits over what it says, however it was written."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:16]


def built_in_text() -> str:
    """What holds where a shop has declared nothing, as it is written: a start for one's own."""
    return files("qianmian.unify.clean").joinpath("cleaning.yaml").read_text("utf-8")
