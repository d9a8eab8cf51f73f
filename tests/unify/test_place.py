"""Whose an event is, asked in the two ways that must agree."""

from __future__ import annotations

from pathlib import Path

import pytest

from qianmian.unify.identity import place
from tests.app.traces import Scene, trace

HOURS = range(6, 22)


@pytest.mark.parametrize("many", [0, 3, place.MANY_INTERVALS])
def test_a_till_with_many_hands_is_placed_as_any_node_is(
    many: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, "MANY_INTERVALS", many)
    scene = Scene(tmp_path / "shop")
    scene.take(
        [
            row
            for hour in HOURS
            for row in (
                trace("Signed In", f"2026-05-01T{hour:02}:00:00", user=f"u{hour}", device="till"),
                trace("Product Viewed", f"2026-05-01T{hour:02}:30:00", device="till", item="i1"),
            )
        ]
    )
    scene.shop.build()
    for hour in HOURS:
        assert scene.shop.profile(f"user_id:u{hour}")["views_90d"] == 1, hour
    scene.shop.close()
