"""Five people of a generated shop, tag by tag: told by the product, reckoned by hand, and what is true of them."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa

from qianmian.core.people import id_text
from qianmian.profile.portrait import TagValue
from qianmian.world.agreement import match_people, owners, predicted_persons
from qianmian.world.score_tags import latent
from tests.evidence.by_hand import GROUPS, TAGS, Hand, Reader, tell
from tests.evidence.expected import Scene
from tests.evidence.recompute import scene_of
from tests.evidence.worlds import ZONE, World

FIVE = 5
_STATES = {"gender": "gender", "age_band": "age_band", "level": "member_level"}
_NOTHING = "—"
_HEAD = """# The tags, by hand, on five people

A generated shop of {people} people (seed {seed}, {days} days) is taken in and built; then the tags of attributes,
behaviour, interest and taste are reckoned once more for five of its people, in short plain Python over the raw events:
`tests/evidence/by_hand.py` uses no SQL, and nothing of the product but the rows. Compared with what the product tells
are value, confidence, number of rows that speak for it, and the first and the last of them. The five are those that
between them have most of the tags' values. {equal} of {all} values told are the values by hand.

- **told** is the product's value, **by hand** the plain one; **confidence** is told, and compared too, but that of
  stated facts, which comes from trust in sources.
- **rows** speak for the value; **last** is when the latest of them occurred, by the shop's clock: so fresh is the
  value. All were computed as of {instant}. {nothing} = nothing to say; of rows: stated, not done. A rule names the rows
  of the first thing that it asks; so a value by another of its reasons may show 0 rows, as `social_depth` does here.
- **truth** is what the world lets the person do, where it has such a trait: the columns of `truth/traits.parquet` and
  `truth/habits.parquet` ([the generated shop](../concepts/world.md)), money in yuan. A value can be reckoned rightly
  and yet not be the truth: [the score of the tags](tag-score.md) says how often.

`QIANMIAN_WRITE=1 pytest tests/evidence/test_by_hand.py` writes this page again; that test fails when it is stale.
There is no tag of colour, of style, of mood, and none of influence on others: *Social* says how much a person takes
part.
"""


@dataclass(frozen=True)
class Line:
    """One tag of one person."""

    tag: str
    told: TagValue
    hand: Hand
    truth: Any

    @property
    def differences(self) -> list[tuple[str, Any, Any]]:
        """Where what is told is not what is reckoned: (what, told, by hand)."""
        evidence, rows = self.told.evidence, self.hand.rows
        pairs = [("value", self.told.value, self.hand.value)]
        if rows is None:
            pairs.append(("evidence", evidence, None))
        else:
            ends = (rows[0], rows[-1]) if rows else (None, None)
            told = [(one.event_id, one.occurred_at) if one else None for one in (evidence.first, evidence.last)]  # type: ignore[union-attr]
            hand = [(row.event_id, row.at) if row else None for row in ends]
            pairs += [("confidence", self.told.confidence, self.hand.confidence), ("ends", told, hand)]
            pairs.append(("rows", evidence.rows if evidence else None, len(rows)))
        return [(what, ours, theirs) for what, ours, theirs in pairs if not _equal(ours, theirs)]


@dataclass(frozen=True)
class Person:
    """One of the five: number in the truth, what is true, and the lines."""

    number: int
    truth: dict[str, Any]
    lines: list[Line]


def five_people(world: World) -> list[Person]:
    """Those who between them have most of the tags' values; of equals the one with the smaller true number."""
    scene, truth = scene_of(world.shop), latent(world.truth).to_pylist()
    profiles = {row["person_id"]: row for row in world.shop.table("profiles").to_pylist()}
    numbers = {person: number for number, person in _persons(world, scene).items()}
    said, found, seen = _said(scene), [], set[tuple[str, Any]]()
    for _ in range(FIVE):
        best = max(numbers, key=lambda person: (len(_values(profiles[person]) - seen), -numbers[person]))
        seen |= _values(profiles[best])
        number = numbers.pop(best)
        told = {value.tag.name: value for value in world.shop.profile(f"person:{id_text(best)}").tags}
        reader = Reader(scene, best, said[best])
        columns = {name: column for group in GROUPS.values() for name, column in group.items()}
        lines = [Line(name, told[name], tell(reader, name), truth[number].get(columns[name])) for name in TAGS]
        found.append(Person(number, truth[number], lines))
    return found


