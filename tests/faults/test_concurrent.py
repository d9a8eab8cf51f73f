"""Everything at once over one workspace: nothing lost, nothing seen in part, everybody ends; see the module."""

from __future__ import annotations

from pathlib import Path

import qianmian
from tests.faults.concurrent import NOTHING, Acknowledged, judge, run
from tests.faults.parts.workers import Report


def test_whoever_works_at_the_same_time_loses_and_tears_nothing(tmp_path: Path):
    told = run(tmp_path, 4)
    assert min(told["imports"], told["builds"], told["reads"], told["backups"]) > 0
    assert {name: told.get(name, 0) for name in NOTHING} == dict.fromkeys(NOTHING, 0)
    shop = qianmian.open(tmp_path / "shop")
    found = judge(shop, Acknowledged({"wire-0": 1, "never": 1}), {"import": Report(), "erase": Report()})
    shop.close()
    assert found["lost"] == 1
    assert found["miscounted"] > 0
