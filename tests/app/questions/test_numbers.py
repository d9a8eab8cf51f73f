"""Every number of people that a screen shows is the size of the audience that its condition lists."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from qianmian.app.questions.coverage import coverage
from qianmian.app.questions.overview import overview
from qianmian.app.questions.wording import check, wording
from qianmian.app.shop import ANALYSE
from qianmian.cli.demo.command import bring_in, make_world, open_shop
from qianmian.cli.door import Door
from qianmian.core.errors import InputError
from qianmian.core.language import Language
from qianmian.core.messages import Message
from qianmian.profile.tags.built_in import built_in_tags
from qianmian.world.plan import WorldPlan

PLAN = WorldPlan(people=150, days=12)


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """A generated shop, whose tags have many values."""
    folder = tmp_path_factory.mktemp("numbers")
    door = Door(folder, as_json=True, lang=None)
    world = make_world(PLAN, folder, door)
    shop = open_shop(folder / "shop", PLAN)
    bring_in(shop, world, PLAN, door)
    yield shop
    shop.close()


def size(shop, condition):
    return shop.audience(condition, limit=0).size()


@pytest.mark.parametrize("name", [tag.name for tag in built_in_tags()])
def test_every_share_of_a_tag_opens_its_people(shop, name):
    told = shop.tag(name)
    for share in told.shares:
        assert share.people == size(shop, share.condition), share
    assert told.covered == size(shop, told.covered_condition)
    rest = told.rest.people if told.rest else 0
    assert sum(share.people for share in told.shares) + rest == told.covered
    if told.rest:
        assert rest == size(shop, told.rest.condition) > 0


def test_the_coverage_of_every_tag_is_an_audience(shop):
    told = coverage(shop, purpose=ANALYSE)
    assert [tag.name for tag in told.tags] == [tag.name for tag in built_in_tags()]
    for tag in told.tags:
        assert tag.covered == size(shop, tag.condition) <= told.people


def test_the_overview_adds_up_and_opens_its_people(shop):
    told = overview(shop, purpose=ANALYSE)
    assert (told.from_on, told.to_on) == (told.computed.today - timedelta(days=29), told.computed.today)
    assert [day.on for day in told.days] == [told.from_on + timedelta(days=number) for number in range(30)]
    for day in told.days:
        assert day.buyers == size(shop, day.condition), day
    assert told.buyers.people == size(shop, told.buyers.condition) > 0
    assert sum(share.people for share in told.lifecycle) == told.people
    assert all(share.people == size(shop, share.condition) for share in told.lifecycle)
    assert 0 < told.events == sum(day.events for day in told.days) <= told.totals.events
    assert 0 < told.orders == sum(day.orders for day in told.days) <= told.totals.orders
    assert 0 < told.net_revenue == sum(day.net for day in told.days) <= told.totals.net_revenue


def test_the_money_of_the_overview_is_that_of_the_people_and_of_nobody(shop):
    told = overview(shop, purpose=ANALYSE)
    tables = shop.findings()
    assert told.totals.net_revenue == sum(tables["orders"].column("net").to_pylist(), Decimal(0))
    assert told.totals.orders == tables["orders"].num_rows


def test_a_range_holds_what_happened_in_it(shop):
    whole = overview(shop, purpose=ANALYSE)
    day = max(whole.days, key=lambda one: one.orders)
    one = overview(shop, purpose=ANALYSE, first=day.on, last=day.on)
    assert one.days == [day]
    assert (one.events, one.orders, one.net_revenue) == (day.events, day.orders, day.net)
    assert (one.buyers.people, one.people) == (day.buyers, whole.people)
    empty = overview(shop, purpose=ANALYSE, first=date(2020, 1, 1), last=date(2020, 1, 2))
    assert (empty.events, empty.orders, empty.net_revenue) == (0, 0, 0)
    for first, last in ((date(2026, 2, 2), date(2026, 2, 1)), (date(2020, 1, 1), date(2026, 1, 1))):
        with pytest.raises(InputError, match="1 to 366 dates"):
            overview(shop, purpose=ANALYSE, first=first, last=last)


def test_freshness_names_the_last_import_and_what_is_not_built_yet(shop):
    fresh = overview(shop, purpose=ANALYSE).freshness
    assert fresh.last_import["batch"] == max(row["batch"] for row in shop.batches.all())
    assert fresh.unbuilt_batches == 0
    assert fresh.last_event_at == max(
        value for value in shop.findings()["profiles"].column("last_seen_at").to_pylist() if value
    )


def test_a_condition_is_checked_with_the_place_of_every_mistake(shop):
    text = "lifecycel = 'loyal' and net_90d >= 'much'"
    told = check(shop, text, Language.EN, purpose=ANALYSE)
    assert told.condition is None
    places = [text[one.place.at : one.place.at + one.place.length] for one in told.problems]
    assert told.problems[0].message.hint(Language.EN) == "did you mean 'lifecycle'?"
    assert places[0].startswith("lifecycel")
    assert len(places) == 2
    assert check(shop, "", Language.EN, purpose=ANALYSE).problems[0].message == Message("empty_condition")
    right = check(shop, "orders_total>=1", Language.EN, purpose=ANALYSE)
    assert (right.condition, right.problems) == ("orders_total >= 1", ())


def test_everything_that_the_wording_names_can_be_said(shop):
    words = wording(shop, purpose=ANALYSE)
    for tag in words.tags:
        assert check(shop, f"{tag.name} is not null", Language.EN, purpose=ANALYSE).condition
    for event in words.events:
        assert check(shop, f"did('{event}')", Language.EN, purpose=ANALYSE).condition
    for one in words.filters:
        assert check(shop, f"did('Product Viewed', {one.name} is null)", Language.EN, purpose=ANALYSE).condition
