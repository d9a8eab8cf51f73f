"""What sets an audience apart, and two side by side, against counts made from the profiles one by one."""

from __future__ import annotations

from collections import Counter
from math import log2, sqrt
from statistics import NormalDist

import pytest

from qianmian.app.questions.compare import compare
from qianmian.app.questions.insight import insight
from qianmian.app.questions.values import is_enumerated, values
from qianmian.app.shop import ANALYSE
from qianmian.core.errors import ConditionError, InputError, PurposeError, UnknownNameError
from qianmian.profile.tags.built_in import built_in_tags

BUYERS = "did('Order Completed')"
ENUMERATED = [tag.name for tag in built_in_tags() if is_enumerated(tag)]


def expected(profiles, here, but=()):
    """(tag, value, here, everywhere) of what stands out, the strongest first, from the definition."""
    pairs = Counter((name, row[name]) for row in profiles for name in ENUMERATED if name not in but)
    mine = Counter((name, row[name]) for row in here for name in ENUMERATED if name not in but)
    mine = {key: n for key, n in mine.items() if key[1] is not None}
    z, size, found = NormalDist().inv_cdf(1 - 0.05 / max(1, len(mine))), len(here), []
    for key, n in mine.items():
        share, everywhere = n / size, pairs[key] / len(profiles)
        centre, half = share + z**2 / 2 / size, z * sqrt(share * (1 - share) / size + z**2 / 4 / size**2)
        low = (centre - half) / (1 + z**2 / size)
        if low > everywhere:
            found.append((-low * log2(low / everywhere), *map(str, key), n, pairs[key]))
    best = {}
    for _, tag, *rest in sorted(found):
        best.setdefault(tag, (tag, *rest))
    return list(best.values())


def told(found):
    return [(one.tag.name, str(one.value), one.here, one.everywhere) for one in found.typical]


def test_the_values_that_stand_out_are_those_of_the_definition(crowd):
    found = insight(crowd.shop, BUYERS, purpose=ANALYSE, most=100)
    everyone = crowd.profiles()
    members = set(crowd.shop.audience(BUYERS)._members)
    here = [row for person, row in everyone.items() if person in members]
    assert told(found) == expected(list(everyone.values()), here)
    assert ("region", "上海") in [one[:2] for one in told(found)]
    assert (found.people, found.of_people) == (80, 400)
    assert told(insight(crowd.shop, BUYERS, purpose=ANALYSE))[:5] == told(found)[:5]


def test_three_people_with_the_largest_ratio_stand_behind_many(crowd):
    assert crowd.shop.audience("region = '西藏'").size() == 3  # all of them buyers: five times as often as everybody
    assert crowd.shop.audience(f"region = '西藏' and {BUYERS}").size() == 3
    found = insight(crowd.shop, BUYERS, purpose=ANALYSE, most=100).typical
    [region] = [one for one in found if one.tag.name == "region"]
    assert (region.value, region.here >= 30) == ("上海", True)


def test_every_number_opens_the_people_that_it_counts(crowd):
    for one in insight(crowd.shop, BUYERS, purpose=ANALYSE).typical:
        assert crowd.shop.audience(one.condition_here).size() == one.here
        assert crowd.shop.audience(one.condition).size() == one.everywhere
        assert one.tgi == pytest.approx(one.here / 80 / (one.everywhere / 400) * 100)
        assert one.tgi_low < one.tgi


def test_what_the_condition_names_is_not_told_back(crowd):
    named = {one.tag.name for one in insight(crowd.shop, "region = '上海'", purpose=ANALYSE, most=100).typical}
    assert named
    assert "region" not in named


def test_of_few_people_no_ratio_is_told_and_of_nobody_nothing(crowd):
    few = insight(crowd.shop, "region = '西藏'", purpose=ANALYSE)
    assert few.people == 3
    assert all(one.tgi is None and one.tgi_low is None for one in few.typical)
    nobody = insight(crowd.shop, "orders_total > 1000", purpose=ANALYSE)
    assert (nobody.people, nobody.typical) == (0, [])


def test_of_everybody_nothing_stands_out(crowd):
    assert insight(crowd.shop, "orders_total >= 0", purpose=ANALYSE, most=100).typical == []


def test_two_sides_are_counted_as_their_conditions_count(crowd):
    found = compare(crowd.shop, BUYERS, "region = '上海'", purpose=ANALYSE)
    size = {text: crowd.shop.audience(text).size() for text in (BUYERS, "region = '上海'")}
    assert (found.first.people, found.second.people) == tuple(size.values())
    assert found.both == crowd.shop.audience(f"{BUYERS} and region = '上海'").size()
    for tag in found.tags:
        for value in tag.values:
            for side in (value.first, value.second):
                assert crowd.shop.audience(side.condition).size() == side.people, side
    [region] = [tag for tag in found.tags if tag.tag.name == "region"]
    assert {value.label: value.second.people for value in region.values if value.second.people} == {
        "上海": size["region = '上海'"]
    }


def test_a_side_without_a_condition_is_everybody(crowd):
    found = compare(crowd.shop, BUYERS, None, purpose=ANALYSE, tags=("region", "net_90d", "region"))
    assert (found.second.condition, found.second.people, found.both) == (None, 400, 80)
    assert [tag.tag.name for tag in found.tags] == ["region", "net_90d"]
    for tag in found.tags:
        assert sum(value.first.people for value in tag.values) == 80
        assert all(value.first.people <= value.second.people for value in tag.values)


def test_values_are_listed_with_those_that_nobody_has(crowd):
    found = values(crowd.shop, "lifecycle", purpose=ANALYSE)
    assert {one.value for one in found.values} == {"loyal", "new", "active", "at_risk", "lost", "potential"}
    assert sum(one.people for one in found.values) == 400
    assert found.values[-1].people == 0
    for one in found.values:
        assert crowd.shop.audience(one.condition).size() == one.people
    with pytest.raises(InputError, match="not enumerated"):
        values(crowd.shop, "net_revenue", purpose=ANALYSE)


@pytest.mark.parametrize("ask", [insight, lambda shop, text, purpose: compare(shop, text, None, purpose=purpose)])
def test_what_cannot_be_asked_is_refused(crowd, ask):
    with pytest.raises(ConditionError):
        ask(crowd.shop, "region =", purpose=ANALYSE)
    with pytest.raises(ConditionError):
        ask(crowd.shop, "no_such_tag = 1", purpose=ANALYSE)
    with pytest.raises(PurposeError):
        ask(crowd.shop, BUYERS, purpose="advertise")
    with pytest.raises(UnknownNameError):
        compare(crowd.shop, BUYERS, None, purpose=ANALYSE, tags=("region; DROP TABLE profiles",))
    with pytest.raises(InputError, match="at most 12"):
        compare(crowd.shop, BUYERS, None, purpose=ANALYSE, tags=("region",) * 13)
