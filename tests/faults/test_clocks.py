"""Whatever clocks say, an event is stored once, on its day, or refused as documented; see the module."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import qianmian
from qianmian.core.clock import FixedClock
from tests.faults.clocks import NOTHING, SERVER, Told, judge, run


def test_events_of_wrong_clocks_are_on_their_days_once_or_refused(tmp_path: Path):
    told = run(tmp_path, 48, tell=lambda _: None)
    assert told["refused"] > 0
    assert told["days"] > 5
    assert {name: told[name] for name in NOTHING} == dict.fromkeys(NOTHING, 0)
    shop = qianmian.open(tmp_path / "shop", clock=FixedClock(SERVER[-1]))
    found = judge(shop, replace(Told(), instants={-1: SERVER[0] + timedelta(1)}))
    shop.close()
    assert found["lost"] == 1
    assert found["wrong_day"] > 0
