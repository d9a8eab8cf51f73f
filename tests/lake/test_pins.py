"""A pin keeps a snapshot until it ends."""

from __future__ import annotations

from pathlib import Path

from qianmian.lake.pins import Pins
from qianmian.lake.snapshot import Snapshot
from tests.lake.shop import NOW, later

SNAPSHOT = Snapshot({"sales": 3}, 1, 2, NOW)


def test_a_pin_holds_until_its_instant_in_every_process(tmp_path: Path):
    pin = Pins(tmp_path).pin(SNAPSHOT, "build 7", later(1))
    assert Pins(tmp_path).live(later(0.9)) == [pin]
    assert Pins(tmp_path).live(later(1)) == []
    assert Pins(tmp_path).live(NOW) == []


def test_unpinning_twice_is_no_error(tmp_path: Path):
    pins = Pins(tmp_path)
    first, second = (pins.pin(SNAPSHOT, "reader", later(1)) for _ in range(2))
    pins.unpin(first)
    pins.unpin(first)
    assert pins.live(NOW) == [second]


def test_an_erasure_ends_all_pins(tmp_path: Path):
    pins = Pins(tmp_path)
    for holder in ("build", "reader"):
        pins.pin(SNAPSHOT, holder, later(24))
    assert pins.end_all_pins() == 2
    assert pins.live(NOW) == []
    assert pins.end_all_pins() == 0
