"""What data is used for is asked first, at every door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from qianmian.core.errors import PurposeError
from qianmian.privacy.purposes import Basis
from tests.app.traces import NOW, Scene

DOORS: dict[str, Callable[..., Any]] = {
    "profile": lambda shop, **purpose: shop.profile("anna", **purpose),
    "audience": lambda shop, **purpose: shop.audience("orders_total > 0", **purpose),
    "tag": lambda shop, **purpose: shop.tag("orders_total", **purpose),
}


@pytest.mark.parametrize("door", DOORS)
def test_without_its_purpose_a_door_is_shut(scene: Scene, door: str) -> None:
    DOORS[door](scene.shop)
    scene.shop.workspace.purposes.remove("analyse")
    with pytest.raises(PurposeError, match="'analyse' is not registered"):
        DOORS[door](scene.shop)
    DOORS[door](scene.shop, purpose="operate")


@pytest.mark.parametrize("door", DOORS)
def test_an_unregistered_purpose_is_denied_until_it_is_registered(scene: Scene, door: str) -> None:
    with pytest.raises(PurposeError, match="'advertise' is not registered"):
        DOORS[door](scene.shop, purpose="advertise")
    scene.shop.workspace.purposes.register("advertise", Basis.CONSENT, NOW)
    DOORS[door](scene.shop, purpose="advertise")


def test_a_purpose_is_checked_before_the_name_is_looked_up(scene: Scene) -> None:
    with pytest.raises(PurposeError):
        scene.shop.profile("nobody", purpose="snoop")
    with pytest.raises(PurposeError):
        scene.shop.audience("no such tag ((", purpose="snoop")


def test_an_export_needs_its_own_purpose(scene: Scene) -> None:
    scene.shop.workspace.purposes.remove("operate")
    with pytest.raises(PurposeError, match="'operate'"):
        scene.shop.export("anna")
