"""What an engine owes a task, here and elsewhere: its share of the machine, its errors in its own words, one answer."""

from __future__ import annotations

import duckdb
import pytest

from qianmian.app import build as building
from qianmian.core.errors import LakeError
from qianmian.engines.base import Reading, Task, split
from tests.app.traces import NOW, Scene
from tests.conformance import tasks


@pytest.fixture
def outputs(engine, scene, tmp_path):
    """Runs a task of the tests on the engine, over four ranges."""

    def run(function):
        workspace = scene.shop.workspace
        reading = Reading(workspace.lake.snapshot(instant=NOW))
        with workspace.jobs.run("build") as job, building.opened_engine(workspace, job, workspace.scratch / "x") as it:
            return list(it.run(Task(function), reading, split(4)))

    return run


def test_a_task_has_its_share_of_the_machine_and_no_more(outputs):
    told = outputs(tasks.telling)
    assert [output.summary["first"] for output in told] == [bucket.first for bucket in split(4)]
    shares = {(output.summary["memory_limit"], output.summary["threads"]) for output in told}
    assert shares in ({("256.0 MiB", 1)}, {("512.0 MiB", 2)})  # each has its half, or both share one database
    assert {output.summary["TimeZone"] for output in told} == {"UTC"}
    assert len({output.attempt for output in told}) == 4


@pytest.mark.parametrize(
    ("function", "kind", "words"),
    [
        (tasks.raising, LakeError, str(LakeError("file_released", table="拾野集", file="a.parquet"))),
        (tasks.failing, KeyError, "no such key"),
        (tasks.overflowing, duckdb.InvalidInputException, "out of range"),
    ],
)
def test_what_a_task_raises_reaches_the_caller_as_it_is(outputs, function, kind, words):
    with pytest.raises(kind) as caught:
        outputs(function)
    assert type(caught.value) is kind
    assert words in str(caught.value)
    assert "java" not in str(caught.value).lower()


def test_after_an_error_the_engine_goes_on(engine, scene: Scene, full, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(building, "gather", tasks.raising)
        with pytest.raises(LakeError, match="拾野集"):
            scene.build_in(2)
    assert "拾野集" in str(scene.shop.workspace.jobs.latest(1)[0]["reason"])
    scene.build_in(2)
    assert scene.built() == full
