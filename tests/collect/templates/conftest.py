"""One world, as the events of its own and as the exports of all platforms."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from qianmian.cli.demo import command
from qianmian.collect.imports.report import ImportReport
from qianmian.world.exports.write import write_exports
from qianmian.world.generate import generate, read_truth
from qianmian.world.plan import WorldPlan
from tests.collect.imports.parts import Workspace

TEMPLATES = Path(command.__file__).parents[2] / "collect" / "templates"
#: Everything has happened and arrived by then.
LATER = datetime(2026, 12, 30, tzinfo=UTC)
PLAN = WorldPlan(seed=7, people=1_600, neighbourhood_events=20_000)


@dataclass(frozen=True)
class Exported:
    """A world and its exports.

    Attributes:
        folder: of the exports.
        own: a workspace that took in the world's own events.
        world: folder of the world.
        counts: rows of each file, as the writer told them.
    """

    folder: Path
    own: Workspace
    world: Path
    counts: dict[str, int]

    @property
    def truth(self) -> dict[str, pa.Table]:
        """What is true of the world."""
        return read_truth(self.world)

    @property
    def raw(self) -> pa.Table:
        """The world's deliveries, with their raw identifiers."""
        return pa.concat_tables([pq.read_table(file) for file in sorted((self.world / "events").iterdir())])


def template(name: str) -> str:
    """The text of a template."""
    return (TEMPLATES / f"{name}.yaml").read_text("utf-8")


def take(workspace: Workspace, file: Path, mapping: str) -> ImportReport:
    """Import a file; the workspace's parts may read beside their own folder only, so it gets a copy there."""
    copy = workspace.root.parent / file.name
    shutil.copyfile(file, copy)
    return workspace.take(copy, mapping, now=LATER)


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exported]:
    root = tmp_path_factory.mktemp("exported")
    generate(PLAN, root / "world")
    counts = write_exports(root / "world", root / "exports")
    own = Workspace(root / "own")
    mapping = (Path(command.__file__).parent / "events.yaml").read_text("utf-8")
    for file in sorted((root / "world" / "events").glob("*.parquet")):
        take(own, file, mapping)
    yield Exported(root / "exports", own, root / "world", counts)
    own.close()
