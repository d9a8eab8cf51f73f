"""An event that no SDK should send costs nobody but itself; see the module for the whole list."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import qianmian
from tests.faults.parts.poison import generated, listed
from tests.faults.poison import NOTHING, Sent, judge, run


def test_poison_is_kept_apart_and_its_neighbours_are_stored(tmp_path: Path):
    poison = [*islice(listed(), 0, None, 9), *map(generated, range(20))]
    told = run(tmp_path, poison, tell=lambda _: None)
    assert len(poison) > 200
    assert told["kept_apart"] > 50
    assert {name: told[name] for name in NOTHING} == dict.fromkeys(NOTHING, 0)
    shop = qianmian.open(tmp_path / "shop")
    missing = [generated(seed) for seed in range(900, 1000)]
    found = judge(shop, Sent({"sound-999999"}, answered=dict.fromkeys((one.name for one in missing), 200)), missing)
    shop.close()
    assert found["lost"] == 1
    assert found["unaccounted"] > 50
