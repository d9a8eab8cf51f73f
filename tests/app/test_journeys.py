"""Purchase journeys of a shop: who stands where, who moved, what a refund takes back, what erasure leaves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from qianmian.app.questions.journeys import StageMove, journeys, person_journeys
from qianmian.app.shop import ANALYSE
from qianmian.core.errors import ConditionError, InputError, UnknownNameError
from qianmian.query.tree import STAGES
from tests.app.traces import NOW, Scene, good, trace

ANNA = [("Product Viewed", "2026-05-20"), ("Product Added", "2026-05-25")]
ORDER = {"total": "40", "products": [{"sku": "a", "n": 1, "price": "40", "amount": "40"}]}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    scene = Scene(tmp_path_factory.mktemp("journeys") / "shop", NOW + timedelta(hours=1))
    scene.goods([good("a", "美妆"), good("b", "美妆"), good("c", "家居")])
    scene.take([
        *(trace(event, day, user="anna", item="a") for event, day in ANNA),
        trace("Product Viewed", "2026-05-31", user="anna", item="c"),
        trace("Order Completed", "2026-05-28", user="boris", order="B", **ORDER),
        trace("Order Completed", "2026-05-20", user="carl", order="C", **ORDER),
        trace("Product Viewed", "2026-04-01", user="dora", item="b"),
        trace("Products Searched", "2026-05-31", user="dora"),
    ])  # fmt: skip
    scene.shop.build(instant=NOW)
    scene.take([trace("Order Refunded", "2026-05-30", user="carl", order="C", refund="R", total="40")])
    assert not scene.shop.build(instant=NOW)["anew"]
    yield scene
    scene.shop.close()


def people(shop: Scene, condition: str) -> set[int]:
    found = shop.shop.audience(condition, purpose=ANALYSE, limit=100)
    return {shop.person(name) for name in ("anna", "boris", "carl", "dora") if _id(shop, name) in found.members()}


def _id(shop: Scene, name: str) -> str:
    return person_journeys(shop.shop, name, purpose=ANALYSE).person


def test_the_stages_of_a_category_and_who_moved(shop: Scene) -> None:
    told = journeys(shop.shop, "美妆", days=7, purpose=ANALYSE)
    assert [(one.category, one.people) for one in told.categories] == [("美妆", 2), ("家居", 1)]
    assert tuple(one.stage for one in told.stages) == STAGES
    counted = {one.stage: (one.people, one.entered) for one in told.stages if one.people}
    assert counted == {"deciding": (1, 0), "bought": (1, 1)}
    # carl had bought a week ago, and has nothing now; boris came from nowhere; anna decided on the 25th, a day before
    moves = [StageMove("bought", None, 1), StageMove("deciding", "deciding", 1), StageMove(None, "bought", 1)]
    assert sorted(told.moves, key=str) == sorted(moves, key=str)
    assert journeys(shop.shop, purpose=ANALYSE).category == "美妆"  # the one with most people


def test_every_count_is_that_of_its_condition(shop: Scene) -> None:
    for one in journeys(shop.shop, "美妆", days=7, purpose=ANALYSE).stages:
        assert len(people(shop, one.condition)) == one.people
        assert len(people(shop, one.entered_condition)) == one.entered
    assert people(shop, "journey('美妆') = 'deciding' and journey('家居') = 'awakened'") == {shop.person("anna")}
    assert people(shop, "not journey('美妆') in ('deciding', 'bought')") == {shop.person("carl"), shop.person("dora")}


def test_a_person_with_each_category_since_when_and_by_which_event(shop: Scene) -> None:
    beauty, home = person_journeys(shop.shop, "anna", purpose=ANALYSE).journeys
    assert (beauty.category, home.category) == ("美妆", "家居")
    assert [(one.stage, one.event, one.cause) for one in beauty.stays] == [
        ("awakened", "Product Viewed", "event"),
        ("deciding", "Product Added", "event"),
    ]
    assert beauty.now == beauty.stays[-1]
    assert beauty.now.ended_at - beauty.now.began_at == timedelta(days=14)  # unless more is done


def test_a_refund_ends_what_an_order_began_and_a_search_of_nothing_begins_nothing(shop: Scene) -> None:
    [carl] = person_journeys(shop.shop, "carl", purpose=ANALYSE).journeys
    assert (carl.now, [(one.stage, one.ended_at.day) for one in carl.stays]) == (None, [("bought", 30)])
    [dora] = person_journeys(shop.shop, "dora", purpose=ANALYSE).journeys
    assert (dora.now, [one.stage for one in dora.stays]) == (None, ["awakened"])  # lapsed in May


def test_what_nobody_knows_is_refused_by_name(shop: Scene) -> None:
    with pytest.raises(InputError, match="no item of the goods is in the category '美状'"):
        journeys(shop.shop, "美状", purpose=ANALYSE)
    with pytest.raises(ConditionError, match="no stage 'decided'"):
        shop.shop.audience("journey('美妆') = 'decided'", purpose=ANALYSE)
    with pytest.raises(UnknownNameError):
        person_journeys(shop.shop, "nobody", purpose=ANALYSE)


def test_the_split_of_people_changes_nothing(shop: Scene) -> None:
    rows = shop.built()["journeys"]
    assert len(rows) == 7  # with the one that begins when what lies in anna's cart says nothing any more
    shop.build_in(4, instant=NOW)
    assert shop.built()["journeys"] == rows


def test_a_persons_export_holds_their_journeys(shop: Scene) -> None:
    told = shop.shop.export("carl")["journey_stages"]
    assert [(row["category"], row["stage"], row["event"]) for row in told] == [("美妆", "bought", "Order Completed")]


def test_erasure_leaves_no_journey(shop: Scene, tmp_path_factory: pytest.TempPathFactory) -> None:
    copy = shop.copied(tmp_path_factory.mktemp("erased") / "shop")
    anna = copy.person("anna")
    copy.shop.erase(copy.shop.plan_erase(["anna"]))
    rows = copy.rows("journey_stages")
    copy.shop.close()
    assert rows
    assert anna not in {row["person_id"] for row in rows}
