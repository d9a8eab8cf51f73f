"""The last build stays open between questions, and gives way as soon as it is no longer the last, or nobody asks."""

from __future__ import annotations

import gc
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from qianmian.app import readings
from qianmian.app.shop import ANALYSE
from tests.app.conftest import PAID
from tests.app.traces import Scene, trace

BUYERS = "orders_total >= 1"


def pins(scene: Scene) -> list[str]:
    workspace = scene.shop.workspace
    return [pin.id for pin in workspace.pins.live(workspace.clock.now())]


def spilling(scene: Scene) -> list[Path]:
    return list((scene.shop.workspace.data / "spill").glob("*"))


def test_questions_share_one_open_build_until_the_shop_is_closed(scene: Scene) -> None:
    scene.shop.audience(BUYERS)
    held = pins(scene)
    scene.shop.profile("anna")
    scene.shop.tag("lifecycle")
    assert pins(scene) == held
    assert len(held) == len(spilling(scene)) == 1
    scene.shop.close()
    assert pins(scene) == spilling(scene) == []


def test_many_questions_at_a_time_do_not_meet(told: Scene) -> None:
    def ask(number: int) -> object:
        if number % 2:
            return told.shop.audience(f"did('Product Viewed') >= {number % 5}").members()
        return told.shop.profile(("anna", "boris", "carl")[number // 2 % 3]).tags

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(ask, range(60)))
    assert together == [ask(number) for number in range(60)]


def test_a_question_that_goes_on_keeps_its_build_and_the_next_sees_the_new_one(scene: Scene) -> None:
    with scene.shop.asking(ANALYSE) as (before, computed):
        scene.take([trace(PAID, "2026-05-30", user="dora", order="D-1", total="9")])
        scene.shop.build()
        assert len(scene.shop.audience(BUYERS).members()) == 4
        count = before.connection.execute(f"SELECT count(*) FROM profiles WHERE {BUYERS}").fetchall()[0][0]
        assert (count, computed.build) == (3, 1)
        assert len(pins(scene)) == 2
    assert len(pins(scene)) == 1
    assert scene.shop.computed.build == 2


def test_an_import_is_seen_by_the_next_question_before_any_build(scene: Scene) -> None:
    def events() -> int:
        return int(scene.shop.table("events").num_rows)

    before = events()
    scene.take([trace(PAID, "2026-05-30", user="dora", order="D-1", total="9")])
    assert events() == before + 1
    assert len(pins(scene)) == 1


def test_what_nobody_asks_is_closed(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readings, "IDLE_SECONDS", 0.01)
    scene.shop.audience(BUYERS)
    for _ in range(1000):
        if not pins(scene):
            break
        time.sleep(0.01)
    assert pins(scene) == spilling(scene) == []
    assert len(scene.shop.audience(BUYERS).members()) == 3


def test_a_shop_that_nobody_holds_any_more_is_closed(scene: Scene) -> None:
    other = Scene(scene.folder)
    other.shop.audience(BUYERS)
    assert pins(scene)
    del other
    gc.collect()
    assert pins(scene) == spilling(scene) == []


def test_a_process_that_closes_nothing_leaves_nothing_behind(scene: Scene) -> None:
    ask = "import sys, qianmian; shop = qianmian.open(sys.argv[1]); print(shop.audience('orders_total >= 1').size())"
    ended = subprocess.run([sys.executable, "-c", ask, scene.folder], capture_output=True, text=True, check=True)
    assert (ended.stdout, ended.stderr) == ("3\n", "")
    assert pins(scene) == spilling(scene) == []
