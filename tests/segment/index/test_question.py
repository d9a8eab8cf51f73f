"""An index works out what is asked, once, within its memory, and never for a purpose that is not allowed."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from qianmian.core.errors import PurposeError
from qianmian.query.bind import bind
from qianmian.query.parse import parse
from qianmian.segment.index import loading
from qianmian.segment.index import question as asking
from tests.query.oracle import members
from tests.query.test_compile import event, person
from tests.query.vocabulary import TODAY, VOCABULARY, connect, load
from tests.segment.index.shown import Shown, found, question

CONDITIONS = [
    "orders_30d >= 3 and city = '杭州' and not is_member = true",
    "orders_30d between 1 and 4 or churn_risk > 0.5",
    "did('Product Viewed') and orders_30d < 5",
    "friends(orders_30d > 2, kind = 'follow') >= 2 and city is not null",
    "within(did('Product Viewed'), hops = 2)",
    "friends(friends(orders_30d > 4), strength >= 0.5)",
]


@pytest.fixture(scope="module")
def shop():
    chance = random.Random(7)
    people = [
        person(
            number,
            city=chance.choice(["杭州", "福州", None]),
            orders_30d=chance.choice([0, 1, 2, 3, 4, 5, None]),
            churn_risk=chance.choice([0.1, 0.5, 0.9]),
            is_member=chance.choice([True, False, None]),
        )
        for number in range(1, 301)
    ]
    history = [row for number in range(1, 301, 3) for row in event(number, "Product Viewed")]
    ties = [
        {"from": one, "to": other, "kind": chance.choice(["follow", "group_buy"]), "strength": (one * other % 10) / 10}
        for one, other in (chance.sample(range(1, 340), 2) for _ in range(700))  # beyond 300 are strangers
    ]
    return people, history, ties


@pytest.fixture
def connection(shop):
    with connect() as opened:
        load(opened, *shop)
        yield opened


def expected(shop, text):
    people, history, ties = shop
    return sorted(members(bind(parse(text), VOCABULARY), people, history, TODAY, ties))


def counted(monkeypatch, name):
    """Counts the calls of a function that asks the database."""
    calls = []
    ask = getattr(loading, name)
    monkeypatch.setattr(loading, name, lambda *given: calls.append(given) or ask(*given))
    return calls


@pytest.mark.parametrize("text", CONDITIONS)
def test_what_is_found_is_what_the_oracle_finds(shop, connection, text):
    people = expected(shop, text)
    assert 0 < len(people) < 300
    assert found(question(connection), parse(text)) == people


def test_several_questions_at_a_time_are_answered_as_one_after_the_other(shop, connection, monkeypatch):
    asked = question(connection, threads=2)
    wanted = {text: expected(shop, text) for text in CONDITIONS}
    columns, parts = counted(monkeypatch, "columns"), counted(monkeypatch, "parts")

    def ask(number):
        with connection.cursor() as cursor:
            cursor.execute("SET TimeZone = 'UTC'")
            load(cursor, *shop)  # relations that are registered belong to one cursor
            mine = type(asked)(asked.index, Shown(cursor), asked.purpose, asked.check)
            texts = CONDITIONS[number % len(CONDITIONS) :] + CONDITIONS[: number % len(CONDITIONS)]
            return {text: found(mine, parse(text)) for text in texts}

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(ask, range(12)))
    assert answers == [wanted] * 12
    names = [name for _, _, some, _ in columns for name in some]
    assert sorted(names) == sorted(set(names)), "no column is made twice"
    assert len(parts) == 1, "one part about history stands in two conditions"


def test_one_clause_that_changes_counts_no_other_again(connection, monkeypatch):
    asked, parts, columns = question(connection), counted(monkeypatch, "parts"), counted(monkeypatch, "columns")
    for least in range(5):
        found(asked, parse(f"did('Product Viewed') and not did('Post Liked', last='7d') and orders_30d >= {least}"))
    assert [len(trees) for _, _, trees, _, _ in parts] == [2], "both are counted in one scan"
    assert [names for _, _, names, _ in columns] == [["orders_30d"]]


def test_memory_is_kept_within_its_limit(shop, connection, monkeypatch):
    asked = question(connection, columns_bytes=3_000)  # room for two columns of three hundred people, at most
    columns = counted(monkeypatch, "columns")
    assert asked.index.most_columns == 2
    whole = f"({CONDITIONS[0]}) or not ({CONDITIONS[1]}) and ({CONDITIONS[3]})"
    for text in (*CONDITIONS, *CONDITIONS, whole):
        assert found(asked, parse(text)) == expected(shop, text)
        assert asked.index.columns.nbytes <= 3_000
    assert max(len(names) for _, _, names, _ in columns) == 2


def test_more_parts_about_history_than_fit_into_one_scan_take_several(shop, connection, monkeypatch):
    text = "did('Product Viewed') >= 2 or did('Product Viewed') = 1 or did('Post Liked')"
    monkeypatch.setattr(asking, "_FLAGS", 600)
    parts = counted(monkeypatch, "parts")
    assert found(question(connection), parse(text)) == expected(shop, text)
    assert [len(trees) for _, _, trees, _, _ in parts] == [2, 1]


def test_a_purpose_is_checked_for_what_is_kept_too(connection):
    purposes = []

    def check(purpose):
        purposes.append(purpose)
        if len(purposes) > 2:
            raise PurposeError("unknown_purpose", purpose=purpose, registered=[])

    asked = question(connection, check=check)
    tree = parse("did('Product Viewed') and orders_30d >= 1")
    found(asked, tree)
    before = len(purposes)
    assert set(purposes) == {"analyse"}
    with pytest.raises(PurposeError):
        found(asked, tree)
    assert len(purposes) > before


def test_people_without_a_profile_lead_on_and_are_nobody_themselves(connection):
    ties = [{"from": one, "to": one + 1, "kind": "follow", "strength": 0.5} for one in (1, 2)]
    load(connection, [person(1, city="杭州"), person(3)], [], ties)
    assert found(question(connection), parse("within(city = '杭州', hops = 2)")) == [3]
    assert found(question(connection), parse("friends(city is null) >= 1")) == []


def test_whom_several_ties_lead_to_is_one_friend(connection):
    pairs = [(1, 2, "follow"), (2, 1, "follow"), (1, 2, "group_buy"), (1, 3, "follow")]
    ties = [{"from": one, "to": other, "kind": kind, "strength": 0.5} for one, other, kind in pairs]
    load(connection, [person(1), person(2, city="杭州"), person(3)], [], ties)
    assert found(question(connection), parse("friends(city is not null) = 1")) == [1]
    assert found(question(connection), parse("friends(city is null) >= 2")) == []
    assert found(question(connection), parse("friends(orders_30d is null) >= 2")) == [1]


def test_nobody_is_within_their_own_reach(connection):
    ties = [{"from": one, "to": other, "kind": "group_buy", "strength": 0.5} for one, other in ((1, 2), (2, 3))]
    load(connection, [person(1, city="杭州"), person(2), person(3)], [], ties)
    assert found(question(connection), parse("within(city = '杭州', hops = 3)")) == [2, 3]
