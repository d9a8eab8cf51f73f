"""Who did one thing after another is found, however the builds have spread a person's rows over files."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from qianmian.core.people import id_text
from tests.app.traces import Scene, good, trace

TODAY = date(2026, 6, 1)
STEPS = ("Product Viewed", "Product Added", "Order Completed")
CONDITION = "sequence(did('Product Viewed'), did('Product Added'), did('Order Completed'), within='3d')"
OF_ONE_KIND = "sequence(did('Product Viewed', category='美妆'), did('Order Completed', category='美妆'), within='3d')"


def test_sequences_are_found_over_a_base_and_evenings(tmp_path: Path) -> None:
    chance = random.Random(11)
    scene = Scene(tmp_path / "shop")
    scene.goods([good("i0", "美妆"), good("i1", "家居")])
    sent = [trace(STEPS[0], "2026-05-20", user=f"crowd{n}", item="i0") for n in range(200)]
    scene.take(sent)
    files = set()
    for evening in range(4):
        day = TODAY - timedelta(days=4 - evening)
        rows = [
            trace(chance.choice(STEPS), f"{day}T{hour:02}:00:00", user=f"u{chance.randrange(12)}", item=f"i{hour % 2}")
            for hour in range(20)
        ]
        scene.take(rows)
        sent += rows
        scene.shop.build(instant=scene.now - timedelta(days=3 - evening))
        files.add(len(scene.shop.table("segments")))
        for condition, steps in (
            (CONDITION, [(name, None) for name in STEPS]),
            (OF_ONE_KIND, [("Product Viewed", "i0"), ("Order Completed", "i0")]),
        ):
            expected = {id_text(scene.node(user)) for user in followed(sent, steps)}
            assert set(scene.shop.audience(condition).members()) == expected
    assert max(files) > 1
    assert 0 < len(expected) < 12
    scene.shop.close()


def followed(sent: list[dict[str, Any]], steps: list[tuple[str, str | None]]) -> set[str]:
    """The users who did the steps within three days, by trying every row as each step."""
    found = set()
    for user in {row["user"] for row in sent}:
        rows = sorted(
            (datetime.fromisoformat(row["at"]), row["event"], row["item"]) for row in sent if row["user"] == user
        )
        chains = [[row] for row in rows]
        for _ in steps[1:]:
            chains = [[*chain, row] for chain in chains for row in rows if row[0] > chain[-1][0]]
        for chain in chains:
            fits = all(
                row[1] == name and item in {None, row[2]} for row, (name, item) in zip(chain, steps, strict=True)
            )
            ordered = all(one[0] < other[0] for one, other in pairwise(chain))
            if fits and ordered and chain[-1][0] - chain[0][0] <= timedelta(days=3):
                found.add(user)
    return found
