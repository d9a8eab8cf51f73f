"""What only a cluster can do to a build: lose executors, be absent, have no room, be told to stop."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from qianmian.app import build as building
from qianmian.app.workspace import writing
from qianmian.core.errors import JobError
from tests.app.traces import Scene
from tests.conformance import tasks
from tests.conformance.conftest import Built, World

#: A loaded machine takes its time to start one executor after another.
pytestmark = pytest.mark.timeout(400)


def files(scene: Scene) -> set[str]:
    """Every data file of the lake and of history."""
    root = scene.shop.workspace.lake.root
    found = [path.relative_to(root) for kind in ("parquet", "arrow") for path in root.rglob(f"*.{kind}")]
    return {path.as_posix() for path in found if "_delta_log" not in path.parts}


def named(scene: Scene) -> set[str]:
    """Every file that some kept version names."""
    lake = scene.shop.workspace.lake
    logs = {f"{name}/{path}" for name, log in lake.logs.items() for path in log.named_paths()}
    return logs | {f"history/{row['file']}" for row in scene.rows("segments")}


def die_once(scene: Scene, patch: pytest.MonkeyPatch, *stages: str) -> None:
    """Let an executor die when the first task of each stage has written everything and told nothing."""
    for stage in stages:
        patch.setattr(building, stage, getattr(tasks, stage))
    (scene.folder / "notes").mkdir()


@pytest.mark.usefixtures("on_spark")
def test_executors_that_die_after_their_work_cost_nothing_but_files_that_the_next_writer_sweeps(
    world: World, full: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = world.copied(tmp_path / "shop")
    die_once(scene, monkeypatch, "settle", "fold", "gather", "fold_partials")
    scene.build_in(2)
    assert len(list((scene.folder / "notes").iterdir())) == 4
    assert scene.built() == full
    orphans = files(scene) - named(scene)
    assert len(orphans) >= 4  # of orders, refunds, segments and partials; history's own are gone with the build
    assert not [path for path in orphans if path.startswith("history")]
    with writing(scene.shop.workspace, "nothing"):
        pass
    assert files(scene) <= named(scene)
    assert scene.built() == full
    scene.shop.close()


@pytest.mark.usefixtures("on_spark")
def test_an_executor_that_dies_while_people_move_costs_nothing(
    world: World, full: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = world.copied(tmp_path / "shop")
    die_once(scene, monkeypatch, "publish", "fold", "lift")
    assert scene.build_in(2, full=False)["moved"] > 0
    assert len(list((scene.folder / "notes").iterdir())) == 3
    assert scene.built() == full
    scene.shop.close()


@pytest.mark.usefixtures("on_spark")
def test_a_task_that_kills_every_executor_ends_the_build_in_our_words(
    scene: Scene, full: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "settle", tasks.always_dying)
    with pytest.raises(
        JobError, match=r"the cluster could not run task 'always_dying': .*ExecutorLostFailure"
    ) as caught:
        scene.build_in(2)
    assert "\tat " not in str(caught.value)
    assert "spark_slot_memory_mib" in caught.value.hint
    assert scene.built() == full


@pytest.mark.usefixtures("on_spark")
def test_a_cancelled_build_stops_in_the_middle_of_a_task(
    scene: Scene, full: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = scene.folder / "notes" / "waiting"

    def cancel() -> None:
        while not note.exists():
            time.sleep(0.1)
        jobs.cancel(jobs.latest(1)[0]["job"])

    jobs, canceller = scene.shop.workspace.jobs, threading.Thread(target=cancel)
    with monkeypatch.context() as patch:
        patch.setattr(building, "fold", tasks.waiting)
        canceller.start()
        with pytest.raises(JobError, match="cancelled"):
            scene.build_in(2)
    canceller.join()
    assert jobs.latest(1)[0]["status"] == "cancelled"
    while _is_running(int(note.read_text())):  # a task that goes on makes this test run out of time
        time.sleep(0.1)
    scene.build_in(2)
    assert scene.built() == full


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def build(scene: Scene, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """``qianmian build`` in a process of its own."""
    environment = os.environ | {f"QIANMIAN_{name.upper()}": value for name, value in settings.items()}
    command = [sys.executable, "-m", "qianmian", "build", "-w", str(scene.folder), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def test_the_command_line_builds_on_a_cluster(world: World, full: Built, tmp_path: Path, cluster: str) -> None:
    scene = world.copied(tmp_path / "shop")
    instant = ("--as-of", scene.now.isoformat(), "--json")
    ran = build(scene, "--engine", "spark", "--master", cluster, *instant, "--full")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert json.loads(ran.stdout)["people"] == len(full["profiles"])
    assert scene.built() == full
    assert scene.shop.workspace.jobs.latest(1)[0]["cpu_seconds"] > 0
    scene.shop.close()


def test_a_cluster_without_room_is_named_in_time(scene: Scene, cluster: str) -> None:
    much = {"spark_slot_threads": "200", "spark_patience_seconds": "3"}
    ran = build(scene, "--engine", "spark", "--master", cluster, "--lang", "en", **much)
    assert ran.returncode == 5
    assert ran.stderr.startswith("error: the cluster gave no executor within 3 seconds.\nhint: ask for less")