def page(world: World, people: list[Person]) -> str:
    """The five as a page of Markdown."""
    lines = [line for person in people for line in person.lines]
    equal = sum(not line.differences for line in lines)
    instant = world.shop.computed.instant.astimezone(ZONE)
    facts = {"people": len(world.truth["people"]), "seed": world.plan.seed, "days": world.plan.days}
    text = _HEAD.format(equal=equal, all=len(lines), instant=_moment(instant), nothing=_NOTHING, **facts)
    return text + "".join(_section(at, person) for at, person in enumerate(people, start=1))


def _section(at: int, person: Person) -> str:
    true = person.truth
    facts = (true["role"].replace("_", " "), true["gender"], true["age_band"], true["region"], true["rhythm"])
    text = f"\n## {at}. Person {person.number} of the truth: {', '.join(one.replace('_', ' ') for one in facts)}\n\n"
    text += f"Stage {true['stage'].replace('_', ' ')}, {true['f']} orders, {true['items_seen']} looks at goods.\n\n"
    text += "| about | tag | told | by hand | confidence | rows | last | truth |\n" + "|---" * 8 + "|\n"
    by_name = {line.tag: line for line in person.lines}
    return text + "".join(_row(about, by_name[name]) for about, group in GROUPS.items() for name in group)


def _row(about: str, line: Line) -> str:
    evidence, sure = line.told.evidence, line.told.confidence
    last = evidence.last.occurred_at.astimezone(ZONE) if evidence and evidence.last else None
    cells = (
        about,
        f"`{line.tag}`",
        _cell(line.told.value),
        _cell(line.hand.value) + ("" if not line.differences else " ✗"),
        _NOTHING if sure is None else f"{sure:.2f}",
        str(evidence.rows) if evidence else _NOTHING,
        _moment(last) if last else _NOTHING,
        _cell(line.truth),
    )
    return f"| {' | '.join(cells)} |\n"


def _cell(value: Any) -> str:
    if value is None:
        return _NOTHING
    if isinstance(value, list):
        return ", ".join(value)
    return f"{value:.2f}" if isinstance(value, float | Decimal) else str(value)


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


def _equal(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, Decimal) and isinstance(theirs, Decimal):
        return abs(ours - theirs) < Decimal("0.0001")
    if isinstance(ours, float) and isinstance(theirs, float):
        return math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-6)
    return bool(ours == theirs)


def _values(profile: dict[str, Any]) -> set[tuple[str, Any]]:
    """The tags of which a profile says something; where it says one of a few words, each word is one more."""
    told = {(name, None) for name in TAGS if profile[name] is not None}
    return told | {(name, profile[name]) for name in TAGS if isinstance(profile[name], str)}


def _persons(world: World, scene: Scene) -> dict[int, int]:
    """person_id of each true person who has one, by number."""
    placed = [(row.event_id, person) for person, rows in scene.people.items() for row in rows if row.line == 0]
    table = pa.table({"event_id": [one for one, _ in placed], "person_id": [person for _, person in placed]})
    persons = world.truth["persons"]
    codes, ids = predicted_persons(persons, {"event_persons": table})
    match = match_people(owners(persons["person"]), codes, len(world.truth["people"]))
    return {number: ids[int(code)].as_py() for number, code in enumerate(match) if code >= 0}


def _said(scene: Scene) -> dict[int, dict[str, list[str]]]:
    """What each person's own events state of them."""
    found: defaultdict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    persons = scene.lake.persons()
    for event in scene.lake.events:
        told = json.loads(event["properties"] or "{}")
        person = scene.lake.owner(persons, event["node_id"], event["occurred_at"])
        for key, trait in _STATES.items():
            if person is not None and key in told and event["name"] == "Profile Updated":
                found[person][trait].append(told[key])
    return found
