"""Every tag of everybody is what a plain reading of the events says, with the rows that speak for it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from qianmian.app.shop import ANALYSE
from qianmian.profile.portrait import EventRef, TagValue, portrait
from qianmian.profile.tags.basic import BASIC
from tests.app.traces import Scene, good, trace
from tests.profile import reference

#: (zone, the build's instant): one without summer time, and one on the evening of the day the clocks went forward.
PLACES = [
    ("Asia/Shanghai", datetime(2026, 6, 1, 15, 30, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 3, 9, 3, 30, tzinfo=UTC)),
]
CATEGORIES, BRANDS = ["美妆", "家居", "服饰", None], ["棠杳", "匀器", None]
NAMES = [name for names, _ in reference.COUNTED.values() for name in names]
GOODS = [
    good(f"i{n}", CATEGORIES[n % 4] or "", f"{(n * 7) % 5 + 1}.90", BRANDS[n % 3])
    | ({"category": None} if n % 4 == 3 else {})
    | ({"price": None} if n % 7 == 0 else {})
    for n in range(24)
]


def instants(zone: str, now: datetime, chance: random.Random) -> Iterator[datetime]:
    """Odd times: the edges of every window, midnights, the hours in which clocks change, and any."""
    midnight = now.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    while True:
        days = chance.choice([0, 0, 1, 5, 6, 7, 29, 30, 59, 60, 89, 90, 120, chance.randrange(150)])
        local = midnight - timedelta(days=days)
        local += chance.choice(
            [timedelta(0), timedelta(microseconds=-1), timedelta(microseconds=1), timedelta(hours=2, minutes=30)]
            + [timedelta(hours=1, minutes=59, seconds=59), timedelta(seconds=chance.randrange(86_400))] * 2
        )
        yield min(local.replace(tzinfo=ZoneInfo(zone), fold=chance.randrange(2)).astimezone(UTC), now)


def events(zone: str, now: datetime) -> list[dict[str, Any]]:
    """Sixty people and what they did."""
    chance = random.Random(zone)
    at = instants(zone, now, chance)
    rows: list[dict[str, Any]] = []
    for user in range(60):
        orders: list[str] = []
        for _ in range(chance.choice([1, 2, 5, 12, 30])):
            name, when = chance.choice([*NAMES, reference.PAID, reference.VIEWED]), next(at)
            fields: dict[str, Any] = {"user": f"u{user}", "region": chance.choice(["上海", "浙江", None])}
            fields |= {"channel": chance.choice(["app", "web", None]), "device_type": chance.choice(["ios", "android"])}
            skus = [
                f"i{chance.randrange(27)}" for _ in range(chance.choice([0, 1, 1, 3]))
            ]  # three are not in the goods
            if name in reference.WEIGHTS and skus:
                priced = [{"sku": sku, "n": 1, "price": "1", "amount": "1"} for sku in skus]
                fields |= {"products": priced} if chance.random() < 0.7 else {"item": skus[0]}
            if name == reference.PAID:
                orders.append(f"o{user}-{len(orders)}")
                fields |= {"order": orders[-1], "total": f"{chance.randrange(30_000)}.{chance.randrange(100):02}"}
            if name == reference.BACK:
                order = chance.choice([*orders, None])
                fields |= {"order": order, "refund": f"r{len(rows)}", "total": f"{chance.randrange(9_000)}.5"}
            rows.append(trace(name, when, id=f"{zone}-{len(rows)}", **fields))
            if chance.random() < 0.3:  # a session goes on for half an hour to the microsecond, or just longer
                pause = timedelta(minutes=30, microseconds=chance.choice([0, 1]))
                rows.append(trace(reference.VIEWED, min(when + pause, now), id=f"{zone}-{len(rows)}", user=f"u{user}"))
    rows.append(trace(reference.VIEWED, now + timedelta(microseconds=1), user="u0"))  # after the build's instant
    return rows


class Case:
    """A shop in one place, what it says, and what it should say."""

    def __init__(self, scene: Scene, zone: str, now: datetime) -> None:
        self.scene, sent = scene, events(zone, now)
        self.truth = reference.Shop(sent, GOODS, zone, now)
        scene.goods(GOODS)
        scene.take(sent)
        scene.shop.build(instant=now)
        with scene.shop.asking(ANALYSE, "events") as (reading, _):
            self.told = {
                user: {value.tag.name: value for value in portrait(reading, scene.node(user)) if value.tag in BASIC}
                for user in self.truth.people
            }


@pytest.fixture(scope="module", params=PLACES, ids=[zone for zone, _ in PLACES])
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    zone, now = request.param
    scene = Scene(tmp_path_factory.mktemp("tags") / "shop", now + timedelta(hours=1), {"time_zone": zone})
    yield Case(scene, zone, now)
    scene.shop.close()


def differences(case: Case, tell: Any, expect: Any) -> list[tuple[str, str, Any, Any]]:
    """(user, tag, told, expected) wherever they differ."""
    return [
        (user, name, tell(value), expect(expected[name]))
        for user, tags in case.told.items()
        for expected in [case.truth.tell(user)]
        for name, value in tags.items()
        if tell(value) != expect(expected[name])
    ]


def _value(told: TagValue) -> Any:
    return round(told.value, 4) if isinstance(told.value, Decimal) else told.value


def test_every_tag_is_told_of_everybody(case: Case) -> None:
    assert set(case.scene.profiles()) == {case.scene.node(user) for user in case.truth.people}
    for user, tags in case.told.items():
        assert list(tags) == [tag.name for tag in BASIC]
        assert set(tags) == set(case.truth.tell(user))


def test_every_value_is_the_plain_one(case: Case) -> None:
    assert differences(case, _value, lambda expected: expected.value) == []


def test_every_confidence_is_the_share_of_weight(case: Case) -> None:
    def rounded(one: Any) -> Any:
        return None if one.confidence is None else round(one.confidence, 9)

    assert differences(case, rounded, rounded) == []


def test_every_evidence_counts_the_plain_rows(case: Case) -> None:
    assert differences(case, lambda told: told.evidence.rows, lambda expected: len(expected.rows)) == []


@pytest.mark.parametrize("end", [0, -1], ids=["first", "last"])
def test_every_evidence_names_its_first_and_last_event(case: Case, end: int) -> None:
    def told(value: TagValue) -> EventRef | None:
        return value.evidence.last if end else value.evidence.first

    def expected(value: reference.Told) -> EventRef | None:
        rows = value.rows
        return EventRef("shop", rows[end].sent["id"], rows[end].at) if rows else None

    assert differences(case, told, expected) == []


def test_the_evidence_of_a_profile_is_what_the_build_counted(case: Case) -> None:
    partials = {row["person_id"]: row for row in case.scene.rows("partials")}
    for user, tags in case.told.items():
        row = partials[case.scene.node(user)]
        counted = {tag.name: row[f"{tag.evidence.name}_rows"] for tag in BASIC}
        assert counted == {name: value.evidence.rows for name, value in tags.items()}


def test_the_data_holds_what_it_should_try(case: Case) -> None:
    told = [case.truth.tell(user) for user in case.truth.people]
    assert {one["lifecycle"].value for one in told} == {"loyal", "new", "active", "at_risk", "lost", "potential"}
    assert len({one["rfm"].value for one in told}) >= 6
    assert {one["m_score"].value for one in told} == {None, 1, 2, 3, 4, 5}
    assert {one["preferred_price_band"].value for one in told} == {None, "low", "mid", "high"}


def test_the_door_tells_the_same(case: Case) -> None:
    for user in list(case.told)[:3]:
        profile = case.scene.shop.profile(user)
        assert {value.tag.name: value for value in profile.tags if value.tag in BASIC} == case.told[user]
        assert profile["lifecycle"] == case.truth.tell(user)["lifecycle"].value
