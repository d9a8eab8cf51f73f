"""Two shops in two time zones, small enough to be told again in plain Python, with every event that a metric needs."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from qianmian.app.shop import ANALYSE
from qianmian.measure.metrics.built_in import built_in_metrics
from qianmian.measure.metrics.values import needs_of
from tests.app.traces import Scene, good, trace
from tests.measure.plain import BACK, PAID, Shop

PLACES = [
    ("Asia/Shanghai", datetime(2026, 6, 1, 15, 30, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 3, 9, 3, 30, tzinfo=UTC)),
]
CATEGORIES = ["美妆", "家居", "服饰", None]
GOODS = [good(f"i{n}", CATEGORIES[n % 4] or "", "5") | {"category": CATEGORIES[n % 4]} for n in range(12)]
NEEDED = sorted({event for metric in built_in_metrics() for group in needs_of(metric) for event in group})


@dataclass(frozen=True)
class Told:
    """A shop as it was built, and as plain Python tells it; people by their names."""

    scene: Scene
    truth: Shop
    names: dict[int, str]


def sent(zone: ZoneInfo, now: datetime) -> list[dict[str, Any]]:
    """What sixty people did, two ids of one person among them, and what nobody known bought."""
    chance = random.Random(str(zone))
    midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)

    def when() -> datetime:
        local = midnight - timedelta(days=chance.choice([0, 1, 7, 29, 30, 31, 90, chance.randrange(200)]))
        local += chance.choice([timedelta(0), timedelta(microseconds=-1), timedelta(seconds=chance.randrange(86_400))])
        return min(local.replace(tzinfo=zone).astimezone(UTC), now)

    rows: list[dict[str, Any]] = []
    orders: list[tuple[str, str | None]] = []
    for number in range(64):
        user = f"u{number}" if number < 50 else None
        anon = f"a{number}" if number < 8 or 50 <= number < 60 else None
        if user and anon:  # the two are one person from here on, and were before
            rows.append(trace("Signed In", when(), user=user, anon=anon))
        for _ in range(chance.choice([1, 3, 8, 30])):
            name, at = chance.choice([*NEEDED, PAID, PAID, BACK, "Product Viewed"]), when()
            fields = _fields(chance, name, user, anon, orders)
            if not (user or anon) and name != PAID:
                continue  # it would be nobody's
            rows.append(trace(name, at, id=f"{zone}-{len(rows)}", **fields))
            if name in (PAID, BACK) and rows[-1]["order"] and chance.random() < 0.2:  # told twice: it stands once
                rows.append({**rows[-1], "id": f"{zone}-again-{len(rows)}", "at": (at + timedelta(1)).isoformat()})
    rows.append(trace("Product Viewed", now + timedelta(microseconds=1), user="u0"))  # after the build's instant
    return rows


def _fields(
    chance: random.Random, name: str, user: str | None, anon: str | None, orders: list[tuple[str, str | None]]
) -> dict[str, Any]:
    """What one event says."""
    by_anon = anon and chance.random() < 0.5
    fields: dict[str, Any] = {"anon": anon} if by_anon else {"user": user, "anon": None if user else anon}
    if name == BACK:  # nobody gives back what somebody else bought
        own = [order for order, buyer in orders if user and buyer == user]
        number = f"{user}-{anon}-{chance.randrange(10**9)}"
        order = chance.choice([*own, f"none-{number}"])
        back = {"order": order, "refund": f"r-{number}", "total": f"{chance.randrange(90)}.5", "channel": "app"}
        return {"user": user, "anon": anon, **back}
    fields |= {"region": chance.choice(["上海", "浙江", None]), "channel": chance.choice(["app", "web", None])}
    fields["device_type"] = chance.choice(["ios", "android"])
    skus = [f"i{chance.randrange(14)}" for _ in range(chance.choice([0, 1, 1, 3]))]
    if name in (PAID, "Product Viewed", "Product Added") and skus:
        in_lines = chance.random() < 0.7
        fields |= {"products": [_line(sku, chance) for sku in skus]} if in_lines else {"item": skus[0]}
    if name == PAID:
        orders.append((f"o{len(orders)}", user))
        fields["order"] = orders[-1][0] if user or anon else None  # an order number would be somebody's
        fields["total"] = f"{chance.randrange(3_000)}.{chance.randrange(100):02}"
    return fields


def _line(sku: str, chance: random.Random) -> dict[str, Any]:
    amount = chance.choice(["0", "1.50", "20"])
    return {"sku": sku, "n": chance.choice([1, 2]), "price": "1", "amount": amount}


def build(folder: Any, zone: str, now: datetime) -> Told:
    """The shop of a place."""
    scene = Scene(folder / "shop", now + timedelta(hours=1), {"time_zone": zone})
    rows = sent(ZoneInfo(zone), now)
    scene.goods(GOODS)
    scene.take(rows)
    scene.shop.build(instant=now)
    owners = {f"a{number}": f"u{number}" for number in range(8)}
    truth = Shop(rows, {row["sku"]: row["category"] for row in GOODS}, owners, ZoneInfo(zone), now)
    ids = {person: scene.person(person if person[0] == "u" else f"anonymous_id:{person}") for person in truth.days}
    names = {number: person for person, number in ids.items()}
    with scene.shop.asking(ANALYSE) as (found, _):
        told = found.connection.sql("SELECT person_id, lifecycle, rfm FROM profiles").fetchall()
    truth.tags = {
        (tag, names[number]): value
        for number, *values in told
        for tag, value in zip(("lifecycle", "rfm"), values, strict=True)
    }
    return Told(scene, truth, names)


@pytest.fixture(scope="session", params=PLACES, ids=[zone for zone, _ in PLACES])
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    zone, now = request.param
    made = build(tmp_path_factory.mktemp("metrics"), zone, now)
    yield made
    made.scene.shop.close()
