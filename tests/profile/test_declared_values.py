"""Every declared tag of everybody is what a plain reading of its YAML says: the product's own, and random ones."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from importlib.resources import files
from typing import Any

import pytest
import yaml

from qianmian.app.declared_tags import DeclaredTags
from qianmian.app.shop import ANALYSE
from qianmian.profile.tags.basic import BASIC
from qianmian.profile.tags.built_in import built_in_tags
from tests.app.traces import Scene
from tests.profile import reference
from tests.profile.declared_reference import Declared, random_entries
from tests.profile.test_tags import CATEGORIES, GOODS, PLACES, events

BUILT_IN = yaml.safe_load(files("qianmian.profile.tags").joinpath("built_in.yaml").read_text("utf-8"))["tags"]
EVENTS = (reference.VIEWED, reference.PAID, reference.BACK, "Product Added", "Products Searched", "Post Shared")
OWN = {
    "big_spender": {
        "kind": "rule",
        "title": "t",
        "layers": [
            {"value": "大'客户", "when": "did('Order Completed', last='30d', category = '美妆') >= 2"},
            {"value": "常客", "when": "count_of_0 >= 2 or not day_part = 'evening'"},
            {"value": "新面孔", "when": "first_channel = 'app' and last_region is not null"},
        ],
        "otherwise": "其他",
    },
    "per_visit": {"kind": "combination", "title": "t", "value": "(net_90d + 1) / coalesce(distinct_of_0, 1) - -2 * 3"},
    "few_first": {"kind": "ranking", "title": "t", "of": "count_of_1", "parts": 4, "falling": True},
    "own_rfm": {
        "kind": "rfm",
        "title": "t",
        "recent": "recency_days <= 20",
        "frequent": "did('Order Completed', last='90d') >= 2",
        "spending": "net_90d > 30000.5",
    },
}


@pytest.fixture(scope="module", params=PLACES, ids=[zone for zone, _ in PLACES])
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, Any, Any]]:
    zone, now = request.param
    sent = events(zone, now)
    own = {**random_entries(random.Random(zone), EVENTS, [one for one in CATEGORIES if one]), **OWN}
    scene = Scene(tmp_path_factory.mktemp("declared") / "shop", now + timedelta(hours=1), {"time_zone": zone})
    scene.goods(GOODS)
    scene.take(sent)
    workspace = scene.shop.workspace
    DeclaredTags(workspace.catalogue, workspace.clock).apply(yaml.safe_dump({"tags": own}, allow_unicode=True))
    scene.shop.build(instant=now)
    truth = reference.Shop(sent, GOODS, zone, now)
    with scene.shop.asking(ANALYSE) as (found, _):
        rows = found.connection.sql("SELECT * FROM profiles").to_arrow_table().to_pylist()
    told = {row["person_id"]: row for row in rows}
    people = {user: told[scene.node(user)] for user in truth.people}
    basic = {user: {tag.name: people[user][tag.name] for tag in BASIC} for user in people}
    yield people, Declared(truth, basic, {**BUILT_IN, **own}), own
    scene.shop.close()


def differences(people: Any, truth: Declared, names: Any) -> list[tuple[str, str, Any, Any]]:
    """(user, tag, told, expected) wherever they differ."""
    pairs = [(user, name, row[name], truth.tell(user, name)) for user, row in people.items() for name in names]
    return [pair for pair in pairs if not _same(pair[2], pair[3], truth.entries[pair[1]])]


def _same(told: Any, expected: Any, entry: Any) -> bool:
    if told is None or expected is None:
        return told is expected
    if isinstance(told, float):
        return math.isclose(told, float(expected), abs_tol=0.5000001e-6)
    if isinstance(told, Decimal):
        return round(told, 4) == round(Decimal(expected), 4)
    return str(told) == str(expected) if "hour" in (entry.get("of"), entry.get("by")) else bool(told == expected)


def test_every_built_in_declared_tag_is_the_plain_one(case: Any) -> None:
    people, truth, _ = case
    assert {tag.name for tag in built_in_tags()} == {tag.name for tag in BASIC} | BUILT_IN.keys()
    assert differences(people, truth, BUILT_IN) == []


def test_every_random_tag_is_the_plain_one(case: Any) -> None:
    people, truth, own = case
    assert len(own) > 100
    assert differences(people, truth, own) == []


def test_the_data_give_most_tags_something_to_say(case: Any) -> None:
    people, _, own = case
    silent = [name for name in own if all(row[name] in (None, 0) for row in people.values())]
    assert len(silent) < len(own) / 3
    assert {row["big_spender"] for row in people.values()} >= {"常客", "其他"}
