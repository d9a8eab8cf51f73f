"""Every computation is a job: it says what it did and cost, and why it ended, without a word about anybody."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from qianmian.core.errors import JobError, LeaseHeldError, MappingError, QianmianError
from qianmian.core.messages import Message
from tests.app.traces import EVENTS, NOW, Scene, trace

STAGES = ["publish", "leave", "settle", "fold", "sort", "tags", "journeys", "interact", "meet", "tie", "state",
          "resolve", "look", "keep", "merge"]  # fmt: skip


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_whatever_a_job_does_has_words_on_the_screen(root: Path, language: str) -> None:
    words = json.loads((root / f"console/src/i18n/{language}/words.json").read_text("utf-8"))
    code = "".join(file.read_text("utf-8") for file in (root / "src/qianmian/app").rglob("*.py"))
    kinds = set(re.findall(r'(?:\.job|jobs\.run)\("([a-z_]+)"', code)) | {"dry_run", "replay", "undo"}
    stages = set(re.findall(r'(?:self\.(?:whole|run)|job\.at)\(\s*"([a-z_]+)"', code)) | set(STAGES)
    assert len(kinds) > 8
    assert len(stages) > 15
    assert sorted(kinds - words["job"].keys()) == []
    assert sorted(stages - words["stage"].keys()) == []


def latest(scene: Scene) -> Any:
    return scene.shop.workspace.jobs.latest(1)[0]


@contextmanager
def child(scene: Scene, deed: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that stands in the middle of a deed, and is killed at last."""
    command = [sys.executable, "-m", "tests.app.child", str(scene.folder), deed]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        assert process.stdout.readline() == "here\n"
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def test_a_build_says_what_it_read_and_where_the_time_went(scene: Scene) -> None:
    told: list[tuple[str, int, int]] = []
    scene.shop.build(full=True, watch=lambda *step: told.append(step))
    job = latest(scene)
    assert (job["kind"], job["status"], job["reason"]) == ("build", "done", None)
    assert (job["started_at"], job["ended_at"]) == (NOW, NOW)
    assert job["rows_read"] == job["result"]["rows_read"] > 14
    assert set(job["result"]["seconds"]) == set(STAGES)
    assert [stage for stage, done, total in told if done == total and total] == STAGES


def test_an_incremental_build_reads_little(scene: Scene) -> None:
    views = [trace("Product Viewed", f"2026-05-{1 + n % 30:02}", user=f"v{n % 40}") for n in range(600)]
    scene.take(views)
    scene.shop.build()
    whole = scene.shop.build(full=True)["rows_read"]
    scene.take([trace("Product Viewed", "2026-05-31", user="v1")])
    little = scene.shop.build()
    assert little["anew"] == ""
    assert little["rows_read"] < whole / 5
    assert little["people_folded"] == 1
    assert scene.shop.build()["people_folded"] == 0


def test_a_failed_job_keeps_our_reason(scene: Scene) -> None:
    file, mapping = scene.folder / "x.csv", scene.folder / "x.yaml"
    file.write_text("id,event,at\n1,Product Viewed,2026-05-01\n")
    mapping.write_text(EVENTS.replace("format: jsonl", "format: csv"))
    with pytest.raises(MappingError):
        scene.shop.import_file(file, mapping)
    job = latest(scene)
    assert (job["kind"], job["status"]) == ("import", "failed")
    assert job["reason"]
    assert scene.shop.batches.all()[0]["file"] != "x.csv"


def test_of_a_strange_error_a_failed_job_keeps_the_kind_only(scene: Scene) -> None:
    with pytest.raises(RuntimeError), scene.shop.workspace.jobs.run("build"):
        raise RuntimeError("13900000001 is anna's phone")
    job = latest(scene)
    assert (job["status"], job["reason"]) == ("failed", Message("unexpected", kind="RuntimeError"))
    assert "13900000001" not in str(job)


def test_a_cancelled_build_leaves_the_last_one_standing(scene: Scene) -> None:
    before, computed = scene.built(), scene.shop.computed
    scene.take([trace("Product Viewed", "2026-05-31", user="anna")])

    def cancel(stage: str, done: int, total: int) -> None:
        if stage == "tags":
            scene.shop.workspace.jobs.cancel(latest(scene)["job"])

    with pytest.raises(JobError, match="cancelled"):
        scene.shop.build(watch=cancel)
    assert latest(scene)["status"] == "cancelled"
    assert scene.built() == before
    assert scene.shop.computed.build == computed.build
    assert scene.shop.build()["people_folded"] == 1
    assert scene.shop.profile("anna")["views_7d"] == 1


def test_a_job_whose_process_died_is_marked_by_the_next_writer(scene: Scene) -> None:
    before = scene.built()
    with child(scene, "build") as other:
        assert latest(scene)["status"] == "running"
        other.send_signal(signal.SIGKILL)
        other.wait()
    assert scene.built() == before
    scene.shop.build()
    done, died = scene.shop.workspace.jobs.latest(2)
    assert (died["status"], died["reason"]) == ("died", Message("process_died"))
    assert done["status"] == "done"
    assert not list((scene.folder / "data" / "lake" / "exchange").glob("build-*"))


def test_the_lease_of_another_process_is_refused_in_its_words(scene: Scene) -> None:
    with child(scene, "hold") as other:
        for write in (scene.shop.build, lambda: scene.take([trace("Product Viewed", "2026-05-31")])):
            with pytest.raises(LeaseHeldError, match=f"process {other.pid}, a long import") as caught:
                write()
            assert "wait" in caught.value.hint
        assert scene.shop.profile("anna")["orders_total"] == 1  # reading goes on
    scene.shop.build()


def test_a_writer_refuses_a_second_one_in_its_own_process(scene: Scene) -> None:
    def again(stage: str, done: int, total: int) -> None:
        scene.shop.build()

    with pytest.raises(LeaseHeldError):
        scene.shop.build(watch=again)
    scene.shop.build()


def test_a_failed_import_leaves_no_batch(scene: Scene) -> None:
    before = scene.shop.batches.all()
    with pytest.raises(QianmianError):
        scene.shop.import_file(scene.folder / "no-such-file.jsonl", scene.folder / "rows-1.yaml")
    assert scene.shop.batches.all() == before
