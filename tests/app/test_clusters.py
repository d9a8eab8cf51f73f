"""Clusters of a shop: planted kinds of people are found, listed by conditions, saved, and numbered as before."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from qianmian.app.clusters.clusters import Named, last_run, run, save
from qianmian.app.clusters.runs import Clusters
from qianmian.core.errors import InputError, UnknownNameError
from qianmian.core.language import Language
from qianmian.core.people import id_text
from tests.app.traces import Scene, trace

MEASURES = ("views_30d", "orders_365d", "net_365d", "recency_days", "social_30d")
#: Kind → how often a person of it does what in the last month.
KINDS = {
    "buyer": {"Order Completed": 4, "Product Viewed": 6},
    "looker": {"Product Viewed": 20},
    "talker": {"Post Liked": 12, "Product Viewed": 1},
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    scene = Scene(tmp_path_factory.mktemp("kinds") / "shop")
    traces = []
    for kind, deeds in KINDS.items():
        for number in range(40):
            for event, times in deeds.items():
                for time in range(times + number % 2):
                    order = f"{kind}-{number}-{time}" if event == "Order Completed" else None
                    more = {"order": order, "total": f"{80 + number % 7 * 10}"} if order else {}
                    on = f"2026-05-{5 + (7 * number + time) % 25:02}"
                    traces.append(trace(event, on, user=f"{kind}{number}", **more))
    scene.take(traces)
    scene.shop.build()
    return scene


def test_planted_kinds_are_found_and_conditions_part_the_people(shop: Scene) -> None:
    found = run(shop.shop, MEASURES).found
    assert [one.people for one in found.clusters] == [40, 40, 40]
    assert found.agreement == 1
    assert found.price == 1
    conditions = [one.condition for one in found.clusters if one.condition]
    kinds = [{name.rstrip("0123456789") for name in _names(shop, condition)} for condition in conditions]
    assert sorted(map(sorted, kinds)) == [["buyer"], ["looker"], ["talker"]]
    sizes = [shop.shop.audience(condition, limit=0).size() for condition in conditions]
    assert sizes == [one.told for one in found.clusters] == [one.both for one in found.clusters]
    assert sum(sizes) == found.of_people == 120
    for first, second in combinations(conditions, 2):
        assert shop.shop.audience(f"({first}) and ({second})", limit=0).size() == 0


def test_a_second_run_keeps_numbers_names_and_answers(shop: Scene) -> None:
    first = run(shop.shop, MEASURES)
    again = run(shop.shop, MEASURES)
    assert again.run == first.run + 1
    assert [(one.cluster, one.condition) for one in again.found.clusters] == [
        (one.cluster, one.condition) for one in first.found.clusters
    ]
    assert not any(one.is_new for one in again.found.clusters)
    assert again == last_run(shop.shop)
    assert Clusters.from_json(again.found.to_json()) == again.found
    other = run(shop.shop, MEASURES[:3])  # by other measures they are other clusters
    assert {one.cluster for one in other.found.clusters}.isdisjoint(one.cluster for one in again.found.clusters)


def test_a_cluster_becomes_an_audience_by_its_name(shop: Scene) -> None:
    cluster = run(shop.shop, MEASURES).found.clusters[0]
    saved = save(shop.shop, cluster.cluster, Named(language=Language.EN))
    assert (saved.name, saved.condition, saved.people) == (cluster.en, cluster.condition, cluster.told)
    assert save(shop.shop, cluster.cluster, Named("常客")).name == "常客"
    with pytest.raises(InputError, match="常客"):
        save(shop.shop, cluster.cluster, Named("常客"))
    with pytest.raises(UnknownNameError, match="no cluster 999"):
        save(shop.shop, 999, Named())


def test_names_say_what_is_typical_in_both_languages(shop: Scene) -> None:
    buyers = next(one for one in run(shop.shop, MEASURES).found.clusters if "buyer0" in _names(shop, one.condition))
    assert buyers.values
    assert all(one.tgi and one.tgi > 100 and one.tgi_low for one in buyers.values)
    assert buyers.zh.startswith(f"分群 {buyers.cluster}：")
    assert buyers.en.startswith(f"cluster {buyers.cluster}: ")
    recency = next(one for one in buyers.centre if one.tag == "recency_days")
    assert recency.missing == 0


def test_what_cannot_be_grouped_is_refused(shop: Scene, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="lifecycle has none"):
        run(shop.shop, ("lifecycle", "views_30d"))
    with pytest.raises(InputError, match="at least two measures"):
        run(shop.shop, ("views_30d", "views_30d"))
    with pytest.raises(InputError, match="tell people apart"):
        run(shop.shop, ("refunds_90d", "views_30d"))
    none = Scene(tmp_path / "none").shop
    assert last_run(none) is None
    with pytest.raises(UnknownNameError, match="not grouped yet"):
        save(none, 1, Named())


def _names(shop: Scene, condition: str | None) -> list[str]:
    """The users who meet a condition."""
    assert condition
    people = {row["node_id"]: id_text(row["person_id"]) for row in shop.rows("persons")}
    users = {people[shop.node(f"{kind}{number}")]: f"{kind}{number}" for kind in KINDS for number in range(40)}
    return [users[member] for member in shop.shop.audience(condition).members()]
