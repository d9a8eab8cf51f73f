"""An audience is everybody who meets the condition, as counting over the events would find them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from qianmian.core.errors import ConditionError, PurposeError
from qianmian.core.people import id_text
from qianmian.segment.audiences import audience
from tests.app.traces import Scene, good, trace

VIEW, PAID = "Product Viewed", "Order Completed"
TODAY = date(2026, 6, 1)
GOODS = [good(f"i{n}", ("美妆", "家居")[n % 2], str(10 * n + 10), ("棠杳", "匀器", "禾拾光")[n % 3]) for n in range(6)]
Sent = list[dict[str, Any]]


def _sent() -> Sent:
    chance = random.Random(7)
    rows = []
    for user in range(30):
        for _ in range(chance.randrange(9)):
            day = TODAY - timedelta(days=chance.choice([0, 1, 6, 7, 8, 29, 30, 31, 60]))
            hour = chance.choice(["00:00:00", "23:59:59.999999", "12:00:00"]) if day < TODAY else "00:00:00"
            skus = [f"i{chance.randrange(6)}" for _ in range(chance.randrange(4))]
            products = [{"sku": sku, "n": 1, "amount": "1"} for sku in skus]
            name, channel = chance.choice([VIEW, VIEW, PAID]), chance.choice(["app", "web"])
            rows.append(trace(name, f"{day}T{hour}", user=f"u{user}", products=products, channel=channel))
    quiet = [trace("Review Written", "2026-05-01", user=f"u{user}") for user in range(30)]  # everybody has a profile
    return rows + quiet


@pytest.fixture(scope="module")
def sent() -> Sent:
    return _sent()


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory, sent: Sent) -> Iterator[Scene]:
    made = Scene(tmp_path_factory.mktemp("audiences") / "shop")
    made.goods(GOODS)
    made.take(sent)
    made.shop.build()
    yield made
    made.shop.close()


def days_ago(row: dict[str, Any]) -> int:
    return (TODAY - datetime.fromisoformat(row["at"]).date()).days


def meaning(sku: str, name: str) -> Any:
    return next(item[name] for item in GOODS if item["sku"] == sku)


def has(row: dict[str, Any], **wanted: str) -> bool:
    """Whether one product of the event has all of it."""
    return any(
        all(meaning(line["sku"], name) == value for name, value in wanted.items()) for line in row["products"] or []
    )


CASES: list[tuple[str, Callable[[Sent], bool]]] = [
    (f"did('{VIEW}')", lambda rows: any(r["event"] == VIEW for r in rows)),
    (f"not did('{VIEW}')", lambda rows: not any(r["event"] == VIEW for r in rows)),
    (f"did('{VIEW}') = 0", lambda rows: not any(r["event"] == VIEW for r in rows)),
    (
        f"did('{VIEW}', last='7d') >= 2",
        lambda rows: sum(r["event"] == VIEW and days_ago(r) < 7 for r in rows) >= 2,
    ),
    (
        f"did('{PAID}', from='2026-05-02', to='2026-05-31')",
        lambda rows: any(r["event"] == PAID and 1 <= days_ago(r) <= 30 for r in rows),
    ),
    (
        f"did('{PAID}', category='美妆') = 1",
        lambda rows: sum(r["event"] == PAID and has(r, category="美妆") for r in rows) == 1,
    ),
    (
        f"did('{PAID}', category='美妆', brand='棠杳', last='30d')",
        lambda rows: any(
            r["event"] == PAID and days_ago(r) < 30 and has(r, category="美妆", brand="棠杳") for r in rows
        ),
    ),
    (
        f"did('{VIEW}', channel='app') < 2",
        lambda rows: sum(r["event"] == VIEW and r["channel"] == "app" for r in rows) < 2,
    ),
    (
        f"did('{VIEW}', last='7d') and not did('{PAID}', last='30d')",
        lambda rows: (
            any(r["event"] == VIEW and days_ago(r) < 7 for r in rows)
            and not any(r["event"] == PAID and days_ago(r) < 30 for r in rows)
        ),
    ),
    (
        f"orders_total >= 2 or did('{VIEW}', item='i0')",
        lambda rows: (
            sum(r["event"] == PAID for r in rows) >= 2
            or any(r["event"] == VIEW and "i0" in [line["sku"] for line in r["products"] or []] for r in rows)
        ),
    ),
]


@pytest.mark.parametrize(("condition", "holds"), CASES, ids=[condition for condition, _ in CASES])
def test_the_members_are_those_that_counting_finds(
    scene: Scene, sent: Sent, condition: str, holds: Callable[[Sent], bool]
) -> None:
    users = {row["user"] for row in sent}
    expected = sorted(scene.node(user) for user in users if holds([row for row in sent if row["user"] == user]))
    found = scene.shop.audience(condition)
    assert found.members() == [id_text(person) for person in expected]
    assert found.size() == len(expected)
    assert 0 < len(expected) < len(users)


def test_an_empty_field_meets_no_filter_but_is_null(tmp_path: Path) -> None:
    scene = Scene(tmp_path / "shop")
    scene.goods([good("i0", "美妆")])
    scene.take(
        [trace(VIEW, "2026-05-01", user="full", item="i0", channel="app"), trace(VIEW, "2026-05-01", user="bare")]
    )
    scene.shop.build()
    full, bare = (id_text(scene.node(name)) for name in ("full", "bare"))
    for field, other in (("channel", "web"), ("category", "家居"), ("brand", "棠杳"), ("region", "上海")):
        has = [full] if field in {"channel", "category"} else []
        assert scene.shop.audience(f"did('{VIEW}', {field} != '{other}')").members() == has
        empty = scene.shop.audience(f"did('{VIEW}', {field} is null)").members()
        assert empty == sorted({full, bare} - set(has))
    scene.shop.close()


def test_everybody_is_in_an_audience_or_in_its_opposite(scene: Scene) -> None:
    for condition in ("preferred_category = '美妆'", "recency_days < 10", f"did('{PAID}') > 1"):
        both = [scene.shop.audience(one).members() for one in (condition, f"not ({condition})")]
        assert len(set(both[0]) | set(both[1])) == len(both[0]) + len(both[1]) == 30


def test_a_limit_cuts_the_list_and_not_the_size(scene: Scene) -> None:
    whole = scene.shop.audience("orders_total >= 0")
    some = scene.shop.audience("orders_total >= 0", limit=4)
    assert (some.size(), some.members()) == (30, whole.members()[:4])


def test_an_item_is_of_the_category_that_it_has_today(scene: Scene, tmp_path: Path, sent: Sent) -> None:
    renamed = scene.copied(tmp_path / "shop")
    renamed.goods([good("i0", "个护", "10", "棠杳", since="2026-05-30")])
    renamed.shop.build()
    bought = {
        row["user"] for row in sent for line in row["products"] or [] if row["event"] == PAID and line["sku"] == "i0"
    }
    assert bought
    found = renamed.shop.audience(f"did('{PAID}', category='个护')").members()
    assert found == [id_text(person) for person in sorted(renamed.node(user) for user in bought)]
    assert scene.shop.audience(f"did('{PAID}', category='个护')").size() == 0
    renamed.shop.close()


def test_a_mistake_is_explained(scene: Scene) -> None:
    with pytest.raises(ConditionError, match="orders_totle"):
        scene.shop.audience("orders_totle > 1")


def test_each_clause_tells_how_many_meet_it(scene: Scene) -> None:
    rest = f"(orders_total >= 2 or did('{PAID}')) and orders_total < 1"
    for text, clauses in (
        (f"did('{VIEW}', last='7d') and {rest}", 3),
        (f"did('{VIEW}', last='7d') or {rest}", 2),
        (f"not ({rest})", 1),
    ):
        with scene.shop.asking("analyse") as (found, _):
            asked = audience(found, text, purpose="analyse", check=scene.shop.workspace.purposes.check)
            told = asked.size_of_each(found)
        assert told == [(clause, scene.shop.audience(clause).size()) for clause, _ in told]
        assert len(told) == clauses


def test_people_are_shown_as_a_relation(scene: Scene) -> None:
    with scene.shop.asking("analyse") as (found, _):
        asked = audience(found, "orders_total >= 1", purpose="analyse", check=scene.shop.workspace.purposes.check)
        people = asked.show(found, "wanted")
        listed = [row[0] for row in found.connection.execute("FROM wanted").fetchall()]
        assert (people, listed) == asked.members(found)


def test_a_purpose_that_is_not_registered_finds_nobody(scene: Scene) -> None:
    with scene.shop.asking("analyse") as (found, _), pytest.raises(PurposeError):
        audience(found, "orders_total >= 1", purpose="curiosity", check=scene.shop.workspace.purposes.check)
