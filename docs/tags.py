"""The page of the built-in tags, written from their declarations."""

from __future__ import annotations

import re

from qianmian.profile.tags.builtin import TAGS
from qianmian.profile.tags.declare import Condition, Fold, Partial, Tag
from qianmian.profile.tags.dimensions import WEIGHT

_FOLDS = {
    Fold.COUNT: "count",
    Fold.SUM: "sum of money",
    Fold.FIRST_AT: "first",
    Fold.LAST_AT: "last",
    Fold.DAYS: "local dates",
    Fold.SESSIONS: "sessions begun",
    Fold.TOP: "heaviest",
}
_INTRODUCTION = """# Built-in tags

Every tag is declared once: the rows of history that it looks at (its evidence), what is folded from them, and a
formula. All tags of a build come out of one scan. `qianmian profile explain NAME TAG` shows a value's rows.

- A **window** of n days is the n local dates that end with the build's date. All time = since the first event.
- **Net** money is what was paid minus refunds that occurred up to the build's instant. In a window a refund counts
  on its order's date; a refund that names no known order counts on its own.
- A **preference** is the value with the most weight. A row weighs by its event ({weights}) and half as much with
  every half-life of age, counted back from the person's own last such row; the confidence is the value's share of all
  weight. Of equals the one seen last wins. Category, brand and price band are what the goods say today; a price band is
  a third of its category's items by price.
- A **session** ends after 30 minutes of silence (setting `session_minutes`).
- **RFM**: r, f and m scores are quintiles among buyers, equal values get equal scores. A segment compares recency,
  number of orders and net money with the buyers' means; important = money at or above the mean; value, develop, keep
  and retain = recent and frequent, recent, frequent, neither.
- **Lifecycle** stages, first match: loyal (3 orders in 90 days), new (one order ever, in the last 30 days), active
  (an order in the last 30 days), at_risk (30 to 59 days ago), lost (60 days ago or more), potential (never ordered).

"""


def tags_page() -> str:
    """Every built-in tag: name, kind, rows, window, half-life, fold, formula."""
    weights = ", ".join(f"{name} {worth:g}" for name, worth in WEIGHT.items())
    head = "| tag | 名称 | title | kind | rows | window | half-life | folded | formula |\n" + "|---" * 9 + "|\n"
    return _INTRODUCTION.format(weights=weights) + head + "".join(map(_row, TAGS))


def _row(tag: Tag) -> str:
    cells = (
        f"`{tag.name}`",
        tag.zh,
        tag.en,
        tag.kind.value,
        _rows(tag.evidence),
        "all time" if tag.evidence.window_days is None else f"{tag.evidence.window_days} days",
        next((f"{need.half_life_days:g} days" for need in tag.needs if need.half_life_days), ""),
        "; ".join(_folded(need) for need in tag.needs),
        f"`{_readable(tag.formula)}`",
    )
    return f"| {' | '.join(cells)} |\n"


def _rows(condition: Condition) -> str:
    events = ", ".join(condition.events) or "any event"
    return f"{events}, each product" if condition.lines else events


def _folded(need: Partial) -> str:
    return f"{_FOLDS[need.fold]} {need.by}".strip() + f" → `{need.name}`"


def _readable(formula: str) -> str:
    plain = re.sub(r"getvariable\('(\w+)'\)(::DATE)?", r"\1", formula)
    return re.sub(r"\s+", " ", plain).replace("|", "\\|")
