"""Who was erased is nowhere, nobody else is touched, and a crash on the way changes nothing of the end."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from qianmian.app import erase as erasing
from qianmian.app.workspace import JOURNAL
from qianmian.collect.journal.entries import Delivery, Place
from qianmian.collect.journal.folder import JournalFolder
from qianmian.collect.journal.writer import JournalWriter
from qianmian.core.clock import FixedClock
from qianmian.core.errors import UnknownNameError, WorkspaceError
from qianmian.profile.tags.built_in import built_in_tags
from qianmian.profile.tags.declaration.kinds import rests_on_others
from tests.app.conftest import GOODS, STORY
from tests.app.traces import NOW, Scene, trace

NAMES = ["anna", "phone:13900000001", "order:shop:A-1"]
ANNAS = {"a1", "a2", "a3", "a4", "a5", "a6"}


def left(scene: Scene) -> dict[str, list[Any]]:
    """All that the lake and the vault hold, but for the numbers of builds."""
    lake = {
        table: scene.query(f"SELECT * FROM (SELECT * FROM {table}) ORDER BY ALL").to_pylist()
        for table in ("events", "event_lines", "links", "nodes", "items", "codes")
    }
    nodes = [row["node_id"] for row in lake["nodes"]]
    known = scene.shop.workspace.vault.reveal(nodes)
    sealed = [(node, known[node].namespace, known[node].value) for node in sorted(known)]
    return scene.built() | lake | {"vault": [*sealed, len(scene.shop.workspace.vault)]}


@pytest.fixture(scope="module")
def erased(story: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    scene = Scene(story).copied(tmp_path_factory.mktemp("erased") / "shop")
    before = scene.profiles(), {name: scene.person(name) for name in ("boris", "carl", "anna")}
    plan = scene.shop.plan_erase(["anna"])
    result = scene.shop.erase(plan)
    yield scene, before, result
    scene.shop.close()


@pytest.mark.parametrize("name", NAMES)
def test_nobody_is_found_under_any_of_the_names(erased: Any, name: str) -> None:
    with pytest.raises(UnknownNameError, match="nobody is known as"):
        erased[0].shop.profile(name)


def test_the_shared_tablet_is_the_others_now(erased: Any) -> None:
    scene, _, _ = erased
    assert scene.person("device:tablet") == scene.node("boris")


def test_others_profiles_are_unchanged(erased: Any) -> None:
    scene, (before, people), _ = erased
    after = scene.profiles()
    assert people["anna"] not in after
    kept = {person: row for person, row in before.items() if person != people["anna"]}
    known = {tag.name: tag for tag in built_in_tags()}
    shop_wide = {name for name, tag in known.items() if rests_on_others(tag, known)}  # of whom one is gone

    def own(rows: dict[int, dict[str, Any]]) -> dict[int, dict[str, Any]]:
        return {person: {k: v for k, v in row.items() if k not in shop_wide} for person, row in rows.items()}

    assert own(after) == own(kept)


def test_no_event_line_link_or_value_of_hers_stays(erased: Any) -> None:
    scene, (_, people), _ = erased
    rest = left(scene)
    assert {row["event_id"] for row in rest["events"]} == {row["id"] for row in STORY} - ANNAS
    assert not {row["event_id"] for row in [*rest["event_lines"], *rest["links"]]} & ANNAS
    gone = {people["anna"], *(scene.node(name) for name in NAMES)}
    for table, rows in rest.items():
        for row in rows if table != "vault" else []:
            assert not gone & {value for value in row.values() if isinstance(value, int)}, table
    values = {value for _, _, value in rest["vault"][:-1]}
    assert not values & {"anna", "13900000001", "A-1"}
    assert rest["vault"][-1] == len(rest["vault"]) - 1


def test_no_history_file_holds_her_pseudonym(erased: Any) -> None:
    scene, (_, people), _ = erased
    kept = [path.read_bytes() for path in (scene.folder / "data").rglob("*.arrow")]
    assert any(people["boris"].to_bytes(8, "little") in held for held in kept)
    assert not any(people["anna"].to_bytes(8, "little") in held for held in kept)


def test_the_job_says_what_it_did(erased: Any) -> None:
    scene, _, result = erased
    job = scene.shop.workspace.jobs.latest(1)[0]
    assert (job["kind"], job["status"], job["result"]) == ("erase", "done", {**result, "build": job["result"]["build"]})
    assert result["vertices"] == 4  # her user_id, her phone, her order, her time at the tablet


def test_what_she_did_before_comes_in_no_more(story: Path, tmp_path: Path) -> None:
    scene = Scene(story).copied(tmp_path / "shop")
    scene.shop.erase(scene.shop.plan_erase(["anna"]))
    again = [row | {"id": f"again-{row['id']}"} for row in STORY if row["id"] in {"a1", "a3", "a4"}]
    report = scene.take([*again, trace("Product Viewed", "2026-05-30", id="hers", phone="+86 139 0000 0001")])
    assert [(reason.reason, reason.rows) for reason in report.refused] == [("suppressed", 4)]
    later = trace("Product Viewed", "2026-06-01T12:00:01", id="new", user="anna")
    scene = scene.at(scene.now.replace(hour=6))
    assert scene.take([later]).accepted == 1
    scene.shop.build()
    assert scene.shop.profile("anna")["views_7d"] == 1
    assert scene.shop.profile("anna")["orders_total"] == 0
    scene.shop.close()


def test_a_tablet_of_nobody_else_goes_whole(story: Path, tmp_path: Path) -> None:
    scene = Scene(story).copied(tmp_path / "shop")
    signs = [("Signed In", 1, "dora"), ("Signed In", 2, "d-two"), ("Signed In", 3, "dora")]
    both = trace("Product Viewed", "2026-05-05", user="dora", phone="13900000007")
    rows = [trace(name, f"2026-05-0{day}", user=user, device="d-own") for name, day, user in signs]
    scene.take([*rows, both, trace("Product Viewed", "2026-05-04", phone="13900000007", device="d-own")])
    scene.shop.build()
    assert len(scene.rows("persons", f"WHERE node_id = {scene.node('device:d-own')}")) == 3
    scene.shop.erase(scene.shop.plan_erase(["dora", "d-two"]))
    with pytest.raises(UnknownNameError):
        scene.shop.profile("device:d-own")
    assert scene.node("device:d-own") not in scene.shop.workspace.vault.reveal([scene.node("device:d-own")])
    scene.shop.close()


@pytest.mark.parametrize(
    "place", ["erase.after_suppression", "erase.after_rows", "erase.after_rebuild", "erase.after_shredding"]
)
def test_killed_on_the_way_and_resumed_it_ends_the_same(scene: Scene, erased: Any, place: str) -> None:
    scene.shop.close()
    died = subprocess.run([sys.executable, "-m", "tests.app.child", scene.folder, "erase", place], check=False)
    assert died.returncode == -signal.SIGKILL
    scene = Scene(scene.folder)
    assert scene.shop.resume()
    assert not scene.shop.resume()
    assert left(scene) == left(erased[0])
    scene.shop.close()


def received(scene: Scene, *lines: str) -> str:
    """Receive events as they come, one a line, and end receiving; returns their stream."""
    workspace = scene.shop.workspace
    told = {"dialect": "segment", "source": "web", "environment": "prod", "received_at": NOW, "count": 1}

    async def receive() -> str:
        folder = JournalFolder(workspace.data / JOURNAL)
        writer = JournalWriter(folder, workspace.keys, FixedClock(NOW - timedelta(hours=1)), os.urandom)
        for line in lines:
            place = await writer.append(Delivery(**told, lines=line.encode()))
        await writer.close()
        return place.stream

    return asyncio.run(receive())


def test_what_was_received_as_it_came_loses_her_too(scene: Scene) -> None:
    hers = ['{"userId":"anna"}', '{"phone":"139 0000 0001"}', '{"device":"tablet"}', '{"order":"A-1"}']
    stream = received(scene, '{"userId":"boris"}', *hers)
    journal = scene.shop.workspace.journal
    scene.shop.erase(scene.shop.plan_erase(["anna"]))
    assert [entry.lines for entry in journal.read(Place(stream)) if entry.lines] == [b'{"userId":"boris"}']


def test_where_she_may_be_and_nobody_can_look_nothing_is_erased(scene: Scene) -> None:
    received(scene, '{"userId":"anna"}')
    (file,) = scene.shop.workspace.journal.files()
    file.path.write_bytes(b"no database" * 1000)
    with pytest.raises(WorkspaceError, match="1 files of received events are not taken in yet"):
        scene.shop.erase(scene.shop.plan_erase(["anna"]))
    assert scene.person("anna"), "nothing of the erasure was done"


def test_nobody_to_erase_is_said(scene: Scene) -> None:
    with pytest.raises(UnknownNameError, match="nobody is known as user_id:"):
        scene.shop.plan_erase(["nobody-at-all"])


def test_the_goods_stay(erased: Any) -> None:
    assert len(erased[0].rows("items")) == len(GOODS)


def test_the_next_writer_finishes_an_erasure_that_was_cut_short(scene: Scene) -> None:
    unfinished = erasing.to_json(scene.shop.plan_erase(["user_id:anna"]), NOW)
    (scene.shop.workspace.data / erasing.UNFINISHED).write_text(unfinished)
    scene.shop.build()
    assert not erasing.is_unfinished(scene.shop.workspace)
    with pytest.raises(UnknownNameError):
        scene.shop.profile("user_id:anna")
