"""Without room, and with files that cannot be used: it is said what and where, nothing half-done is seen."""

from __future__ import annotations

from pathlib import Path

import pytest

import qianmian
from qianmian.core.clock import FixedClock
from qianmian.core.errors import InputError
from tests.faults.disk_full import Stage, can_mount
from tests.faults.parts.bad_files import BAD_FILES, CSV, HARMLESS, HOSTILE, hostile_csv
from tests.faults.parts.scene import NOW


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return Stage(tmp_path_factory.mktemp("full"))


@pytest.mark.parametrize(
    ("deed", "limit"), [("import", 1), ("import", 40_000), ("build", 16_000), ("build", 40_000), ("erase", 40_000)]
)
def test_a_file_size_limit_is_said_and_leaves_nothing_half_done(stage: Stage, deed: str, limit: int):
    trial = stage.limited(deed, limit)
    assert trial.ending.status == 1, "there was room enough"
    assert trial.is_clean, trial


@pytest.mark.parametrize(("deed", "room"), [("import", 160), ("build", 256), ("erase", 160)])
def test_a_full_disk_is_said_and_leaves_nothing_half_done(stage: Stage, deed: str, room: int):
    if not can_mount(stage.root / f"probe-{deed}"):
        pytest.skip("this machine does not let us mount a disk")
    trial = stage.on_full_disk(deed, room)
    assert trial.ending.status == 1, "there was room enough"
    assert trial.is_clean, trial


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> qianmian.app.shop.Shop:
    return qianmian.init(tmp_path_factory.mktemp("bad") / "shop", name="shop", clock=FixedClock(NOW), memory_mib=512)


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_cannot_be_used_is_refused_by_name_with_a_hint(shop, tmp_path: Path, name: str):
    bad = BAD_FILES[name]
    (tmp_path / "bad.yaml").write_text(bad.mapping)
    bad.write(tmp_path / "rows of November.dat")
    with pytest.raises(InputError) as refused:
        shop.import_file(tmp_path / "rows of November.dat", tmp_path / "bad.yaml")
    assert "rows of November.dat" in str(refused.value)
    assert refused.value.hint
    for words in bad.told:
        assert words in str(refused.value)
    assert shop.batches.all() == []


def test_wrong_rows_are_refused_one_by_one_and_the_good_ones_go_on(shop, tmp_path: Path):
    (tmp_path / "rows.yaml").write_text(CSV)
    wrong = hostile_csv(tmp_path / "rows.csv")
    report = shop.import_file(tmp_path / "rows.csv", tmp_path / "rows.yaml")
    assert report.accepted == len(HARMLESS) + 6
    told = {example.row: (refusal.reason, example.field) for refusal in report.refused for example in refusal.examples}
    assert told == {2 * number + 1: HOSTILE[line] for number, line in enumerate(wrong)}
    assert all(example.detail for refusal in report.refused for example in refusal.examples)
