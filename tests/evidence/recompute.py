"""Takes random (person, tag) pairs of a built workspace and reckons value and evidence again from the raw events.

    python -m tests.evidence.recompute --workspace FOLDER --pairs 1000 --seed 7

prints one JSON line: how many pairs were looked at, how many agree, and each that does not.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import qianmian
from qianmian.app.answers import Profile
from qianmian.app.shop import Shop
from qianmian.core.people import id_text
from qianmian.profile.portrait import TagValue
from tests.evidence.expected import RULES, Known, Scene, known
from tests.evidence.raw import Lake, Row

#: Money is kept to four decimals; an average is rounded to them.
CENT_OF_A_CENT = Decimal("0.0001")


@dataclass(frozen=True)
class Difference:
    """One thing that the product says otherwise than the raw events do."""

    person: str
    tag: str
    what: str
    shown: Any
    reckoned: Any


@dataclass(frozen=True)
class Outcome:
    """Pairs looked at, and where they differ."""

    pairs: int
    different: list[Difference]

    def to_json(self) -> str:
        """One line: ``pairs``, ``equal`` and ``different``."""
        wrong = len({(one.person, one.tag) for one in self.different})
        told = {"pairs": self.pairs, "equal": self.pairs - wrong, "different": [vars(one) for one in self.different]}
        return json.dumps(told, ensure_ascii=False, default=str)


def recompute(shop: Shop, pairs: int, seed: int) -> Outcome:
    """Compare random pairs of a person with a profile and a tag."""
    scene = scene_of(shop)
    people = sorted(scene.people)
    everything = len(people) * len(RULES)
    chosen = sorted(random.Random(seed).sample(range(everything), min(pairs, everything)))
    tags = list(RULES)
    by_person: dict[int, list[str]] = {}
    for index in chosen:
        by_person.setdefault(people[index // len(tags)], []).append(tags[index % len(tags)])
    different: list[Difference] = []
    for person, names in by_person.items():
        profile = shop.profile(f"person:{id_text(person)}")
        for name in names:
            different += compare(profile, name, known(scene, person, name))
    return Outcome(len(chosen), different)


def scene_of(shop: Shop) -> Scene:
    """The raw events of a workspace as of its last build."""
    workspace = shop.workspace
    lake = Lake(workspace.folder, shop.computed.instant, workspace.settings.zone)
    return Scene(lake, shop.computed.today, timedelta(minutes=workspace.settings.session_minutes))


def compare(profile: Profile, name: str, reckoned: Known) -> Iterator[Difference]:
    """Where what is shown of a tag differs from what the raw events say."""
    shown, rule = next(value for value in profile.tags if value.tag.name == name), RULES[name]
    value = rule.value(reckoned)
    sure = rule.confidence(reckoned) if rule.confidence and value is not None else None
    first, last = (reckoned.rows[0], reckoned.rows[-1]) if reckoned.rows else (None, None)
    evidence = shown.evidence
    pairs = (
        ("value", shown.value, value),
        ("confidence", shown.confidence, sure),
        ("events", set(evidence.events), set(rule.asked.names)),
        ("window", evidence.window_days, rule.asked.days),
        ("rows", evidence.rows, len(reckoned.rows)),
        ("first", _shown(shown, "first"), _reckoned(first)),
        ("last", _shown(shown, "last"), _reckoned(last)),
    )
    for what, ours, theirs in pairs:
        if not _agree(ours, theirs):
            yield Difference(profile.person, name, what, ours, theirs)


def _agree(shown: Any, reckoned: Any) -> bool:
    if isinstance(shown, Decimal) and isinstance(reckoned, Decimal):
        return abs(shown - reckoned) < CENT_OF_A_CENT
    if isinstance(shown, float) and isinstance(reckoned, float):
        return math.isclose(shown, reckoned, rel_tol=1e-9)
    return bool(shown == reckoned)


def _shown(value: TagValue, end: str) -> tuple[str, str, datetime] | None:
    event = getattr(value.evidence, end)
    return (event.source, event.event_id, event.occurred_at) if event else None


def _reckoned(row: Row | None) -> tuple[str, str, datetime] | None:
    return (row.source, row.event_id, row.at) if row else None


def main() -> int:
    """Run from the command line; the exit code says whether all pairs agree."""
    parser = argparse.ArgumentParser(description="Reckon random tags again from the raw events.")
    parser.add_argument("--workspace", type=Path, required=True, help="a built workspace")
    parser.add_argument("--pairs", type=int, default=1000, help="(person, tag) pairs to look at")
    parser.add_argument("--seed", type=int, default=1, help="start of all randomness")
    asked = parser.parse_args()
    shop = qianmian.open(asked.workspace)
    try:
        outcome = recompute(shop, asked.pairs, asked.seed)
    finally:
        shop.close()
    print(outcome.to_json())
    return 1 if outcome.different else 0


if __name__ == "__main__":
    sys.exit(main())
